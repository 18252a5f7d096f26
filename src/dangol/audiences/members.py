"""Who comes into an audience and who leaves it: a row stands before its call and goes after it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from dangol.audiences.audience import STATEMENTS, Audience
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import AudienceMemberState, AudienceReason, Channel

SEALED_AS: Final = "audience_member"
# How each channel's addresses are sealed.
KINDS: Final[Mapping[Channel, str]] = {Channel.EMAIL: "email", Channel.SMS: "phone"}
# Writes an address as a network wants it hashed.
Write = Callable[[Channel, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joiner:
    """An address that may come in, sealed under its customer's key."""

    customer_id: int
    channel: Channel
    address_key: str
    sealed: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An address on its way; ``hashed`` is sealed."""

    customer_id: int
    channel: Channel
    hashed: bytes


def let_leave(connection: Connection, audience: Audience, *, now: datetime) -> int:
    """Let leave whoever may not be in an audience any more; return how many were let go."""
    values = {"audience_id": audience.id, "now": now}
    return connection.execute(STATEMENTS["let_leave"], values).rowcount


def let_join(
    connection: Connection,
    audience: Audience,
    *,
    write: Write,
    vault: Vault,
    now: datetime,
    batch: int,
) -> int:
    """Note who comes in next, as many as there is room for; return how many.

    The hash of an address is computed only here, of whoever has agreed to it.
    """
    values = {"audience_id": audience.id, "now": now, "batch": batch}
    with connection.cursor(row_factory=class_row(Joiner)) as cursor:
        joiners = cursor.execute(STATEMENTS["read_joiners"], values).fetchall()
    if not joiners:
        return 0
    shop = audience.workspace_id

    def hash_one(one: Joiner) -> bytes:
        channel = Channel(one.channel)
        address = vault.open_for(shop, KINDS[channel], one.sealed, one.wrapped)
        return vault.seal(shop, SEALED_AS, write(channel, address))

    rows = {
        "workspace_id": shop,
        "audience_id": audience.id,
        "customer_ids": [one.customer_id for one in joiners],
        "channels": [one.channel for one in joiners],
        "address_keys": [one.address_key for one in joiners],
        "hashed": [hash_one(one) for one in joiners],
        "now": now,
    }
    return connection.execute(STATEMENTS["insert_members"], rows).rowcount


def read_members(
    connection: Connection, audience: Audience, *, state: AudienceMemberState, batch: int
) -> list[Member]:
    """Return up to ``batch`` addresses that are on their way in, or out."""
    values = {"audience_id": audience.id, "state": state, "batch": batch}
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(STATEMENTS["read_members"], values).fetchall()


def open_hashes(audience: Audience, members: Sequence[Member], *, vault: Vault) -> list[str]:
    """Return what the network was, or will be, told of members."""
    return [vault.open(audience.workspace_id, SEALED_AS, one.hashed) for one in members]


def note_told(
    connection: Connection,
    audience: Audience,
    members: Sequence[Member],
    *,
    state: AudienceMemberState,
    now: datetime,
) -> None:
    """Note that the network has taken members in, or out."""
    statement = "note_added" if state is AudienceMemberState.ADDING else "delete_gone"
    values = {
        "audience_id": audience.id,
        "customer_ids": [one.customer_id for one in members],
        "channels": [one.channel for one in members],
        "now": now,
    }
    connection.execute(STATEMENTS[statement], values)


def note_synced(
    connection: Connection, audience: Audience, *, fault: str, due_at: datetime, now: datetime
) -> Mapping[AudienceReason, int]:
    """Note how an audience stands now; return how many addresses are left out, by why."""
    values = {"audience_id": audience.id, "now": now}
    rows = connection.execute(STATEMENTS["count_left_out"], values).fetchall()
    left_out = {AudienceReason(reason): int(count) for reason, count in rows}
    connection.execute(
        STATEMENTS["note_synced"],
        {
            **values,
            "left_out": json.dumps(left_out),
            "fault": fault.replace("\0", ""),
            "due_at": due_at,
        },
    )
    return left_out
