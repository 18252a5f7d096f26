"""Mail that did not arrive: a receipt each, and silence towards addresses that are gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.feedback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A message that will not arrive, and whether its address is to blame."""

    message_id: int
    status: str
    detail: str
    address_gone: bool


def record_bounces(connection: Connection, bounces: Sequence[Bounce], *, now: datetime) -> int:
    """Record each bounce once, however often it is reported; return how many were new.

    An address that is gone is suppressed for everybody and marked as bounced. The message has
    failed, unless it ever arrived.
    """
    if not bounces:
        return 0
    values = {
        "message_ids": [bounce.message_id for bounce in bounces],
        "details": [f"{bounce.status} {bounce.detail}".strip() for bounce in bounces],
        "statuses": [bounce.status for bounce in bounces],
        "now": now,
    }
    recorded = len(connection.execute(STATEMENTS["insert_bounces"], values).fetchall())
    silence_addresses(connection, [one.message_id for one in bounces if one.address_gone], now=now)
    fail_messages(connection, [bounce.message_id for bounce in bounces], now=now)
    return recorded


def silence_addresses(connection: Connection, message_ids: Sequence[int], *, now: datetime) -> None:
    """Let nobody write again to the addresses that these messages went to: they are dead."""
    if message_ids:
        forbid_addresses(connection, message_ids, reason="bounced", now=now)
        values = {"message_ids": list(message_ids), "now": now}
        connection.execute(STATEMENTS["mark_bounced"], values)


def forbid_addresses(
    connection: Connection, message_ids: Sequence[int], *, reason: str, now: datetime
) -> None:
    """Let nobody write to the addresses that these messages were last handed to."""
    if message_ids:
        values = {"message_ids": list(message_ids), "reason": reason, "now": now}
        connection.execute(STATEMENTS["suppress_tried"], values)


def fail_messages(connection: Connection, message_ids: Sequence[int], *, now: datetime) -> int:
    """Let messages fail that will not arrive; return how many did. What ever arrived does not.

    A call of which nobody knew the end is settled as refused.
    """
    if not message_ids:
        return 0
    values = {"message_ids": list(message_ids), "now": now}
    return len(connection.execute(STATEMENTS["fail_messages"], values).fetchall())
