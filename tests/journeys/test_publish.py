import threading
from datetime import timedelta

import pytest
from tests.build import NOON, customer, enrollment, one, plan_message, template

from dangol.app.conditions import Conditions
from dangol.journeys.definition import parse_journey
from dangol.journeys.publish import BadChange, publish_journey, set_state
from dangol.journeys.steps import BadJourney
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import JourneyState

CART = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed, reentry_days: 7, within: 1 day}
goal: Order Completed
steps:
  - {name: patience, kind: wait, for: 2 days}
  - {name: bought, kind: check_event, event: Order Completed, then: done}
  - {name: note, kind: message, template: note, purpose: marketing, expires_after: 12 hours}
  - {name: rest, kind: wait, for: 1 hour}
  - {name: done, kind: exit, ending: goal_met}
"""


def publish(connection: Connection, workspace: int, text: str = CART) -> int:
    return publish_journey(
        connection,
        workspace_id=workspace,
        definition=parse_journey(text),
        judge=Conditions(),
        now=NOON,
    )


def state(connection: Connection) -> str:
    row = connection.execute("select state from journey").fetchone()
    assert row is not None
    return row[0]


def change(connection: Connection, to: str) -> None:
    set_state(
        connection,
        journey_id=one(connection, "select id from journey"),
        state=JourneyState(to),
        now=NOON,
    )


def test_publishing_lays_out_the_steps(connection: Connection, workspace: int) -> None:
    note = template(connection, workspace)

    version = publish(connection, workspace)

    assert connection.execute(
        "select number, name, kind, next_step, template_id, expires_after, wait_for, event_name,"
        " yes_step, ending from journey_step where version_id = %s order by number",
        (version,),
    ).fetchall() == [
        (1, "patience", "wait", 2, None, None, timedelta(days=2), None, None, None),
        (2, "bought", "check_event", 3, None, None, None, "Order Completed", 5, None),
        (3, "note", "message", 4, note, timedelta(hours=12), None, None, None, None),
        (4, "rest", "wait", 5, None, None, timedelta(hours=1), None, None, None),
        (5, "done", "exit", None, None, None, None, None, None, "goal_met"),
    ]


def test_publishing_says_who_enters(connection: Connection, workspace: int) -> None:
    template(connection, workspace)

    publish(connection, workspace)

    assert connection.execute(
        "select number, entry_event, entry_segment_id, first_time_only, reentry_days,"
        " entry_within, goal_event, first_step from journey_version"
    ).fetchall() == [(1, "Cart Viewed", None, False, 7, timedelta(days=1), "Order Completed", 1)]


def test_a_segment_opens_a_journey_by_its_event(connection: Connection, workspace: int) -> None:
    template(connection, workspace)
    segment = one(
        connection,
        "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
        " values (%(workspace)s, 'lapsed', '뜸한', 'Lapsed', %(now)s) returning id",
        workspace=workspace,
        now=NOON,
    )

    publish(connection, workspace, CART.replace("event: Cart Viewed", "segment: lapsed"))

    assert connection.execute(
        "select entry_event, entry_segment_id from journey_version"
    ).fetchall() == [("Segment Entered", segment)]


def test_the_last_step_falls_to_an_end_of_its_own(connection: Connection, workspace: int) -> None:
    template(connection, workspace)
    text = CART.replace("  - {name: done, kind: exit, ending: goal_met}\n", "").replace(
        "then: done", "then: rest"
    )

    version = publish(connection, workspace, text)

    assert connection.execute(
        "select number, name, kind, ending from journey_step where version_id = %s and number >= 5",
        (version,),
    ).fetchall() == [(5, "end", "exit", "completed")]


def test_a_new_journey_is_a_draft(connection: Connection, workspace: int) -> None:
    template(connection, workspace)

    publish(connection, workspace)

    assert state(connection) == "draft"


def test_the_same_definition_is_the_same_version(connection: Connection, workspace: int) -> None:
    template(connection, workspace)

    first = publish(connection, workspace)
    again = publish(connection, workspace, "# a remark\n" + CART)

    assert again == first


def test_a_changed_definition_is_a_new_version_and_the_old_one_can_return(
    connection: Connection, workspace: int
) -> None:
    template(connection, workspace)

    first = publish(connection, workspace)
    second = publish(connection, workspace, CART.replace("2 days", "3 days"))
    current = one(connection, "select version_id from journey")
    back = publish(connection, workspace)

    assert (second != first, current, back) == (True, second, first)
    assert one(connection, "select version_id from journey") == first
    assert one(connection, "select max(number) from journey_version") == 2


def test_publishing_keeps_the_state_and_renews_the_titles(
    connection: Connection, workspace: int
) -> None:
    template(connection, workspace)
    publish(connection, workspace)
    change(connection, "running")

    publish(connection, workspace, CART.replace("en: Cart", "en: Basket"))

    assert connection.execute("select state, title_en from journey").fetchall() == [
        ("running", "Basket")
    ]


def test_a_journey_is_as_important_as_its_last_version_says(
    connection: Connection, workspace: int
) -> None:
    template(connection, workspace)
    publish(connection, workspace, f"{CART}priority: 20\n")
    first = one(connection, "select priority from journey")

    publish(connection, workspace)

    assert (first, one(connection, "select priority from journey")) == (20, 0)


def test_what_the_workspace_lacks_is_listed(connection: Connection, workspace: int) -> None:
    template(connection, workspace, name="receipt", purpose="informational")
    text = CART.replace("event: Cart Viewed", "segment: lapsed").replace(
        "  - {name: rest, kind: wait, for: 1 hour}",
        "  - {name: other, kind: message, template: receipt, purpose: marketing}",
    )

    with pytest.raises(BadJourney) as bad:
        publish(connection, workspace, text)

    assert [f"{fault.place}: {fault.problem}" for fault in bad.value.faults] == [
        "steps[2].template: there is no template 'note' for email",
        "steps[3].purpose: is marketing, but template 'receipt' is informational",
        "entry.segment: there is no segment 'lapsed'",
    ]


@pytest.mark.parametrize(
    ("path", "end"),
    [
        (["running"], "running"),
        (["running", "running"], "running"),
        (["running", "paused", "running"], "running"),
        (["running", "paused", "stopped"], "stopped"),
        (["stopped"], "stopped"),
    ],
)
def test_a_journey_runs_pauses_and_stops(
    connection: Connection, workspace: int, path: list[str], end: str
) -> None:
    template(connection, workspace)
    publish(connection, workspace)

    for step in path:
        change(connection, step)

    assert state(connection) == end


@pytest.mark.parametrize(
    "path", [["draft", "paused"], ["stopped", "running"], ["running", "draft"]]
)
def test_a_change_that_makes_no_sense_is_refused(
    connection: Connection, workspace: int, path: list[str]
) -> None:
    template(connection, workspace)
    publish(connection, workspace)
    for step in path[:-1]:
        change(connection, step)

    with pytest.raises(BadChange, match=f"state {path[-1]} cannot follow {path[-2]}"):
        change(connection, path[-1])


def test_an_unpublished_journey_cannot_run(connection: Connection, workspace: int) -> None:
    connection.execute(
        "insert into journey (workspace_id, name, title_ko, title_en, created_at)"
        " values (%s, 'empty', '빈', 'Empty', %s)",
        (workspace, NOON),
    )

    with pytest.raises(BadChange, match="publish the journey first"):
        change(connection, "running")


def test_an_unknown_journey_is_named(connection: Connection) -> None:
    with pytest.raises(LookupError, match="journey_id 42"):
        set_state(connection, journey_id=42, state=JourneyState.RUNNING, now=NOON)


def test_stopping_lets_everybody_inside_go(connection: Connection, workspace: int) -> None:
    minji = customer(connection, workspace)
    plan_message(connection, workspace, customer_id=minji)
    journey_id = one(connection, "select id from journey")
    enrollment(connection, workspace, journey_id=journey_id, customer_id=minji, entry_key="b")
    connection.execute(
        "update enrollment set state = 'waiting', wake_at = %s, ended_at = null,"
        " end_reason = null where entry_key = 'b'",
        (NOON,),
    )

    change(connection, "stopped")

    assert connection.execute(
        "select entry_key, state, end_reason from enrollment order by entry_key"
    ).fetchall() == [("b", "ended", "stopped"), ("entry", "ended", "completed")]


def test_resuming_lets_the_guard_look_again_at_once(connection: Connection, workspace: int) -> None:
    minji = customer(connection, workspace)
    plan_message(connection, workspace, customer_id=minji, state="held")
    connection.execute("update message set act_at = %s", (NOON + timedelta(hours=1),))
    change(connection, "paused")
    connection.execute("update message set act_at = %s", (NOON + timedelta(hours=1),))

    change(connection, "running")

    assert connection.execute("select act_at from message").fetchone() == (NOON,)


def test_two_who_publish_at_once_make_one_version(
    connection: Connection, dsn: str, workspace: int
) -> None:
    template(connection, workspace)
    connection.commit()
    other = connect(dsn)
    versions = [publish(connection, workspace)]
    second = threading.Thread(target=lambda: versions.append(publish(other, workspace)))
    second.start()
    second.join(timeout=0.3)
    connection.commit()
    second.join()
    other.commit()
    other.close()

    assert versions[0] == versions[1]
