"""How much waits for the vendors of each channel, and what they did today; nothing is changed."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Allowed messages of a channel and purpose.

    ``later`` of them have a moment of their own, such as the next try; ``oldest_at`` is since when
    the first of the others could have gone, None where there is none.
    """

    channel: Channel
    purpose: Purpose
    waiting: int
    later: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a vendor took and refused since a moment."""

    provider: str
    taken: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastFault:
    """What a vendor said last that kept a message from arriving, in its own words."""

    provider: str
    fault: str | None
    code: str
    detail: str
    settled_at: datetime


def count_lanes(connection: Connection, *, workspace_id: int, now: datetime) -> list[Lane]:
    """Count what a shop's vendors are still to be given, by channel and purpose."""
    values = {"workspace_id": workspace_id, "now": now}
    with connection.cursor(row_factory=class_row(Lane)) as cursor:
        return cursor.execute(STATEMENTS["count_lanes"], values).fetchall()


def count_handed(connection: Connection, *, workspace_id: int, since: datetime) -> list[Handed]:
    """Count what a shop's vendors took and refused since a moment, by vendor."""
    values = {"workspace_id": workspace_id, "since": since}
    with connection.cursor(row_factory=class_row(Handed)) as cursor:
        return cursor.execute(STATEMENTS["count_handed"], values).fetchall()


def list_last_faults(connection: Connection, *, workspace_id: int) -> list[LastFault]:
    """Return the last fault of each vendor among the shop's thousand latest dead letters."""
    values = {"workspace_id": workspace_id}
    with connection.cursor(row_factory=class_row(LastFault)) as cursor:
        return cursor.execute(STATEMENTS["list_last_faults"], values).fetchall()
