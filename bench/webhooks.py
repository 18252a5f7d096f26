"""Does one dead endpoint among a hundred delay the others, and how many calls a second are made?

A hundred endpoints on this machine each hear of something every half second, while a courier works
as in `dangol work`. Latency is from the moment at which a call is planned to that at which the
receiver has it. First all are well; then one takes its calls and never answers, so that each of
them costs the whole fifteen seconds. Last, ten thousand calls wait at once. The receiver runs in
the same process, so that the rate is a floor.
"""

import argparse
import asyncio
import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from server import lend_server, open_workspace

from dangol.app.courier import Courier
from dangol.providers.egress.client import open_egress
from dangol.store.connect import Connection, connect
from dangol.store.vault import Vault
from dangol.webhooks.endpoints import add_endpoint

NOON = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
ENDPOINTS = 100
PAUSE_SECONDS = 0.5
# Between two looks of an idle courier; see Settings.tick_seconds.
BEAT_SECONDS = 1.0
PLAN = """
insert into webhook_call (workspace_id, endpoint_id, kind, occurred_at, data)
select workspace_id, id, 'test', %s, jsonb_build_object('at', %s::float8)
from webhook_endpoint, generate_series(1, %s)
"""
HEAL = """
update webhook_endpoint set failures = 0, failing_since = null, rests_until = null
"""
YES = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Receiver:
    """What came, and how long after it was planned."""

    port: int = 0
    dead: str = ""
    latencies: list[float] = field(default_factory=list)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one call and answer it, unless its path is dead."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = next(
            int(line.partition(":")[2])
            for line in head.splitlines()
            if line.lower().startswith("content-length")
        )
        said = json.loads(await reader.readexactly(size))
        path = head.split(" ")[1]
        if path == self.dead:
            _ = await reader.read()
        else:
            self.latencies.append(time.monotonic() - said["data"]["at"])
            writer.write(YES)
        writer.close()


@contextmanager
def receiving() -> Generator[Receiver]:
    """Listen in a thread of its own."""
    receiver, loop = Receiver(), asyncio.new_event_loop()
    server = loop.run_until_complete(
        asyncio.start_server(receiver.hear, "127.0.0.1", 0, backlog=512)
    )
    receiver.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield receiver
    _ = loop.call_soon_threadsafe(loop.stop)
    thread.join()


@contextmanager
def working(dsn: str, vault: Vault) -> Generator[None]:
    """Let a courier work as a working process does."""
    stop = threading.Event()
    courier = Courier(vault=vault, open_egress=lambda: open_egress(loopback=True), stop=stop)

    def work() -> None:
        with connect(dsn) as connection:
            while not stop.is_set():
                _ = courier.work(connection)
                _ = stop.wait(BEAT_SECONDS)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def add_endpoints(connection: Connection, vault: Vault, *, port: int) -> None:
    """Add them all, to a new shop."""
    workspace = open_workspace(connection, now=NOON)
    for number in range(ENDPOINTS):
        _ = add_endpoint(
            connection,
            workspace_id=workspace,
            name=f"desk-{number}",
            url=f"http://127.0.0.1:{port}/{number}",
            kinds=(),
            vault=vault,
            now=NOON,
            loopback=True,
        )
    connection.commit()


def plan(connection: Connection, *, each: int) -> None:
    """Plan calls to every endpoint, each of which says when."""
    _ = connection.execute(PLAN, (NOON, time.monotonic(), each))
    connection.commit()


def percentile(latencies: list[float], share: float) -> float:
    return sorted(latencies)[int(len(latencies) * share)]


def measure(connection: Connection, receiver: Receiver, *, seconds: float) -> tuple[float, float]:
    """Plan for so long; return the median and the 99th percentile of what was heard."""
    receiver.latencies = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        plan(connection, each=1)
        time.sleep(PAUSE_SECONDS)
    time.sleep(2 * BEAT_SECONDS)
    return percentile(receiver.latencies, 0.5), percentile(receiver.latencies, 0.99)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seconds", type=float, default=20.0)
    _ = parser.add_argument("--calls", type=int, default=10_000)
    options = parser.parse_args()
    vault = Vault(bytes(32))
    with (
        lend_server() as server,
        receiving() as receiver,
        connect(server.postgres.dsn) as connection,
    ):
        add_endpoints(connection, vault, port=receiver.port)
        with working(server.postgres.dsn, vault):
            well = measure(connection, receiver, seconds=options.seconds)
            receiver.dead = "/0"
            ill = measure(connection, receiver, seconds=options.seconds)
            receiver.dead = ""
        connection.execute("delete from webhook_call")
        connection.execute(HEAL)
        receiver.latencies = []
        plan(connection, each=options.calls // ENDPOINTS)
        with working(server.postgres.dsn, vault):
            while len(receiver.latencies) < options.calls // ENDPOINTS * ENDPOINTS:
                time.sleep(0.05)
            took = max(receiver.latencies)
    print(f"all well:  median {well[0] * 1000:,.0f} ms, p99 {well[1] * 1000:,.0f} ms")
    print(f"one dead:  median {ill[0] * 1000:,.0f} ms, p99 {ill[1] * 1000:,.0f} ms, of the healthy")
    print(f"a queue of {options.calls:,}: {options.calls / took:,.0f} calls a second")
    figures = {
        "well_p99_ms": round(well[1] * 1000),
        "one_dead_p99_ms": round(ill[1] * 1000),
        "calls_per_second": round(options.calls / took),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
