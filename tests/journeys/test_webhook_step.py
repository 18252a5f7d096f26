"""A webhook step calls an endpoint once, and waits for the answer where the journey says so."""

import json
from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent, template
from tests.journeys.words import happen, move, publish
from tests.webhooks.words import Desk, open_desk

from dangol.journeys.steps import BadJourney
from dangol.webhooks.endpoints import WebhookFault, remove_endpoint

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALL = {"kind": "webhook", "name": "tell", "endpoint": "desk"}
ENDS = (
    {"kind": "exit", "name": "answered", "ending": "completed"},
    {"kind": "exit", "name": "silence", "ending": "exited"},
)
AWAITED = {**CALL, "at_most": "1 day", "then": "answered", "otherwise": "silence"}


@pytest.fixture
def desk(connection, workspace):
    with open_desk(connection, workspace) as opened:
        yield opened


def begin(desk: Desk, *steps: dict[str, object], **entry: object) -> int:
    """Publish a journey of these steps, and let somebody enter it; return them."""
    template(desk.connection, desk.workspace)
    minji = customer(desk.connection, desk.workspace)
    definition = {
        "name": "cart",
        "title": {"ko": "장바구니", "en": "Cart"},
        "entry": {"event": "Cart Viewed", **entry},
        "steps": [*steps, *ENDS] if steps[-1].get("at_most") else list(steps),
    }
    publish(desk.connection, desk.workspace, definition, now=NOON)
    with desk.connection.transaction():
        happen(
            desk.connection,
            desk.workspace,
            customer_id=minji,
            name="Cart Viewed",
            properties={"cart": "c-1", "items": 3},
        )
        _ = move(desk.connection, desk.workspace, now=NOON)
        desk.connection.execute("truncate tick_event")
    return minji


def move_on(desk: Desk) -> None:
    with desk.connection.transaction():
        _ = move(desk.connection, desk.workspace, now=desk.now)


def standing(desk: Desk) -> tuple[object, ...]:
    """Where the one enrollment stands: state, step and reason of its end."""
    row = desk.connection.execute(
        "select enrollment.state::text, journey_step.name, end_reason::text from enrollment"
        " join journey_step on journey_step.version_id = enrollment.version_id"
        " and journey_step.number = enrollment.step_number"
    ).fetchone()
    desk.connection.commit()
    return row


def test_it_calls_once_and_goes_on_at_once(desk):
    _ = desk.add(kinds=("journey.step",))
    minji = begin(desk, CALL)
    move_on(desk)

    assert desk.deliver() == 1

    [heard] = desk.receiver.heard
    said = json.loads(heard.body)
    assert said["type"] == "journey.step"
    assert said["data"]["customer"] == {"id": minji, "external_id": "minji", "traits": {}}
    assert (said["data"]["journey"], said["data"]["step"]) == ("cart", "tell")
    assert said["data"]["event"] == {"cart": "c-1", "items": 3}
    assert standing(desk)[0] == "ended"


def test_its_body_is_rendered_from_what_was_known_then_the_same_at_every_attempt(desk):
    _ = desk.add(kinds=("journey.step",))
    body = {
        "text": "{{ customer.external_id }}: {{ event.cart }}{% if event.items > 2 %}!{% endif %}",
        "nested": [{"n": 1, "who": "{{ customer.traits.city | default: '어딘가' }}"}],
    }
    minji = begin(desk, {**CALL, "body": body})
    desk.connection.execute(
        'update customer set traits = \'{"city": "부산"}\' where id = %s', (minji,)
    )
    desk.connection.commit()
    desk.receiver.answers["/desk"] = [500, 200]

    desk.deliver()
    desk.now += HOUR
    desk.deliver()

    first, second = (heard.body for heard in desk.receiver.heard)
    assert json.loads(first) == {
        "text": "minji: c-1!",
        "nested": [{"n": 1, "who": "어딘가"}],
    }
    assert first == second


def test_a_yes_leads_to_then(desk):
    _ = desk.add(kinds=("journey.step",))
    _ = begin(desk, AWAITED)
    assert standing(desk) == ("waiting", "tell", None)

    desk.deliver()
    move_on(desk)

    assert standing(desk) == ("ended", "answered", "completed")


