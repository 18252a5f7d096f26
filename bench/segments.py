"""What do a hundred segments cost: each alone, all in one scan, and on a beat?

A lake of 20 million events of a million customers over two years is written as flushes and merges
leave it: a file a month, sorted by customer. A hundred segments are drawn from a fixed seed. They
are judged as the worker judges them (``segments.judge``), for everybody and for the hundredth of
the customers that a beat of one minute looks at, the search for events that crossed an edge of a
window included. PostgreSQL's part (reading ids, writing differences) is not in the figures.

--small takes a tenth of it; --sizes 2,5,10,20,50 (millions) shows how it grows; --data keeps lakes
for another run: `make bench NAME=segments ARGS="--sizes 2,5,10,20 --data /tmp/lakes"`. What an hour
costs in which nothing comes, `bench/idle.py` measures.
"""

# ibis and pyarrow ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

import argparse
import json
import multiprocessing
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dangol.segments.beat import crossed, find_crossing
from dangol.segments.compare import Moment
from dangol.segments.comparison import AtLeast, AtMost, Equals, PropertyFilter
from dangol.segments.concern import together
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventMeasure,
    Measure,
    NoneOf,
    leaves,
)
from dangol.segments.evaluate import Ids, Truth
from dangol.segments.features import distinct_features
from dangol.segments.judge import Judge
from dangol.segments.people import People
from dangol.segments.slices import Passing
from dangol.segments.window import Calendar, Rolling, Window
from dangol.store.engine import NOBODY
from dangol.store.lake import EVENT_SCHEMA, Lake

MILLION: Final = 1_000_000
EVENTS_PER_CUSTOMER: Final = 20
MONTHS: Final = 24
SEGMENTS: Final = 100
CHANGED: Final = 0.01
NOW: Final = datetime(2027, 2, 27, tzinfo=UTC)
AT: Final = Moment(now=NOW, zone=ZoneInfo("Asia/Seoul"))
BEAT: Final = timedelta(minutes=1)
PURCHASE: Final = "Order Completed"
SHARES: Final = {
    "Product Viewed": 0.40,
    "Page Viewed": 0.15,
    "Product Added": 0.12,
    "Products Searched": 0.08,
    PURCHASE: 0.06,
    "Cart Viewed": 0.05,
    "Checkout Started": 0.04,
    "Product Removed": 0.03,
    "Coupon Entered": 0.02,
    "Email Opened": 0.02,
    "Signed In": 0.02,
    "Review Written": 0.01,
}
NAMES: Final = list(SHARES)
# How many in a hundred conditions are which.
SHAPES: Final = (50, 20, 15, 8, 7)
SPAWN: Final = multiprocessing.get_context("spawn")


def write_lake(folder: str, events: int) -> None:
    """Write a lake, month by month."""
    chance = np.random.default_rng(7)
    lake = Lake(folder)
    number = 0
    for month in range(MONTHS):
        size = events // MONTHS + (month < events % MONTHS)
        rows = draw_month(
            chance, month, size, number=number, customers=events // EVENTS_PER_CUSTOMER
        )
        lake.append_events(rows, workspace_id=1, step=month + 1)
        _ = lake.merge(first_day(month).isoformat())
        number += size
    _ = lake.vacuum(keep_hours=0)


