"""Nobody outside calls a journey: only our own messages have an id that begins like a call's."""

import pytest
from tests.build import NOON, customer, one
from tests.journeys.words import happen, move, publish

CARE = {
    "name": "care",
    "title": {"ko": "돌봄", "en": "Care"},
    "entry": {"call": True},
    "steps": [{"name": "rest", "kind": "wait", "for": "1 day"}],
}


@pytest.mark.parametrize(
    ("message_id", "entered"), [("call:1", 1), ("journey:1:2:3", 1), ("a-browser-says-so", 0)]
)
def test_only_our_own_call_lets_somebody_in(connection, workspace, message_id, entered):
    minji = customer(connection, workspace)
    publish(connection, workspace, CARE, now=NOON)

    with connection.transaction():
        happen(
            connection,
            workspace,
            customer_id=minji,
            name="Journey Called",
            message_id=message_id,
            properties={"journey": "care"},
        )
        move(connection, workspace, now=NOON)

    assert one(connection, "select count(*) from enrollment") == entered
