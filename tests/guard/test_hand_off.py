"""The second look, at the door."""

import threading
from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent, plan_message, suppress

from dangol.consent.ledger import withdraw
from dangol.guard.decide import decide_messages, recheck_messages
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import Channel, Purpose

NIGHT = NOON + timedelta(hours=10)


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    made = customer(connection, workspace)
    give_consent(connection, workspace, customer_id=made)
    return made


def take_back(connection: Connection, workspace: int, customer_id: int) -> None:
    withdraw(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        source="unsubscribe page",
        now=NOON,
    )


def recheck(connection: Connection, workspace: int, *messages: int) -> list[int]:
    return recheck_messages(
        connection, workspace_id=workspace, message_ids=list(messages), now=NOON
    )


def test_what_is_still_allowed_leaves_without_another_decision(
    connection: Connection, workspace: int, minji: int
) -> None:
    message = plan_message(connection, workspace, customer_id=minji)
    decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)
    connection.execute("update message set state = 'handed', act_at = null")

    assert recheck(connection, workspace, message) == [message]
    assert connection.execute("select count(*) from decision").fetchone() == (1,)
    assert connection.execute("select state, allowed_at from message").fetchone() == (
        "handed",
        NOON,
    )


def test_a_withdrawal_between_the_looks_stops_it(
    connection: Connection, workspace: int, minji: int
) -> None:
    message = plan_message(connection, workspace, customer_id=minji)
    decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)
    take_back(connection, workspace, minji)

    assert recheck(connection, workspace, message) == []
    assert connection.execute(
        "select evaluation, stage, verdict, reason from decision order by evaluation"
    ).fetchall() == [
        (1, "planning", "allow", "allowed"),
        (2, "hand_off", "skip", "no_consent"),
    ]
    assert connection.execute("select state, act_at, allowed_at from message").fetchone() == (
        "skipped",
        None,
        None,
    )


def test_the_night_holds_what_the_evening_allowed(
    connection: Connection, workspace: int, minji: int
) -> None:
    message = plan_message(connection, workspace, customer_id=minji, state="handed")

    left = recheck_messages(connection, workspace_id=workspace, message_ids=[message], now=NIGHT)

    assert left == []
    assert connection.execute("select state, act_at from message").fetchone() == (
        "held",
        NOON + timedelta(hours=20),
    )


def test_a_message_does_not_count_against_itself(
    connection: Connection, workspace: int, minji: int
) -> None:
    """Three are allowed in a week: all three leave, though each sees two others."""
    messages = [
        plan_message(connection, workspace, customer_id=minji, entry_key=f"{n}", state="handed")
        for n in range(3)
    ]

    assert recheck(connection, workspace, *messages) == messages


def test_a_cap_lowered_meanwhile_lets_the_first_go_first(
    connection: Connection, workspace: int, minji: int
) -> None:
    messages = [
        plan_message(connection, workspace, customer_id=minji, entry_key=f"{n}", state="handed")
        for n in range(3)
    ]
    connection.execute("update workspace set cap_messages = 2")

    assert recheck(connection, workspace, *messages) == messages[:2]


def test_only_the_messages_named_are_looked_at(
    connection: Connection, workspace: int, minji: int
) -> None:
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    give_consent(connection, workspace, customer_id=jiwoo)
    hers = plan_message(connection, workspace, customer_id=minji, state="handed")
    other = plan_message(connection, workspace, customer_id=jiwoo, state="handed")
    suppress(connection, workspace, email="jiwoo@shop.example")

    assert recheck(connection, workspace, hers) == [hers]
    assert recheck(connection, workspace, other, hers) == [hers]


@pytest.mark.parametrize("state", ["planned", "held", "skipped", "failed"])
def test_what_is_not_at_the_door_does_not_leave(
    connection: Connection, workspace: int, minji: int, state: str
) -> None:
    message = plan_message(connection, workspace, customer_id=minji, state=state)

    assert recheck(connection, workspace, message) == []


def test_a_withdrawal_waits_for_what_is_passing_the_door(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    message = plan_message(connection, workspace, customer_id=minji, state="handed")
    other = connect(dsn)

    passed = recheck(connection, workspace, message)
    leaving = threading.Thread(target=lambda: take_back(other, workspace, minji))
    leaving.start()
    leaving.join(timeout=0.3)
    waited = leaving.is_alive()
    connection.commit()
    leaving.join()
    other.commit()
    other.close()

    assert (passed, waited) == ([message], True)
    assert recheck(connection, workspace, message) == []


def test_the_door_waits_for_a_withdrawal_that_came_first(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    message = plan_message(connection, workspace, customer_id=minji, state="handed")
    other = connect(dsn)
    passed: list[int] = []

    take_back(connection, workspace, minji)
    leaving = threading.Thread(target=lambda: passed.extend(recheck(other, workspace, message)))
    leaving.start()
    leaving.join(timeout=0.3)
    waited = leaving.is_alive()
    connection.commit()
    leaving.join()
    other.commit()
    other.close()

    assert (passed, waited) == ([], True)
