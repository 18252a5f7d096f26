"""Whom the clock lets into journeys: schedules by the shop's, dates by the customers'.

``journey_schedule`` says when each is next looked at. A schedule lets in its segment's members, or
everybody, so many a tick in the order of their ids; the moment is part of the entry's key, so that
nobody enters twice for it. A date is looked at whenever its hour comes in some zone, and then lets
in whoever's moment has come during the day before: who changed zones or came in late is not missed,
and the day, part of the key, lets nobody in twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from psycopg.rows import class_row

from dangol.journeys.ask import STATEMENTS, Asker
from dangol.journeys.occasions import (
    NEVER,
    days_meant,
    last_occasion,
    next_look,
    next_occasion,
)
from dangol.store.connect import Connection

LOOK_BACK: Final = timedelta(days=1)
INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A journey that begins by the clock and is to be looked at; ``next_at`` is None at first."""

    journey_id: int
    version_id: int
    next_at: datetime | None
    after_customer: int
    entry_kind: str
    schedule: Mapping[str, object] | None
    entry_at: time | None
    entry_offset: timedelta | None
    entry_yearly: bool
    zone_rule: str
    entry_within: timedelta
    begun_at: datetime
    shop_zone: str

    @property
    def zones(self) -> set[str]:
        """By whose clocks a date is meant."""
        return {self.shop_zone} if self.zone_rule == "shop" else available_timezones()


def admit_by_clock(connection: Connection, asker: Asker, *, batch: int) -> bool:
    """Note whom the clock opens running journeys to; tell whether that was more than a batch."""
    found = read_clock(connection, workspace_id=asker.workspace_id, now=asker.now)
    waiting = [look_at(connection, asker, due, batch=batch) for due in found]
    return any(waiting)


def start_clock(
    connection: Connection, *, journey_id: int, workspace_id: int, now: datetime
) -> None:
    """Let a journey that begins to run, or runs again, begin with its next moment after now.

    What it missed while it was paused, it has missed; whom it was letting in, it lets in.
    """
    connection.execute(STATEMENTS["forget_schedule"], {"journey_id": journey_id})
    plan_clock(connection, journey_id=journey_id, workspace_id=workspace_id, now=now)


def change_clock(
    connection: Connection, *, journey_id: int, version_id: int, workspace_id: int, now: datetime
) -> None:
    """Let a new version go on where the last one was, if its date or schedule says the same.

    What was due still is, and whom it was letting in it lets in. Another beginning counts from now.
    """
    values = {"journey_id": journey_id, "version_id": version_id}
    connection.execute(STATEMENTS["carry_schedule"], values)
    connection.execute(STATEMENTS["forget_others"], values)
    plan_clock(connection, journey_id=journey_id, workspace_id=workspace_id, now=now)


def plan_clock(
    connection: Connection, *, journey_id: int, workspace_id: int, now: datetime
) -> None:
    """Plan the first look of a journey that runs and has none planned."""
    for due in read_clock(connection, workspace_id=workspace_id, now=now):
        if due.journey_id == journey_id and due.next_at is None:
            keep(connection, due, next_at=following(due, since=now))


def read_clock(connection: Connection, *, workspace_id: int, now: datetime) -> list[Due]:
    """Return the running journeys to be looked at now, or not yet planned."""
    values = {"workspace_id": workspace_id, "now": now}
    with connection.cursor(row_factory=class_row(Due)) as cursor:
        return cursor.execute(STATEMENTS["read_clock"], values).fetchall()


def look_at(connection: Connection, asker: Asker, due: Due, *, batch: int) -> bool:
    """Let in the next customers of one journey, or plan its first look."""
    now = asker.now
    if due.next_at is None:
        keep(connection, due, next_at=following(due, since=now))
        return False
    occasion = occasion_of(due, next_at=due.next_at, now=now)
    if occasion <= now - due.entry_within:
        keep(connection, due, next_at=following(due, since=now))
        return False
    customers, last = admit(connection, asker, due, occasion=occasion, batch=batch)
    if customers < batch:
        keep(connection, due, next_at=following(due, since=occasion + INSTANT))
        return False
    keep(connection, due, next_at=occasion if due.schedule else due.next_at, after_customer=last)
    return True


def occasion_of(due: Due, *, next_at: datetime, now: datetime) -> datetime:
    """Return the moment that is looked at: of several of a schedule that were missed, the last."""
    if due.schedule is None:
        return now
    if due.after_customer:
        return next_at
    return last_occasion(due.schedule, zone=ZoneInfo(due.shop_zone), since=next_at, now=now)


def following(due: Due, *, since: datetime) -> datetime:
    """Return when a journey is looked at next, at or after ``since``."""
    if due.schedule is not None:
        return next_occasion(due.schedule, zone=ZoneInfo(due.shop_zone), since=since)
    if due.entry_at is None:
        return NEVER
    assert due.entry_offset is not None  # noqa: S101 - the table says that a date has one
    # Half a day before 10:00 is 22:00: that is when somebody's moment comes.
    hour = (datetime.combine(since, due.entry_at) + due.entry_offset).time()
    return next_look(hour, zones=due.zones, since=since - INSTANT)


def admit(
    connection: Connection, asker: Asker, due: Due, *, occasion: datetime, batch: int
) -> tuple[int, int]:
    """Note the next customers; return how many were looked at, and the last of them."""
    values: dict[str, object] = {
        **asker.values,
        "journey_id": due.journey_id,
        "version_id": due.version_id,
        "after_customer": due.after_customer,
        "batch": batch,
        "occasion": occasion,
        "entry_key": f"schedule:{occasion.isoformat()}",
    }
    if due.schedule is None:
        since = since_when(due, occasion=occasion)
        assert due.entry_offset is not None  # noqa: S101 - the table says that a date has one
        days, years = days_meant(
            since=since, until=asker.now, offset=due.entry_offset, yearly=due.entry_yearly
        )
        values |= {"since": since, "days": days, "years": years}
        statement = "admit_by_date"
    else:
        statement = "admit_members" if due.schedule.get("of") else "admit_everybody"
    row = connection.execute(STATEMENTS[statement], values).fetchone()
    customers, last = row or (0, None)
    return int(customers), int(last or 0)


def since_when(due: Due, *, occasion: datetime) -> datetime:
    """Return after when a customer's moment must lie to count at this look."""
    planned = due.next_at or occasion
    return max(planned - LOOK_BACK, occasion - due.entry_within, due.begun_at - INSTANT)


def keep(connection: Connection, due: Due, *, next_at: datetime, after_customer: int = 0) -> None:
    connection.execute(
        STATEMENTS["keep_schedule"],
        {
            "journey_id": due.journey_id,
            "version_id": due.version_id,
            "next_at": next_at,
            "begun_at": due.begun_at,
            "after_customer": after_customer,
        },
    )
