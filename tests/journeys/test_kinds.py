"""What each kind of step does with those who come to it, and what wakes, ends and lets in."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from tests.build import NOON, customer, one, template
from tests.journeys.words import happen, move

from dangol.app.journeys import apply_journey
from dangol.journeys.advance import Advanced
from dangol.journeys.publish import set_state
from dangol.store.connect import Connection
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vocabulary import JourneyState

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
CART = "Cart Viewed"
ORDER = "Order Completed"
VIP = "{kind: trait, trait: grade, is: {kind: equals, value: VIP}}"
Event = tuple[int, str, datetime]


def run(connection: Connection, workspace: int, text: str, *, name: str = "cart") -> int:
    """Publish a journey and let it run; return its id."""
    head = f"name: {name}\ntitle: {{ko: 장바구니, en: Cart}}\n"
    with connection.transaction():
        apply_journey(connection, workspace_id=workspace, text=head + text, now=NOON)
    return one(connection, "select id from journey where name = %(name)s", name=name)


def tick(
    connection: Connection,
    workspace: int,
    *events: Event,
    now: datetime = NOON,
    batch: int = 1000,
    properties: Mapping[str, object] | None = None,
    message_id: str | None = None,
) -> Advanced:
    """One tick whose events have been taken and folded."""
    ensure_event_partitions(connection, days=[now.date()])
    connection.commit()
    with connection.transaction():
        for customer_id, name, at in events:
            happen(
                connection,
                workspace,
                customer_id=customer_id,
                name=name,
                at=at,
                message_id=message_id,
                properties=properties,
            )
        return move(connection, workspace, now=now, batch=batch)


def places(connection: Connection) -> list[tuple[str, str | None]]:
    return connection.execute(
        "select enrollment.state::text, journey_step.name from enrollment"
        " left join journey_step on journey_step.version_id = enrollment.version_id"
        " and journey_step.number = enrollment.step_number order by enrollment.id"
    ).fetchall()


def wakes(connection: Connection) -> list[datetime | None]:
    rows = connection.execute("select wake_at from enrollment order by id").fetchall()
    return [wake for (wake,) in rows]


def endings(connection: Connection) -> list[str | None]:
    rows = connection.execute("select end_reason::text from enrollment order by id").fetchall()
    return [reason for (reason,) in rows]


def say(connection: Connection, customer_id: int, **traits: object) -> None:
    connection.execute(
        "update customer set traits = traits || %s where id = %s", (json.dumps(traits), customer_id)
    )
    connection.commit()


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    template(connection, workspace)
    return customer(connection, workspace)


# Branches and splits -----------------------------------------------------------------------------

BRANCH = f"""
entry: {{event: Cart Viewed, reentry_days: 0}}
steps:
  - name: who
    kind: branch
    ways:
      - {{when: {VIP}, then: first}}
      - {{when: {{kind: trait, trait: grade, is: {{kind: exists}}}}, then: second}}
    otherwise: third
  - {{name: first, kind: wait, for: 1 day, next: done}}
  - {{name: second, kind: wait, for: 2 days, next: done}}
  - {{name: third, kind: wait, for: 3 days, next: done}}
  - {{name: done, kind: exit}}
"""


def test_a_branch_takes_the_first_way_that_holds_and_else_the_other(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, BRANCH)
    people = [minji, *(customer(connection, workspace, name=n, email=None) for n in ("a", "b"))]
    for who, grade in zip(people, ("VIP", "GOLD", None), strict=True):
        say(connection, who, **({"grade": grade} if grade else {}))

    tick(connection, workspace, *((who, CART, NOON) for who in people))

    assert places(connection) == [("waiting", "first"), ("waiting", "second"), ("waiting", "third")]


def test_a_condition_nobody_can_answer_parks_whom_it_is_about_and_nobody_else(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, BRANCH)
    run(connection, workspace, BRANCH, name="sound")
    connection.execute(
        "update journey_way set condition = '{\"kind\": \"nonsense\"}' where condition ->> 'kind' ="
        " 'trait' and position = 1 and version_id ="
        " (select version_id from journey where name = 'cart')"
    )

    advanced = tick(connection, workspace, (minji, CART, NOON))

    assert (advanced.parked, advanced.moved) == (1, 2)
    assert places(connection) == [("parked", "who"), ("waiting", "third")]
    reason = connection.execute("select parked_because from enrollment where state = 'parked'")
    assert "nonsense" in str(reason.fetchone())


def test_a_split_sends_the_same_customer_the_same_way_and_shares_as_it_says(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(
        connection,
        workspace,
        """
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: coin, kind: split, ways: [{share: 30, then: few}, {share: 70, then: many}]}
  - {name: few, kind: exit, ending: exited}
  - {name: many, kind: exit}
