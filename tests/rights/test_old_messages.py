"""Messages go once they are too old; what limits, silences and results count of them stays."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent, journey, one, plan_message, template

from dangol.app.clock import STATEMENTS
from dangol.feedback.results import By, count_results
from dangol.guard.silence import note_silences
from dangol.ingest.merging import merge_customers, unmerge_customer
from dangol.rights.old_messages import (
    delete_messages,
    least_days,
    read_message_period,
    set_message_period,
)
from dangol.rights.retention import run_retention
from dangol.store.connect import connect
from dangol.store.crash import _handlers, handle_crashpoints

DAY = timedelta(days=1)
LONG_AGO = NOON - 400 * DAY
TABLES = ("message", "decision", "delivery", "receipt")


def sent(
    connection,
    workspace,
    *,
    customer_id: int,
    at=LONG_AGO,
    key: str = "entry",
    opened: bool = False,
    template_id: int | None = None,
) -> int:
    """A message that was allowed, handed over, and perhaps opened, at a time."""
    message = plan_message(
        connection,
        workspace,
        customer_id=customer_id,
        state="handed",
        entry_key=key,
        now=at,
        template_id=template_id,
    )
    connection.execute(
        "insert into decision (message_id, evaluation, workspace_id, customer_id, stage, verdict,"
        " reason, reasons, decided_at) values (%s, 1, %s, %s, 'planning', 'allow', 'allowed',"
        " '{allowed}', %s)",
        (message, workspace, customer_id, at),
    )
    connection.execute(
        "insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,"
        " address_key, state, claimed_by, claimed_at, lease_until, calling_at, settled_at, cost,"
        " currency) values (%s, %s, %s, 1, 'email', 'smtp', 'k', 'accepted', 'w', %s, %s, %s, %s,"
        " 0.5, 'KRW')",
        (workspace, message, customer_id, at, at, at, at),
    )
    if opened:
        connection.execute(
            "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
            " dedupe_key) values (%s, %s, %s, 'opened', %s, %s)",
            (workspace, message, customer_id, at + timedelta(hours=1), f"o{message}"),
        )
    connection.commit()
    return message


@pytest.fixture
def minji(connection, workspace) -> int:
    found = customer(connection, workspace, now=LONG_AGO - DAY)
    give_consent(connection, workspace, customer_id=found, now=LONG_AGO - DAY)
    return found


def counts(connection) -> tuple[int, ...]:
    found = tuple(one(connection, f"select count(*) from {table}") for table in TABLES)  # noqa: S608
    connection.commit()
    return found


def unaccounted(connection, workspace) -> list:
    found = connection.execute(
        STATEMENTS["find_unaccounted"], {"workspace_id": workspace}
    ).fetchall()
    connection.commit()
    return found


def delete(connection, workspace, *, days: int = 365, at_once: int = 1_000) -> int:
    return delete_messages(
        connection, workspace_id=workspace, before=NOON - days * DAY, at_once=at_once
    )


def silences(connection, workspace) -> list[tuple]:
    with connection.transaction():
        note_silences(connection, workspace_id=workspace, now=NOON)
    found = connection.execute(
        "select messages, since, sunset from silence order by customer_id, channel"
    ).fetchall()
    connection.commit()
    return found


def test_what_is_too_old_goes_whole_and_the_rest_stays(connection, workspace, minji):
    sent(connection, workspace, customer_id=minji, opened=True)
    sent(connection, workspace, customer_id=minji, key="new", at=NOON - DAY, opened=True)
    assert unaccounted(connection, workspace) == []

    assert delete(connection, workspace) == 1
    assert delete(connection, workspace) == 0

    assert counts(connection) == (1, 1, 1, 1)
    assert one(connection, "select max(planned_at) - min(planned_at) from message") == 0 * DAY
    # Whoever looks for what nobody counted finds nothing.
    assert unaccounted(connection, workspace) == []


def test_a_journey_that_goes_on_keeps_all_of_its_messages(connection, workspace, minji):
    sent(connection, workspace, customer_id=minji)
    connection.execute(
        "update enrollment set state = 'waiting', wake_at = %s, ended_at = null, end_reason = null",
        (NOON,),
    )
    connection.commit()

    assert delete(connection, workspace) == 0
    assert counts(connection)[0] == 1


@pytest.mark.parametrize("state", ["allowed", "held", "planned"])
def test_what_may_still_leave_stays(connection, workspace, minji, state):
    plan_message(connection, workspace, customer_id=minji, state=state, now=LONG_AGO)

    assert delete(connection, workspace) == 0


def test_results_are_the_same_before_and_after(connection, workspace, minji):
    for number in range(5):
        sent(
            connection,
            workspace,
            customer_id=minji,
            key=f"k{number}",
            at=LONG_AGO + number * 20 * DAY,
            opened=number % 2 == 0,
        )

    def results():
        return [
            count_results(
                connection, workspace_id=workspace, by=by, since=NOON - 500 * DAY, until=NOON
            )
            for by in By
        ]

    before = results()
    connection.commit()

    assert delete(connection, workspace) == 2
    assert results() == before
    assert before[0][0].sent == 5
    assert before[0][0].cost == 2.5


def test_a_silence_stays_a_silence_when_what_it_was_told_from_is_gone(connection, workspace, minji):
    for number in range(12):
        sent(connection, workspace, customer_id=minji, key=f"k{number}", at=LONG_AGO + number * DAY)
    before = silences(connection, workspace)
    assert before == [(12, LONG_AGO, True)]

    assert delete(connection, workspace) == 12

    assert silences(connection, workspace) == before


def test_a_reaction_that_is_gone_has_still_ended_the_silence_before_it(
    connection, workspace, minji
):
    """Eight were ignored, the ninth was opened, and four since were ignored."""
    for number in range(13):
        sent(
            connection,
            workspace,
            customer_id=minji,
            key=f"k{number}",
            at=LONG_AGO + number * DAY,
            opened=number == 8,
        )
    connection.execute("update workspace set sunset_messages = 8")
    connection.commit()
    before = silences(connection, workspace)
    assert [messages for messages, *_ in before] == [4]

    # Cut in two: the first ones go, then the opened one and all after it.
    assert delete(connection, workspace, days=395) > 0
    assert silences(connection, workspace) == before
    assert delete(connection, workspace) > 0

    assert silences(connection, workspace) == before


def person(connection, workspace, name: str) -> int:
    address = f"{name}@shop.example"
    return customer(connection, workspace, name=name, email=address, now=LONG_AGO - DAY)


@pytest.fixture
def pair(connection, workspace) -> list[int]:
    """Two people: one ignored twelve messages, the other three; then they were made one."""
    both = [person(connection, workspace, name) for name in ("minji", "haneul")]
    for who, messages in zip(both, (3, 12), strict=True):
        give_consent(connection, workspace, customer_id=who, now=LONG_AGO - DAY)
        for number in range(messages):
            at = LONG_AGO + number * DAY
            sent(connection, workspace, customer_id=who, key=f"{who}-{number}", at=at)
    with connection.transaction():
        merge_customers(
            connection, workspace_id=workspace, one_id=both[0], other_id=both[1], now=NOON - DAY
        )
    return both


def tell_apart(connection, workspace, part: int) -> None:
    with connection.transaction():
        unmerge_customer(connection, workspace_id=workspace, customer_id=part, now=NOON)


def totals(connection) -> list[tuple[int, int]]:
    found = connection.execute(
        "select customer_id, messages from silence_total order by customer_id"
    ).fetchall()
    connection.commit()
    return found


def test_who_is_told_apart_takes_along_what_they_ignored(connection, workspace, pair):
    head, part = pair
    assert silences(connection, workspace) == [(15, LONG_AGO, True)]

    assert delete(connection, workspace) == 15

    assert silences(connection, workspace) == [(15, LONG_AGO, True)]
    tell_apart(connection, workspace, part)
    assert totals(connection) == [(head, 3), (part, 12)]
    assert silences(connection, workspace) == [(12, LONG_AGO, True)]


def test_what_became_of_a_person_while_they_were_one_is_the_heads(connection, workspace, pair):
    head, part = pair
    sent(connection, workspace, customer_id=head, key="one", at=LONG_AGO + 20 * DAY)

    assert delete(connection, workspace) == 16
    tell_apart(connection, workspace, part)

    assert totals(connection) == [(head, 4), (part, 12)]


def test_whoever_reacts_has_reacted_for_all_while_they_are_one(connection, workspace, pair):
    head, part = pair
    at = LONG_AGO + 20 * DAY
    sent(connection, workspace, customer_id=head, key="one", at=at, opened=True)
    before = silences(connection, workspace)

    assert delete(connection, workspace) == 16

    assert silences(connection, workspace) == before == []
    assert totals(connection) == [(head, 0), (part, 0)]


@pytest.fixture
def oldest(connection, workspace) -> int:
    """Somebody who was there first, and so becomes the head."""
    return person(connection, workspace, "jiwoo")


def test_who_was_made_one_twice_takes_back_what_was_theirs(connection, workspace, oldest, pair):
    """What a part of a part brought is the first one's, not that of whom it came with."""
    head, part = pair
    with connection.transaction():
        merge_customers(
            connection, workspace_id=workspace, one_id=head, other_id=oldest, now=NOON - DAY
        )

    both = "select count(*) from customer where id = any(%(ids)s) and head_id = %(head)s"
    assert one(connection, both, ids=pair, head=oldest) == 2
    connection.commit()

    assert delete(connection, workspace) == 15

    assert totals(connection) == [(head, 3), (part, 12)]


