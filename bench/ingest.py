"""How fast do events come in? HTTP on a durable PostgreSQL, beside a bare COPY of the same rows.

`dangol serve` runs as it does in production; the load comes over real loopback sockets from a
process of its own, which shares the machine. First batches of 100, then single events, then more
than the server can take: what it holds in memory then, and how many it asks to come back. At the
end the rows that came in are copied as they are into the same, emptied table, in one statement.
The ratio of the two rates is the figure.
"""

import argparse
import base64
import itertools
import json
import multiprocessing
import os
import random
import selectors
import socket
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Final
from uuid import UUID

from server import lend_server, open_workspace

from dangol.app.database import url_of
from dangol.app.settings import Settings, as_environment
from dangol.app.supervisor import DangolProcess
from dangol.ingest.blocks import unpack_everything
from dangol.ingest.keys import create_api_key
from dangol.store.connect import Connection, connect_bare
from dangol.store.inbox import STATEMENTS
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyKind

BATCH: Final = 100
DIFFERENT_BODIES: Final = 200
BATCH_CONNECTIONS: Final = 48
SINGLE_CONNECTIONS: Final = 64
# For each serving process; together more than it lets wait.
OVERLOAD_CONNECTIONS: Final = 240
OVERLOAD_BATCH: Final = 800
MOMENT_SECONDS: Final = 0.1
READY_SECONDS: Final = 30
MEGABYTE: Final = 1e6
OK: Final = 200
READ_ROWS: Final = """
copy (
    select workspace_id, received_at, occurred_at, type, name, message_id, user_id, anonymous_id,
        order_id, revenue, currency, product_id, category, quantity,
        properties, traits, contacts, consents
    from event
) to stdout
"""
# Upper bounds of the histogram's bars, in milliseconds.
BARS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)


@dataclass(kw_only=True)
class Offered:
    """What became of the requests of one phase."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    # Processor time: the sender's, the server's, PostgreSQL's.
    sender_seconds: float = 0.0
    server_seconds: float = 0.0
    postgres_seconds: float = 0.0
    # Of the requests that were taken, in milliseconds, from the first byte sent.
    latencies: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """Return the latency within which this share of the requests was answered."""
        return round(sorted(self.latencies)[int(share * (len(self.latencies) - 1))], 1)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A running server, and what is needed to look at it and to call it."""

    connection: Connection
    process_id: int
    postgres_id: int
    workers: int
    port: int
    key: str

    def offer(self, load: Pool, path: str, bodies: list[bytes], **options: int) -> Offered:
        """Let the other process send ``bodies`` again and again."""
        requests = write_requests(path, self.key, bodies)
        used = cpu_seconds(self.process_id), cpu_seconds(self.postgres_id)
        offered = load.apply(send_all, (self.port, requests), options)
        offered.server_seconds = cpu_seconds(self.process_id) - used[0]
        offered.postgres_seconds = cpu_seconds(self.postgres_id) - used[1]
        return offered


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=8, help="how long each phase takes")
    arguments.add_argument("--workers", type=int, default=2, help="DANGOL_SERVE_WORKERS")
    options = arguments.parse_args()
    print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
    with (
        multiprocessing.get_context("spawn").Pool(1) as load,
        open_shop(options.workers) as shop,
    ):
        figures = run_phases(shop, load, seconds=options.seconds)
    print("load average", os.getloadavg())
    print(json.dumps(figures))


def run_phases(shop: Shop, load: Pool, *, seconds: int) -> dict[str, float]:
    """Run one phase after the other, and return the figures."""
    bodies = write_bodies(BATCH)
    _ = shop.offer(load, "/v1/batch", bodies, connections=BATCH_CONNECTIONS, seconds=1)
    empty_inbox(shop.connection)
    batches = shop.offer(load, "/v1/batch", bodies, connections=BATCH_CONNECTIONS, seconds=seconds)
    taken = batches.statuses[OK] * BATCH
    if taken != count_events(shop.connection):
        raise AssertionError("What was acknowledged is not what is in the inbox.")
    rate = taken / batches.seconds
    print(f"batches of {BATCH}: {taken:,} events, {rate:,.0f}/s, {dict(batches.statuses)}")
    show_cost(batches, events=taken)
    show_histogram(batches)
    bare = copy_bare(shop.connection)
    singles = run_singles(shop, load, seconds=seconds)
    run_overload(shop, load, seconds=seconds)
    return {
        "events_per_second": round(rate),
        "bare_copy_per_second": round(bare),
        "ratio": round(rate / bare, 3),
        "p99_ms": batches.at(0.99),
        "single_events_per_second": round(singles.statuses[OK] / singles.seconds),
        "single_p99_ms": singles.at(0.99),
    }