""",
    )
    people = [minji, *(customer(connection, workspace, name=f"{n}", email=None) for n in range(99))]

    for round_ in range(2):
        at = NOON + round_ * HOUR
        tick(connection, workspace, *((who, CART, at) for who in people), now=at)

    rows = connection.execute(
        "select customer_id, array_agg(distinct end_reason::text) from enrollment group by 1"
    ).fetchall()
    assert all(len(ways) == 1 for _, ways in rows)
    assert 15 <= sum(ways == ["exited"] for _, ways in rows) <= 45


# Waiting for something ---------------------------------------------------------------------------

AWAIT = """
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: hope, kind: wait_for, event: Order Completed%s, at_most: 3 days, then: thanks,
     otherwise: sorry}
  - {name: thanks, kind: exit, ending: goal_met}
  - {name: sorry, kind: exit}
"""


def test_the_awaited_event_ends_the_wait_and_its_limit_does_otherwise(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, AWAIT % "")
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)
    tick(connection, workspace, (minji, CART, NOON), (jiwoo, CART, NOON))

    tick(connection, workspace, (minji, ORDER, NOON + HOUR), now=NOON + HOUR)
    tick(connection, workspace, now=NOON + 3 * DAY)

    assert endings(connection) == ["goal_met", "completed"]


def test_an_awaited_event_counts_though_the_batch_is_full_or_the_journey_paused(
    connection: Connection, workspace: int, minji: int
) -> None:
    journey = run(connection, workspace, AWAIT % "")
    people = [minji, *(customer(connection, workspace, name=f"{n}", email=None) for n in range(2))]
    tick(connection, workspace, *((who, CART, NOON) for who in people))
    later = NOON + HOUR
    with connection.transaction():
        set_state(connection, journey_id=journey, state=JourneyState.PAUSED, now=NOON)

    tick(connection, workspace, *((who, ORDER, later) for who in people), now=later, batch=1)
    with connection.transaction():
        set_state(connection, journey_id=journey, state=JourneyState.RUNNING, now=later)
    for _ in people:
        tick(connection, workspace, now=later, batch=1)

    assert endings(connection) == ["goal_met"] * 3


def test_only_an_event_that_passes_the_filter_ends_the_wait(
    connection: Connection, workspace: int, minji: int
) -> None:
    big = ", where: [{kind: property, property: total, is: {kind: at_least, value: 100}}]"
    run(connection, workspace, AWAIT % big)
    tick(connection, workspace, (minji, CART, NOON))

    for hours, total in ((1, 99), (2, 100)):
        at = NOON + hours * HOUR
        tick(connection, workspace, (minji, ORDER, at), now=at, properties={"total": total})
        assert endings(connection) == ["goal_met" if total == 100 else None]


HOPE = f"""
entry: {{event: Cart Viewed, reentry_days: 0}}
steps:
  - {{name: hope, kind: wait_for, condition: {VIP}, at_most: 3 days, then: yes_way,
     otherwise: no_way}}
  - {{name: yes_way, kind: exit, ending: goal_met}}
  - {{name: no_way, kind: exit}}
