"""A question that outgrows its memory turns to the disk, and its answer stays the same."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from tests.build import NOON
from tests.segments.shop import SEOUL

from dangol.segments.compare import Moment
from dangol.segments.comparison import AtLeast
from dangol.segments.condition import Condition, EventMeasure, Sequence, SequenceStep
from dangol.segments.judge import Judge
from dangol.segments.people import People
from dangol.store.engine import NOBODY, engine_of
from dangol.store.lake import EVENT_SCHEMA, Lake

SMALL = 40
EVENTS = 1_000_000
CUSTOMERS = 100_000
NAMES = pa.array(["Product Viewed", "Order Completed"])
ASKED: dict[str, Condition] = {
    "in order": Sequence(
        steps=(
            SequenceStep(event="Product Viewed"),
            SequenceStep(event="Order Completed", within_days=2),
        )
    ),
    "many things": EventMeasure(
        event="Product Viewed", measure="distinct", of="product_id", test=AtLeast(value=3)
    ),
}


def write(lake: Lake) -> None:
    chance = np.random.default_rng(1)
    customer = np.sort(chance.integers(1, CUSTOMERS + 1, EVENTS))
    noon = int(NOON.timestamp()) * 1_000_000
    occurred = pa.array(noon - chance.integers(0, 10**13, EVENTS)).cast(
        pa.timestamp("us", tz="UTC")
    )
    known = {
        "workspace_id": pa.repeat(pa.scalar(1, pa.int32()), EVENTS),
        "customer_id": pa.array(customer),
        "event_id": pa.array(np.arange(EVENTS)),
        "occurred_at": occurred,
        "received_at": occurred,
        "day": occurred.cast(pa.date32()),
        "month": pa.repeat(pa.scalar(NOON.date().replace(day=1)), EVENTS),
        "type": pa.repeat("track", EVENTS),
        "name": NAMES.take(pa.array(chance.integers(0, 2, EVENTS))),
        "message_id": pa.array(np.arange(EVENTS)).cast(pa.string()),
        "product_id": pa.array(chance.integers(0, 5, EVENTS)).cast(pa.string()),
        "properties": pa.repeat("{}", EVENTS),
    }
    columns = [known.get(field.name, pa.nulls(EVENTS)).cast(field.type) for field in EVENT_SCHEMA]
    lake.append_events(pa.table(columns, schema=EVENT_SCHEMA), workspace_id=1, step=1)


def answers(lake: Lake) -> dict[str, np.ndarray]:
    everybody = People(ids=np.arange(1, CUSTOMERS + 1), heads=NOBODY)
    judge = Judge(lake=lake, facts={}, workspace_id=1, at=Moment(now=NOON, zone=SEOUL))
    return judge.judge(ASKED, everybody)


def test_a_small_memory_changes_no_answer(tmp_path):
    plenty = Lake(tmp_path)
    write(plenty)

    found = answers(Lake(tmp_path, memory_mb=SMALL))

    expected = answers(plenty)
    assert {name: fits.tolist() for name, fits in found.items()} == {
        name: fits.tolist() for name, fits in expected.items()
    }
    assert all(0 < fits.sum() < CUSTOMERS for fits in expected.values())


def test_without_the_disk_so_small_a_memory_would_not_do(tmp_path):
    """So the test above is one of the disk."""
    lake = Lake(tmp_path, memory_mb=SMALL)
    write(lake)
    engine_of(lake)._duckdb.execute("set max_temp_directory_size = '0KB'")  # noqa: SLF001

    with pytest.raises(duckdb.OutOfMemoryException):
        answers(lake)
