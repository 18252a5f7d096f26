"""What it means that the clock lets people in, said once more: by schedules and by dates.

Written from docs/guides/journeys.md as ``reference`` is. Every moment is looked for day by day, and
everybody one by one.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

Words = Mapping[str, Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = available_timezones()
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


def begins_by_clock(version: Words) -> bool:
    return "date" in version["entry"] or "schedule" in version["entry"]


def beginning(version: Words) -> tuple[object, ...]:
    """Return what of a version says when it lets people in."""
    entry = version["entry"]
    if "date" in entry:
        return "date", entry["date"], version.get("time_zone", "customer")
    # By the shop's clocks, whatever the others are.
    return "schedule", entry.get("schedule")


@dataclass(kw_only=True)
class Clock:
    """How far a journey has come with letting people in."""

    # Nothing that came before counts: it was not running then, or began otherwise.
    begun: datetime
    # From when on its moments have not been looked at.
    since: datetime
    # The moment for which people are being let in, and the last customer who was looked at.
    moment: datetime | None = None
    last: int = 0

    @classmethod
    def begin(cls, now: datetime) -> "Clock":
        return cls(begun=now, since=now)

    def look(self, version: Words, *, within: timedelta, shop: ZoneInfo, now: datetime) -> bool:
        """Tell whether people are to be let in now."""
        if self.moment is None:
            come = moments(version, shop, self.since, now)
            if come:
                # Of a schedule's missed moments the last counts; a date looks back from the first.
                self.moment = come[-1] if "schedule" in version["entry"] else come[0]
        if "schedule" in version["entry"] and self.moment and self.moment <= now - within:
            self.rest(now)
        return self.moment is not None

    def next_of(self, ids: Sequence[int], *, batch: int) -> list[int]:
        """Return the next customers, in the order of their ids."""
        return sorted(each for each in ids if each > self.last)[:batch]

    def go_on(self, looked_at: Sequence[int], version: Words, *, batch: int, now: datetime) -> None:
        """Note who was looked at; fewer than a batch are the last."""
        if len(looked_at) == batch:
            self.last = looked_at[-1]
        else:
            assert self.moment
            self.rest(self.moment if "schedule" in version["entry"] else now)

    def rest(self, until: datetime) -> None:
        self.since, self.moment, self.last = until + INSTANT, None, 0


def moments(version: Words, shop: ZoneInfo, since: datetime, now: datetime) -> list[datetime]:
    """Return when a journey is to be looked at, from ``since`` to ``now``; of a date the first."""
    entry = version["entry"]
    first, last = since.date() - 2 * DAY, now.date() + 2 * DAY
    if "date" in entry:
        # Every hour comes somewhere on each of these days: no later one is the first look.
        last = min(last, since.date() + 3 * DAY)
    days = [first + DAY * number for number in range((last - first).days + 1)]
    if "schedule" in entry:
        found = [moment for day in days for moment in occasions(entry["schedule"], day, shop)]
    else:
        at = hour_of(entry["date"])
        only = str(shop) if version.get("time_zone") == "shop" else None
        found = [moment for day in days for moment in hours(day, at, only)]
    return sorted(moment for moment in set(found) if since <= moment <= now)


def occasions(schedule: Words, day: date, shop: ZoneInfo) -> Iterator[datetime]:
    """Yield the schedule's moment on a day of the shop."""
    match schedule.get("every"):
        case None:
            wanted, at = schedule["at"].split()
            fits = day.isoformat() == wanted
        case "day":
            fits, at = True, schedule["at"]
        case "week":
            fits, at = WEEKDAYS[day.weekday()] in schedule["on"], schedule["at"]
        case every:
            assert every == "month", every
            last = monthrange(day.year, day.month)[1]
            fits, at = day.day == min(last, schedule["day"]), schedule["at"]
    if fits:
        yield shows(datetime.combine(day, time.fromisoformat(at)), shop)


@cache
def hours(day: date, at: time, only: str | None) -> frozenset[datetime]:
    """Return when it is this time on this day somewhere, or in one zone only."""
    zones = [only] if only else ZONES
    return frozenset(shows(datetime.combine(day, at), ZoneInfo(zone)) for zone in zones)


def hour_of(said: Words) -> time:
    """Return at what time of some day a date's moment comes."""
    return (datetime.combine(date(2027, 1, 1), time.fromisoformat(said["at"])) + shift(said)).time()


def moments_of(
    said: Words, trait: object, zone: ZoneInfo, *, years: range
) -> Iterator[tuple[date, datetime]]:
    """Yield the day that a trait names, and the moment beside it; every year if that is yearly."""
    named = named_day(trait)
    if named is None:
        return
    wall = time.fromisoformat(said["at"])
    for day in in_years(named, years) if said.get("yearly") else [named]:
        yield day, shows(datetime.combine(day, wall) + shift(said), zone)


def in_years(day: date, years: range) -> Iterator[date]:
    """Yield a day's anniversaries; 29 February is the 28th where there is none."""
    for year in years:
        missing = (day.month, day.day) == (2, 29) and not isleap(year)
        yield day.replace(year=year, day=28 if missing else day.day)


def named_day(trait: object) -> date | None:
    """Return the day a trait names; None where it names none, or one that does not exist."""
    if not isinstance(trait, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", trait):
        return None
    try:
        return date.fromisoformat(trait)
    except ValueError:
        return None


def shift(said: Words) -> timedelta:
    """Return how far from its day a date is meant: an hour is one on the clock."""
    return length(said.get("after", "0 days")) - length(said.get("before", "0 days"))


def shows(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when a zone's clocks show this: moved forward where they skip it, else the first."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def length(text: str) -> timedelta:
    """Read "3 days"."""
    number, unit = text.split()
    return timedelta(**{unit.rstrip("s") + "s": int(number)})
