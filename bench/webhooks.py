"""Does one dead endpoint among a hundred delay the others, and how many calls a second are made?

A hundred endpoints on this machine each hear of something every half second, 200 calls a second and
well below what is possible, while a courier works as in `dangol work`. Latency is from the moment
at which a call is planned to that at which the receiver has it, of the same healthy ones in both
phases. In the one all are well; in the other one takes its calls and never answers, so that each
of them costs the whole fifteen seconds. The phases take turns, some rounds of them, so that
whatever else the machine does falls on both. One more endpoint answers slowly in both: while a
call is under way a courier looks for more four times a second and not once, which would make the
phase with a dead one the faster. Last, ten thousand calls wait at once. The receiver runs in the
same process, so that the rate is a floor.
"""

import argparse
import asyncio
import json
import os
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
# Takes its calls in both phases, but in the one answers none; counted in neither.
NEVER_COUNTED = "/0"
# Less than a call may take, and more than lies between two of its calls.
SLOW_SECONDS = 2.5
YES = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Receiver:
    """What came, and how long after it was planned."""

    port: int = 0
    dead: str = ""
    slow: str = ""
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
        elif path == self.slow:
            await asyncio.sleep(SLOW_SECONDS)
            writer.write(YES)
        elif path == NEVER_COUNTED:
            writer.write(YES)
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


def measure(connection: Connection, receiver: Receiver, *, seconds: float) -> list[float]:
    """Plan for so long; return how long what was heard took."""
    connection.execute("delete from webhook_call where state <> 'calling'")
    connection.execute(HEAL)
    connection.commit()
    # Both phases begin with a courier that is already at work.
    plan(connection, each=1)
    time.sleep(2 * BEAT_SECONDS)
    receiver.latencies = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        plan(connection, each=1)
        time.sleep(PAUSE_SECONDS)
    time.sleep(2 * BEAT_SECONDS)
    return receiver.latencies


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seconds", type=float, default=20.0)
    _ = parser.add_argument("--rounds", type=int, default=3)
    _ = parser.add_argument("--calls", type=int, default=10_000)
    options = parser.parse_args()
    vault = Vault(bytes(32))
    with (
        lend_server() as server,
        receiving() as receiver,
        connect(server.postgres.dsn) as connection,
    ):
        add_endpoints(connection, vault, port=receiver.port)
        receiver.slow = "/1"
        well: list[float] = []
        ill: list[float] = []
        with working(server.postgres.dsn, vault):
            for _ in range(options.rounds):
                receiver.dead = ""
                well += measure(connection, receiver, seconds=options.seconds)
                receiver.dead = NEVER_COUNTED
                ill += measure(connection, receiver, seconds=options.seconds)
        receiver.dead = receiver.slow = ""
        connection.execute("delete from webhook_call")
        connection.execute(HEAL)
        receiver.latencies = []
        plan(connection, each=options.calls // ENDPOINTS)
        with working(server.postgres.dsn, vault):
            # One of them is never counted.
            while len(receiver.latencies) < options.calls // ENDPOINTS * (ENDPOINTS - 1):
                time.sleep(0.05)
            took = max(receiver.latencies)
    (well_half, well_most), (ill_half, ill_most) = (
        (percentile(found, 0.5) * 1000, percentile(found, 0.99) * 1000) for found in (well, ill)
    )
    print(f"all well:  median {well_half:,.0f} ms, p99 {well_most:,.0f} ms, {len(well):,} calls")
    print(f"one dead:  median {ill_half:,.0f} ms, p99 {ill_most:,.0f} ms, {len(ill):,} calls")
    print(f"p99 of the healthy changes by {(ill_most / well_most - 1) * 100:+.1f} %")
    print(f"a queue of {options.calls:,}: {options.calls / took:,.0f} calls a second")
    print(f"load: {os.getloadavg()[0]:.1f}")
    figures = {
        "well_p99_ms": round(well_most),
        "one_dead_p99_ms": round(ill_most),
        "calls_per_second": round(options.calls / took),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
