"""Each rule, and that the order of RULES is the policy."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

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


def arrive_above(connection: Connection, _workspace: int, _customer_id: int) -> None:
    """The message stands in for one that was reported as failed, and arrived."""
    connection.execute("update message set rung = 1 where state = 'planned'")
    connection.execute(
        "with above as (insert into message (workspace_id, customer_id, enrollment_id, journey_id,"
        " version_id, step_number, visit, template_id, channel, purpose, planned_at, expires_at,"
        " state) select workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, 'failed'"
        " from message where rung = 1 returning *)"
        " insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
        " dedupe_key) select workspace_id, id, customer_id, 'delivered', %s, 'late' from above",
        (NOON,),
    )


def buy(connection: Connection, workspace: int, customer_id: int) -> None:
    connection.execute("update journey_version set quiet_after_purchase = '2 days'")
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " values (%s, %s, 'Order Completed', %s, %s, 1)",
        (workspace, customer_id, NOON - timedelta(days=1), NOON - timedelta(days=1)),
    )


def earlier_message(connection: Connection, workspace: int, customer_id: int, hours: int) -> None:
    plan_message(
        connection,
        workspace,
        customer_id=customer_id,
        entry_key=f"{hours} hours ago",
        state="handed",
        now=NOON - timedelta(hours=hours),
    )


def switch_channel(connection: Connection, workspace: int, customer_id: int, channel: str) -> None:
    """Let the message go over another channel, on which they are reachable and consent."""
    connection.execute(
        "insert into address select workspace_id, customer_id, %s, key, sealed, key_of, state,"
        " changed_at from address where customer_id = %s",
        (channel, customer_id),
    )
    connection.execute(
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)"
        " select workspace_id, customer_id, %s, purpose, state, since, entry_id from consent"
        " where customer_id = %s and channel = 'email'",
        (channel, customer_id),
    )
    connection.execute(
        "update message set channel = %s where workspace_id = %s and state = 'planned'",
        (channel, workspace),
    )


def forbid_channel(connection: Connection, workspace: int, customer_id: int) -> None:
    switch_channel(connection, workspace, customer_id, "kakao_alimtalk")


def reject_template(connection: Connection, workspace: int, customer_id: int) -> None:
    """Kakao says no to the template of an Alimtalk, which carries information only."""
    switch_channel(connection, workspace, customer_id, "kakao_alimtalk")
    connection.execute("update message set purpose = 'informational'")
    connection.execute("update template set purpose = 'informational', vendor_code = 'ORDER_1'")
    keep_template(connection, provider="solapi", state="rejected")


def keep_template(connection: Connection, *, provider: str, state: str) -> None:
    connection.execute(
        "insert into vendor_template (provider, code, name, body_text, buttons, state, comment,"
        " since) values (%s, 'ORDER_1', 'order', '', '[]', %s, '', %s)",
        (provider, state, NOON),
    )


def live_in_new_york(connection: Connection, workspace: int, customer_id: int) -> None:
    """It is ten in the evening there, when no text message may advertise."""
    switch_channel(connection, workspace, customer_id, "sms")
    connection.execute(
        "update customer set country = 'us', time_zone = 'America/New_York' where id = %s",
        (customer_id,),
    )


def refuse_topic(connection: Connection, workspace: int, customer_id: int) -> None:
    connection.execute(
        "insert into topic (workspace_id, name, title_ko, title_en, created_at)"
        " values (%s, 'shoes', '신발', 'Shoes', %s)",
        (workspace, NOON),
    )
    connection.execute("update template set topic_id = (select id from topic)")
    connection.execute(
        "insert into topic_refusal select workspace_id, %s, id, created_at from topic",
        (customer_id,),
    )


def wish_for_one(connection: Connection, workspace: int, customer_id: int) -> None:
    earlier_message(connection, workspace, customer_id, 30)
    connection.execute(
        "insert into preference (workspace_id, customer_id, weekly_messages, changed_at)"
        " values (%(workspace)s, %(customer)s, 1, %(noon)s) on conflict (customer_id)"
        " do update set weekly_messages = 1",
        {"workspace": workspace, "customer": customer_id, "noon": NOON},
    )


def fall_silent(
    connection: Connection, workspace: int, customer_id: int, *, channel: str, visits: bool
) -> None:
    connection.execute(
        "insert into silence (workspace_id, customer_id, channel, messages, since, sunset, visits,"
        " noted_at) values (%s, %s, %s, 12, %s, %s, %s, %s)",
        (workspace, customer_id, channel, NOON - timedelta(days=200), not visits, visits, NOON),
    )


def ignore_everything(connection: Connection, workspace: int, customer_id: int) -> None:
    earlier_message(connection, workspace, customer_id, 200)
    fall_silent(connection, workspace, customer_id, channel="push", visits=True)


def use_up_the_day(connection: Connection, workspace: int, customer_id: int) -> None:
    earlier_message(connection, workspace, customer_id, 1)
    connection.execute("update workspace set daily_messages = 1")


def react_at_two(connection: Connection, workspace: int, customer_id: int) -> None:
    connection.execute("update workspace set send_time_hours = 12")
    connection.execute(
        "insert into send_hour (workspace_id, customer_id, channel, hour, noted_at)"
        " select %s, %s, unnest(enum_range(null::channel)), 14, %s",
        (workspace, customer_id, NOON),
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
    "skip_until_renewed": (
        change(
            "update consent set confirmed_at = %(noon)s - interval '25 months'"
            " where customer_id = %(customer_id)s"
        ),
        "skip",
        "renewal_overdue",
    ),
    "skip_forbidden_channel": (forbid_channel, "skip", "channel_forbidden"),
    "skip_unapproved_template": (reject_template, "skip", "template_unapproved"),
    "skip_refused_topic": (refuse_topic, "skip", "topic_refused"),
    "skip_while_snoozed": (
        change(
            "insert into preference (workspace_id, customer_id, snoozed_until, changed_at) values"
            " (%(workspace)s, %(customer_id)s, %(noon)s::timestamptz + interval '1 hour', %(noon)s)"
        ),
        "skip",
        "snoozed",
    ),
    "skip_after_sunset": (partial(fall_silent, channel="email", visits=False), "skip", "sunset"),
    "skip_held_out": (
        change("update workspace set holdout_permille = 1000"),
        "skip",
        "holdout",
    ),
    "skip_stopped": (change("update journey set state = 'stopped'"), "skip", "journey_stopped"),
    "skip_converted": (convert, "skip", "already_converted"),
    "skip_arrived": (arrive_above, "skip", "already_arrived"),
    "skip_expired": (
        change("update message set expires_at = %(noon)s where state = 'planned'"),
        "skip",
        "expired",
    ),
    "hold_while_stopped": (
        change(
            "insert into journey_stop (workspace_id, journey_id, template_id, sent, opt_outs,"
            " share_at_least, opt_out_limit, stopped_at) select distinct workspace_id, journey_id,"
            " template_id, 1000, 40, 0.02, 0.01, %(noon)s::timestamptz from message"
        ),
        "hold",
        "message_stopped",
    ),
    "hold_while_paused": (
        change("update journey set state = 'paused'"),
        "hold",
        "journey_paused",
    ),
    "hold_after_purchase": (buy, "hold", "just_bought"),
    "skip_over_cap": (fill_cap, "skip", "over_cap"),
    "skip_over_wish": (wish_for_one, "skip", "over_wish"),
    "skip_reduced": (ignore_everything, "skip", "reduced"),
    "hold_for_budget": (use_up_the_day, "hold", "attention_budget"),
    "hold_for_night_law": (live_in_new_york, "hold", "night_law"),
    "hold_for_quiet_hours": (
        change("update workspace set quiet_from = '11:00', quiet_until = '13:00'"),
        "hold",
        "quiet_hours",
    ),
    "hold_for_send_time": (react_at_two, "hold", "send_time"),
}


# A journey cannot be both stopped and paused, and a message goes over one channel.
ALONE = {
    "skip_forbidden_channel",
    "skip_unapproved_template",
    "hold_while_paused",
    "hold_for_night_law",
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
        if rule not in ALONE or earlier == rule:
            SPOILS[rule][0](connection, workspace, minji)

    decide(connection, workspace)

    assert decisions(connection)[message] == SPOILS[earlier][1:]


# The rules that the law exempts information from.
EXEMPT = {
    "skip_without_consent",
    "skip_until_renewed",
    "skip_forbidden_channel",
    "skip_refused_topic",
    "skip_while_snoozed",
    "skip_after_sunset",
    "skip_held_out",
    "skip_converted",
    "hold_while_stopped",
    "hold_after_purchase",
    "skip_over_cap",
    "skip_over_wish",
    "skip_reduced",
    "hold_for_budget",
    "hold_for_night_law",
    "hold_for_quiet_hours",
    "hold_for_send_time",
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


def test_a_decision_keeps_all_that_spoke_against_the_message(
    connection: Connection, workspace: int, minji: int
) -> None:
    plan_message(connection, workspace, customer_id=minji)
    spoken = [rule for rule in SPOILS if rule not in ALONE]
    for rule in spoken:
        SPOILS[rule][0](connection, workspace, minji)

    decide(connection, workspace)

    row = connection.execute(
        "select reason, reasons::text[] from decision order by message_id limit 1"
    ).fetchone()
    # Whom a skip has stopped competes with nobody.
    competing = {"skip_over_cap", "skip_over_wish", "skip_reduced", "hold_for_budget"}
    # Only who agreed has anything to renew, and what has expired waits for no hour.
    expected = [
        SPOILS[rule][2]
        for rule in spoken
        if rule not in competing | {"skip_until_renewed", "hold_for_send_time"}
    ]
    assert row == ("suppressed", expected)


@pytest.mark.parametrize(
    ("code", "states", "reason"),
    [
        ("ORDER_1", ["registered"], "template_unapproved"),
        ("ORDER_1", ["inspecting"], "template_unapproved"),
        ("ORDER_1", ["stopped"], "template_unapproved"),
        ("ORDER_1", ["gone"], "template_unapproved"),
        ("ORDER_1", ["approved"], "allowed"),
        # Another vendor may send it.
        ("ORDER_1", ["rejected", "approved"], "allowed"),
        # No vendor has listed it: what one says of it decides.
        ("OTHER", ["rejected"], "allowed"),
    ],
)
def test_only_an_approved_template_goes_out(
    connection: Connection, workspace: int, minji: int, code: str, states: list[str], reason: str
) -> None:
    message = plan_message(connection, workspace, customer_id=minji)
    reject_template(connection, workspace, minji)
    connection.execute("delete from vendor_template")
    connection.execute("update template set vendor_code = %s", (code,))
    for number, state in enumerate(states):
        keep_template(connection, provider=f"vendor-{number}", state=state)

    decide(connection, workspace)

    assert decisions(connection)[message][1] == reason


@pytest.mark.parametrize(
    ("kept_for", "state", "reason"),
    [
        ("kakao_brand", "stopped", "template_unapproved"),
        ("kakao_brand", "approved", "allowed"),
        # An Alimtalk's of that code is another.
        ("kakao_alimtalk", "stopped", "allowed"),
    ],
)
def test_a_brand_message_goes_by_what_is_kept_of_brand_messages(
    connection: Connection, workspace: int, minji: int, kept_for: str, state: str, reason: str
) -> None:
    message = plan_message(connection, workspace, customer_id=minji)
    switch_channel(connection, workspace, minji, "kakao_brand")
    connection.execute("update template set vendor_code = 'ORDER_1'")
    keep_template(connection, provider="nhn", state=state)
    connection.execute("update vendor_template set channel = %s", (kept_for,))

    decide(connection, workspace)

    assert decisions(connection)[message][1] == reason


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
