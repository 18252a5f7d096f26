from datetime import timedelta
from decimal import Decimal
from itertools import count

from tests.build import NOON, customer, event, happened

from dangol.insight.timeline import TimelineEvent, timeline
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events

MESSAGE_IDS = count()


def flush(connection: Connection, lake: Lake, workspace: int) -> None:
    connection.commit()
    flush_events(connection, lake, workspace_id=workspace, now=NOON)


def test_a_timeline_joins_what_is_in_the_lake_and_what_is_on_its_way(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)
    days = (3, 1, 2)
    kept = [at(connection, workspace, minji, days_ago=ago) for ago in days]
    at(connection, workspace, jiwoo, days_ago=1)
    flush(connection, lake, workspace)
    waiting = at(connection, workspace, minji, days_ago=0)
    event(connection, workspace, name="A", customer_id=minji, message_id="not read by the tick")

    seen = timeline(connection, lake, workspace_id=workspace, customer_id=minji, limit=10)

    assert [one.event_id for one in seen] == [waiting, kept[1], kept[2], kept[0]]


def at(connection: Connection, workspace: int, customer_id: int, *, days_ago: int) -> int:
    moment = NOON - timedelta(days=days_ago)
    return happened(
        connection,
        workspace,
        customer_id=customer_id,
        message_id=str(next(MESSAGE_IDS)),
        occurred_at=moment,
    )


def test_an_event_that_is_in_both_stands_once_and_reads_the_same(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    number = happened(
        connection, workspace, customer_id=minji, revenue=12.5, properties={"coupon": "봄"}
    )

    before = timeline(connection, lake, workspace_id=workspace, customer_id=minji, limit=10)
    flush(connection, lake, workspace)
    after = timeline(connection, lake, workspace_id=workspace, customer_id=minji, limit=10)
    connection.execute("update event_cursor set event_id = 0 where reader = 'lake'")
    both = timeline(connection, lake, workspace_id=workspace, customer_id=minji, limit=10)

    expected = TimelineEvent(
        event_id=number,
        occurred_at=NOON,
        type="track",
        name="Order Completed",
        order_id=None,
        revenue=Decimal("12.5"),
        currency=None,
        product_id=None,
        category=None,
        quantity=None,
        properties='{"coupon": "봄"}',
    )
    assert before == after == both == [expected]


def test_a_timeline_pages_backwards(connection: Connection, workspace: int, lake: Lake) -> None:
    minji = customer(connection, workspace)
    ids = [at(connection, workspace, minji, days_ago=ago) for ago in (4, 3, 3)]
    flush(connection, lake, workspace)
    ids += [at(connection, workspace, minji, days_ago=ago) for ago in (1, 1)]
    pages: list[list[int]] = []
    before = None
    while True:
        page = timeline(
            connection, lake, workspace_id=workspace, customer_id=minji, limit=2, before=before
        )
        if not page:
            break
        pages.append([one.event_id for one in page])
        before = page[-1].key

    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]


def test_another_workspace_sees_nothing(connection: Connection, workspace: int, lake: Lake) -> None:
    minji = customer(connection, workspace)
    at(connection, workspace, minji, days_ago=1)
    flush(connection, lake, workspace)

    assert timeline(connection, lake, workspace_id=workspace + 1, customer_id=minji, limit=9) == []
