"""How does cost grow with history? The whole way of an event, at 1, 5, 10 and 20 million of them.

One database and one lake grow day by day, as a shop's would: each day a million events (views,
carts, orders; every customer comes back for about fifty) are copied into the inbox, ticked, flushed
to the lake, merged where that pays, the segments are refreshed, and the days that the lake has are
dropped. When a size is reached, the lake is proven once, and what a million events cost on the way
there from the size before is printed.

--sizes and --day make it smaller: `make bench NAME=growth ARGS="--day 100000 --sizes 0.1,0.5,1"`.
"""

import argparse
import json
import os
import random
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from server import lend_server, open_workspace

from dangol.app.chores import drop_old_events
from dangol.app.clock import start_clock
from dangol.app.tick import tick_until_done
from dangol.segments.comparison import AtLeast
from dangol.segments.condition import AllOf, Condition, EventMeasure
from dangol.segments.define import define_segment
from dangol.segments.refresh import refresh_segments
from dangol.segments.window import Rolling
from dangol.store.connect import Connection, connect
from dangol.store.inbox import STATEMENTS
from dangol.store.lake import Lake, flush_events
from dangol.store.lake_check import verify_lake
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vault import Vault

MILLION: Final = 1_000_000
BEGIN: Final = datetime(2027, 3, 2, tzinfo=UTC)
DAY: Final = timedelta(days=1)
BLOCK: Final = 20_000
VAULT: Final = Vault(bytes(32))
TICK_BATCH: Final = 20_000
EVENTS_PER_CUSTOMER: Final = 50
KEEP_DAYS: Final = timedelta(days=3)
NAMES: Final = ("Product Viewed", "Product Viewed", "Product Added", "Order Completed")
SEGMENTS: Final[dict[str, Condition]] = {
    "lapsed": AllOf(
        of=(
            EventMeasure(event="Order Completed", test=AtLeast(value=2)),
            EventMeasure(event="Order Completed", measure="days_since", test=AtLeast(value=7)),
        )
    ),
    "big": EventMeasure(
        event="Order Completed",
        measure="sum",
        of="revenue",
        during=Rolling(days=30),
        test=AtLeast(value=200_000),
    ),
}
STAGES: Final = ("ingest", "tick", "flush", "merge", "refresh", "tidy")


