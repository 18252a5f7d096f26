"""The lake keeps every event under its part; segments and timelines see people."""

from datetime import timedelta

import pytest
from tests.build import NOON
from tests.ingest.people import said
from tests.ingest.words import arrive, owner, tick_all

from dangol.ingest.merging import merge_customers, unmerge_customer
from dangol.insight.timeline import timeline
from dangol.segments.comparison import AtLeast
from dangol.segments.condition import EventMeasure
from dangol.segments.define import define_segment
from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events

TWICE = EventMeasure(event="Visited", test=AtLeast(value=2))


@pytest.fixture
def regulars(connection: Connection, workspace: int) -> int:
    with connection.transaction():
        return define_segment(
            connection,
            workspace_id=workspace,
            name="regulars",
            title_ko="단골",
            title_en="Regulars",
            definition=TWICE,
            now=NOON,
        )


def refreshed(connection: Connection, lake: Lake, workspace: int) -> set[int]:
    """Flush, refresh, and say who belongs."""
    tick_all(connection, workspace)
    connection.commit()
    flush_events(connection, lake, workspace_id=workspace, now=NOON)
    with connection.transaction():
        refresh_segments(connection, lake, workspace_id=workspace, now=NOON)
        return {row[0] for row in connection.execute("select customer_id from membership")}


def seen(connection: Connection, lake: Lake, workspace: int, customer_id: int) -> int:
    """How many events a customer's page shows."""
    shown = timeline(connection, lake, workspace_id=workspace, customer_id=customer_id, limit=9)
    connection.commit()
    return sum(event.name == "Visited" for event in shown)


@pytest.mark.usefixtures("regulars")
def test_a_merge_and_its_undoing_are_exact_through_segments_and_timelines(
    connection, workspace, lake
):
    arrive(connection, workspace, said("m1", ("user", "minji")), said("m2", ("user", "mj")))
    assert refreshed(connection, lake, workspace) == set()
    minji, mj = (owner(connection, "external", name) for name in ("minji", "mj"))
    connection.commit()

    with connection.transaction():
        merge_customers(connection, workspace_id=workspace, one_id=minji, other_id=mj, now=NOON)
    assert refreshed(connection, lake, workspace) == {minji}
    assert seen(connection, lake, workspace, minji) == 2

    # What comes now is the part's in the lake, too.
    arrive(connection, workspace, said("m3", ("user", "minji")))
    assert refreshed(connection, lake, workspace) == {minji}
    assert seen(connection, lake, workspace, minji) == 3

    with connection.transaction():
        unmerge_customer(
            connection,
            workspace_id=workspace,
            customer_id=mj,
            now=NOON + timedelta(days=1),
        )
    assert refreshed(connection, lake, workspace) == {minji}
    assert (seen(connection, lake, workspace, minji), seen(connection, lake, workspace, mj)) == (
        2,
        1,
    )
