"""Each rule, and that the order of RULES is the policy."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.build import (
    NOON,
    customer,
    give_consent,
    journey,
    plan_message,
    suppress,
    template,
)

from dangol.guard.decide import RULES, decide_messages
from dangol.store.connect import Connection
from dangol.store.vocabulary import DecisionReason

# 22:00 in Seoul, an hour into the quiet hours that end at 08:00, which is 23:00 UTC.
NIGHT = NOON + timedelta(hours=10)
MORNING = NOON + timedelta(hours=20)
Spoil = Callable[[Connection, int, int], object]


def decide(connection: Connection, workspace: int, *, now: datetime = NOON) -> dict[str, int]:
    with connection.transaction():
        return decide_messages(connection, workspace_id=workspace, now=now, batch=1000)


def decisions(connection: Connection) -> dict[int, tuple[str, str]]:
    """The latest verdict and reason of every message."""
    rows = connection.execute(
        "select message_id, verdict, reason from decision order by message_id, evaluation"
    )
    return {message: (verdict, reason) for message, verdict, reason in rows}


def reachable(
    connection: Connection, workspace: int, name: str = "minji", time_zone: str | None = None
) -> int:
    """A customer who has an address and wants to hear from us."""
    made = customer(
        connection, workspace, name=name, email=f"{name}@shop.example", time_zone=time_zone
    )
    give_consent(connection, workspace, customer_id=made)
    return made


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    return reachable(connection, workspace)


def change(query: str) -> Spoil:
    def spoil(connection: Connection, workspace: int, customer_id: int) -> object:
        values = {"workspace": workspace, "customer_id": customer_id, "noon": NOON}
        return connection.execute(query.encode(), values)

    return spoil


def fill_cap(connection: Connection, workspace: int, customer_id: int) -> None:
    for number in range(3):
        plan_message(
            connection,
            workspace,
            customer_id=customer_id,
            entry_key=f"earlier {number}",
            state="handed",
            now=NOON - timedelta(days=1),
        )


def convert(connection: Connection, _workspace: int, customer_id: int) -> None:
    connection.execute(
        "insert into conversion (enrollment_id, workspace_id, journey_id, version_id, customer_id,"
        " message_id, occurred_at) select id, workspace_id, journey_id, version_id, customer_id,"
        " 'order-1', %s from enrollment where customer_id = %s on conflict do nothing",
        (NOON, customer_id),
    )


def buy(connection: Connection, workspace: int, customer_id: int) -> None:
    connection.execute("update journey_version set quiet_after_purchase = '2 days'")
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " values (%s, %s, 'Order Completed', %s, %s, 1)",
        (workspace, customer_id, NOON - timedelta(days=1), NOON - timedelta(days=1)),
    )


# What makes each rule speak, in the order of RULES: whoever comes earlier wins over the later.
SPOILS: dict[str, tuple[Spoil, str, str]] = {
    "skip_suppressed": (
        lambda connection, workspace, _: suppress(
            connection, workspace, email="minji@shop.example"
        ),
        "skip",
        "suppressed",
    ),
    "skip_erased": (
        change("update customer set state = 'erased' where id = %(customer_id)s"),
        "skip",
        "erased",
    ),
    "skip_without_address": (
        change("update address set state = 'bounced' where customer_id = %(customer_id)s"),
        "skip",
        "no_address",
    ),
    "skip_without_consent": (
        change("update consent set state = 'withdrawn' where customer_id = %(customer_id)s"),
        "skip",
        "no_consent",
    ),
    "skip_stopped": (change("update journey set state = 'stopped'"), "skip", "journey_stopped"),
    "skip_converted": (convert, "skip", "already_converted"),
    "skip_expired": (
        change("update message set expires_at = %(noon)s where state = 'planned'"),
        "skip",
        "expired",
    ),
    "hold_while_paused": (
        change("update journey set state = 'paused'"),
        "hold",
        "journey_paused",
    ),
    "hold_after_purchase": (buy, "hold", "just_bought"),
    "skip_over_cap": (fill_cap, "skip", "over_cap"),
    "hold_for_quiet_hours": (
        change("update workspace set quiet_from = '11:00', quiet_until = '13:00'"),
        "hold",
        "quiet_hours",
    ),
}


def test_every_rule_but_the_last_has_an_example() -> None:
    assert tuple(SPOILS) == RULES[:-1]


def test_every_reason_has_a_rule() -> None:
    assert {reason for _, _, reason in SPOILS.values()} | {"allowed"} == set(DecisionReason) - {
        DecisionReason.MERGED
    }


def test_nothing_against_it_is_allowed(connection: Connection, workspace: int, minji: int) -> None:
    message = plan_message(connection, workspace, customer_id=minji)

    decided = decide(connection, workspace)

    assert decisions(connection) == {message: ("allow", "allowed")}
    assert {rule: count for rule, count in decided.items() if count} == {"allow_the_rest": 1}


@pytest.mark.parametrize("rule", SPOILS)
def test_a_rule_speaks(connection: Connection, workspace: int, minji: int, rule: str) -> None:
    spoil, verdict, reason = SPOILS[rule]
    message = plan_message(connection, workspace, customer_id=minji)
    spoil(connection, workspace, minji)

    decided = decide(connection, workspace)

    assert decisions(connection)[message] == (verdict, reason)
    assert decided[rule] == 1


@pytest.mark.parametrize("earlier", SPOILS)
def test_the_earliest_rule_speaks_when_all_later_ones_would(
    connection: Connection, workspace: int, minji: int, earlier: str
) -> None:
    message = plan_message(connection, workspace, customer_id=minji)
    rules = list(SPOILS)
    for rule in rules[rules.index(earlier) :]:
        # A journey cannot be both stopped and paused; stopping comes first in the order.
        if rule != "hold_while_paused" or earlier == rule:
            SPOILS[rule][0](connection, workspace, minji)

    decide(connection, workspace)

    assert decisions(connection)[message] == SPOILS[earlier][1:]


# The rules that the law exempts information from.
EXEMPT = {
    "skip_without_consent",
    "skip_converted",
    "hold_after_purchase",
    "skip_over_cap",
    "hold_for_quiet_hours",
}


@pytest.mark.parametrize("rule", SPOILS)
def test_information_passes_only_the_rules_about_advertising(
    connection: Connection, workspace: int, minji: int, rule: str
) -> None:
    receipt = template(connection, workspace, name="receipt", purpose="informational")
    message = plan_message(connection, workspace, customer_id=minji, template_id=receipt)
    SPOILS[rule][0](connection, workspace, minji)

    decide(connection, workspace)

    expected = ("allow", "allowed") if rule in EXEMPT else SPOILS[rule][1:]
    assert decisions(connection)[message] == expected


def test_never_having_been_asked_is_no_consent(connection: Connection, workspace: int) -> None:
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    message = plan_message(connection, workspace, customer_id=jiwoo)

    decide(connection, workspace)

    assert decisions(connection) == {message: ("skip", "no_consent")}


def test_having_no_address_is_no_address(connection: Connection, workspace: int) -> None:
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)
    give_consent(connection, workspace, customer_id=jiwoo)
    message = plan_message(connection, workspace, customer_id=jiwoo)

    decide(connection, workspace)

    assert decisions(connection) == {message: ("skip", "no_address")}


def test_a_message_is_not_judged_before_its_time(
    connection: Connection, workspace: int, minji: int
) -> None:
    plan_message(connection, workspace, customer_id=minji, now=NOON + timedelta(seconds=1))

    assert sum(decide(connection, workspace).values()) == 0
    assert decisions(connection) == {}


def test_a_settled_message_is_not_judged_again(
    connection: Connection, workspace: int, minji: int
) -> None:
    plan_message(connection, workspace, customer_id=minji)
    decide(connection, workspace)

    assert sum(decide(connection, workspace, now=MORNING).values()) == 0


def test_a_batch_takes_the_longest_waiting_first(
    connection: Connection, workspace: int, minji: int
) -> None:
    late = plan_message(connection, workspace, customer_id=minji, entry_key="late")
    early = plan_message(
        connection,
        workspace,
        customer_id=minji,
        entry_key="early",
        now=NOON - timedelta(hours=1),
    )

    decide_messages(connection, workspace_id=workspace, now=NOON, batch=1)

    assert early in decisions(connection)
    assert late not in decisions(connection)


def test_another_workspace_is_left_alone(
    connection: Connection, workspace: int, minji: int
) -> None:
    plan_message(connection, workspace, customer_id=minji)

    assert sum(decide(connection, workspace + 1).values()) == 0


def test_what_was_held_for_the_night_leaves_in_the_morning(
    connection: Connection, workspace: int, minji: int
) -> None:
    message = plan_message(connection, workspace, customer_id=minji, now=NIGHT)

    decide(connection, workspace, now=NIGHT)
    held = connection.execute(
        "select state, act_at, allowed_at from message where id = %s", (message,)
    ).fetchone()
    decide(connection, workspace, now=MORNING)

    assert held == ("held", MORNING, None)
    assert connection.execute(
        "select evaluation, stage, verdict, hold_until from decision order by evaluation"
    ).fetchall() == [(1, "planning", "hold", MORNING), (2, "planning", "allow", None)]


@pytest.mark.parametrize(
    ("time_zone", "verdict"),
    [
        (None, "hold"),
        ("Asia/Seoul", "hold"),
        ("Europe/Berlin", "allow"),
        ("Mars/Phobos", "hold"),
        ("../../etc/passwd", "hold"),
    ],
)
def test_quiet_hours_are_the_customers_own(
    connection: Connection, workspace: int, time_zone: str | None, verdict: str
) -> None:
    jiwoo = reachable(connection, workspace, "jiwoo", time_zone=time_zone)
    message = plan_message(connection, workspace, customer_id=jiwoo, now=NIGHT)

    decide(connection, workspace, now=NIGHT)

    assert decisions(connection)[message][0] == verdict


def test_what_a_pause_holds_is_looked_at_each_hour_but_not_after_it_expires(
    connection: Connection, workspace: int, minji: int
) -> None:
    long = plan_message(connection, workspace, customer_id=minji)
    short = plan_message(
        connection, workspace, customer_id=minji, entry_key="b", lasts=timedelta(minutes=20)
    )
    connection.execute("update journey set state = 'paused'")

    decide(connection, workspace)
    first = dict(connection.execute("select message_id, hold_until from decision").fetchall())
    decide(connection, workspace, now=NOON + timedelta(minutes=20))

    assert first == {
        long: NOON + timedelta(hours=1),
        short: NOON + timedelta(minutes=20),
    }
    assert decisions(connection) == {long: ("hold", "journey_paused"), short: ("skip", "expired")}


def test_a_goal_that_only_a_goal_step_has_recorded_does_not_count(
    connection: Connection, workspace: int, minji: int
) -> None:
    message = plan_message(connection, workspace, customer_id=minji)
    convert(connection, workspace, minji)
    connection.execute("update conversion set message_id = null")

    decide(connection, workspace)

    assert decisions(connection) == {message: ("allow", "allowed")}


def test_the_cap_counts_over_all_journeys_and_within_the_batch(
    connection: Connection, workspace: int, minji: int
) -> None:
    journeys = [journey(connection, workspace, name=f"journey {n}") for n in range(5)]
    messages = [
        plan_message(
            connection,
            workspace,
            customer_id=minji,
            journey_id=each,
            now=NOON - timedelta(minutes=number),
        )
        for number, each in enumerate(journeys)
    ]

    decide(connection, workspace)

    verdicts = [decisions(connection)[message][0] for message in messages]
    assert verdicts == ["skip", "skip", "allow", "allow", "allow"]


def test_the_cap_is_each_customers_own(connection: Connection, workspace: int, minji: int) -> None:
    jiwoo = reachable(connection, workspace, "jiwoo")
    fill_cap(connection, workspace, minji)
    over = plan_message(connection, workspace, customer_id=minji)
    under = plan_message(connection, workspace, customer_id=jiwoo)

    decide(connection, workspace)

    latest = decisions(connection)
    assert (latest[over][0], latest[under][0]) == ("skip", "allow")


def test_the_cap_forgets_after_its_days(connection: Connection, workspace: int, minji: int) -> None:
    fill_cap(connection, workspace, minji)
    message = plan_message(connection, workspace, customer_id=minji, lasts=timedelta(days=30))

    decide(connection, workspace, now=NOON + timedelta(days=6))

    assert decisions(connection)[message] == ("allow", "allowed")


@pytest.mark.parametrize("state", ["failed", "skipped"])
def test_the_cap_counts_only_what_went_out(
    connection: Connection, workspace: int, minji: int, state: str
) -> None:
    fill_cap(connection, workspace, minji)
    connection.execute("update message set state = %s::message_state", (state,))
    message = plan_message(connection, workspace, customer_id=minji)

    decide(connection, workspace)

    assert decisions(connection)[message] == ("allow", "allowed")


def test_information_does_not_use_up_the_cap(
    connection: Connection, workspace: int, minji: int
) -> None:
    fill_cap(connection, workspace, minji)
    connection.execute("update message set purpose = 'informational'")
    message = plan_message(connection, workspace, customer_id=minji)

    decide(connection, workspace)

    assert decisions(connection)[message] == ("allow", "allowed")


def test_ninety_nine_messages_for_one_customer_give_one_explainable_result(
    connection: Connection, workspace: int, minji: int
) -> None:
    for number in range(99):
        plan_message(connection, workspace, customer_id=minji, entry_key=f"{number}", now=NIGHT)

    night = decide(connection, workspace, now=NIGHT)
    morning = decide(connection, workspace, now=MORNING)

    assert (night["skip_over_cap"], night["hold_for_quiet_hours"]) == (96, 3)
    assert morning["allow_the_rest"] == 3


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        ("'2 days'", ("hold", NOON + timedelta(days=1))),
        ("'9 days'", ("hold", NOON + timedelta(days=3))),
        ("'1 day'", ("allow", None)),
        ("null", ("allow", None)),
    ],
)
def test_advertising_waits_after_a_purchase_as_long_as_its_journey_says(
    connection: Connection,
    workspace: int,
    minji: int,
    quiet: str,
    expected: tuple[str, datetime | None],
) -> None:
    """Until then, but no longer than it is worth sending; it then expires instead."""
    plan_message(connection, workspace, customer_id=minji)
    buy(connection, workspace, minji)
    connection.execute(f"update journey_version set quiet_after_purchase = {quiet}".encode())  # noqa: S608 - a test's own words

    decide(connection, workspace)

    assert connection.execute("select verdict, hold_until from decision").fetchall() == [expected]
