"""Calls without an answer to vendors that can be asked what became of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

#: A vendor that has not known a call for so long will never; it stays unknown.
ASKED_FOR: Final = timedelta(days=3)
BATCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A call of which nobody knows the end, with what a vendor may know it by."""

    delivery_id: int
    message_id: int
    channel: Channel
    called_at: datetime
    # Sealed; None where the customer has lost the address since.
    address: bytes | None
    address_key: bytes | None


def take_unanswered(
    connection: Connection,
    *,
    workspace_id: int,
    provider: str,
    visible_after: timedelta,
    now: datetime,
) -> list[Unanswered]:
    """Take the calls about which a vendor can be asked now; each again after ``visible_after``."""
    values = {
        "workspace_id": workspace_id,
        "provider": provider,
        "visible_after": visible_after,
        "at_most": ASKED_FOR,
        "now": now,
        "batch": BATCH,
    }
    with connection.cursor(row_factory=class_row(Unanswered)) as cursor:
        return cursor.execute(STATEMENTS["take_unanswered"], values).fetchall()
