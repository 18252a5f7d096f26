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

    An address that is gone is suppressed for everybody and marked as bounced.
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
    if gone := [bounce.message_id for bounce in bounces if bounce.address_gone]:
        values = {"message_ids": gone, "now": now}
        connection.execute(STATEMENTS["suppress_bounced"], values)
        connection.execute(STATEMENTS["mark_bounced"], values)
    return recorded
