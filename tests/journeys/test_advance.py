"""Who enters, who moves, who rests, and what that plans."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import pytest
from tests.build import NOON, customer, one, template

from dangol.app.conditions import Conditions
from dangol.journeys.advance import Advanced, advance_journeys
from dangol.journeys.definition import parse_journey
from dangol.journeys.publish import publish_journey, set_state
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import JourneyState

DAY = timedelta(days=1)
HEAD = """
name: cart
title: {ko: 장바구니, en: Cart}
"""
CART = """
entry: {event: Cart Viewed}
steps:
  - {name: patience, kind: wait, for: 2 days}
  - {name: bought, kind: check_event, event: Order Completed, then: done}
  - {name: note, kind: message, template: note}
  - {name: rest, kind: wait, for: 7 days}
  - {name: done, kind: exit, ending: exited}
"""
ONE_NOTE = """
entry: {event: Cart Viewed%s}
steps:
  - {name: note, kind: message, template: note}
"""


def run(connection: Connection, workspace: int, text: str = CART) -> int:
    """Publish a journey and let it run; return its id."""
    definition = parse_journey(HEAD + text)
    publish_journey(
        connection, workspace_id=workspace, definition=definition, judge=Conditions(), now=NOON
    )
    journey_id = one(connection, "select id from journey")
    set_state(connection, journey_id=journey_id, state=JourneyState.RUNNING, now=NOON)
    connection.commit()
    return journey_id


Event = tuple[int, str, datetime]


def tick(
    connection: Connection,
    workspace: int,
    *events: Event,
    now: datetime = NOON,
    batch: int = 1000,
    properties: Mapping[str, object] | None = None,
) -> Advanced:
    """One tick whose events have been taken and folded."""
    with connection.transaction():
        for customer_id, name, at in events:
            happen(connection, workspace, customer_id, name, at, properties or {})
        return advance_journeys(
            connection, workspace_id=workspace, judge=Conditions(), now=now, batch=batch
        )


def happen(
    connection: Connection,
    workspace: int,
    customer_id: int,
    name: str,
    at: datetime,
    properties: Mapping[str, object],
) -> None:
    count = one(connection, "select count(*) from tick_event")
    connection.execute(
        "insert into tick_event (event_id, occurred_at, received_at, type, name, message_id,"
        " customer_id, properties, traits, contacts, consents, keep_for_ever)"
        " values (%s, %s, %s, 'track', %s, %s, %s, %s, '{}', '[]', '[]', false)",
        (
            count + 1,
            at,
            at,
            name,
            f"{name}:{customer_id}:{at.isoformat()}",
            customer_id,
            json.dumps(properties),
        ),
    )
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " values (%s, %s, %s, %s, %s, 1) on conflict (customer_id, event_name) do update set"
        " first_at = least(activity.first_at, excluded.first_at),"
        " last_at = greatest(activity.last_at, excluded.last_at), count = activity.count + 1",
        (workspace, customer_id, name, at, at),
    )


def places(connection: Connection) -> list[tuple[str, str | None]]:
    """Where everybody is: the state, and the name of the step."""
    return connection.execute(
        "select enrollment.state::text, journey_step.name from enrollment"
        " left join journey_step on journey_step.version_id = enrollment.version_id"
        " and journey_step.number = enrollment.step_number order by enrollment.id"
    ).fetchall()


def count(connection: Connection, table: str) -> int:
    return one(connection, f"select count(*) from {table}")  # noqa: S608 - a test's own words


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    template(connection, workspace)
    return customer(connection, workspace)


def test_an_event_opens_a_journey_and_its_customer_goes_as_far_as_the_first_wait(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)

    advanced = tick(connection, workspace, (minji, "Cart Viewed", NOON))

    assert advanced == Advanced(enrolled=1, moved=1, planned=0, ended=0, parked=0)
    assert places(connection) == [("waiting", "patience")]
    assert connection.execute("select wake_at from enrollment").fetchone() == (NOON + 2 * DAY,)


def test_nobody_wakes_early(connection: Connection, workspace: int, minji: int) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    early = tick(connection, workspace, now=NOON + 2 * DAY - timedelta(microseconds=1))

    assert early == Advanced(enrolled=0, moved=0, planned=0, ended=0, parked=0)


def test_whoever_did_not_buy_gets_the_note_and_rests_after_it(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    advanced = tick(connection, workspace, now=NOON + 2 * DAY)

    assert advanced == Advanced(enrolled=0, moved=1, planned=1, ended=0, parked=0)
    assert places(connection) == [("waiting", "rest")]
    assert connection.execute(
        "select step_number, visit, channel, purpose, planned_at, expires_at, state, act_at"
        " from message"
    ).fetchall() == [
        (
            3,
            1,
            "email",
            "marketing",
            NOON + 2 * DAY,
            NOON + 5 * DAY,
            "planned",
            NOON + 2 * DAY,
        )
    ]


def test_whoever_bought_meanwhile_leaves_without_a_note(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    tick(connection, workspace, (minji, "Order Completed", NOON + DAY), now=NOON + DAY)

    advanced = tick(connection, workspace, now=NOON + 2 * DAY)

    assert advanced == Advanced(enrolled=0, moved=1, planned=0, ended=1, parked=0)
    assert places(connection) == [("ended", "done")]
    assert connection.execute(
        "select end_reason, ended_at, wake_at from enrollment"
    ).fetchone() == ("exited", NOON + 2 * DAY, None)


def test_what_was_bought_before_entering_does_not_count(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Order Completed", NOON - DAY))
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    assert tick(connection, workspace, now=NOON + 2 * DAY).planned == 1


def test_the_way_to_the_end_is_walked_to_the_end(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    tick(connection, workspace, now=NOON + 2 * DAY)

    advanced = tick(connection, workspace, now=NOON + 9 * DAY)

    assert advanced.ended == 1
    assert places(connection) == [("ended", "done")]


def test_a_wait_counts_from_when_the_customer_reached_it(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    tick(connection, workspace, now=NOON + 5 * DAY)

    assert connection.execute("select wake_at from enrollment").fetchone() == (NOON + 12 * DAY,)


def test_the_same_event_again_enrolls_nobody_again(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, ONE_NOTE % ", reentry_days: 0")

    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    again = tick(connection, workspace, (minji, "Cart Viewed", NOON))

    assert again.enrolled == 0
    assert count(connection, "message") == 1


@pytest.mark.parametrize(
    ("reentry", "days", "enrolled"),
    [
        ("", [0, 0.5, 1, 400], 1),
        (", reentry_days: 0", [0, 0.5, 1], 3),
        (", reentry_days: 7", [0, 1, 6.9], 1),
        (", reentry_days: 7", [0, 7, 14], 3),
        (", reentry_days: 7", [0, 6, 7, 8], 2),
    ],
)
def test_who_may_enter_again(
    connection: Connection,
    workspace: int,
    minji: int,
    reentry: str,
    days: Iterable[float],
    enrolled: int,
) -> None:
    run(connection, workspace, ONE_NOTE % reentry)

    for day in days:
        at = NOON + day * DAY
        tick(connection, workspace, (minji, "Cart Viewed", at), now=at)

    assert count(connection, "enrollment") == enrolled


@pytest.mark.parametrize(
    ("reentry", "enrolled"), [("", 1), (", reentry_days: 7", 1), (", reentry_days: 0", 3)]
)
def test_triggers_of_one_tick_enroll_as_if_they_came_apart(
    connection: Connection, workspace: int, minji: int, reentry: str, enrolled: int
) -> None:
    run(connection, workspace, ONE_NOTE % reentry)
    events = [(minji, "Cart Viewed", NOON - timedelta(milliseconds=number)) for number in range(3)]

    tick(connection, workspace, *events)

    assert count(connection, "enrollment") == enrolled


def test_nobody_enters_again_while_inside(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, CART.replace("Cart Viewed", "Cart Viewed, reentry_days: 1"))
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    later = NOON + 1.5 * DAY
    advanced = tick(connection, workspace, (minji, "Cart Viewed", later), now=later)

    assert advanced.enrolled == 0


def test_first_time_only_means_the_very_first(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, ONE_NOTE % ", first_time_only: true, reentry_days: 0")
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)

    advanced = tick(
        connection,
        workspace,
        (minji, "Cart Viewed", NOON - timedelta(hours=1)),
        (minji, "Cart Viewed", NOON),
    )
    tick(connection, workspace, (jiwoo, "Cart Viewed", NOON - 30 * DAY))
    late = tick(connection, workspace, (jiwoo, "Cart Viewed", NOON))

    assert (advanced.enrolled, late.enrolled) == (1, 0)
    assert connection.execute("select entered_at from enrollment").fetchall() == [
        (NOON - timedelta(hours=1),)
    ]


@pytest.mark.parametrize(("age", "enrolled"), [(timedelta(0), 1), (3 * DAY, 0), (365 * DAY, 0)])
def test_old_events_set_nothing_off(
    connection: Connection, workspace: int, minji: int, age: timedelta, enrolled: int
) -> None:
    run(connection, workspace)

    assert tick(connection, workspace, (minji, "Cart Viewed", NOON - age)).enrolled == enrolled


def test_an_event_of_a_clock_that_is_ahead_counts_from_its_own_time(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)

    tick(connection, workspace, (minji, "Cart Viewed", NOON + timedelta(hours=1)))

    assert connection.execute("select entered_at, wake_at from enrollment").fetchone() == (
        NOON + timedelta(hours=1),
        NOON + 2 * DAY,
    )


def test_an_erased_customer_enters_nothing(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    connection.execute("update customer set state = 'erased'")

    assert tick(connection, workspace, (minji, "Cart Viewed", NOON)).enrolled == 0


def test_a_journey_of_another_workspace_stays_shut(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)

    assert tick(connection, workspace + 1, (minji, "Cart Viewed", NOON)).enrolled == 0


@pytest.mark.parametrize(
    ("is_member", "named", "enrolled"), [(True, "own", 1), (False, "own", 0), (True, "other", 0)]
)
def test_a_segment_opens_a_journey_only_to_its_members(
    connection: Connection,
    workspace: int,
    minji: int,
    is_member: bool,  # noqa: FBT001 - a parameter of a table
    named: str,
    enrolled: int,
) -> None:
    segment = one(
        connection,
        "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
        " values (%(workspace)s, 'lapsed', '뜸한', 'Lapsed', %(now)s) returning id",
        workspace=workspace,
        now=NOON,
    )
    run(connection, workspace, (ONE_NOTE % "").replace("event: Cart Viewed", "segment: lapsed"))
    if is_member:
        connection.execute(
            "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
            " values (%s, %s, %s, %s)",
            (workspace, segment, minji, NOON),
        )

    advanced = tick(
        connection,
        workspace,
        (minji, "Segment Entered", NOON),
        properties={"segment_id": segment if named == "own" else segment + 1},
    )

    assert advanced.enrolled == enrolled


def test_whoever_reaches_the_goal_leaves_at_once(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, "goal: Order Completed" + CART)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    later = NOON + timedelta(hours=1)
    advanced = tick(connection, workspace, (minji, "Order Completed", later), now=later)

    assert advanced.ended == 1
    assert connection.execute("select state, end_reason, wake_at from enrollment").fetchall() == [
        ("ended", "goal_met", None)
    ]


def test_a_goal_reached_in_the_tick_of_the_entry_counts(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, "goal: Order Completed" + CART)

    advanced = tick(
        connection,
        workspace,
        (minji, "Order Completed", NOON),
        (minji, "Cart Viewed", NOON - timedelta(minutes=1)),
    )

    assert (advanced.enrolled, advanced.ended, advanced.moved) == (1, 1, 0)


def test_a_paused_journey_keeps_still_and_goes_on_where_it_was(
    connection: Connection, workspace: int, minji: int
) -> None:
    journey_id = run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    set_state(connection, journey_id=journey_id, state=JourneyState.PAUSED, now=NOON)

    paused = tick(connection, workspace, (minji, "Cart Viewed", NOON + DAY), now=NOON + 3 * DAY)
    set_state(connection, journey_id=journey_id, state=JourneyState.RUNNING, now=NOON)
    resumed = tick(connection, workspace, now=NOON + 3 * DAY)

    assert paused == Advanced(enrolled=0, moved=0, planned=0, ended=0, parked=0)
    assert resumed.planned == 1


def test_who_is_inside_keeps_the_version_they_entered_with(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)
    changed = parse_journey(HEAD + CART.replace("for: 2 days", "for: 5 days"))
    publish_journey(
        connection, workspace_id=workspace, definition=changed, judge=Conditions(), now=NOON
    )

    tick(connection, workspace, (jiwoo, "Cart Viewed", NOON))
    advanced = tick(connection, workspace, now=NOON + 2 * DAY)

    assert advanced.planned == 1
    assert places(connection) == [("waiting", "rest"), ("waiting", "patience")]


def test_a_circle_sends_its_message_at_each_round(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(
        connection,
        workspace,
        """
