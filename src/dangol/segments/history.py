"""Who was in a segment on a day that has passed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dangol.segments.evaluate import Ids
from dangol.segments.ids import read_ids
from dangol.segments.window import day_start
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """A page of members, each with since when they were in; ``next`` is None on the last page."""

    members: tuple[tuple[int, datetime], ...]
    next: int | None
    total: int


def read_page(
    connection: Connection,
    *,
    workspace_id: int,
    segment_id: int,
    after: int = 0,
    at: datetime | None = None,
    size: int = PAGE,
) -> Members:
    """Return who is in a segment now, or was at a moment, behind one id; in the order of ids."""
    values = {
        "workspace_id": workspace_id,
        "segment_id": segment_id,
        "after": after,
        "at": at,
        "batch": size + 1,
    }
    if at is None:
        rows = connection.execute(STATEMENTS["list_members"], values).fetchall()
        total = connection.execute(STATEMENTS["count_members"], values).fetchall()[0][0]
    else:
        rows = connection.execute(STATEMENTS["list_stays"], values).fetchall()
        total = rows[0][2] if rows else 0
    return Members(
        members=tuple((row[0], row[1]) for row in rows[:size]),
        next=rows[size - 1][0] if len(rows) > size else None,
        total=total,
    )


def end_of_day(day: date, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """Return the last moment of a day of the shop; None, which means now, where it is not over."""
    after = day_start(day + timedelta(days=1), zone)
    return after - timedelta(microseconds=1) if after <= now else None


def who_was_in(connection: Connection, *, workspace_id: int, segment_id: int, at: datetime) -> Ids:
    """Return the customers who were in a segment at a moment, in the order of their ids.

    Reaches back as far as ended stays are kept. A customer who has been merged since counts for
    their head; one who was erased is no longer known.
    """
    values = {"workspace_id": workspace_id, "segment_id": segment_id, "at": at}
    return read_ids(connection, "collect_who_was", values)[segment_id]


def expire_stays(connection: Connection, *, before: datetime) -> int:
    """Forget the stays that ended before a moment; return how many."""
    return connection.execute(STATEMENTS["expire_spans"], {"before": before}).rowcount
