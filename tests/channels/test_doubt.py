"""A call without an answer to a vendor that honours our key, and what is true once it forgets."""

from datetime import datetime, timedelta

import pytest
from tests.app.test_every_channel import always, send, waiting
from tests.build import NOON
from tests.channels.sending import LEASE, delivery_states, message_state
from tests.channels.vendors import KEY_LASTS, Vendor, provider

from dangol.app.clock import STATEMENTS
from dangol.channels.claim import claim_messages, recover_claims
from dangol.channels.hand_over import begin_calls, record_outcomes
from dangol.providers.vendor import Fate, Idempotency, Outcome
from dangol.store.connect import Connection

KEYED = provider(Idempotency.KEYED)
MINUTE = timedelta(minutes=1)
OVER = NOON + KEY_LASTS


def recover(connection: Connection, workspace: int, *, now: datetime) -> None:
    with connection.transaction():
        recover_claims(connection, workspace_id=workspace, now=now, keyed={KEYED.name: KEY_LASTS})


def claim(connection: Connection, workspace: int, *, now: datetime) -> list[int]:
    with connection.transaction():
        claimed = claim_messages(
            connection,
            workspace_id=workspace,
            channels=KEYED.channels,
            provider=KEYED.name,
            worker="worker-1",
            now=now,
            lease=LEASE,
            batch=10,
        )
    return [one.delivery_id for one in claimed]


def begin(connection: Connection, deliveries: list[int], *, now: datetime) -> list[int]:
    with connection.transaction():
        return begin_calls(connection, delivery_ids=deliveries, now=now, lease=LEASE)


def die_calling(connection: Connection, workspace: int, *, now: datetime) -> None:
    """A worker claims, calls and dies; its lease runs out, and the call is in doubt."""
    assert begin(connection, claim(connection, workspace, now=now), now=now)
    recover(connection, workspace, now=now + LEASE + MINUTE)


def unaccounted(connection: Connection, workspace: int) -> list[tuple]:
    place = {"workspace_id": workspace}
    connection.execute(
        "insert into decision (message_id, evaluation, workspace_id, customer_id, stage, verdict,"
        " reason, reasons, decided_at) select id, 1, workspace_id, customer_id, 'planning',"
        " 'allow', 'allowed', '{allowed}', planned_at from message on conflict do nothing"
    )
    return connection.execute(STATEMENTS["find_unaccounted"], place).fetchall()


def test_of_several_calls_in_doubt_the_last_becomes_unknown(connection, workspace):
    message = waiting(connection, workspace)
    die_calling(connection, workspace, now=NOON)
    die_calling(connection, workspace, now=NOON + 20 * MINUTE)

    recover(connection, workspace, now=OVER)

    assert delivery_states(connection, message) == ["retryable", "unknown"]
    assert message_state(connection, message) == "handed"
    assert unaccounted(connection, workspace) == []


def test_a_claim_given_back_after_the_key_is_over_leads_to_no_other_call(connection, workspace):
    message = waiting(connection, workspace)
    die_calling(connection, workspace, now=NOON)
    claim(connection, workspace, now=OVER - MINUTE)

    recover(connection, workspace, now=OVER + LEASE)
    again = send(connection, workspace, Vendor(kind=KEYED.idempotency), now=OVER + LEASE)

    assert again.claimed == 0
    assert delivery_states(connection, message) == ["unknown", "released"]
    assert message_state(connection, message) == "handed"
    assert unaccounted(connection, workspace) == []


def test_a_doubt_is_not_forgotten_while_somebody_holds_the_message(connection, workspace):
    message = waiting(connection, workspace)
    die_calling(connection, workspace, now=NOON)
    claim(connection, workspace, now=OVER - MINUTE)

    recover(connection, workspace, now=OVER)
    recover(connection, workspace, now=OVER + LEASE)

    assert delivery_states(connection, message) == ["unknown", "released"]


@pytest.mark.parametrize(("late", "calls"), [(-MINUTE, 1), (timedelta(0), 0)])
def test_no_call_begins_once_the_vendor_has_forgotten_the_key(connection, workspace, late, calls):
    waiting(connection, workspace)
    die_calling(connection, workspace, now=NOON)
    claimed = claim(connection, workspace, now=OVER - 2 * MINUTE)

    assert len(begin(connection, claimed, now=OVER + late)) == calls


def test_a_firm_no_to_the_second_call_says_nothing_of_the_first(connection, workspace):
    message = waiting(connection, workspace)
    die_calling(connection, workspace, now=NOON)
    busy = Vendor(kind=KEYED.idempotency, answer=always(Fate.RETRYABLE))
    send(connection, workspace, busy, now=NOON + 20 * MINUTE)

    recover(connection, workspace, now=OVER)

    assert delivery_states(connection, message) == ["unknown", "retryable"]
    assert unaccounted(connection, workspace) == []


def test_what_the_guard_stops_meanwhile_may_have_arrived_all_the_same(connection, workspace):
    message = waiting(connection, workspace)
    die_calling(connection, workspace, now=NOON)
    with connection.transaction():
        connection.execute("update message set state = 'skipped', act_at = null")

    recover(connection, workspace, now=OVER)

    assert delivery_states(connection, message) == ["unknown"]
    assert message_state(connection, message) == "skipped"


def test_that_the_last_call_surely_did_not_come_says_nothing_of_those_in_doubt_before(
    connection, workspace
):
    message = waiting(connection, workspace)
    die_calling(connection, workspace, now=NOON)
    again = NOON + 20 * MINUTE
    [second] = begin(connection, claim(connection, workspace, now=again), now=again)
    recover(connection, workspace, now=OVER + LEASE)

    with connection.transaction():
        late = Outcome(delivery_id=second, fate=Fate.RETRYABLE, code="not_begun", detail="")
        recorded = record_outcomes(connection, [late], now=OVER + LEASE, key_lasts=KEY_LASTS)

    assert recorded == []
    assert delivery_states(connection, message) == ["retryable", "unknown"]
    assert message_state(connection, message) == "handed"
    assert claim(connection, workspace, now=OVER + 5 * LEASE) == []


def test_a_call_that_surely_did_not_come_goes_again_where_none_is_in_doubt(connection, workspace):
    message = waiting(connection, workspace)
    [first] = begin(connection, claim(connection, workspace, now=NOON), now=NOON)
    recover(connection, workspace, now=OVER + LEASE)

    with connection.transaction():
        late = Outcome(delivery_id=first, fate=Fate.RETRYABLE, code="not_begun", detail="")
        record_outcomes(connection, [late], now=OVER + LEASE, key_lasts=KEY_LASTS)

    assert delivery_states(connection, message) == ["retryable"]
    assert message_state(connection, message) == "allowed"
