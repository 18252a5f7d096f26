"""One message, one worker; what a lost worker held is taken back or owned up to."""

from datetime import timedelta

import pytest
from tests.build import NOON
from tests.channels.sending import (
    LEASE,
    allowed_message,
    claim,
    delivery_states,
    message_state,
)

from dangol.channels.claim import recover_claims, release
from dangol.channels.hand_over import BACK_OFF, begin_calls, record_outcomes
from dangol.providers.vendor import Fate, Outcome
from dangol.store.connect import connect

LATER = NOON + LEASE + timedelta(seconds=1)


def outcome(delivery_id: int, fate: Fate, *, code: str = "x") -> Outcome:
    return Outcome(delivery_id=delivery_id, fate=fate, code=code, detail="", vendor_id="<v@x>")


def call(connection, workspace, *, now=NOON) -> int:
    """Claim the one allowed message and begin its call."""
    (claimed,) = claim(connection, workspace, now=now)
    with connection.transaction():
        assert begin_calls(
            connection, delivery_ids=[claimed.delivery_id], now=now, lease=LEASE
        ) == [claimed.delivery_id]
    return claimed.delivery_id


def test_a_claimed_message_is_claimed_once(connection, workspace):
    message = allowed_message(connection, workspace)

    first, second = claim(connection, workspace), claim(connection, workspace)

    assert [claimed.message_id for claimed in first] == [message]
    assert second == []
    assert message_state(connection, message) == "handed"


def test_two_workers_never_claim_the_same_message(connection, workspace, dsn):
    messages = {allowed_message(connection, workspace, name=f"customer-{n}") for n in range(6)}
    other = connect(dsn)

    with connection.transaction():
        mine = claim(connection, workspace, batch=3)
        theirs = claim(other, workspace, worker="worker-2")
    other.close()

    claimed = [found.message_id for found in (*mine, *theirs)]
    assert len(claimed) == 6
    assert set(claimed) == messages


def test_a_message_is_not_claimed_before_its_time(connection, workspace):
    allowed_message(connection, workspace)

    assert claim(connection, workspace, now=NOON - timedelta(seconds=1)) == []


def test_a_paused_workspace_gives_nothing_out(connection, workspace):
    allowed_message(connection, workspace)
    connection.execute("update workspace set sending_paused = true")

    assert claim(connection, workspace) == []


def test_a_lost_claim_can_be_claimed_again(connection, workspace):
    message = allowed_message(connection, workspace)
    claim(connection, workspace)

    with connection.transaction():
        recovered = recover_claims(connection, workspace_id=workspace, now=LATER)

    assert (recovered.released, recovered.unknown) == (1, 0)
    assert [found.message_id for found in claim(connection, workspace, now=LATER)] == [message]
    assert delivery_states(connection, message) == ["released", "claimed"]


def test_a_claim_within_its_lease_is_left_alone(connection, workspace):
    message = allowed_message(connection, workspace)
    claim(connection, workspace)

    recover_claims(connection, workspace_id=workspace, now=NOON + LEASE)

    assert delivery_states(connection, message) == ["claimed"]


def test_a_worker_that_lost_its_claim_can_call_no_more(connection, workspace):
    allowed_message(connection, workspace)
    (lost,) = claim(connection, workspace)
    recover_claims(connection, workspace_id=workspace, now=LATER)

    begun = begin_calls(connection, delivery_ids=[lost.delivery_id], now=LATER, lease=LEASE)

    assert begun == []


def test_a_worker_too_late_for_its_own_lease_can_call_no_more(connection, workspace):
    allowed_message(connection, workspace)
    (slow,) = claim(connection, workspace)

    assert begin_calls(connection, delivery_ids=[slow.delivery_id], now=LATER, lease=LEASE) == []


def test_a_lost_call_is_unknown_and_never_claimed_again(connection, workspace):
    message = allowed_message(connection, workspace)
    call(connection, workspace)

    recovered = recover_claims(connection, workspace_id=workspace, now=LATER)

    assert (recovered.released, recovered.unknown) == (0, 1)
    assert delivery_states(connection, message) == ["unknown"]
    assert claim(connection, workspace, now=LATER + timedelta(days=1)) == []


