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

import argparse
import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
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
from dangol.store.lake_schema import EVENT_SCHEMA

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
    "regulars": EventMeasure(event="Order Completed", test=AtLeast(value=3)),
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
    chance = random.Random(1)  # noqa: S311 - not a secret
    for step, first in enumerate(range(0, events, STEP), start=1):
        rows = [event(number, chance, events) for number in range(first, min(first + STEP, events))]
        table = pa.Table.from_pylist(rows, EVENT_SCHEMA).sort_by("customer_id")
        _ = lake.append_events(table, workspace_id=1, step=step)
    _ = lake.compact()


def event(number: int, chance: random.Random, events: int) -> dict[str, object]:
    """Return one event of anybody's at any time."""
    moment = BEGIN + timedelta(seconds=chance.randrange(DAYS * 86_400))
    name = chance.choice(NAMES)
    return {
        "workspace_id": 1,
        "customer_id": chance.randrange(max(1, events // EVENTS_PER_CUSTOMER)),
        "event_id": number,
        "occurred_at": moment,
        "received_at": moment,
        "day": moment.date(),
        "month": moment.date().replace(day=1),
        "type": "track",
        "name": name,
        "message_id": f"m{number}",
        "revenue": Decimal(chance.randrange(100_000)) / 1000 if name == NAMES[-1] else None,
        "properties": f'{{"color": "{chance.choice(("red", "blue"))}"}}',
    }


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
