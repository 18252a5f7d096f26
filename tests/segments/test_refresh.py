from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from tests.build import NOON, customer, happened

from dangol.segments.comparison import DaysAgo
from dangol.segments.condition import Condition, EventMeasure
from dangol.segments.define import define_segment
from dangol.segments.faults import BadCondition
from dangol.segments.library import LAPSED_REGULARS
from dangol.segments.refresh import Refreshed, refresh_segments
from dangol.segments.window import Rolling
from dangol.store import crash
from dangol.store.connect import Connection, connect
from dangol.store.lake import Lake, flush_events

BUYERS = EventMeasure(event="Order Completed")


class Died(Exception):  # noqa: N818 - it is no error: somebody killed it
    """The process ended here."""


@contextmanager
def dying_before_commit() -> Iterator[None]:
    def die(name: str) -> None:
        if name == "segments.before_commit":
            raise Died

    handlers = crash._handlers  # noqa: SLF001 - production never takes a handler back
    handlers.append(die)
    try:
        yield
    finally:
        handlers.remove(die)


def define(
    connection: Connection, workspace: int, condition: Condition = BUYERS, *, name: str = "buyers"
) -> int:
    with connection.transaction():
        return define_segment(
            connection,
            workspace_id=workspace,
            name=name,
            title_ko="구매 고객",
            title_en="Buyers",
            definition=condition,
            now=NOON,
        )


def buys(connection: Connection, workspace: int, *, name: str, days_ago: int = 0) -> int:
    row = connection.execute(
        "select customer_id from identifier where kind = 'external' and key = %s", (name,)
    ).fetchone()
    made = row[0] if row else customer(connection, workspace, name=name, email=None)
    happened(
        connection,
        workspace,
        customer_id=made,
        occurred_at=NOON - timedelta(days=days_ago),
    )
    return made


def refresh(
    connection: Connection, lake: Lake, workspace: int, *, now: datetime = NOON
) -> list[Refreshed]:
    connection.commit()
    flush_events(connection, lake, workspace_id=workspace, now=now)
    with connection.transaction():
        return refresh_segments(connection, lake, workspace_id=workspace, now=now)


def members_of(connection: Connection, segment: int) -> set[int]:
    query = "select customer_id from membership where segment_id = %s"
    return {row[0] for row in connection.execute(query, (segment,))}


def announced(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select name, customer_id, properties, occurred_at, received_at, type::text from event"
        " where name like 'Segment %%' order by id"
    ).fetchall()