"""


@pytest.mark.parametrize(
    ("when", "ending", "at"),
    [
        ("before", "goal_met", NOON),
        ("with an event", "goal_met", NOON + HOUR),
        ("silently", "goal_met", NOON + 3 * DAY),
        ("never", "completed", NOON + 3 * DAY),
    ],
)
def test_a_condition_is_looked_at_on_arrival_at_each_event_and_at_the_limit(
    connection: Connection, workspace: int, minji: int, when: str, ending: str, at: datetime
) -> None:
    run(connection, workspace, HOPE)
    if when == "before":
        say(connection, minji, grade="VIP")
    tick(connection, workspace, (minji, CART, NOON))
    if when in {"with an event", "silently"}:
        say(connection, minji, grade="VIP")
    events = [(minji, "Page Viewed", NOON + HOUR)] if when == "with an event" else []
    tick(connection, workspace, *events, now=NOON + HOUR)

    tick(connection, workspace, now=NOON + 3 * DAY)

    assert connection.execute("select end_reason::text, ended_at from enrollment").fetchall() == [
        (ending, at)
    ]


# Local times -------------------------------------------------------------------------------------

UNTIL = """
entry: {event: Cart Viewed, reentry_days: 0}
time_zone: %s
steps:
  - {name: evening, kind: wait, until: {at: "20:00"%s}}
  - {name: done, kind: exit}
"""


@pytest.mark.parametrize(
    ("rule", "zone", "days", "wake"),
    [
        ("customer", None, "", "2027-03-02 11:00"),
        ("customer", "Europe/Berlin", "", "2027-03-02 19:00"),
        ("shop", "Europe/Berlin", "", "2027-03-02 11:00"),
        ("customer", "Mars/Phobos", "", "2027-03-02 11:00"),
        ("customer", None, ", on: [mon, wed]", "2027-03-03 11:00"),
        ("customer", None, ", on: [tue]", "2027-03-02 11:00"),
    ],
)
def test_local_times_are_the_customers_or_the_shops(
    connection: Connection,
    workspace: int,
    minji: int,
    rule: str,
    zone: str | None,
    days: str,
    wake: str,
) -> None:
    connection.execute("update customer set time_zone = %s", (zone,))
    run(connection, workspace, UNTIL % (rule, days))

    tick(connection, workspace, (minji, CART, NOON))

    assert wakes(connection) == [datetime.fromisoformat(wake).replace(tzinfo=UTC)]


def test_a_circle_waits_for_the_next_evening_though_it_is_evening_now(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(
        connection,
        workspace,
        """
entry: {event: Cart Viewed}
steps:
  - {name: evening, kind: wait, until: {at: "20:00"}}
  - {name: bought, kind: check_event, event: Order Completed, then: done, otherwise: note}
  - {name: note, kind: message, template: note, next: evening}
  - {name: done, kind: exit}
""",
    )
    evening = NOON + 8 * HOUR

    tick(connection, workspace, (minji, CART, evening), now=evening)
    tick(connection, workspace, now=evening + DAY)

    assert one(connection, "select count(*) from message") == 2
    assert wakes(connection) == [evening + 2 * DAY]


@pytest.mark.parametrize(
    ("said", "wake"),
    [
        ("2027-03-20", "2027-03-17 01:00"),
        ("2027-03-20T16:00:00Z", "2027-03-18 01:00"),
        ("2027-03-04", None),
        ("2027-02-30", None),
        ("soon", None),
        (20270320, None),
        (None, None),
    ],
)
def test_a_wait_until_a_day_of_a_trait_goes_on_where_there_is_none_to_come(
    connection: Connection, workspace: int, minji: int, said: object, wake: str | None
) -> None:
    run(
        connection,
        workspace,
        """
entry: {event: Cart Viewed}
steps:
  - {name: renewal, kind: wait, until_date: {trait: renews_on, before: 3 days, at: "10:00"}}
  - {name: done, kind: exit}
