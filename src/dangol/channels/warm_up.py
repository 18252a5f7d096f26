"""A new sender's first weeks: a most for each day that grows until nothing is held back.

The day is Korea's. It grows with days on which something was sent, so that a shop that begins late
does not begin with a leap. What is over a day's most is not claimed, and waits as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.content.advertising import KOREAN_ZONE
from dangol.store.connect import Connection
from dangol.store.vocabulary import Purpose

# What advertising may have of a day's most; the rest is kept for information.
MARKETING_SHARE: Final = 0.8
LONGEST_DAYS: Final = 1_000
MOST_A_DAY: Final = 100_000_000
MOST_GROWTH: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """How far a sender's warm-up is."""

    provider: str
    start_at: int
    growth: float
    goal: int
    # The last day on which something was sent, and how many such days were before it.
    day: date | None
    days_before: int
    taken: int

    @property
    def most(self) -> int | None:
        """Messages this day; None once the goal is reached."""
        return next(islice(self._days(), min(self.days_before, LONGEST_DAYS), None), None)

    @property
    def length(self) -> int:
        """Days that have a most, if something is sent on each."""
        return sum(1 for _ in self._days())

    def _days(self) -> Iterator[int]:
        """Yield the most of each day until one would have the goal."""
        most = self.start_at
        for _ in range(LONGEST_DAYS + 1):
            if most >= self.goal:
                return
            yield most
            # Small numbers grow, too.
            most = max(most + 1, int(most * self.growth))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a warm-up stands: its day, how many were before it, and what that day has had."""

    day: date | None
    days_before: int
    taken: int


FIRST_DAY: Final = Progress(day=None, days_before=0, taken=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What may be claimed now, and of which purposes; ``warm_up`` is None where all is open."""

    most: int
    purposes: tuple[Purpose, ...]
    warm_up: WarmUp | None = None


def find_room(connection: Connection, *, provider: str, most: int, now: datetime) -> Room:
    """Return what a vendor's day has room for; lock it for this transaction if it has a most."""
    with connection.cursor(row_factory=class_row(WarmUp)) as cursor:
        found = cursor.execute(STATEMENTS["read_warm_up"], {"provider": provider}).fetchone()
    today = found and on_day(found, now=now)
    if today is None or today.most is None:
        return Room(most=most, purposes=tuple(Purpose))
    for_marketing = int(today.most * MARKETING_SHARE) - today.taken
    if for_marketing > 0:
        return Room(most=min(most, for_marketing), purposes=tuple(Purpose), warm_up=today)
    left = max(0, today.most - today.taken)
    return Room(most=min(most, left), purposes=(Purpose.INFORMATIONAL,), warm_up=today)


def on_day(warm_up: WarmUp, *, now: datetime) -> WarmUp:
    """Return a warm-up as it is today; the next day, which another clock has begun, stands."""
    day = day_of(now)
    if warm_up.day in {day, day + timedelta(days=1)}:
        return warm_up
    return replace(warm_up, day=day, days_before=warm_up.days_before + (warm_up.taken > 0), taken=0)


def day_of(now: datetime) -> date:
    """Return the day in Korea."""
    return now.astimezone(ZoneInfo(KOREAN_ZONE)).date()


def fill_room(connection: Connection, room: Room, *, taken: int) -> None:
    """Keep what a turn claimed."""
    if room.warm_up is not None and taken:
        values = {
            "provider": room.warm_up.provider,
            "day": room.warm_up.day,
            "days_before": room.warm_up.days_before,
            "taken": room.warm_up.taken + taken,
        }
        connection.execute(STATEMENTS["save_warm_up_day"], values)


def give_back(connection: Connection, *, provider: str, number: int, now: datetime) -> None:
    """Give back what was claimed on the day of ``now`` and did not leave."""
    if number:
        values = {"provider": provider, "number": number, "day": day_of(now)}
        connection.execute(STATEMENTS["give_back_day"], values)


def list_warm_ups(connection: Connection, *, now: datetime) -> list[WarmUp]:
    """Return the warm-ups there are, as they are today, by vendor."""
    with connection.cursor(row_factory=class_row(WarmUp)) as cursor:
        found = cursor.execute(STATEMENTS["list_warm_ups"]).fetchall()
    return [on_day(one, now=now) for one in found]


def set_warm_up(
    connection: Connection,
    *,
    provider: str,
    start: int,
    growth: float,
    goal: int,
    at: Progress = FIRST_DAY,
) -> None:
    """Begin a warm-up with today, or go on where it stood.

    Raises:
        ValueError: the numbers make no warm-up; it says which do.
    """
    if not 0 < start < goal <= MOST_A_DAY:
        raise ValueError(
            f"start is {start}, goal is {goal}; write messages a day, the goal "
            f"above the start and at most {MOST_A_DAY}."
        )
    if not 1 < growth <= MOST_GROWTH:
        raise ValueError(f"growth is {growth:g}; write a factor such as 1.5, at most 10.")
    values = {"provider": provider, "start": start, "growth": growth, "goal": goal}
    stood = {"day": at.day, "days_before": at.days_before, "taken": at.taken}
    connection.execute(STATEMENTS["add_provider"], {"name": provider})
    connection.execute(STATEMENTS["set_warm_up"], {**values, **stood})


def end_warm_up(connection: Connection, *, provider: str) -> None:
    """Let a vendor have as many messages a day as there are."""
    connection.execute(STATEMENTS["end_warm_up"], {"provider": provider})
