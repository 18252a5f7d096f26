"""Takes allowed messages for one worker, and takes back what a lost worker held.

A claim is a row of ``delivery``; its id is the fence. Whoever lost a claim finds its delivery
released, and can do nothing more with it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from dangol.content.advertising import KOREAN_ZONE
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import Channel, Purpose

STATEMENTS = load_statements(__package__ or "dangol.channels")
NONE_KEYED: Final[Mapping[str, timedelta]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this worker alone may hand over, with what is needed to write it."""

    delivery_id: int
    workspace_id: int
    message_id: int
    customer_id: int
    journey_id: int
    template_id: int
    channel: Channel
    purpose: Purpose
    # Sealed; None where the customer has lost the address since the message was allowed.
    address: bytes | None
    # The key it is sealed under, itself sealed; None where it has been destroyed.
    address_key: bytes | None
    traits: Mapping[str, object]
    # Of the event that began it; None where there was none.
    event: Mapping[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What lost workers held: claims that anyone may take again, calls nobody may repeat."""

    released: int
    unknown: int
    # Calls that may be repeated, since the vendor honours our key.
    repeated: int = 0


def claim_messages(
    connection: Connection,
    *,
    workspace_id: int,
    channels: Collection[Channel],
    provider: str,
    worker: str,
    now: datetime,
    lease: timedelta,
    batch: int,
    purposes: Collection[Purpose] = tuple(Purpose),
) -> list[Claimed]:
    """Claim up to ``batch`` allowed messages of these purposes whose time has come.

    Each journey gives in its turn, the longest waiting first, information well before advertising.
    The claim lasts for ``lease``. A workspace whose sending is paused gives none.
    """
    values = {
        "workspace_id": workspace_id,
        "channels": [channel.value for channel in channels],
        "purposes": [purpose.value for purpose in purposes],
        "provider": provider,
        "worker": worker,
        "now": now,
        "lease": lease,
        "batch": batch,
    }
    with connection.cursor(row_factory=class_row(Claimed)) as cursor:
        return cursor.execute(STATEMENTS["claim_messages"], values).fetchall()


def recover_claims(
    connection: Connection,
    *,
    workspace_id: int,
    now: datetime,
    keyed: Mapping[str, timedelta] = NONE_KEYED,
) -> Recovered:
    """Settle what outlived its lease: a claim is released, a call becomes ``unknown``.

    The released message waits to be claimed again; the unknown one is never repeated blindly.
    ``keyed`` names the vendors that honour our key, and for how long: a call to one of them may be
    repeated that long, by nobody else.
    """
    values = {"workspace_id": workspace_id, "now": now}
    keys = {"keyed": [*keyed], "key_lasts": [*keyed.values()]}
    calls = connection.execute(STATEMENTS["lose_calls"], {**values, **keys}).fetchone()
    unknown, repeated = calls or (0, 0)
    lost = connection.execute(STATEMENTS["read_lost_claims"], values).fetchall()
    lost_ids = [row[0] for row in lost]
    released = release(connection, delivery_ids=lost_ids, now=now)
    if released:
        given = {"delivery_ids": lost_ids, "zone": KOREAN_ZONE}
        connection.execute(STATEMENTS["give_back_lost"], given)
    if keyed:
        # Last: what has just been given back may not go again, either.
        connection.execute(STATEMENTS["end_doubts"], values)
    return Recovered(released=released, unknown=unknown, repeated=repeated)


def release(connection: Connection, *, delivery_ids: list[int], now: datetime) -> int:
    """Give claims back unused; return how many were still held.

    A message goes back to ``allowed``, unless the guard has meanwhile held or skipped it.
    """
    if not delivery_ids:
        return 0
    values = {"delivery_ids": delivery_ids, "now": now}
    return len(connection.execute(STATEMENTS["release_claims"], values).fetchall())
