"""Saying no from a message; yes again is in ``ways``.

A refusal commits first. Then its caller waits until no call to that address is under way, and
only then confirms it: what was already being sent has ended, and nothing begins afterwards.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.errors import LockNotAvailable

from dangol.consent.evidence import Witness
from dangol.consent.ledger import Origin, withdraw
from dangol.feedback.bounces import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import (
    Channel,
    ConsentSource,
    ConsentState,
    Purpose,
    ReceiptKind,
)

LONGEST_WAIT_SECONDS: Final = 30.0
PAUSE_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What the person behind a message gets from the shop that sent it."""

    workspace_id: int
    message_id: int
    customer_id: int
    channel: Channel
    # Where the message went; empty before it went anywhere.
    address_key: str
    # None where nobody ever said anything.
    state: ConsentState | None
    since: datetime | None

    @property
    def is_on(self) -> bool:
        """Whether advertising may be sent."""
        return self.state == ConsentState.GRANTED


def read_subscription(
    connection: Connection, *, workspace_id: int, message_id: int
) -> Subscription | None:
    """Return how things stand for the recipient of a message; None if there is no such message."""
    values = {"workspace_id": workspace_id, "message_id": message_id}
    row = connection.execute(STATEMENTS["read_subscription"], values).fetchone()
    if row is None:
        return None
    customer_id, channel, address_key, state, since = row
    return Subscription(
        workspace_id=workspace_id,
        message_id=message_id,
        customer_id=customer_id,
        channel=Channel(channel),
        address_key=address_key,
        state=ConsentState(state) if state else None,
        since=since,
    )


def unsubscribe(
    connection: Connection,
    *,
    workspace_id: int,
    message_id: int,
    source: str,
    now: datetime,
    kind: ConsentSource | None = None,
    witness: Witness | None = None,
    receipt: ReceiptKind = ReceiptKind.UNSUBSCRIBED,
    heard_at: datetime | None = None,
) -> Subscription | None:
    """Withdraw the consent to advertising of whoever holds the address a message went to.

    ``kind`` and ``witness`` say how that came, and from where; ``receipt`` what it is to the
    message, where it was a complaint; ``heard_at`` when the same word was heard before, so that
    who withdrew since does not do so twice. Does not commit: the caller does, then calls
    ``wait_for_calls``, then confirms. Returns None if there is no such message.
    """
    found = read_subscription(connection, workspace_id=workspace_id, message_id=message_id)
    if found is None:
        return None
    values = {"workspace_id": workspace_id, "message_id": message_id, "now": now}
    holders = connection.execute(STATEMENTS["find_holders"], {**values, "heard_at": heard_at})
    for (customer_id,) in holders.fetchall():
        withdraw(
            connection,
            workspace_id=workspace_id,
            customer_id=customer_id,
            channel=found.channel,
            purpose=Purpose.MARKETING,
            source=source,
            now=now,
            origin=origin_of(
                connection,
                workspace_id=workspace_id,
                customer_id=customer_id,
                kind=kind,
                witness=witness,
            ),
        )
    connection.execute(STATEMENTS["insert_word"], {**values, "kind": receipt, "reply": None})
    return found


def origin_of(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    kind: ConsentSource | None,
    witness: Witness | None,
    wording_version: str = "",
) -> Origin:
    """Return what is known of how a customer's word came, sealed under their key."""
    sealed = (
        witness.seal(connection, workspace_id=workspace_id, customer_id=customer_id)
        if witness
        else None
    )
    return Origin(kind=kind, evidence=sealed, wording_version=wording_version)


def wait_for_calls(
    connection: Connection,
    *,
    subscription: Subscription,
    pause: Callable[[float], None] = time.sleep,
    longest_seconds: float = LONGEST_WAIT_SECONDS,
) -> bool:
    """Wait until nothing is being sent to the address or the customer; False if it took too long.

    Call it after the refusal is committed. First everybody leaves the door who may have looked
    before that: what they let pass is then a call under way. Calls that begin later have seen it.
    """
    if not wait_for_door(connection, subscription=subscription, longest_seconds=longest_seconds):
        return False
    values = {
        "workspace_id": subscription.workspace_id,
        "channel": subscription.channel,
        "address_key": subscription.address_key,
        "customer_id": subscription.customer_id,
    }
    for _ in range(max(1, round(longest_seconds / PAUSE_SECONDS))):
        with connection.transaction():
            row = connection.execute(STATEMENTS["count_calls"], values).fetchone()
        if row is None or row[0] == 0:
            return True
        pause(PAUSE_SECONDS)
    return False


def wait_for_door(
    connection: Connection, *, subscription: Subscription, longest_seconds: float
) -> bool:
    """Wait until the door is empty for a moment; False if it took too long."""
    values = {
        "workspace_id": subscription.workspace_id,
        "milliseconds": round(longest_seconds * 1000),
    }
    try:
        with connection.transaction():
            connection.execute(STATEMENTS["limit_wait"], values)
            connection.execute(STATEMENTS["await_door"], values)
    except LockNotAvailable:
        return False
    return True