@dataclass(kw_only=True)
class Growth:
    """A shop that grows, and what that took."""

    connection: Connection
    lake: Lake
    folder: Path
    workspace: int
    day: int
    events: int = 0
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    # Of this process and of its connection's server process: what a busy machine does not blur.
    processor: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(20))  # noqa: S311

    def live_a_day(self) -> None:
        """Take one day's events all the way."""
        noon = BEGIN + DAY * (self.events // self.day)
        now = noon + DAY
        blocks = [self.write_block(noon, size) for size in cut(self.day, BLOCK)]
        with self.connection.transaction():
            start_clock(self.connection, at=now)
            ensure_event_partitions(self.connection, days=[noon.date(), now.date()])
        with self.measure("ingest"):
            for block in blocks:
                with self.connection.cursor().copy(STATEMENTS["copy_events"]) as copy:
                    copy.write(block)
                self.connection.commit()
        with self.measure("tick"):
            _ = tick_until_done(
                self.connection, workspace_id=self.workspace, vault=VAULT, now=now, batch=TICK_BATCH
            )
        with self.measure("flush"):
            moved = flush_events(self.connection, self.lake, workspace_id=self.workspace, now=now)
        with self.measure("merge"):
            _ = [self.lake.merge(month) for month in self.lake.scattered()]
        with self.measure("refresh"), self.connection.transaction():
            _ = refresh_segments(self.connection, self.lake, workspace_id=self.workspace, now=now)
        with self.measure("tidy"):
            _ = drop_old_events(self.connection, keep=KEEP_DAYS)
            _ = self.lake.vacuum(keep_hours=0)
        self.events += self.day
        if moved < self.day:
            raise AssertionError(f"Of {self.day:,} events {moved:,} reached the lake.")

    def write_block(self, noon: datetime, size: int) -> str:
        """Write events as COPY wants them; the more there were, the more customers there are."""
        customers = max(1_000, (self.events + self.day) // EVENTS_PER_CUSTOMER)
        received = (noon + DAY / 2).isoformat()
        return "".join(self.write_events(noon, received, customers, size))

    def write_events(
        self, noon: datetime, received: str, customers: int, size: int
    ) -> Iterator[str]:
        """Yield one line an event."""
        chance = self.chance
        for _ in range(size):
            name = chance.choice(NAMES)
            product = chance.randrange(5_000)
            order, revenue = (
                (f"o-{chance.getrandbits(40)}", f"{chance.randrange(5, 90)}000")
                if name == "Order Completed"
                else (r"\N", r"\N")
            )
            occurred = (noon + timedelta(seconds=chance.randrange(43_200))).isoformat()
            yield (
                f"{self.workspace}\t{received}\t{occurred}\ttrack\t{name}\t"
                f"{UUID(int=chance.getrandbits(128))}\tcustomer-{chance.randrange(customers)}\t\\N\t"
                f"{order}\t{revenue}\tKRW\tp{product}\t봄 신상\t1\t"
                f'{{"url": "https://shop.example/products/{product}", "price": 39000}}'
                "\t{}\t[]\t[]\n"
            )

    @contextmanager
    def measure(self, stage: str) -> Generator[None]:
        """Add what the block takes to a stage."""
        begun, used = time.perf_counter(), self.read_processor()
        yield
        spent = time.perf_counter() - begun
        self.seconds[stage] = self.seconds.get(stage, 0.0) + spent
        self.processor += self.read_processor() - used

    def read_processor(self) -> float:
        """Return the processor seconds that were used so far."""
        backend = Path("/proc", str(self.connection.info.backend_pid), "stat").read_text()
        ticks = backend.rpartition(")")[2].split()[11:13]
        return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def prove(self) -> float:
        """Prove the lake; return how long it took."""
        begun = time.perf_counter()
        proof = verify_lake(self.connection, self.lake, now=BEGIN + DAY * (self.events // self.day))
        if proof.differences or proof.events < self.events:
            raise AssertionError(f"The lake is not whole: {proof}")
        return time.perf_counter() - begun

    def weigh(self) -> dict[str, int]:
        """Return the bytes of the database and of the lake, and the lake's files."""
        row = self.connection.execute("select pg_database_size(current_database())").fetchone()
        self.connection.commit()
        files = [file.stat().st_size for file in (self.folder / "lake").rglob("*.parquet")]
        return {
            "database_bytes": row[0] if row else 0,
            "lake_bytes": sum(files),
            "lake_files": len(files),
        }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", default="1,5,10,20", help="when to report, in millions")
    arguments.add_argument("--day", type=int, default=MILLION, help="how many events a day")
    options = arguments.parse_args()
    sizes = [round(float(size) * MILLION) for size in options.sizes.split(",")]
    print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
    print("seconds for a million events since the line before, and what there is then")
    print(
        f"{'events':>12}",
        *(f"{stage:>8}" for stage in (*STAGES, "cpu", "proof")),
        "  MB db   MB lake",
    )
    with open_shop(options.day) as growth:
        figures = [grow_to(growth, size) for size in sizes]
    print("load average", os.getloadavg())
    first, last = figures[0], figures[-1]
    print(json.dumps({"sizes": figures, "ratio": round(last["processor"] / first["processor"], 2)}))


def grow_to(growth: Growth, size: int) -> dict[str, float]:
    """Let days pass until there are so many events; return and print what it took."""
    growth.seconds.clear()
    growth.processor = 0.0
    before = growth.events
    while growth.events < size:
        growth.live_a_day()
    share = MILLION / (growth.events - before)
    seconds = {stage: round(growth.seconds[stage] * share, 2) for stage in STAGES}
    weight = growth.weigh()
    proof = round(growth.prove(), 2)
    processor = round(growth.processor * share, 2)
    shown = [*seconds.values(), processor, proof]
    print(
        f"{growth.events:>12,}",
        *(f"{value:>8.1f}" for value in shown),
        f"{weight['database_bytes'] / MILLION:>7,.0f} {weight['lake_bytes'] / MILLION:>9,.0f}",
        flush=True,
    )
    total = round(sum(seconds.values()), 2)
    figures = {**seconds, "total": total, "processor": processor, "proof": proof}
    return {"events": growth.events, **figures, **weight}


def cut(count: int, size: int) -> Iterator[int]:
    """Yield the sizes of the pieces of ``count``."""
    while count > 0:
        yield min(count, size)
        count -= size


@contextmanager
def open_shop(day: int) -> Generator[Growth]:
    """Start a durable PostgreSQL with a shop in it, and an empty lake."""
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        yield Growth(
            connection=connection,
            lake=Lake(server.folder / "lake"),
            folder=server.folder,
            workspace=add_workspace(connection),
            day=day,
        )


def add_workspace(connection: Connection) -> int:
    """Make a workspace with the segments."""
    workspace = open_workspace(connection, now=BEGIN)
    for name, condition in SEGMENTS.items():
        _ = define_segment(
            connection,
            workspace_id=workspace,
            name=name,
            title_ko=name,
            title_en=name,
            definition=condition,
            now=BEGIN,
        )
    connection.commit()
    return workspace


if __name__ == "__main__":
    main()