def test_an_answer_that_comes_after_the_lease_settles_the_unknown(connection, workspace):
    message = allowed_message(connection, workspace)
    late = call(connection, workspace)
    recover_claims(connection, workspace_id=workspace, now=LATER)

    record_outcomes(connection, [outcome(late, Fate.ACCEPTED)], now=LATER)

    assert delivery_states(connection, message) == ["accepted"]


def test_what_a_vendor_says_of_the_forgotten_is_not_kept(connection, workspace):
    message = allowed_message(connection, workspace)
    late = call(connection, workspace)
    recover_claims(connection, workspace_id=workspace, now=LATER)
    connection.execute("update customer set state = 'erased'")
    connection.execute("update delivery set detail = null")
    told = Outcome(
        delivery_id=late,
        fate=Fate.REJECTED,
        code="550",
        detail="No such user: minji@shop.example",
        vendor_id="",
    )

    record_outcomes(connection, [told], now=LATER)

    assert delivery_states(connection, message) == ["rejected"]
    kept = connection.execute("select code, detail from delivery").fetchone()
    assert kept == ("550", None)


def test_an_accepted_message_rests(connection, workspace):
    message = allowed_message(connection, workspace)
    delivery = call(connection, workspace)

    recorded = record_outcomes(connection, [outcome(delivery, Fate.ACCEPTED)], now=NOON)

    assert [(row.delivery_id, row.message_id) for row in recorded] == [(delivery, message)]
    assert message_state(connection, message) == "handed"
    assert delivery_states(connection, message) == ["accepted"]


def test_a_settled_delivery_is_not_settled_again(connection, workspace):
    message = allowed_message(connection, workspace)
    delivery = call(connection, workspace)
    record_outcomes(connection, [outcome(delivery, Fate.ACCEPTED)], now=NOON)

    again = record_outcomes(connection, [outcome(delivery, Fate.RETRYABLE)], now=NOON)

    assert again == []
    assert message_state(connection, message) == "handed"


def test_a_rejected_message_has_failed(connection, workspace):
    message = allowed_message(connection, workspace)
    delivery = call(connection, workspace)

    record_outcomes(connection, [outcome(delivery, Fate.REJECTED)], now=NOON)

    assert message_state(connection, message) == "failed"


def test_retries_wait_longer_each_time_until_the_message_expires(connection, workspace):
    lasts = sum(BACK_OFF, start=timedelta()) + timedelta(seconds=1)
    message = allowed_message(connection, workspace, lasts=lasts)
    now = NOON
    waits = []

    while message_state(connection, message) == "allowed":
        delivery = call(connection, workspace, now=now)
        record_outcomes(connection, [outcome(delivery, Fate.RETRYABLE)], now=now)
        row = connection.execute(
            "select retry_at from delivery where id = %s", (delivery,)
        ).fetchone()
        if row[0] is not None:
            waits.append(row[0] - now)
            now = row[0]

    assert waits == BACK_OFF
    assert message_state(connection, message) == "failed"
    assert delivery_states(connection, message) == ["retryable"] * 6


def test_a_lost_claim_does_not_lengthen_the_next_retry(connection, workspace):
    message = allowed_message(connection, workspace)
    (lost,) = claim(connection, workspace)
    release(connection, delivery_ids=[lost.delivery_id], now=NOON)
    delivery = call(connection, workspace)

    record_outcomes(connection, [outcome(delivery, Fate.RETRYABLE)], now=NOON)

    row = connection.execute("select act_at from message where id = %s", (message,)).fetchone()
    assert row == (NOON + BACK_OFF[0],)


@pytest.mark.parametrize("state", ["held", "skipped"])
def test_releasing_a_claim_leaves_the_guards_word_standing(connection, workspace, state):
    message = allowed_message(connection, workspace)
    (claimed,) = claim(connection, workspace)
    connection.execute(
        "update message set state = %(state)s::message_state,"
        " act_at = case %(state)s when 'held' then %(later)s::timestamptz end where id = %(id)s",
        {"state": state, "later": LATER, "id": message},
    )

    release(connection, delivery_ids=[claimed.delivery_id], now=NOON)

    assert message_state(connection, message) == state
    assert delivery_states(connection, message) == ["released"]
