import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from tests.build import NOON, customer, event, happened
from tests.store.lake_words import (
    Died,
    crashpoints,
    die_after_delta,
    events_of,
    flush,
    kept,
    kept_ids,
    other_workspace,
)

from dangol.store.connect import Connection, StoreError, connect
from dangol.store.engine import EVENT, run
from dangol.store.lake import Lake, flush_events, flushed_until
from dangol.store.lake_files import pays, scattered_months
from dangol.store.lake_schema import EVENT_SCHEMA


def test_an_empty_lake_answers_with_no_rows(lake: Lake) -> None:
    assert lake.event_files() == []
    assert run(EVENT, lake).schema.names == [name for name in EVENT_SCHEMA.names if name != "month"]
    assert kept(lake) == []


def test_nothing_to_flush_writes_nothing(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    assert flush(connection, lake, workspace) == 0
    assert lake.version() == -1


def test_every_column_survives_the_flush(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    occurred_at = datetime(2026, 12, 31, 23, 59, 59, 123456, tzinfo=UTC)
    number = happened(
        connection,
        workspace,
        customer_id=minji,
        revenue=12345.6789,
        properties={"memo": '줄\n바꿈 "따옴표", 쉼표', "coupon": ""},
        message_id="m-1",
        occurred_at=occurred_at,
    )

    assert flush(connection, lake, workspace) == 1

    assert kept(lake) == [
        {
            "workspace_id": workspace,
            "customer_id": minji,
            "event_id": number,
            "occurred_at": occurred_at,
            "received_at": NOON,
            "day": occurred_at.date(),
            "type": "track",
            "name": "Order Completed",
            "message_id": "m-1",
            "order_id": None,
            "revenue": Decimal("12345.6789"),
            "currency": None,
            "product_id": None,
            "category": None,
            "quantity": None,
            "properties": r'{"memo": "줄\n바꿈 \"따옴표\", 쉼표", "coupon": ""}',
        }
    ]


def test_a_flush_takes_each_event_once(connection: Connection, workspace: int, lake: Lake) -> None:
    minji = customer(connection, workspace)
    first = happened(connection, workspace, customer_id=minji, message_id="a")
    flush(connection, lake, workspace)
    second = happened(connection, workspace, customer_id=minji, message_id="b")

    assert flush(connection, lake, workspace) == 1
    assert flush(connection, lake, workspace) == 0

    assert kept_ids(lake) == [first, second]


def test_events_the_tick_has_not_read_wait(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    read = happened(connection, workspace, customer_id=minji)
    event(connection, workspace, name="Order Completed", customer_id=minji, message_id="later")

    flush(connection, lake, workspace)

    assert kept_ids(lake) == [read]


def test_repeated_and_parked_events_stay_out(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    event(connection, workspace, name="Order Completed", user_id="nobody", message_id="repeated")
    acted = happened(connection, workspace, customer_id=minji)

    flush(connection, lake, workspace)

    assert kept_ids(lake) == [acted]


def test_a_flush_cut_off_after_the_lake_has_it_is_not_written_twice(
    connection: Connection, workspace: int, lake: Lake, tmp_path: Path
) -> None:
    minji = customer(connection, workspace)
    first = happened(connection, workspace, customer_id=minji, message_id="a")
    with crashpoints(die_after_delta), pytest.raises(Died):
        flush(connection, lake, workspace)
    # The tick goes on before the flush is tried again.
    second = happened(connection, workspace, customer_id=minji, message_id="b")

    assert flush(connection, Lake(tmp_path / "lake"), workspace) == 2

    assert kept_ids(lake) == [first, second]


def test_a_plan_that_never_reached_the_lake_is_carried_out_later(
    connection: Connection, workspace: int, lake: Lake, tmp_path: Path
) -> None:
    minji = customer(connection, workspace)
    first = happened(connection, workspace, customer_id=minji, message_id="a")
    (tmp_path / "a-file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be created"):
        flush(connection, Lake(tmp_path / "a-file"), workspace)
    second = happened(connection, workspace, customer_id=minji, message_id="b")

    flush(connection, lake, workspace)

    assert kept_ids(lake) == [first, second]


def test_two_flushes_of_one_workspace_take_turns(
    connection: Connection, dsn: str, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji)
    with connect(dsn) as other, other.transaction():
        other.execute("select pg_advisory_xact_lock(hashtext('flush'), %s)", (workspace,))

        assert flush(connection, lake, workspace) == 0

    assert flush(connection, lake, workspace) == 1


def test_the_lake_takes_a_step_once_even_from_two_writers_at_the_same_time(tmp_path: Path) -> None:
    writers = [Lake(tmp_path), Lake(tmp_path)]
    writers[0].append_events(events_of(0), workspace_id=1, step=0)
    start = Barrier(2)

    def write(writer: Lake, step: int) -> bool:
        start.wait()
        return writer.append_events(events_of(step), workspace_id=1, step=step)

    with ThreadPoolExecutor(2) as threads:
        for step in range(1, 11):
            wrote = list(threads.map(write, writers, [step, step]))
            assert sorted(wrote) == [False, True]

    assert kept_ids(writers[0]) == list(range(11))


def test_workspaces_count_their_steps_apart(tmp_path: Path) -> None:
    lake = Lake(tmp_path)

    wrote = [
        lake.append_events(events_of(1), workspace_id=1, step=1),
        lake.append_events(events_of(2), workspace_id=2, step=1),
        lake.append_events(events_of(3), workspace_id=1, step=1),
    ]

    assert wrote == [True, True, False]
    assert kept_ids(lake) == [1, 2]


def test_an_old_step_does_not_come_back(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.append_events(events_of(1), workspace_id=1, step=5)

    assert lake.append_events(events_of(2), workspace_id=1, step=4) is False


def test_a_flush_refuses_to_run_inside_a_transaction(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    with connection.transaction(), pytest.raises(StoreError, match="commit first"):
        flush_events(connection, lake, workspace_id=workspace, now=NOON)


def test_an_import_is_flushed_in_batches(
    connection: Connection, workspace: int, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dangol.store.lake.EVENTS_PER_FLUSH", 2)
    minji = customer(connection, workspace)
    ids = [happened(connection, workspace, customer_id=minji, message_id=f"{n}") for n in range(5)]

    assert flush(connection, lake, workspace) == 5

    assert kept_ids(lake) == ids
    assert len(lake.event_files()) == 3


def test_compaction_merges_months_sorts_by_customer_and_loses_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for step in range(6):
        month = f"2027-0{1 + step % 2}-01"
        lake.append_events(events_of(step, month=month), workspace_id=1, step=step)
    before = kept(lake)

    merged = lake.compact()

    assert merged == 2
    assert len(lake.event_files()) == 2
    assert kept(lake) == before
    assert lake.compact() == 0


def test_two_compactions_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [Lake(tmp_path), Lake(tmp_path)]
    for step in range(8):
        writers[0].append_events(events_of(step), workspace_id=1, step=step)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(Lake.compact, writers))

    assert kept_ids(writers[1]) == list(range(8))
    assert scattered_months(DeltaTable(tmp_path / "event")) == []


def test_flushes_during_compactions_lose_nothing(tmp_path: Path) -> None:
    writer, merger = Lake(tmp_path), Lake(tmp_path)
    writer.append_events(events_of(0), workspace_id=1, step=0)

    def append(step: int) -> bool:
        return writer.append_events(events_of(step), workspace_id=1, step=step)

    with ThreadPoolExecutor(2) as threads:
        merging = [threads.submit(merger.compact) for _ in range(10)]
        assert all(map(append, range(1, 21)))
        wait(merging)
    merger.compact()

    assert kept_ids(merger) == list(range(21))
    assert len(merger.event_files()) == 1


def test_merged_files_are_sorted_by_customer(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for step in range(3):
        events = events_of(*range(step, 60_000, 3))
        column = pc.multiply(pc.subtract(60_000, events["event_id"]), 7)
        place = EVENT_SCHEMA.get_field_index("customer_id")
        events = events.set_column(place, "customer_id", column).sort_by("customer_id")
        lake.append_events(events, workspace_id=1, step=step)

    lake.compact()

    (file,) = lake.event_files()
    customers = pq.read_table(file, partitioning=None)["customer_id"].to_pylist()
    assert customers == sorted(customers)


def test_a_month_is_worth_merging_once_its_small_files_are_a_good_part_of_it(
    tmp_path: Path,
) -> None:
    lake = Lake(tmp_path)
    for step in range(1, 8):
        lake.append_events(events_of(step), workspace_id=1, step=step)
    assert lake.scattered() == []
    lake.append_events(events_of(8), workspace_id=1, step=8)

    assert lake.scattered() == ["2027-03-01"]
    assert lake.merge("2027-03-01")
    assert lake.scattered() == []


@pytest.mark.parametrize(
    ("sizes", "worth"),
    [
        ([10] * 7, False),
        ([10] * 8, True),
        ([1000, *[10] * 20], False),
        ([1000, *[10] * 25], True),
        ([1_000_000, *[10] * 254], False),
        ([1_000_000, *[10] * 255], True),
    ],
)
def test_a_large_file_is_written_again_only_for_many_small_ones(
    sizes: list[int], *, worth: bool
) -> None:
    assert pays(sizes) is worth


def test_a_vacuum_removes_what_was_replaced_and_nothing_else(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for step in range(1, 4):
        lake.append_events(events_of(step), workspace_id=1, step=step)
    lake.compact()

    assert lake.vacuum() == 0
    assert lake.vacuum(keep_hours=0) == 3

    assert kept_ids(lake) == [1, 2, 3]
    assert len(list((tmp_path / "event").rglob("*.parquet"))) == 1


@pytest.mark.parametrize("folder", ["단골 lake", "it's #1; yes & no"])
def test_a_lake_may_lie_in_any_folder(tmp_path: Path, folder: str) -> None:
    lake = Lake(tmp_path / folder)

    lake.append_events(events_of(1), workspace_id=1, step=1)

    assert kept_ids(lake) == [1]
    assert all(Path(file).exists() for file in lake.event_files())


@pytest.mark.parametrize("folder", ["100%25", "lake*", "lake?", "[lake]"])
def test_a_folder_whose_name_its_readers_would_misread_is_refused(folder: str) -> None:
    with pytest.raises(StoreError, match="Rename the folder"):
        Lake(f"/data/{folder}")


def test_a_lake_named_by_an_address_is_read_through_its_store(tmp_path: Path) -> None:
    lake = Lake((tmp_path / "remote").as_uri())
    (tmp_path / "remote").mkdir()

    assert kept_ids(lake) == []
    lake.append_events(events_of(1, 2), workspace_id=1, step=1)

    assert not lake.is_local
    assert kept_ids(lake) == [1, 2]


def test_another_process_sees_what_was_appended(tmp_path: Path) -> None:
    here, there = Lake(tmp_path), Lake(tmp_path)
    assert kept_ids(there) == []

    here.append_events(events_of(1), workspace_id=1, step=1)
    assert kept_ids(there) == [1]
    here.append_events(events_of(2), workspace_id=1, step=2)

    assert kept_ids(there) == [1, 2]


def test_the_inbox_may_go_up_to_the_oldest_event_that_no_flush_took(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji, received_at=NOON)
    flush(connection, lake, workspace)
    assert flushed_until(connection, now=NOON) == NOON
    later = NOON + timedelta(days=3)
    event(connection, workspace, name="A", received_at=NOON + timedelta(days=4), message_id="y")
    event(connection, workspace, name="A", received_at=later, message_id="x")

    assert flushed_until(connection, now=NOON + timedelta(days=9)) == later


def test_the_inbox_of_a_workspace_that_never_flushed_stays(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji)
    flush(connection, lake, workspace)
    other = other_workspace(connection)
    event(connection, other, name="A", received_at=NOON - timedelta(days=2), message_id="x")

    assert flushed_until(connection, now=NOON) == NOON - timedelta(days=2)


def test_a_flush_holds_no_transaction_id_while_the_lake_is_written(
    connection: Connection, dsn: str, workspace: int
) -> None:
    """A transaction id would stop the tick's cursor for as long as the lake takes."""
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji)
    seen: list[object] = []
    mine = connection.info.backend_pid

    def look(name: str) -> None:
        if name == "flush.after_delta":
            with connect(dsn) as other:
                query = "select backend_xid is null from pg_stat_activity where pid = %s"
                seen.extend(other.execute(query, (mine,)))

    with tempfile.TemporaryDirectory() as folder, crashpoints(look):
        flush(connection, Lake(folder), workspace)

    assert seen == [(True,)]