""",
    )
    say(connection, minji, renews_on=said)

    tick(connection, workspace, (minji, CART, NOON))

    expected = datetime.fromisoformat(wake).replace(tzinfo=UTC) if wake else None
    assert wakes(connection) == [expected]


# Writing, entering, goals ------------------------------------------------------------------------


def written(connection: Connection) -> list[tuple[str, dict[str, object]]]:
    return connection.execute(
        "select name, case when type = 'identify' then traits else properties end from event"
        " order by id"
    ).fetchall()


def test_updates_write_what_the_next_tick_folds_and_tags_grow(
    connection: Connection, workspace: int, minji: int
) -> None:
    say(connection, minji, tags=["a", "b"], old=1)
    run(
        connection,
        workspace,
        """
entry: {event: Cart Viewed}
steps:
  - {name: one, kind: update, set: {vip: true}, unset: [old], add_tags: [c, a], remove_tags: [b]}
  - {name: two, kind: update, add_tags: [d]}
  - {name: done, kind: exit}
""",
    )
    connection.execute(
        "insert into event_cursor (workspace_id, reader, written_by, event_id, moved_at)"
        " values (%s, 'tick', '0', 0, %s)",
        (workspace, NOON),
    )

    advanced = tick(connection, workspace, (minji, CART, NOON))

    assert advanced.written == 2
    assert written(connection) == [
        ("Identified", {"vip": True, "old": None, "tags": ["a", "c"]}),
        ("Identified", {"tags": ["a", "c", "d"]}),
    ]
    times = connection.execute("select occurred_at from event order by id").fetchall()
    assert times[0] < times[1]


def test_a_journey_calls_another_and_whoever_is_called_enters_it(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(
        connection,
        workspace,
        "entry: {call: true}\nsteps:\n  - {name: rest, kind: wait, for: 1 day}\n",
        name="other",
    )
    run(
        connection,
        workspace,
        """
entry: {event: Cart Viewed}
steps:
  - {name: over, kind: enter, journey: other}
  - {name: done, kind: exit}
""",
    )

    tick(connection, workspace, (minji, CART, NOON))
    ((name, properties),) = written(connection)
    ((called,),) = connection.execute("select message_id from event").fetchall()
    again = (minji, name, NOON)
    tick(connection, workspace, again, properties=properties, message_id=called)

    assert properties["journey"] == "other"
    assert places(connection) == [("ended", "done"), ("waiting", "rest")]


GOAL = """
entry: {event: Cart Viewed, reentry_days: 0}
goal: {event: Order Completed, within: 7 days}
steps:
  - {name: rest, kind: wait, for: 1 day}
"""


def conversions(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select message_id, occurred_at from conversion order by enrollment_id"
    ).fetchall()


@pytest.mark.parametrize(("days", "counts"), [(0.5, True), (2, True), (7, True), (7.1, False)])
def test_a_goal_counts_within_its_window_and_after_the_end(
    connection: Connection,
    workspace: int,
    minji: int,
    days: float,
    counts: bool,  # noqa: FBT001 - a parameter of a table
) -> None:
    run(connection, workspace, GOAL)
    tick(connection, workspace, (minji, CART, NOON))
    at = NOON + days * DAY
    if days >= 1:
        tick(connection, workspace, now=NOON + DAY)

    tick(connection, workspace, (minji, ORDER, at), now=at)
    tick(connection, workspace, (minji, ORDER, at + HOUR), now=at + HOUR)

    assert [when for _, when in conversions(connection)] == ([at] if counts else [])
    assert endings(connection) == ["goal_met" if days < 1 else "completed"]


def test_whoever_bought_before_a_late_entry_came_in_has_reached_the_goal(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, GOAL)
    tick(connection, workspace, (minji, ORDER, NOON))

    tick(connection, workspace, (minji, CART, NOON - HOUR), now=NOON + HOUR)

    assert endings(connection) == ["goal_met"]
    assert conversions(connection) == [("activity:Order Completed", NOON)]


def test_what_let_somebody_in_is_not_their_own_goal(
    connection: Connection, workspace: int, minji: int
) -> None:
    """Though its clock is ahead."""
    run(connection, workspace, GOAL.replace(CART, ORDER))

    tick(connection, workspace, (minji, ORDER, NOON + HOUR))

    assert places(connection) == [("waiting", "rest")]
    assert conversions(connection) == []


def test_a_goal_step_records_the_goal_and_goes_on(
    connection: Connection, workspace: int, minji: int
) -> None:
    steps = "steps:\n  - {name: reached, kind: goal}\n"
    run(connection, workspace, GOAL.replace("steps:\n", steps))

    tick(connection, workspace, (minji, CART, NOON))
    before = conversions(connection)
    tick(connection, workspace, (minji, ORDER, NOON + HOUR), now=NOON + HOUR)

    assert before == [(None, NOON)]
    assert [message for message, _ in conversions(connection)] != [None]
    assert endings(connection) == ["goal_met"]


@pytest.mark.parametrize("when", ["event", "condition with an event", "condition at a move"])
def test_what_makes_somebody_leave_ends_their_enrollment(
    connection: Connection, workspace: int, minji: int, when: str
) -> None:
    run(
        connection,
        workspace,
        f"""
