from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake
from tests.build import NOON, customer, event, happened
from tests.store.lake_words import (
    Died,
    crashpoints,
    die_after_delta,
    flush,
    kept_ids,
    other_workspace,
)

from dangol.store.connect import Connection, connect
from dangol.store.lake import Lake
from dangol.store.lake_check import Difference, Proof, verify_lake, write_off_customer
from dangol.store.migrate import drop_event_partitions


def verify(connection: Connection, lake: Lake, *, now: datetime = NOON) -> Proof:
    connection.commit()
    return verify_lake(connection, lake, now=now)


def found(proof: Proof) -> set[tuple[str, str]]:
    return {(difference.kind, difference.where) for difference in proof.differences}


def the(proof: Proof, kind: str) -> Difference:
    (difference,) = (one for one in proof.differences if one.kind == kind)
    return difference


def sell(connection: Connection, workspace: int, *, count: int = 3) -> list[int]:
    """Let one customer buy on several days of two months; arrived at the tests' noon."""
    minji = customer(connection, workspace)
    return [
        happened(
            connection,
            workspace,
            customer_id=minji,
            revenue=1000 + n / 10,
            properties={"memo": '줄\n바꿈 "따옴표"', "n": n},
            message_id=f"m-{n}",
            occurred_at=NOON - timedelta(days=n, microseconds=n),
        )
        for n in range(count)
    ]


def delta(lake: Lake) -> DeltaTable:
    return DeltaTable(lake.event_files()[0].partition("/month=")[0])


def test_an_empty_lake_is_proven(connection: Connection, workspace: int, lake: Lake) -> None:
    assert workspace
    proof = verify(connection, lake)

    assert (proof.events, proof.days, proof.months, proof.differences) == (0, 0, 0, ())