def test_the_limit_leads_to_otherwise_though_the_call_is_tried_on(desk):
    _ = desk.add(kinds=("journey.step",))
    _ = begin(desk, AWAITED)
    desk.receiver.answers["/desk"] = [500]

    desk.deliver()
    desk.now = NOON + DAY
    move_on(desk)

    assert standing(desk) == ("ended", "silence", "exited")
    desk.receiver.answers["/desk"] = [200]
    assert desk.deliver() == 1
    move_on(desk)
    assert standing(desk) == ("ended", "silence", "exited")


def test_a_call_that_has_failed_for_good_leads_to_otherwise_at_once(desk):
    _ = desk.add(kinds=("journey.step",))
    _ = begin(desk, {**AWAITED, "at_most": "30 days"})
    desk.receiver.answers["/desk"] = [500]
    desk.connection.execute("update webhook_call set attempts = 7")
    desk.connection.commit()

    desk.deliver()
    move_on(desk)

    assert standing(desk) == ("ended", "silence", "exited")


def test_without_consent_to_its_purpose_nothing_leaves(desk):
    _ = desk.add(kinds=("journey.step",))
    _ = begin(desk, {**AWAITED, "purpose": "marketing"})

    assert desk.deliver() == 0
    # Only what is due is looked at when something is to be called.
    desk.connection.commit()
    move_on(desk)

    assert desk.receiver.heard == []
    assert standing(desk) == ("ended", "silence", "exited")
    assert desk.endpoint().dropped == 1


def test_with_consent_it_does(desk):
    _ = desk.add(kinds=("journey.step",))
    minji = begin(desk, {**CALL, "purpose": "marketing"})
    give_consent(desk.connection, desk.workspace, customer_id=minji)

    assert desk.deliver() == 1


def test_a_text_that_cannot_be_rendered_fails_alone_and_blames_nobody(desk):
    _ = desk.add(kinds=("journey.step",))
    _ = begin(desk, {**CALL, "body": {"n": "{{ 'x' | divided_by: 0 }}"}})

    desk.deliver()

    assert desk.receiver.heard == []
    assert [state for _, state, *_ in desk.calls()] == ["failed"]
    assert desk.endpoint().failures == 0


def test_each_visit_calls_once(desk):
    _ = desk.add(kinds=("journey.step",))
    wait = {"kind": "wait", "name": "day", "for": "1 day"}
    fork = {"kind": "check_event", "name": "more", "event": "Never", "then": "done",
            "otherwise": "tell"}  # fmt: skip
    _ = begin(desk, CALL, wait, fork, {"kind": "exit", "name": "done"})

    for number in range(3):
        desk.now = NOON + number * DAY
        move_on(desk)
        move_on(desk)

    assert desk.connection.execute("select visit from webhook_call order by id").fetchall() == [
        (1,),
        (2,),
        (3,),
    ]


@pytest.mark.parametrize(
    ("step", "place", "said"),
    [
        (CALL, "steps[0].endpoint", "웹훅을 받을 곳"),
        ({**CALL, "then": "answered"}, "steps[0].then", "at_most"),
        ({**AWAITED, "next": "answered"}, "steps[0].next", "next를 지우거나"),
        ({**AWAITED, "at_most": "soon"}, "steps[0].at_most", "soon"),
        ({**CALL, "body": {"a": ["{{ x"]}}, "steps[0].body.a[0]", "Liquid"),
        ({**CALL, "body": {"a": "x" * 30_000}}, "steps[0].body", "20000"),
    ],
)
def test_what_cannot_be_called_is_refused_in_both_languages(desk, step, place, said):
    with pytest.raises(BadJourney) as refused:
        _ = begin(desk, step, *(ENDS[:1] if "at_most" not in step else ()))

    faults = {fault.place: fault for fault in refused.value.faults}
    assert said in faults[place].ko
    assert faults[place].problem


def test_an_endpoint_that_a_journey_calls_is_not_removed(desk):
    _ = desk.add(kinds=("journey.step",))
    _ = begin(desk, CALL)

    with pytest.raises(WebhookFault, match="called by cart"):
        remove_endpoint(desk.connection, workspace_id=desk.workspace, name="desk")