entry: {event: Cart Viewed}
steps:
  - {name: note, kind: message, template: note}
  - {name: rest, kind: wait, for: 7 days}
  - {name: bought, kind: check_event, event: Order Completed, then: done, otherwise: note}
  - {name: done, kind: exit}
""",
    )
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    for week in range(1, 4):
        tick(connection, workspace, now=NOON + 7 * week * DAY)

    visits = connection.execute("select visit from message order by id").fetchall()
    assert visits == [(1,), (2,), (3,), (4,)]


def test_a_batch_moves_the_longest_due_and_leaves_the_rest_for_the_next_tick(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    people = [
        minji,
        *(customer(connection, workspace, name=f"{n}", email=None) for n in range(4)),
    ]
    for number, each in enumerate(people):
        at = NOON + timedelta(minutes=number)
        tick(connection, workspace, (each, "Cart Viewed", at), now=at)

    first = tick(connection, workspace, now=NOON + 3 * DAY, batch=2)
    second = tick(connection, workspace, now=NOON + 3 * DAY, batch=3)

    assert (first.moved, second.moved) == (2, 3)
    assert count(connection, "message") == 5


def test_an_enrollment_somebody_else_holds_is_passed_over(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    with connect(dsn) as other:
        other.execute("select from enrollment for no key update")
        held = tick(connection, workspace, now=NOON + 2 * DAY)
    free = tick(connection, workspace, now=NOON + 2 * DAY)

    assert (held.moved, free.moved) == (0, 1)


def test_stopping_waits_for_a_tick_and_then_ends_whom_it_enrolled(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    journey_id = run(connection, workspace)
    with connect(dsn) as other:
        other.execute("set lock_timeout = '200ms'")
        with connection.transaction():
            happen(connection, workspace, minji, "Cart Viewed", NOON, {})
            advance_journeys(
                connection, workspace_id=workspace, judge=Conditions(), now=NOON, batch=10
            )
            with pytest.raises(Exception, match="lock timeout"):
                set_state(other, journey_id=journey_id, state=JourneyState.STOPPED, now=NOON)
        other.rollback()
        set_state(other, journey_id=journey_id, state=JourneyState.STOPPED, now=NOON)

    assert places(connection) == [("ended", "patience")]


def test_an_enrollment_whose_step_is_gone_is_parked(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    connection.execute("update enrollment set step_number = 42")

    advanced = tick(connection, workspace, now=NOON + 2 * DAY)

    assert advanced.parked == 1
    assert one(connection, "select version_id from enrollment") > 0
    row = connection.execute("select parked_because from enrollment").fetchone()
    assert row is not None
    assert "has no step 42" in row[0]


def test_a_step_that_fails_parks_its_customer_and_nobody_else(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    people = [
        minji,
        *(customer(connection, workspace, name=f"{n}", email=None) for n in range(6)),
    ]
    tick(connection, workspace, *((each, "Cart Viewed", NOON) for each in people))
    poison(connection, workspace, customer_id=people[3])

    for _ in range(5):
        tick(connection, workspace, now=NOON + 2 * DAY, batch=8)

    parked = connection.execute(
        "select customer_id, parked_because from enrollment where state = 'parked'"
    ).fetchall()
    assert parked == [(people[3], "timestamp out of range")]
    assert count(connection, "message") == 6


def poison(connection: Connection, workspace: int, *, customer_id: int) -> None:
    """Put one customer into a version whose next wait is longer than time."""
    version = publish_journey(
        connection,
        workspace_id=workspace,
        definition=parse_journey(HEAD + CART.replace("for: 7 days", "for: 8 days")),
        judge=Conditions(),
        now=NOON,
    )
    connection.execute(
        "update journey_step set wait_for = '300000 years' where version_id = %s and number = 4",
        (version,),
    )
    connection.execute(
        "update enrollment set version_id = %s where customer_id = %s", (version, customer_id)
    )


def test_a_circle_without_a_wait_is_parked_though_publishing_refuses_it(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    connection.execute(
        "update journey_step set yes_step = 2, next_step = 2 where kind = 'check_event'"
    )
    tick(connection, workspace, (minji, "Cart Viewed", NOON))

    advanced = tick(connection, workspace, now=NOON + 2 * DAY)

    assert advanced.parked == 1
    assert connection.execute("select parked_because from enrollment").fetchone() == (
        "took 101 steps without a wait or an exit",
    )


def test_a_parked_enrollment_stays_where_it_is(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace)
    tick(connection, workspace, (minji, "Cart Viewed", NOON))
    connection.execute(
        "update enrollment set state = 'parked', wake_at = null, parked_because = 'a test'"
    )

    assert tick(connection, workspace, now=NOON + 9 * DAY).moved == 0
