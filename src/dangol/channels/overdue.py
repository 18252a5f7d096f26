"""What would leave at once if sending began now: after a pause, somebody decides about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, Purpose


class Backlog(StrEnum):
    """What becomes of what is due when sending goes on."""

    SEND = "send"
    DROP_ADVERTISING = "drop-advertising"
    DROP = "drop"


# What is no longer to be sent, by what somebody answers.
DROPPED: Final[Mapping[Backlog, tuple[Purpose, ...]]] = {
    Backlog.SEND: (),
    Backlog.DROP_ADVERTISING: (Purpose.MARKETING,),
    Backlog.DROP: (Purpose.MARKETING, Purpose.INFORMATIONAL),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """Messages of a channel and purpose that are due, and since when the oldest is."""

    channel: Channel
    purpose: Purpose
    waiting: int
    oldest_at: datetime


def count_overdue(
    connection: Connection, *, now: datetime, workspace_id: int | None = None
) -> list[Overdue]:
    """Count what is due, in one workspace or in all."""
    values = {"workspace_id": workspace_id, "now": now}
    with connection.cursor(row_factory=class_row(Overdue)) as cursor:
        return cursor.execute(STATEMENTS["count_overdue"], values).fetchall()


def expire_overdue(connection: Connection, *, purposes: Collection[Purpose], now: datetime) -> int:
    """Let what is due for ``purposes`` be over; return how many. The guard then skips them."""
    values = {"purposes": [purpose.value for purpose in purposes], "now": now}
    return connection.execute(STATEMENTS["expire_overdue"], values).rowcount
