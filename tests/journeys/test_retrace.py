"""One customer's way through a journey can be told, step by step."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, template
from tests.journeys.test_kinds import CART, ORDER, run, tick

from dangol.app.journey_explain import say_retraced
from dangol.app.tick import decide_and_fall
from dangol.guard.decide import decide_messages
from dangol.journeys.retrace import Retraced, retrace_customer, retrace_enrollment
from dangol.store.connect import Connection

DAY = timedelta(days=1)
JOURNEY = """
entry: {event: Cart Viewed}
goal: Order Completed
steps:
  - {name: note, kind: message, template: note}
  - {name: hope, kind: wait_for, event: Page Viewed, at_most: 2 days, then: done, otherwise: rest}
  - {name: rest, kind: wait, for: 1 day}
  - {name: done, kind: exit}
"""


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    template(connection, workspace)
    run(connection, workspace, JOURNEY)
    return customer(connection, workspace, email=None)


def retraced(connection: Connection, workspace: int, customer_id: int) -> Retraced:
    (one,) = retrace_customer(
        connection, workspace_id=workspace, journey="cart", customer_id=customer_id
    )
    return one


def test_every_step_is_told_with_its_time_its_way_and_its_message(
    connection: Connection, workspace: int, minji: int
) -> None:
    tick(connection, workspace, (minji, CART, NOON))
    with connection.transaction():
        decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)
    tick(connection, workspace, now=NOON + 2 * DAY)

    trail = retraced(connection, workspace, minji).trail

    assert [(came.step, came.at, came.led_to) for came in trail] == [
        ("note", NOON, "hope"),
        ("hope", NOON, "rest"),
        ("rest", NOON + 2 * DAY, None),
    ]
    assert [(came.template, came.message_state, came.reason) for came in trail] == [
        ("note", "skipped", "no_address"),
        (None, None, None),
        (None, None, None),
    ]


def test_every_rung_of_a_ladder_is_told_below_its_step(
    connection: Connection, workspace: int, minji: int
) -> None:
    template(connection, workspace, name="note_sms", channel="sms")
    run(
        connection,
        workspace,
        JOURNEY.replace("template: note}", "template: note, fallback: [note_sms]}"),
    )
    tick(connection, workspace, (minji, CART, NOON))
    with connection.transaction():
        decide_and_fall(connection, workspace_id=workspace, now=NOON, batch=10)

    told = list(say_retraced(retraced(connection, workspace, minji)))

    assert told[1:4] == [
        "  2027-03-02 03:00Z note (message): note skipped (no_address) -> hope",
        "                    instead by sms: note_sms skipped (no_address)",
        "  2027-03-02 03:00Z hope (wait_for)",
    ]


def test_why_they_are_where_they_are_is_said_in_a_sentence(
    connection: Connection, workspace: int, minji: int
) -> None:
    tick(connection, workspace, (minji, CART, NOON))
    hoping = retraced(connection, workspace, minji).why
    tick(connection, workspace, now=NOON + 2 * DAY)
    resting = retraced(connection, workspace, minji).why
    tick(connection, workspace, (minji, ORDER, NOON + 2 * DAY), now=NOON + 2 * DAY)
    ended = retraced(connection, workspace, minji)

    assert hoping == "waits at hope for Page Viewed, until 2027-03-04 03:00Z"
    assert resting == "waits at rest until 2027-03-05 03:00Z"
    assert ended.why == "ended at 2027-03-04 03:00Z: goal_met"
    assert ended.conversion is not None
    assert ended.conversion.occurred_at == NOON + 2 * DAY


def test_an_enrollment_of_another_shop_is_nobodys(
    connection: Connection, workspace: int, minji: int
) -> None:
    tick(connection, workspace, (minji, CART, NOON))
    one = retraced(connection, workspace, minji)

    with pytest.raises(LookupError, match="no enrollment"):
        retrace_enrollment(connection, workspace_id=workspace + 1, enrollment_id=one.where.id)
