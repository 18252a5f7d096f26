"""What does one question cost on DuckDB, and what on Spark, both on this machine?

Makes a lake of two million events (views, carts, orders of 40,000 customers over a hundred days)
and asks each engine the same three questions, three times: the best time counts. The answers must
be equal. Starting Spark is told apart.

`make bench NAME=engines ARGS="--events 200000"` makes it smaller.
"""

# ibis and pyarrow ship no types, and an expression has its operators only at run time.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportAttributeAccessIssue=false
# pyright: reportUnknownParameterType=false

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from dangol.segments.compare import Moment
from dangol.segments.comparison import AtLeast, Equals, PropertyFilter
from dangol.segments.condition import Condition, EventMeasure
from dangol.segments.judge import Judge
from dangol.segments.people import People
from dangol.segments.window import Rolling
from dangol.store.computing import ON_DUCKDB, Computing, OnSpark
from dangol.store.engine import EVENT, NOBODY, Question, run
from dangol.store.lake import Lake
from dangol.store.lake_schema import EVENT_SCHEMA, MOMENT, MONEY

BEGIN: Final = datetime(2027, 1, 1, tzinfo=UTC)
DAYS: Final = 100
AT: Final = Moment(now=BEGIN + timedelta(days=DAYS), zone=ZoneInfo("Asia/Seoul"))
NAMES: Final = ("Product Viewed", "Product Viewed", "Product Added", "Order Completed")
EVENTS_PER_CUSTOMER: Final = 50
STEP: Final = 200_000
ROUNDS: Final = 3
ORDERS: Final = EVENT.filter(EVENT.name == "Order Completed")
QUESTIONS: Final[dict[str, Question]] = {
    "orders of each customer": ORDERS.group_by("customer_id").agg(
        orders=ORDERS.count(), revenue=ORDERS.revenue.sum()
    ),
    "events of each day": EVENT.group_by("day").agg(events=EVENT.count()),
}
SEGMENTS: Final[dict[str, Condition]] = {
    "regulars": EventMeasure(event="Order Completed", test=AtLeast(value=12)),
    "red": EventMeasure(
        event="Product Viewed",
        where=(PropertyFilter(property="color", test=Equals(value="red")),),
        during=Rolling(days=30),
        test=AtLeast(value=1),
    ),
    "big": EventMeasure(
        event="Order Completed", measure="sum", of="revenue", test=AtLeast(value=500)
    ),
}


def fill(lake: Lake, *, events: int) -> None:
    """Write the events, as so many flushes."""
    chance = np.random.default_rng(1)
    for step, first in enumerate(range(0, events, STEP), start=1):
        size = min(STEP, events - first)
        table = some_events(chance, first=first, size=size, customers=events // EVENTS_PER_CUSTOMER)
        _ = lake.append_events(table.sort_by("customer_id"), workspace_id=1, step=step)
    _ = lake.compact()


def some_events(chance: np.random.Generator, *, first: int, size: int, customers: int) -> pa.Table:
    """Return events of anybody's at any time."""
    numbers = np.arange(first, first + size)
    name = np.array(NAMES)[chance.integers(0, len(NAMES), size)]
    moment = np.datetime64(BEGIN.replace(tzinfo=None), "us") + chance.integers(
        0, DAYS * 86_400_000_000, size
    ).astype("timedelta64[us]")
    columns: dict[str, object] = {
        "workspace_id": np.ones(size, np.int32),
        "customer_id": chance.integers(0, max(1, customers), size),
        "event_id": numbers,
        "occurred_at": pa.array(moment).cast(MOMENT),
        "received_at": pa.array(moment).cast(MOMENT),
        "day": moment.astype("datetime64[D]"),
        "month": moment.astype("datetime64[M]").astype("datetime64[D]"),
        "type": ["track"] * size,
        "name": name,
        "message_id": numbers.astype(str),
        "revenue": pa.array(
            chance.integers(1, 100, size).astype(np.int32), mask=name != "Order Completed"
        ).cast(MONEY),
        "properties": np.where(
            chance.integers(0, 2, size) == 0, '{"color": "red"}', '{"color": "blue"}'
        ),
    }
    given = [columns.get(field.name, pa.nulls(size, field.type)) for field in EVENT_SCHEMA]
    return pa.table(given, schema=EVENT_SCHEMA)


def judge(lake: Lake, *, events: int) -> list[int]:
    """Refresh three segments; return how many members each has."""
    customers = np.arange(max(1, events // EVENTS_PER_CUSTOMER))
    verdicts = Judge(lake=lake, facts={}, workspace_id=1, at=AT).judge(
        SEGMENTS, People(ids=customers, heads=NOBODY)
    )
    return [int(truth.sum()) for truth in verdicts.values()]


def seconds_of(question: Callable[[], object]) -> float:
    """Return the best time of some."""
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        _ = question()
        times.append(time.perf_counter() - began)
    return round(min(times), 2)


def measure(folder: Path, computing: Computing, *, events: int) -> dict[str, object]:
    """Ask one engine everything."""
    lake = Lake(folder, computing=computing)
    began = time.perf_counter()
    found: dict[str, object] = {"events": run(EVENT.agg(n=EVENT.count()), lake).to_pylist()}
    cold = round(time.perf_counter() - began, 2)
    seconds = {name: seconds_of(lambda q=q: run(q, lake)) for name, q in QUESTIONS.items()}
    seconds["three segments, judged"] = seconds_of(lambda: judge(lake, events=events))
    for name, question in QUESTIONS.items():
        found[name] = sorted(map(repr, run(question, lake).to_pylist()))
    found["members"] = judge(lake, events=events)
    return {"first answer": cold, "seconds": seconds, "found": found}


def main() -> None:
    """Measure both engines on one lake."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--events", type=int, default=2_000_000)
    _ = parser.add_argument("--master", default="local[*]")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dangol-bench-"))
    try:
        fill(Lake(folder), events=options.events)
        asked = {"duckdb": ON_DUCKDB, "spark": OnSpark(options.master)}
        told = {
            name: measure(folder, computing, events=options.events)
            for name, computing in asked.items()
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if told["duckdb"].pop("found") != told["spark"].pop("found"):
        raise SystemExit("The engines do not agree.")
    print(json.dumps({"events": options.events, **told}))


if __name__ == "__main__":
    main()