def test_who_belongs_enters_and_the_journeys_hear_of_it(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    segment = define(connection, workspace)
    minji = buys(connection, workspace, name="minji")

    refreshed = refresh(connection, lake, workspace)

    assert refreshed == [Refreshed(name="buyers", entered=1, left=0, size=1)]
    assert members_of(connection, segment) == {minji}
    told = {"segment": "buyers", "segment_id": segment}
    assert announced(connection) == [("Segment Entered", minji, told, NOON, NOON, "track")]


def test_who_no_longer_belongs_leaves(connection: Connection, workspace: int, lake: Lake) -> None:
    segment = define(
        connection, workspace, EventMeasure(event="Order Completed", during=Rolling(days=30))
    )
    minji = buys(connection, workspace, name="minji", days_ago=0)
    jiwoo = buys(connection, workspace, name="jiwoo", days_ago=25)
    refresh(connection, lake, workspace)
    later = NOON + timedelta(days=10)

    refreshed = refresh(connection, lake, workspace, now=later)

    assert refreshed == [Refreshed(name="buyers", entered=0, left=1, size=1)]
    assert members_of(connection, segment) == {minji}
    assert announced(connection)[-1][:2] == ("Segment Left", jiwoo)


def test_a_second_refresh_changes_nothing(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    define(connection, workspace)
    buys(connection, workspace, name="minji")
    refresh(connection, lake, workspace)
    before = announced(connection)

    again = refresh(connection, lake, workspace)
    later = refresh(connection, lake, workspace, now=NOON + timedelta(hours=1))

    assert again == later == [Refreshed(name="buyers", entered=0, left=0, size=1)]
    assert announced(connection) == before


def test_a_refresh_that_dies_before_its_commit_leaves_no_trace(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    segment = define(connection, workspace)
    minji = buys(connection, workspace, name="minji")
    with dying_before_commit(), pytest.raises(Died):
        refresh(connection, lake, workspace)
    assert members_of(connection, segment) == set()
    assert announced(connection) == []

    refresh(connection, lake, workspace)

    assert members_of(connection, segment) == {minji}
    assert len(announced(connection)) == 1


def test_each_stay_has_message_ids_of_its_own(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    """Else coming back would count as the same event, and be ignored."""
    define(connection, workspace, EventMeasure(event="Order Completed", during=Rolling(days=1)))
    buys(connection, workspace, name="minji")
    refresh(connection, lake, workspace)
    refresh(connection, lake, workspace, now=NOON + timedelta(days=2))
    buys(connection, workspace, name="minji", days_ago=-3)

    refresh(connection, lake, workspace, now=NOON + timedelta(days=3))

    rows = connection.execute(
        "select name, message_id from event where name like 'Segment %%' order by id"
    ).fetchall()
    assert [name for name, _ in rows] == ["Segment Entered", "Segment Left", "Segment Entered"]
    assert len({message_id for _, message_id in rows}) == 3


def test_all_segments_are_refreshed_together(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    buyers = define(connection, workspace)
    lapsed = define(connection, workspace, LAPSED_REGULARS, name="lapsed_regulars")
    minji = buys(connection, workspace, name="minji")
    jiwoo = buys(connection, workspace, name="jiwoo", days_ago=200)
    buys(connection, workspace, name="jiwoo", days_ago=100)

    refreshed = refresh(connection, lake, workspace)

    assert [(one.name, one.size) for one in refreshed] == [("buyers", 2), ("lapsed_regulars", 1)]
    assert members_of(connection, buyers) == {minji, jiwoo}
    assert members_of(connection, lapsed) == {jiwoo}


def test_a_broken_definition_keeps_its_members_and_does_not_stop_the_others(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    broken = define(connection, workspace, name="broken")
    buyers = define(connection, workspace)
    minji = buys(connection, workspace, name="minji")
    refresh(connection, lake, workspace)
    connection.execute(
        "update segment_version set definition = '{\"version\": 9}' where segment_id = %s",
        (broken,),
    )
    jiwoo = buys(connection, workspace, name="jiwoo")

    refreshed = refresh(connection, lake, workspace)

    assert refreshed[0].name == "broken"
    assert "$.version" in refreshed[0].fault
    assert members_of(connection, broken) == {minji}
    assert members_of(connection, buyers) == {minji, jiwoo}


def test_a_changed_definition_takes_effect_at_the_next_refresh(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    segment = define(connection, workspace)
    buys(connection, workspace, name="minji")
    refresh(connection, lake, workspace)
    assert define(connection, workspace, LAPSED_REGULARS) == segment

    refresh(connection, lake, workspace)

    assert members_of(connection, segment) == set()


def test_the_same_definition_is_no_new_version(connection: Connection, workspace: int) -> None:
    for condition in (BUYERS, BUYERS, LAPSED_REGULARS, LAPSED_REGULARS, BUYERS):
        define(connection, workspace, condition)

    versions = connection.execute("select number from segment_version order by number").fetchall()

    assert versions == [(1,), (2,), (3,)]


def test_a_condition_nobody_can_mean_is_refused(connection: Connection, workspace: int) -> None:
    with pytest.raises(BadCondition, match="at_least, at_most or both"):
        define(connection, workspace, EventMeasure(event="A", measure="last", test=DaysAgo()))


def test_an_erased_customer_belongs_nowhere(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    segment = define(connection, workspace)
    minji = buys(connection, workspace, name="minji")
    refresh(connection, lake, workspace)
    connection.execute("update customer set state = 'erased' where id = %s", (minji,))

    refresh(connection, lake, workspace)

    assert members_of(connection, segment) == set()


def test_an_older_refresh_does_not_overwrite_a_newer_one(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    define(connection, workspace)
    buys(connection, workspace, name="minji")
    refresh(connection, lake, workspace)

    assert refresh(connection, lake, workspace, now=NOON - timedelta(days=1)) == []


def test_two_refreshes_of_one_workspace_take_turns(
    connection: Connection, dsn: str, workspace: int, lake: Lake
) -> None:
    define(connection, workspace)
    with connect(dsn) as other, other.transaction():
        other.execute("select pg_advisory_xact_lock(hashtext('segments'), %s)", (workspace,))

        assert refresh(connection, lake, workspace) == []

    assert len(refresh(connection, lake, workspace)) == 1


def test_a_refresh_on_a_day_without_a_partition_makes_one(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    define(connection, workspace)
    buys(connection, workspace, name="minji")

    refresh(connection, lake, workspace, now=NOON + timedelta(days=900))

    assert len(announced(connection)) == 1