entry: {{event: Cart Viewed}}
exit_when: {{events: [Membership Cancelled], condition: {VIP}}}
steps:
  - {{name: rest, kind: wait, for: 1 day}}
  - {{name: note, kind: message, template: note}}
""",
    )
    tick(connection, workspace, (minji, CART, NOON))
    name = "Membership Cancelled" if when == "event" else "Page Viewed"
    if when != "event":
        say(connection, minji, grade="VIP")

    if when == "condition at a move":
        tick(connection, workspace, now=NOON + DAY)
    else:
        tick(connection, workspace, (minji, name, NOON + HOUR), now=NOON + HOUR)

    assert endings(connection) == ["exited"]
    assert one(connection, "select count(*) from message") == 0


# Who enters --------------------------------------------------------------------------------------

REST = "steps:\n  - {name: rest, kind: wait, for: 1 day}\n"


def test_an_entry_condition_turns_away_whoever_does_not_fit(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, f"entry: {{event: Cart Viewed, condition: {VIP}}}\n{REST}")
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)
    say(connection, jiwoo, grade="VIP")

    tick(connection, workspace, (minji, CART, NOON), (jiwoo, CART, NOON))

    assert connection.execute("select customer_id from enrollment").fetchall() == [(jiwoo,)]


def test_reentry_is_judged_for_each_value_of_the_key(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, f"entry: {{event: Order Completed, key: order_id}}\n{REST}")

    for number, order in enumerate(("A1", "A2", "A1", "A2")):
        at = NOON + number * HOUR
        tick(connection, workspace, (minji, ORDER, at), now=at, properties={"order_id": order})

    rows = connection.execute("select entry_properties ->> 'order_id' from enrollment order by id")
    assert rows.fetchall() == [("A1",), ("A2",)]


def test_no_more_enter_on_a_day_of_the_shop_than_it_says(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, f"entry: {{event: Cart Viewed, per_day: 2}}\n{REST}")
    people = [minji, *(customer(connection, workspace, name=f"{n}", email=None) for n in range(4))]

    tick(connection, workspace, *((who, CART, NOON) for who in people[:3]))
    tick(connection, workspace, (people[3], CART, NOON + HOUR), now=NOON + HOUR)
    tick(connection, workspace, (people[4], CART, NOON + DAY), now=NOON + DAY)

    rows = connection.execute(
        "select entered, turned_away from journey_day order by day"
    ).fetchall()
    assert rows == [(2, 2), (1, 0)]
    assert one(connection, "select count(*) from enrollment") == 3


def test_the_steps_they_came_to_are_remembered_with_their_times(
    connection: Connection, workspace: int, minji: int
) -> None:
    run(connection, workspace, BRANCH)
    tick(connection, workspace, (minji, CART, NOON))
    tick(connection, workspace, now=NOON + 3 * DAY)

    rows = connection.execute(
        "select journey_step.name, came.at from enrollment"
        " cross join lateral unnest(trail, trail_at) with ordinality as came (step, at, place)"
        " join journey_step on journey_step.id = came.step order by came.place"
    ).fetchall()
    assert rows == [("who", NOON), ("third", NOON), ("done", NOON + 3 * DAY)]


# By the clock ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("minji")
def test_a_schedule_lets_everybody_in_once_for_each_of_its_moments(
    connection: Connection, workspace: int
) -> None:
    run(
        connection,
        workspace,
        'entry: {schedule: {every: day, at: "13:00"}, reentry_days: 0}\n' + REST,
    )
    _ = [customer(connection, workspace, name=f"{n}", email=None) for n in range(4)]
    moment = NOON + HOUR

    early = tick(connection, workspace, now=moment - timedelta(microseconds=1), batch=2)
    ticks = [tick(connection, workspace, now=moment + n * HOUR, batch=2) for n in range(4)]
    tomorrow = [tick(connection, workspace, now=moment + DAY, batch=9) for _ in range(2)]

    assert early.enrolled == 0
    assert [one_tick.enrolled for one_tick in ticks] == [2, 2, 1, 0]
    assert [one_tick.unfinished for one_tick in ticks] == [True, True, False, False]
    assert [one_tick.enrolled for one_tick in tomorrow] == [5, 0]
    keys = connection.execute("select distinct entry_key from enrollment order by 1").fetchall()
    assert keys == [(f"schedule:{(moment + n * DAY).isoformat()}",) for n in range(2)]


@pytest.mark.usefixtures("minji")
def test_a_schedule_that_was_paused_begins_with_its_next_moment(
    connection: Connection, workspace: int
) -> None:
    journey = run(
        connection,
        workspace,
        'entry: {schedule: {every: day, at: "13:00"}, reentry_days: 0}\n' + REST,
    )
    with connection.transaction():
        set_state(connection, journey_id=journey, state=JourneyState.PAUSED, now=NOON)
    with connection.transaction():
        set_state(connection, journey_id=journey, state=JourneyState.RUNNING, now=NOON + 2 * HOUR)

    missed = tick(connection, workspace, now=NOON + 2 * HOUR)
    following = tick(connection, workspace, now=NOON + HOUR + DAY)

    assert (missed.enrolled, following.enrolled) == (0, 1)


BIRTHDAY = 'entry: {date: {trait: birthday, yearly: true%s, at: "10:00"}}\n' + REST


@pytest.mark.parametrize(
    ("birthday", "zone", "away", "enters"),
    [
        ("1990-03-03", None, "", "2027-03-03 01:00"),
        ("1990-03-03", "America/New_York", "", "2027-03-03 15:00"),
        ("1990-03-10", None, ", before: 7 days", "2027-03-03 01:00"),
        ("1996-02-29", None, ", after: 3 days", "2027-03-03 01:00"),
        ("1990-03-04", None, "", None),
        ("1990-02-30", None, "", None),
    ],
)
def test_a_date_lets_somebody_in_on_their_day_by_their_clocks(
    connection: Connection,
    workspace: int,
    minji: int,
    birthday: str,
    zone: str | None,
    away: str,
    enters: str | None,
) -> None:
    connection.execute("update customer set time_zone = %s", (zone,))
    say(connection, minji, birthday=birthday)
    run(connection, workspace, BIRTHDAY % away)

    entered = [
        at
        for at in (NOON + n * HOUR for n in range(38))
        if tick(connection, workspace, now=at).enrolled
    ]

    assert entered == ([datetime.fromisoformat(enters).replace(tzinfo=UTC)] if enters else [])


def test_a_birthday_comes_every_year(connection: Connection, workspace: int, minji: int) -> None:
    say(connection, minji, birthday="1996-02-29")
    run(connection, workspace, BIRTHDAY % "")

    for year in (2028, 2029):
        for day in (28, 29, 30, 31, 32):
            at = datetime(year, 2, 1, 3, tzinfo=UTC) + (day - 1) * DAY
            tick(connection, workspace, now=at)

    rows = connection.execute("select entry_key from enrollment order by id").fetchall()
    assert rows == [("date:2028-02-29",), ("date:2029-02-28",)]
