"""Who was in a segment on a day that has passed."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, happened

from dangol.ingest.merging import merge_customers
from dangol.segments.condition import EventMeasure
from dangol.segments.define import define_segment
from dangol.segments.history import expire_stays, who_was_in
from dangol.segments.refresh import refresh_segments
from dangol.segments.window import Rolling
from dangol.store.lake import flush_events

DAY = timedelta(days=1)


@pytest.fixture
def buyers(connection, workspace) -> int:
    with connection.transaction():
        return define_segment(
            connection,
            workspace_id=workspace,
            name="buyers",
            title_ko="구매 고객",
            title_en="Buyers",
            definition=EventMeasure(event="Order Completed", during=Rolling(days=3)),
            now=NOON,
        )


@pytest.fixture
def refresh(connection, lake, workspace):
    def refresh(now):
        connection.commit()
        flush_events(connection, lake, workspace_id=workspace, now=now)
        with connection.transaction():
            refresh_segments(connection, lake, workspace_id=workspace, now=now)

    return refresh


def test_everybody_can_be_found_on_the_days_they_were_in(connection, workspace, buyers, refresh):
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji, occurred_at=NOON)
    refresh(NOON)
    refresh(NOON + 4 * DAY)
    happened(connection, workspace, customer_id=minji, occurred_at=NOON + 8 * DAY)
    refresh(NOON + 8 * DAY)

    days = {
        day
        for day in range(-1, 10)
        if minji
        in who_was_in(connection, workspace_id=workspace, segment_id=buyers, at=NOON + day * DAY)
    }

    assert days == {0, 1, 2, 3, 8, 9}


def test_a_part_counts_for_its_head(connection, workspace, buyers, refresh):
    minji = customer(connection, workspace, name="minji", email=None)
    mj = customer(connection, workspace, name="mj", email=None)
    happened(connection, workspace, customer_id=mj, occurred_at=NOON)
    refresh(NOON)
    refresh(NOON + 4 * DAY)
    connection.commit()
    with connection.transaction():
        head = merge_customers(
            connection, workspace_id=workspace, one_id=minji, other_id=mj, now=NOON + 5 * DAY
        )

    was = who_was_in(connection, workspace_id=workspace, segment_id=buyers, at=NOON + DAY)

    assert was.tolist() == [head]


def test_stays_are_forgotten_after_their_time(connection, workspace, buyers, refresh):
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji, occurred_at=NOON)
    refresh(NOON)
    refresh(NOON + 4 * DAY)

    assert expire_stays(connection, before=NOON + 4 * DAY) == 0
    assert expire_stays(connection, before=NOON + 5 * DAY) == 1

    was = who_was_in(connection, workspace_id=workspace, segment_id=buyers, at=NOON + DAY)
    assert was.tolist() == []