def first_day(month: int) -> date:
    """Return the first day of a month, counted from March 2025."""
    return date(2025 + (2 + month) // 12, (2 + month) % 12 + 1, 1)


def microseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * MILLION


def draw_month(
    chance: np.random.Generator, month: int, size: int, *, number: int, customers: int
) -> pa.Table:
    """Draw a month's events, sorted by customer; some customers do far more than others."""
    edges = microseconds(first_day(month)), microseconds(first_day(month + 1))
    customer = (customers * chance.random(size) ** 1.5).astype(np.int64) + 1
    moment = chance.integers(*edges, size)
    order = np.lexsort((moment, customer))
    occurred = pa.array(moment[order]).cast(pa.timestamp("us", tz="UTC"))
    name = chance.choice(len(NAMES), size, p=list(SHARES.values()))
    is_order = name == NAMES.index(PURCHASE)
    product = chance.integers(0, 5_000, size)
    ids = np.arange(number, number + size)
    url = '{"url": "https://shop.example/products/'
    columns = {
        "workspace_id": pa.repeat(pa.scalar(1, pa.int32()), size),
        "customer_id": pa.array(customer[order]),
        "event_id": pa.array(ids),
        "occurred_at": occurred,
        "received_at": occurred,
        "day": occurred.cast(pa.date32()),
        "month": pa.repeat(pa.scalar(first_day(month)), size),
        "type": pa.repeat("track", size),
        "name": pa.array(NAMES).take(pa.array(name)),
        "message_id": words("m-", chance.integers(0, 2**62, size)),
        "order_id": pc.if_else(pa.array(is_order), words("o-", ids), None),
        "revenue": money(chance.integers(5, 90, size) * 1_000, is_order),
        "currency": pc.if_else(pa.array(is_order), "KRW", None),
        "product_id": words("p", product),
        "category": words("category ", product % 40),
        "quantity": money(chance.integers(1, 4, size), np.ones(size, np.bool_)),
        "properties": words(url, product, '", "price": 39000}'),
    }
    return pa.table([columns[column] for column in EVENT_SCHEMA.names], schema=EVENT_SCHEMA)


def words(before: str, numbers: Ids, after: str = "") -> pa.Array:
    """Write numbers between two texts."""
    return pc.binary_join_element_wise(before, pa.array(numbers).cast(pa.string()), after, "")


def money(amounts: Ids, there: Truth) -> pa.Array:
    """Write amounts as the lake keeps money."""
    wide = pa.array(amounts, pa.int64(), mask=~there).cast(pa.decimal128(23, 4))
    return wide.cast(pa.decimal128(18, 4))


def draw_segments() -> dict[str, Condition]:
    """Draw a hundred segments of one to three conditions each."""
    chance = random.Random(5)  # noqa: S311 - not a secret
    return {f"segment {number}": draw_tree(chance) for number in range(SEGMENTS)}


def draw_tree(chance: random.Random) -> Condition:
    first, *others = (draw_measure(chance) for _ in range(chance.choice([1, 1, 2, 2, 3])))
    if not others:
        return first
    last = others.pop()
    last = chance.choices([last, NoneOf(of=(last,))], [7, 3])[0]
    return chance.choice([AllOf, AnyOf])(of=(first, *others, last))


def draw_measure(chance: random.Random) -> EventMeasure:
    """Draw a count, a sum, a number of days, an average or a number of different things."""
    name = chance.choices(NAMES, [share**0.5 for share in SHARES.values()])[0]
    category = Equals(value=f"category {chance.randrange(40)}")
    narrowed = (PropertyFilter(property="category", test=category),)
    where = chance.choices([(), narrowed], [85, 15])[0]
    during = draw_window(chance)
    match chance.choices(["count", "sum", "days_since", "average", "distinct"], SHAPES)[0]:
        case "count":
            test = chance.choice([AtLeast(value=chance.randint(1, 5)), AtMost(value=3)])
            return EventMeasure(event=name, where=where, during=during, test=test)
        case "sum":
            test = AtLeast(value=chance.choice([50_000, 100_000, 300_000]))
            return EventMeasure(
                event=PURCHASE, where=where, during=during, measure="sum", of="revenue", test=test
            )
        case "days_since":
            test = AtLeast(value=chance.choice([7, 30, 90, 180]))
            return EventMeasure(event=name, measure="days_since", test=test)
        case "average":
            kinds: list[Measure] = ["average", "max", "min"]
            return EventMeasure(
                event=PURCHASE,
                during=during,
                measure=chance.choice(kinds),
                of="revenue",
                test=AtLeast(value=20_000),
            )
        case _:
            of = chance.choice(["category", "product_id"])
            test = AtLeast(value=chance.randint(2, 6))
            return EventMeasure(event=name, during=during, measure="distinct", of=of, test=test)


def draw_window(chance: random.Random) -> Window | None:
    rolling = Rolling(days=chance.choice([1, 3, 7, 14, 30, 60, 90, 180, 365]))
    return chance.choice([None, rolling, rolling, Calendar(unit=chance.choice(["week", "month"]))])


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A lake, and its customers."""

    lake: Lake
    customers: int
    trees: dict[str, Condition]

    def judge(self, names: Sequence[str], ids: Ids) -> None:
        judge = Judge(lake=self.lake, facts={}, workspace_id=1, at=AT)
        _ = judge.judge({name: self.trees[name] for name in names}, People(ids=ids, heads=NOBODY))

    def everybody(self) -> Ids:
        return np.arange(1, self.customers + 1)

    def beat(self) -> None:
        """Find whose events crossed an edge, and judge them and a hundredth of the customers."""
        passing = Passing(since=NOW - BEAT, now=NOW, zone=AT.zone)
        slices = crossed(self.trees.values(), passing)
        crossing = together(find_crossing(self.lake, slices, workspace_id=1).values())
        some = np.random.default_rng(1).choice(
            self.everybody(), int(self.customers * CHANGED), replace=False
        )
        self.judge(list(self.trees), np.union1d(some, crossing))

    def measure(self, *, singles: int) -> dict[str, float]:
        """Return the figures; ``singles`` of the segments are judged alone."""
        everybody, names = self.everybody(), list(self.trees)
        # The first question opens the files.
        _ = clocked(lambda: self.judge(names[:1], everybody))
        alone = [
            clocked(lambda name=name: self.judge([name], everybody)) for name in names[:singles]
        ]
        one = statistics.median(alone)
        total = sum(alone) * len(names) / len(alone)
        beat = min(clocked(self.beat) for _ in range(3))
        full = min(clocked(lambda: self.judge(names, everybody)) for _ in range(2))
        return {
            "events": self.lake.count_events(),
            "seconds_one": round(one, 2),
            "seconds_full_100": round(full, 2),
            "sum_of_singles": round(total, 1),
            "ratio_full_to_sum": round(full / total, 3),
            "seconds_beat": round(beat, 2),
            "ratio_beat_to_one": round(beat / one, 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def clocked(do: Callable[[], None]) -> float:
    """Return how many seconds something takes."""
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def measure_size(folder: Path, events: int, singles: int) -> dict[str, float]:
    """Write a lake of this size unless it is there, and measure in a process of its own."""
    place = folder / f"lake{events / MILLION:g}"
    if not place.exists():
        begun = time.perf_counter()
        writer = SPAWN.Process(target=write_lake, args=(f"{place}-new", events))
        writer.start()
        writer.join()
        Path(f"{place}-new").rename(place)
        print(f"{events:,} events written in {time.perf_counter() - begun:.0f} s", flush=True)
    with SPAWN.Pool(1) as pool:
        return pool.apply(measure_lake, (str(place), events, singles))


def measure_lake(place: str, events: int, singles: int) -> dict[str, float]:
    bench = Bench(lake=Lake(place), customers=events // EVENTS_PER_CUSTOMER, trees=draw_segments())
    return bench.measure(singles=singles)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", default="20", help="how many events, in millions")
    arguments.add_argument("--small", action="store_true", help="two million events")
    arguments.add_argument("--singles", type=int, default=SEGMENTS, help="how many to judge alone")
    arguments.add_argument("--data", help="a folder to keep lakes in")
    options = arguments.parse_args()
    sizes = [2.0] if options.small else [float(size) for size in options.sizes.split(",")]
    asked = [
        leaf
        for tree in draw_segments().values()
        for leaf in leaves(tree)
        if isinstance(leaf, EventMeasure)
    ]
    features = len(distinct_features(asked, at=AT))
    print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
    print(f"{SEGMENTS} segments, {len(set(asked))} conditions, {features} features")
    folder = Path(options.data or tempfile.mkdtemp(prefix="dangol-bench-"))
    figures: list[dict[str, float]] = []
    try:
        for size in sizes:
            figures.append(measure_size(folder, round(size * MILLION), options.singles))
            print(figures[-1], flush=True)
    finally:
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)
    print("load average", os.getloadavg())
    first, last = figures[0], figures[-1]
    growth = {
        "sizes": figures,
        "growth": round(last["seconds_full_100"] / first["seconds_full_100"], 2),
        "of_events": round(last["events"] / first["events"], 2),
    }
    print(json.dumps({**last, "features": features, **(growth if len(figures) > 1 else {})}))


if __name__ == "__main__":
    main()
