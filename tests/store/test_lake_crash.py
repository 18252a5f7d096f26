"""Killed anywhere, by itself or beside others, the lake holds every event once."""

import random
import signal
from pathlib import Path

import pytest
from tests.build import NOON, customer, happened
from tests.store.lake_child import ending_of, start
from tests.store.lake_words import flush, kept_ids

from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.lake_check import verify_lake

FLUSH = [
    "flush.after_plan",
    "flush.before_delta",
    "flush.after_delta",
    "flush.before_cursor",
    "flush.after_cursor",
]
MERGE = ["merge.before_commit", "merge.after_commit"]
VACUUM = ["vacuum.before_removal", "vacuum.after_removal"]


@pytest.fixture
def folder(lake: Lake, tmp_path: Path) -> Path:
    """The folder of the test's lake."""
    assert lake.version() == -1
    return tmp_path / "lake"


def sell(connection: Connection, workspace: int, *, buyer: int, first: int, count: int) -> None:
    for number in range(first, first + count):
        happened(connection, workspace, customer_id=buyer, message_id=f"{number}")


def expect_each_once(connection: Connection, lake: Lake) -> None:
    acted = connection.execute("select event_id from acted_event order by event_id").fetchall()
    connection.commit()
    assert kept_ids(lake) == [number for (number,) in acted]
    assert verify_lake(connection, lake, now=NOON).differences == ()


@pytest.mark.parametrize("point", FLUSH)
def test_a_flush_killed_at_any_step_is_finished_by_the_next(
    connection: Connection, dsn: str, workspace: int, lake: Lake, folder: Path, point: str
) -> None:
    minji = customer(connection, workspace)
    sell(connection, workspace, buyer=minji, first=0, count=2)
    flush(connection, lake, workspace)
    sell(connection, workspace, buyer=minji, first=2, count=2)

    killed = ending_of(start("flush", dsn, folder, workspace, die_at=point))
    # The tick goes on before the flush is tried again.
    sell(connection, workspace, buyer=minji, first=4, count=2)
    assert verify_lake(connection, lake, now=NOON).differences == ()
    flush(connection, lake, workspace)

    assert killed == -signal.SIGKILL
    expect_each_once(connection, lake)


def test_a_flush_killed_at_every_step_in_turn_is_finished_in_the_end(
    connection: Connection, dsn: str, workspace: int, lake: Lake, folder: Path
) -> None:
    minji = customer(connection, workspace)
    for turn, point in enumerate([*FLUSH, *reversed(FLUSH)]):
        sell(connection, workspace, buyer=minji, first=turn, count=1)
        assert ending_of(start("flush", dsn, folder, workspace, die_at=point)) == -signal.SIGKILL

    flush(connection, lake, workspace)

    expect_each_once(connection, lake)


@pytest.mark.parametrize("point", [*MERGE, *VACUUM])
def test_a_merge_or_a_vacuum_killed_at_any_step_loses_nothing(
    connection: Connection, dsn: str, workspace: int, lake: Lake, folder: Path, point: str
) -> None:
    minji = customer(connection, workspace)
    for turn in range(3):
        sell(connection, workspace, buyer=minji, first=turn, count=1)
        flush(connection, lake, workspace)
    what = point.partition(".")[0]
    if what == "vacuum":
        lake.compact()

    killed = ending_of(start(what, dsn, folder, workspace, die_at=point))
    expect_each_once(connection, lake)
    again = [ending_of(start(what, dsn, folder, workspace)) for what in ("merge", "vacuum")]

    assert (killed, again) == (-signal.SIGKILL, [0, 0])
    expect_each_once(connection, lake)
    assert len(list(folder.rglob("*.parquet"))) == 1


def test_a_merge_killed_at_any_moment_loses_nothing(
    connection: Connection, dsn: str, workspace: int, lake: Lake, folder: Path
) -> None:
    """Also between the writing of a file and its commit, where we have no named point."""
    minji = customer(connection, workspace)
    chance = random.Random(7)  # noqa: S311 - no secret
    for turn in range(6):
        sell(connection, workspace, buyer=minji, first=turn, count=1)
        flush(connection, lake, workspace)
        child = start("merge", dsn, folder, workspace)
        child.join(chance.uniform(0.0, 0.15))
        child.kill()
        child.join()
        expect_each_once(connection, lake)


def test_two_flushers_and_a_merger_at_once_hold_every_event_once(
    connection: Connection, dsn: str, workspace: int, lake: Lake, folder: Path
) -> None:
    minji = customer(connection, workspace)
    for turn in range(4):
        sell(connection, workspace, buyer=minji, first=3 * turn, count=3)
        together = [start(what, dsn, folder, workspace) for what in ("flush", "flush", "merge")]
        assert [ending_of(child) for child in together] == [0, 0, 0]

    flush(connection, lake, workspace)

    expect_each_once(connection, lake)
