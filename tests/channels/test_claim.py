"""One message, one worker; what a lost worker held is taken back or owned up to."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, plan_message, template
from tests.channels.sending import (
    LEASE,
    allowed_message,
    claim,
    delivery_states,
    message_state,
)

from dangol.channels.claim import claim_messages, recover_claims, release
from dangol.channels.hand_over import BACK_OFF, begin_calls, record_outcomes
from dangol.providers.vendor import Fate, Outcome
from dangol.store.connect import connect
from dangol.store.vocabulary import Channel

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


def keep_approved(connection, workspace, *, code: str, provider: str, state: str = "approved"):
    """An allowed Alimtalk whose template a vendor keeps."""
    who = customer(connection, workspace, name=code, email=f"{code}@shop.example")
    made = template(
        connection, workspace, name=code, channel="kakao_alimtalk", purpose="informational"
    )
    connection.execute("update template set vendor_code = %s where id = %s", (code, made))
    if provider:
        connection.execute(
            "insert into vendor_template (provider, code, name, body_text, buttons, state, comment,"
            " since) values (%s, %s, %s, '', '[]', %s, '', %s)",
            (provider, code, code, state, NOON),
        )
    return plan_message(connection, workspace, customer_id=who, template_id=made, state="allowed")


def claim_kakao(connection, workspace, provider: str) -> set[int]:
    with connection.transaction():
        claimed = claim_messages(
            connection,
            workspace_id=workspace,
            channels=[Channel.KAKAO_ALIMTALK],
            provider=provider,
            worker="worker-1",
            now=NOON,
            lease=LEASE,
            batch=10,
        )
    return {one.message_id for one in claimed}


def test_a_vendor_claims_what_it_keeps_and_leaves_what_another_keeps(connection, workspace):
    hers = keep_approved(connection, workspace, code="HERS", provider="solapi")
    his = keep_approved(connection, workspace, code="HIS", provider="nhn")

    first, second = (claim_kakao(connection, workspace, name) for name in ("nhn", "solapi"))

    assert (first, second) == ({his}, {hers})


def test_a_vendor_that_has_not_approved_leaves_it_to_the_one_that_has(connection, workspace):
    message = keep_approved(connection, workspace, code="ORDER", provider="solapi")
    connection.execute(
        "insert into vendor_template (provider, code, name, body_text, buttons, state, comment,"
        " since) select 'nhn', code, name, body_text, buttons, 'inspecting', comment, since"
        " from vendor_template"
    )

    first, second = (claim_kakao(connection, workspace, name) for name in ("nhn", "solapi"))

    assert (first, second) == (set(), {message})


@pytest.mark.parametrize(
    ("provider", "state"), [("", ""), ("solapi", "rejected"), ("solapi", "gone")]
)
def test_what_is_approved_nowhere_waits_for_nobody(connection, workspace, provider, state):
    """The guard says at the door why it does not go, and its ladder falls."""
    message = keep_approved(connection, workspace, code="ORDER", provider=provider, state=state)

    assert claim_kakao(connection, workspace, "nhn") == {message}


def test_templates_of_one_journey_go_in_the_order_they_wait(connection, workspace):
    late = keep_approved(connection, workspace, code="LATE", provider="nhn")
    early = keep_approved(connection, workspace, code="EARLY", provider="nhn")
    connection.execute(
        "update message set act_at = act_at - interval '1 hour' where id = %s", (early,)
    )
    connection.execute("update message set journey_id = (select min(journey_id) from message)")

    with connection.transaction():
        (first,) = claim_messages(
            connection,
            workspace_id=workspace,
            channels=[Channel.KAKAO_ALIMTALK],
            provider="nhn",
            worker="worker-1",
            now=NOON,
            lease=LEASE,
            batch=1,
        )

    assert first.message_id == early != late