def test_a_consent_confirmed_since_ends_what_was_counted(connection, workspace, minji):
    for number in range(12):
        sent(connection, workspace, customer_id=minji, key=f"k{number}", at=LONG_AGO + number * DAY)
    delete(connection, workspace)
    connection.execute("update consent set confirmed_at = %s", (NOON - DAY,))
    connection.commit()

    assert silences(connection, workspace) == []


def test_the_last_chance_of_somebody_silent_stays(connection, workspace, minji):
    last = template(connection, workspace, name="last")
    connection.execute("update template set last_chance = true where id = %s", (last,))
    journey(connection, workspace, template_id=last)
    for number in range(12):
        sent(connection, workspace, customer_id=minji, key=f"k{number}", at=LONG_AGO + number * DAY)
    silences(connection, workspace)

    assert delete(connection, workspace) == 0
    connection.execute("delete from silence")
    connection.commit()
    assert delete(connection, workspace) == 12


def test_no_period_is_shorter_than_the_laws_or_than_the_guard_looks_back(connection, workspace):
    assert read_message_period(connection, workspace_id=workspace) is None
    with pytest.raises(ValueError, match="전자상거래법"):
        set_message_period(connection, workspace_id=workspace, days=183)
    set_message_period(connection, workspace_id=workspace, days=184)
    assert read_message_period(connection, workspace_id=workspace) == 184 == least_days()

    connection.execute("update workspace set sunset_days = 300")
    assert read_message_period(connection, workspace_id=workspace) == 300
    connection.execute(
        "insert into message_cap (workspace_id, messages, days) values (%s, 1, 400)", (workspace,)
    )
    assert read_message_period(connection, workspace_id=workspace) == 400


def test_the_nights_run_deletes_them_where_a_period_is_set(connection, workspace, minji, lake):
    sent(connection, workspace, customer_id=minji)

    def run():
        done = run_retention(connection, lake, workspace_id=workspace, clock=lambda _: NOON)
        return done.counts.messages

    assert run() == 0
    with connection.transaction():
        set_message_period(connection, workspace_id=workspace, days=365)

    assert run() == 1
    assert counts(connection) == (0, 0, 0, 0)


def test_killed_in_the_middle_the_next_run_counts_nothing_twice(connection, dsn, workspace, minji):
    for number in range(5):
        sent(connection, workspace, customer_id=minji, key=f"k{number}")

    def die(passed: str) -> None:
        if passed == "retention.after_messages":
            raise SystemExit

    handle_crashpoints(die)
    try:
        with connect(dsn) as other, pytest.raises(SystemExit):
            delete(other, workspace, at_once=2)
    finally:
        _handlers.pop()
    assert counts(connection)[0] == 3

    assert delete(connection, workspace, at_once=2) == 3

    assert one(connection, "select sum(sent)::integer from message_total") == 5
