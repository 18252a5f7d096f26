"""Filters pass the same events of a tick as they do by the plain reference."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.build import NOON
from tests.segments.random_world import NOWS, ZONES, filters, random_world
from tests.segments.reference import Asking, Happened, passes

from dangol.segments import comparison as c
from dangol.segments.faults import BadCondition
from dangol.segments.in_events import check_filters, judge_events
from dangol.store.connect import Connection

OFTEN = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def keep(connection: Connection, event: Happened) -> None:
    connection.execute(
        "insert into tick_event (event_id, occurred_at, received_at, type, name, message_id,"
        " revenue, category, properties, traits, contacts, consents, keep_for_ever)"
        " values (%s, %s, %s, 'track', %s, %s, %s, %s, %s, '{}', '[]', '[]', false)",
        (
            event.event_id,
            event.occurred_at,
            event.occurred_at,
            event.name,
            f"m{event.event_id}",
            event.revenue,
            event.category,
            json.dumps(event.properties),
        ),
    )


def test_random_filters_pass_the_same_events(connection: Connection, workspace: int) -> None:
    world = random_world(21)
    for event in world.events:
        keep(connection, event)

    @OFTEN
    @given(
        asked=st.lists(filters, min_size=1, max_size=4),
        zone=st.sampled_from(ZONES),
        now=st.sampled_from(NOWS),
    )
    def agree(asked, zone, now) -> None:
        connection.execute("update workspace set time_zone = %s", (str(zone),))
        found = judge_events(connection, dict(enumerate(asked)), workspace_id=workspace, now=now)

        for number, some in enumerate(asked):
            assert set(found[number].tolist()) == {
                event.event_id
                for event in world.events
                if all(
                    passes(one, event, Asking(world, event.customer_id, now, zone)) for one in some
                )
            }

    agree()


def test_columns_go_before_properties_of_the_same_name(
    connection: Connection, workspace: int
) -> None:
    keep(
        connection,
        Happened(1, "-", NOON - timedelta(hours=1), event_id=1, properties={"revenue": 5}),
    )
    five = c.PropertyFilter(property="revenue", test=c.Equals(value=5))

    found = judge_events(connection, {7: (five,), 8: ()}, workspace_id=workspace, now=NOON)

    assert {number: ids.tolist() for number, ids in found.items()} == {7: [], 8: [1]}


def test_a_name_that_postgresql_reads_as_a_place_is_refused() -> None:
    odd = c.PropertyFilter(property="tags.-1", test=c.Exists())

    with pytest.raises(BadCondition, match="-1"):
        check_filters([odd], "$.where")
