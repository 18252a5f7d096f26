"""When schedules and dates come round, by the clocks of a zone.

A local time that the clocks jump over is the moment they would have shown it; of one that comes
twice it is the first: as ``local_moment`` says it in the database.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from dangol.journeys.lengths import WEEKDAYS

# When nothing ever comes again.
NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)
# From any day on, each month's day comes within so many.
DAYS_AHEAD: Final = 33
SHORT_FEBRUARY: Final = 28


def next_occasion(schedule: Mapping[str, object], *, zone: ZoneInfo, since: datetime) -> datetime:
    """Return the first moment of a schedule at or after ``since``, in UTC; NEVER if none comes."""
    at = str(schedule["at"])
    if schedule.get("every") is None:
        once = moment_of(datetime.fromisoformat(at), zone=zone)
        return once if once >= since else NEVER
    clock = time.fromisoformat(at)
    today = since.astimezone(zone).date()
    days = (today + DAY * ahead for ahead in range(-1, DAYS_AHEAD))
    moments = (
        moment_of(datetime.combine(day, clock), zone=zone)
        for day in days
        if is_day(schedule, day=day)
    )
    return next((moment for moment in moments if moment >= since), NEVER)


def last_occasion(
    schedule: Mapping[str, object], *, zone: ZoneInfo, since: datetime, now: datetime
) -> datetime:
    """Return the last moment of a schedule up to ``now``, given one of them (``since``)."""
    while True:
        following = next_occasion(schedule, zone=zone, since=since + timedelta(microseconds=1))
        if following > now:
            return since
        since = following


def moment_of(wall: datetime, *, zone: ZoneInfo) -> datetime:
    """Return when the clocks of a zone show this, in UTC."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def is_day(schedule: Mapping[str, object], *, day: date) -> bool:
    """Tell whether a schedule means this day."""
    match schedule["every"]:
        case "week":
            names = cast("Iterable[str]", schedule["on"])
            return day.isoweekday() in {WEEKDAYS[name] for name in names}
        case "month":
            wanted = cast("int", schedule["day"])
            return day.day == min(wanted, monthrange(day.year, day.month)[1])
        case _:
            return True


def next_look(clock: time, *, zones: Iterable[str], since: datetime) -> datetime:
    """Return the first moment after ``since`` at which some zone's clocks show this, in UTC."""
    return min(
        moment
        for zone in map(ZoneInfo, zones)
        for ahead in range(-1, 3)
        if (
            moment := moment_of(
                datetime.combine(since.astimezone(zone).date() + DAY * ahead, clock), zone=zone
            )
        )
        > since
    )


def days_meant(
    *, since: datetime, until: datetime, offset: timedelta, yearly: bool
) -> tuple[list[str], list[int]]:
    """Return the days that a trait may name for a moment between these two, and their years.

    Each like "2027-03-02", or "03-02" of every year. Clocks are at most a day apart from UTC; an
    offset in hours takes another day.
    """
    first = (since - offset).date() - 2 * DAY
    last = (until - offset).date() + 2 * DAY
    days = [first + DAY * number for number in range((last - first).days + 1)]
    years = sorted({day.year for day in days})
    if not yearly:
        return [f"{day:%Y-%m-%d}" for day in days], years
    texts = dict.fromkeys(f"{day:%m-%d}" for day in days)
    if any((day.month, day.day) == (2, SHORT_FEBRUARY) for day in days):
        texts["02-29"] = None
    return list(texts), years