def run_singles(shop: Shop, load: Pool, *, seconds: int) -> Offered:
    """Send one event a request."""
    empty_inbox(shop.connection)
    bodies = [json.dumps(event).encode() for event in write_events(DIFFERENT_BODIES)]
    singles = shop.offer(load, "/v1/track", bodies, connections=SINGLE_CONNECTIONS, seconds=seconds)
    rate = singles.statuses[OK] / singles.seconds
    print(f"single events: {rate:,.0f}/s, {dict(singles.statuses)}")
    show_cost(singles, events=singles.statuses[OK])
    show_histogram(singles)
    return singles


def run_overload(shop: Shop, load: Pool, *, seconds: int) -> None:
    """Send more than can be taken, and watch the server's memory."""
    empty_inbox(shop.connection)
    bodies = write_bodies(OVERLOAD_BATCH)[:20]
    connections = OVERLOAD_CONNECTIONS * shop.workers
    before = resident_bytes(shop.process_id)
    request = write_requests("/v1/batch", shop.key, bodies)
    flood = load.apply_async(
        send_all,
        (shop.port, request),
        {"connections": connections, "seconds": seconds},
    )
    sizes: list[int] = []
    while not flood.ready():
        sizes.append(resident_bytes(shop.process_id))
        flood.wait(MOMENT_SECONDS)
    offered = connections * len(bodies[0])
    half = len(sizes) // 2
    print(
        f"overload: {offered / MEGABYTE:.0f} MB under way at any moment, "
        f"answers {dict(flood.get().statuses)}; memory {before / MEGABYTE:.0f} MB before, at most "
        f"{max(sizes[:half]) / MEGABYTE:.0f} MB in the first half, "
        f"{max(sizes[half:]) / MEGABYTE:.0f} MB in the second"
    )


# ---- the server


@contextmanager
def open_shop(workers: int) -> Generator[Shop]:
    """Start a durable PostgreSQL and a server on it."""
    with lend_server() as lent, connect_bare(lent.postgres.dsn) as connection:
        now = datetime.now(UTC)
        workspace = open_workspace(connection, now=now)
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=now)
        connection.commit()
        settings = Settings(
            database_url=url_of(lent.postgres),
            data_folder=lent.folder,
            port=free_port(),
            serve_workers=workers,
        )
        server = DangolProcess(
            name="serve", arguments=["serve"], environment=as_environment(settings)
        )
        try:
            server.start()
            wait_for_port(settings.port)
            yield Shop(
                connection=connection,
                process_id=server.process.pid if server.process else 0,
                postgres_id=lent.postgres.pid or 0,
                workers=settings.serve_workers,
                port=settings.port,
                key=key,
            )
        finally:
            server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int) -> None:
    """Return once the server answers."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=READY_SECONDS) as probe:
                probe.sendall(b"GET /health HTTP/1.1\r\nHost: bench\r\n\r\n")
                if probe.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(MOMENT_SECONDS)
    raise TimeoutError(f"dangol serve did not answer within {READY_SECONDS} seconds.")


def family(process_id: int) -> Iterator[Path]:
    """Yield the /proc folders of a process and its descendants."""
    folder = Path("/proc", str(process_id))
    yield folder
    with suppress(FileNotFoundError):
        for thread in (folder / "task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from family(int(child))


def resident_bytes(process_id: int) -> int:
    """Return what a process and its descendants hold in memory."""
    pages = 0
    for folder in family(process_id):
        with suppress(FileNotFoundError):
            pages += int((folder / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(process_id: int) -> float:
    """Return the processor time a process and its descendants have used."""
    ticks = 0
    for folder in family(process_id):
        with suppress(FileNotFoundError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# ---- the inbox


def empty_inbox(connection: Connection) -> None:
    """Begin with an empty table, and with no write of an earlier phase outstanding."""
    connection.execute("truncate event, event_block")
    connection.commit()
    connection.autocommit = True
    connection.execute("checkpoint")
    connection.autocommit = False


def count_events(connection: Connection) -> int:
    """Unpack what has come in, and return how many events the inbox holds."""
    (workspace_id,) = connection.execute("select id from workspace").fetchall()[0]
    vault = Vault(bytes(32))
    begun = time.perf_counter()
    unpack_everything(connection, workspace_id=workspace_id, vault=vault)
    connection.commit()
    seconds = time.perf_counter() - begun
    ((count,),) = connection.execute("select count(*) from event").fetchall()
    connection.commit()
    print(f"  unpacked into the inbox afterwards, by one process: {count / seconds:,.0f}/s")
    return count


def copy_bare(connection: Connection) -> float:
    """Copy the inbox's own rows into the inbox, emptied; return the rows each second."""
    with connection.cursor() as cursor:
        with cursor.copy(READ_ROWS) as copy:
            blocks = list(copy)
        empty_inbox(connection)
        text = [b"".join(blocks[at : at + 5_000]) for at in range(0, len(blocks), 5_000)]
        begun = time.perf_counter()
        with cursor.copy(STATEMENTS["copy_events"]) as copy:
            for block in text:
                copy.write(block)
        connection.commit()
        seconds = time.perf_counter() - begun
    size = sum(map(len, text))
    print(f"bare COPY: {len(blocks):,} rows, {size / MEGABYTE:.0f} MB, {seconds:.2f} s")
    return len(blocks) / seconds