def test_a_flushed_lake_is_proven_by_day_and_by_month(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    sell(connection, workspace)
    event(connection, workspace, name="A", user_id="waits for the tick", message_id="w")
    flush(connection, lake, workspace)

    proof = verify(connection, lake)

    assert proof.differences == ()
    assert (proof.events, proof.days, proof.months) == (3, 1, 2)


def test_workspaces_are_proven_apart(connection: Connection, workspace: int, lake: Lake) -> None:
    sell(connection, workspace)
    other = other_workspace(connection)
    happened(connection, other, customer_id=customer(connection, other), message_id="m-1")
    flush(connection, lake, workspace)
    flush(connection, lake, other)

    assert (verify(connection, lake).days, verify(connection, lake).differences) == (2, ())


def test_every_flush_and_compaction_keeps_the_proof(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    for n in range(4):
        happened(connection, workspace, customer_id=minji, message_id=f"{n}")
        flush(connection, lake, workspace)
    lake.compact()

    proof = verify(connection, lake)

    assert (proof.events, proof.differences) == (4, ())


def test_a_lost_file_is_named(connection: Connection, workspace: int, lake: Lake) -> None:
    sell(connection, workspace)
    flush(connection, lake, workspace)
    file = Path(lake.event_files()[0])
    file.unlink()

    proof = verify(connection, lake)

    lost = the(proof, "lost file")
    assert str(file).endswith(lost.where)
    assert "backup" in lost.remedy


def test_a_file_that_was_cut_short_is_named(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    sell(connection, workspace)
    flush(connection, lake, workspace)
    file = Path(lake.event_files()[0])
    file.write_bytes(file.read_bytes()[:-10])

    broken = the(verify(connection, lake), "broken file")

    assert (broken.expected, broken.found) == (file.stat().st_size + 10, file.stat().st_size)


def test_a_file_of_the_right_size_that_cannot_be_read_is_a_difference(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    sell(connection, workspace)
    flush(connection, lake, workspace)
    for file in map(Path, lake.event_files()):
        file.write_bytes(bytes(file.stat().st_size))

    assert [one.kind for one in verify(connection, lake).differences] == ["unreadable"]


def test_a_flush_that_was_written_twice_is_caught(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    ids = sell(connection, workspace, count=1)
    flush(connection, lake, workspace)
    table = delta(lake)
    write_deltalake(table, table.to_pyarrow_table(), mode="append")

    proof = verify(connection, lake)

    assert found(proof) == {
        ("doubled event", f"event {ids[0]}"),
        ("month differs", "2027-03-01"),
        ("day differs", "2027-03-02"),
    }
    assert the(proof, "day differs").examples == (f"event {ids[0]} stands there twice",)
    assert (the(proof, "month differs").expected, the(proof, "month differs").found) == (1, 2)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("revenue", "999.0"),
        ("customer_id", "12"),
        ("order_id", "''"),
        ("properties", "'{}'"),
        ("message_id", "'other'"),
        ("occurred_at", "timestamp '2027-03-02T03:00:00.000001Z'"),
        ("quantity", "0.0"),
    ],
)
def test_a_changed_value_is_caught_and_its_event_named(
    connection: Connection, workspace: int, lake: Lake, column: str, value: str
) -> None:
    ids = sell(connection, workspace)
    flush(connection, lake, workspace)
    delta(lake).update({column: value}, predicate=f"event_id = {ids[0]}")

    proof = verify(connection, lake)

    assert found(proof) == {("month differs", "2027-03-01"), ("day differs", "2027-03-02")}
    assert the(proof, "day differs").examples == (f"event {ids[0]} was changed",)


def test_an_event_that_is_gone_is_caught_and_named(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    ids = sell(connection, workspace)
    flush(connection, lake, workspace)
    delta(lake).delete(f"event_id = {ids[1]}")

    proof = verify(connection, lake)

    assert the(proof, "day differs").examples == (f"event {ids[1]} is not in the lake",)


def test_an_event_that_only_the_lake_has_is_caught_and_named(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    ids = sell(connection, workspace)
    flush(connection, lake, workspace)
    connection.execute("delete from event where id = %s", (ids[2],))

    proof = verify(connection, lake)

    assert the(proof, "day differs").examples == (f"event {ids[2]} is only in the lake",)


def test_events_in_a_wrong_month_are_caught(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    sell(connection, workspace, count=1)
    flush(connection, lake, workspace)
    delta(lake).update({"month": "date '2026-01-01'"})

    assert found(verify(connection, lake)) == {("wrong month", "2026-01-01")}


def test_what_the_inbox_no_longer_has_is_proven_by_its_months(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    ids = sell(connection, workspace)
    flush(connection, lake, workspace)
    drop_event_partitions(connection, before=NOON.date() + timedelta(days=1))

    kept = verify(connection, lake)
    delta(lake).update({"revenue": "1.0"}, predicate=f"event_id = {ids[2]}")
    changed = verify(connection, lake)

    assert (kept.days, kept.months, kept.differences) == (0, 2, ())
    assert found(changed) == {("month differs", "2027-02-01")}


def test_days_on_which_acting_is_forgotten_are_left_to_the_months(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    sell(connection, workspace)
    flush(connection, lake, workspace)
    connection.execute("delete from acted_event")

    proof = verify(connection, lake, now=NOON + timedelta(days=7))

    assert (proof.days, proof.months, proof.differences) == (0, 2, ())


def test_a_flush_cut_off_after_the_lake_has_it_is_no_difference(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji, message_id="a")
    flush(connection, lake, workspace)
    happened(connection, workspace, customer_id=minji, message_id="b")
    with crashpoints(die_after_delta), pytest.raises(Died):
        flush(connection, lake, workspace)

    cut_off = verify(connection, lake)
    flush(connection, lake, workspace)
    finished = verify(connection, lake)

    assert (cut_off.events, cut_off.differences) == (2, ())
    assert (finished.events, finished.differences) == (2, ())


def test_a_planned_flush_that_the_lake_never_saw_is_no_difference(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    def die_before_delta(name: str) -> None:
        if name == "flush.before_delta":
            raise Died

    sell(connection, workspace)
    with crashpoints(die_before_delta), pytest.raises(Died):
        flush(connection, lake, workspace)

    assert verify(connection, lake).differences == ()


def test_the_lake_stands_still_while_it_is_judged(
    connection: Connection, dsn: str, workspace: int, lake: Lake, tmp_path: Path
) -> None:
    """A flush in the middle of it neither waits nor shows."""
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji, message_id="a")
    flush(connection, lake, workspace)
    pinned = lake.pinned()
    with connect(dsn) as other:
        happened(other, workspace, customer_id=minji, message_id="b")
        assert flush(other, Lake(tmp_path / "lake"), workspace) == 1

    assert (len(kept_ids(pinned)), len(kept_ids(lake))) == (1, 2)
    assert verify(connection, lake).differences == ()


def test_the_digest_of_the_lake_is_the_one_of_the_inbox_for_any_value(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    moments = [
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ]
    for number, moment in enumerate(moments):
        happened(
            connection,
            workspace,
            customer_id=minji,
            name="주문\n완료 🎉 \\N '' \"",
            revenue=[None, -0.0001, 99_999_999_999_999][number],
            message_id=f"=\t{number}",
            occurred_at=moment,
            received_at=NOON,
        )
    connection.execute(
        "update event set order_id = '', currency = 'KRW', category = 'null', quantity = 1.5"
    )
    flush(connection, lake, workspace)

    proof = verify(connection, lake)

    assert (proof.events, proof.days, proof.differences) == (3, 1, ())


def test_what_an_erasure_takes_is_written_off(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    """An erasure takes a customer's events out of the lake, and what was owed with them."""
    sell(connection, workspace)
    seora = customer(connection, workspace, name="seora", email=None)
    happened(connection, workspace, customer_id=seora, message_id="s")
    flush(connection, lake, workspace)
    drop_event_partitions(connection, before=NOON.date() + timedelta(days=1))
    connection.commit()

    write_off_customer(connection, lake, workspace_id=workspace, customer_id=seora)
    delta(lake).delete(f"customer_id = {seora}")

    proof = verify(connection, lake)
    assert (proof.events, proof.differences) == (3, ())
