from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from tests.store.lake_words import events_of, kept, kept_ids

from dangol.store.connect import StoreError
from dangol.store.engine import EVENT, run
from dangol.store.lake import Lake
from dangol.store.lake_schema import EVENT_SCHEMA

YOUNGER = ["order_id", "revenue", "quantity"]


def write_old(folder: Path, *ids: int) -> None:
    """Write events as a version of Dangol did that knew fewer columns."""
    events = events_of(*ids).drop_columns(YOUNGER)
    write_deltalake(folder / "event", events, mode="append", partition_by=["month"])


def columns(folder: Path) -> set[str]:
    return {field.name for field in DeltaTable(folder / "event").schema().fields}


def place_of(folder: Path, *, kind: str) -> str:
    """Name a lake so that DuckDB reads its files, or so that its store is asked for them."""
    return str(folder) if kind == "folder" else folder.as_uri()


@pytest.mark.parametrize("kind", ["folder", "address"])
def test_a_lake_of_an_older_version_is_read_with_nulls(tmp_path: Path, kind: str) -> None:
    write_old(tmp_path, 1, 2)

    rows = kept(Lake(place_of(tmp_path, kind=kind)))

    assert [row["event_id"] for row in rows] == [1, 2]
    assert [[row[name] for name in YOUNGER] for row in rows] == [[None] * 3] * 2
    assert columns(tmp_path).isdisjoint(YOUNGER)


@pytest.mark.parametrize("kind", ["folder", "address"])
def test_the_first_flush_of_a_newer_version_adds_its_columns(tmp_path: Path, kind: str) -> None:
    write_old(tmp_path, 1)
    lake = Lake(place_of(tmp_path, kind=kind))
    newer = events_of(2)
    place = EVENT_SCHEMA.get_field_index("order_id")
    newer = newer.set_column(place, "order_id", pa.array(["o-2"], pa.string()))

    lake.append_events(newer, workspace_id=1, step=1)

    assert columns(tmp_path) == set(EVENT_SCHEMA.names)
    assert [row["order_id"] for row in kept(lake)] == [None, "o-2"]
    orders = EVENT.filter(EVENT.order_id == "o-2").select("event_id")
    assert run(orders, lake).to_pylist() == [{"event_id": 2}]


def test_merging_gives_old_files_the_new_columns(tmp_path: Path) -> None:
    write_old(tmp_path, 1)
    lake = Lake(tmp_path)
    lake.append_events(events_of(2), workspace_id=1, step=1)

    assert lake.compact() == 1

    assert kept_ids(lake) == [1, 2]


def test_two_newer_writers_add_the_columns_once(tmp_path: Path) -> None:
    write_old(tmp_path, 1)
    writers = [Lake(tmp_path), Lake(tmp_path)]
    assert all(writer.version() == 0 for writer in writers)

    for step, writer in enumerate(writers, start=1):
        writer.append_events(events_of(step + 1), workspace_id=1, step=step)

    assert kept_ids(writers[0]) == [1, 2, 3]


def test_a_lake_of_a_newer_version_is_read_but_not_written(tmp_path: Path) -> None:
    newer = events_of(1).append_column("loyalty", pa.array(["gold"], pa.string()))
    write_deltalake(tmp_path / "event", newer, partition_by=["month"])
    lake = Lake(tmp_path)

    with pytest.raises(StoreError, match=r"does not know: loyalty.*start that version"):
        lake.append_events(events_of(2), workspace_id=1, step=1)

    assert kept_ids(lake) == [1]


def test_a_column_that_somebody_changed_is_named(tmp_path: Path) -> None:
    place = EVENT_SCHEMA.get_field_index("event_id")
    changed = events_of(1).set_column(place, "event_id", pa.array(["1"], pa.string()))
    write_deltalake(tmp_path / "event", changed, partition_by=["month"])

    with pytest.raises(StoreError, match=r"column event_id is .*string.* and must be .*long"):
        Lake(tmp_path).append_events(events_of(2), workspace_id=1, step=1)