# ---- the load, in a process of its own


def write_events(count: int) -> list[dict[str, object]]:
    """Make up what a shop's server sends: views, carts and orders of many customers."""
    chance = random.Random(count)  # noqa: S311 - the same load each time
    now = datetime.now(UTC)
    names = ("Product Viewed", "Product Added", "Order Completed")
    return [
        {
            "type": "track",
            "event": chance.choice(names),
            "messageId": str(UUID(int=chance.getrandbits(128))),
            "userId": f"customer-{chance.randrange(100_000)}",
            "timestamp": (now - timedelta(milliseconds=chance.randrange(9_999))).isoformat(),
            "properties": {
                "product_id": f"p{chance.randrange(5_000)}",
                "category": "봄 신상",
                "price": 39_000,
                "quantity": 1,
                "currency": "KRW",
                "url": "https://shop.example/products/17",
            },
            "context": {"library": {"name": "analytics-python", "version": "2.3.4"}},
        }
        for _ in range(count)
    ]


def write_bodies(size: int) -> list[bytes]:
    """Return different bodies of ``size`` events each."""
    events = write_events(DIFFERENT_BODIES * BATCH)
    sent_at = datetime.now(UTC).isoformat()
    return [
        json.dumps({"batch": events[at : at + size], "sentAt": sent_at}).encode()
        for at in range(0, len(events) - size + 1, size)
    ]


def write_requests(path: str, key: str, bodies: list[bytes]) -> list[bytes]:
    """Return whole requests, so that sending one costs the sender next to nothing."""
    user = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic {user}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    )
    return [f"{head}{len(body)}\r\n\r\n".encode() + body for body in bodies]


@dataclass(kw_only=True)
class Line:
    """One connection, and when the request under way on it was begun."""

    socket: socket.socket
    begun: float = 0.0

    def send(self, request: bytes) -> None:
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def read_answer(self) -> int:
        """Read an answer, which is short, to its end; return its status."""
        answer = self.socket.recv(65536)
        while not is_whole(answer):
            answer += self.socket.recv(65536)
        return int(answer[9:12])


def open_line(port: int) -> Line:
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Line(socket=line)


def send_all(port: int, requests: list[bytes], *, connections: int, seconds: int) -> Offered:
    """Keep one request under way on each connection, until the time is over."""
    offered = Offered()
    turns = itertools.cycle(requests)
    used = time.process_time()
    with selectors.DefaultSelector() as selector, ExitStack() as lines:
        begun = time.perf_counter()
        for _ in range(connections):
            line = open_line(port)
            _ = lines.enter_context(line.socket)
            _ = selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(next(turns))
        while selector.get_map():
            for key, _ in selector.select():
                line: Line = key.data
                note_answer(offered, line)
                if time.perf_counter() - begun < seconds:
                    line.send(next(turns))
                else:
                    _ = selector.unregister(line.socket)
        offered.seconds = time.perf_counter() - begun
    offered.sender_seconds = time.process_time() - used
    return offered


def note_answer(offered: Offered, line: Line) -> None:
    status = line.read_answer()
    offered.statuses[status] += 1
    if status == OK:
        offered.latencies.append((time.perf_counter() - line.begun) * 1000)


def is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
    return bool(end) and len(body) >= int(length)


def show_cost(offered: Offered, *, events: int) -> None:
    """Print the processor time each event took, which other programs disturb little."""
    shares = {
        "server": offered.server_seconds,
        "PostgreSQL": offered.postgres_seconds,
        "sender": offered.sender_seconds,
    }
    said = ", ".join(f"{name} {spent / events * 1e6:.1f}" for name, spent in shares.items())
    print(f"  processor time for an event, in microseconds: {said}")


def show_histogram(offered: Offered) -> None:
    """Print how many requests were answered how fast."""
    count = len(offered.latencies)
    lowest = 0.0
    for bar in (*BARS, float("inf")):
        within = sum(lowest < latency <= bar for latency in offered.latencies)
        if within:
            print(f"  up to {bar:>5} ms {within:>8,} {'#' * round(60 * within / count)}")
        lowest = bar
    shares = ", ".join(f"p{share * 100:g} {offered.at(share)}" for share in (0.5, 0.9, 0.99, 0.999))
    print(f"  milliseconds: {shares}")


if __name__ == "__main__":
    main()
