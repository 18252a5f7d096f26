"""Stretches of time that a condition looks at, and their edges at a given moment.

Every stretch holds its beginning and not its end. Calendar stretches and dates are the shop's own:
they begin and end with local days, however long those are when clocks change.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, Literal, assert_never
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

# One hundred years: longer says "ever", which is no window at all.
LONGEST_DAYS: Final = 36_500
Days = Annotated[int, Meta(ge=1, le=LONGEST_DAYS)]
Hours = Annotated[int, Meta(ge=1, le=24 * LONGEST_DAYS)]
Unit = Literal["day", "week", "month", "quarter", "year"]
MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


class Period(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="kind",
):
    """A stretch of time; ``kind`` tells which."""


class Rolling(Period, frozen=True, tag="rolling"):
    """The last ``days`` times 24 hours, or ``hours``: exactly one of them.

    Holds this moment, and not the one that long ago. With ``ago_days`` it is moved into the past:
    30 days, 30 days ago, are the days before the last 30.
    """

    days: Days | None = None
    hours: Hours | None = None
    ago_days: Annotated[int, Meta(ge=0, le=LONGEST_DAYS)] = 0


class Calendar(Period, frozen=True, tag="calendar"):
    """This day, week (from Monday), month, quarter or year, or the last whole one."""

    unit: Unit
    which: Literal["this", "last"] = "this"


class Since(Period, frozen=True, tag="since"):
    """From the beginning of this day on."""

    date: date


class Between(Period, frozen=True, tag="between"):
    """From the beginning of the first day to the end of the last."""

    start: date
    end: date


Window = Rolling | Calendar | Since | Between


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Moments from ``start`` on and before ``end``, in UTC; an edge that is None is far away.

    A rolling span turns this round, so that it holds this very moment: it holds its end and not
    its start, which ``rolling`` tells. ``clock_start`` and ``clock_end`` are the same edges as
    the shop's clocks show them, without a zone, for dates that were written without one.
    """

    start: datetime | None = None
    end: datetime | None = None
    clock_start: datetime | None = None
    clock_end: datetime | None = None
    rolling: bool = False


EVER: Final = Span()


def span_of(window: Window | None, *, now: datetime, zone: ZoneInfo) -> Span:
    """Return which moments a window holds as of ``now``; None holds all."""
    match window:
        case None:
            return EVER
        case Rolling():
            end = now - timedelta(days=window.ago_days)
            return rolling_span(end - length_of(window), end, zone=zone)
        case Calendar():
            first, after = calendar_days(window, now.astimezone(zone).date())
            return day_span(first, after, zone=zone)
        case Since():
            return day_span(window.date, None, zone=zone)
        case Between():
            return day_span(window.start, window.end + timedelta(days=1), zone=zone)
        case _:
            assert_never(window)


def rolling_span(start: datetime | None, end: datetime | None, *, zone: ZoneInfo) -> Span:
    """Return the moments after ``start`` up to and with ``end``."""
    return Span(
        start=start,
        end=end,
        clock_start=start and clock(start, zone),
        clock_end=end and clock(end, zone),
        rolling=True,
    )


def day_span(first: date | None, after: date | None, *, zone: ZoneInfo) -> Span:
    """Return the local days from ``first`` on and before ``after``."""
    return Span(
        start=first and day_start(first, zone),
        end=after and day_start(after, zone),
        clock_start=first and datetime.combine(first, time()),
        clock_end=after and datetime.combine(after, time()),
    )


def clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what the shop's clocks show at a moment, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


def length_of(window: Rolling) -> timedelta:
    """Return how long a rolling window is."""
    return timedelta(days=window.days or 0, hours=window.hours or 0)


def calendar_days(window: Calendar, today: date) -> tuple[date, date]:
    """Return a calendar window's first day, and the first day after it."""
    first = first_day(today, window.unit)
    if window.which == "last":
        return first_day(first - timedelta(days=1), window.unit), first
    return first, next_first(first, window.unit)


def first_day(day: date, unit: Unit) -> date:
    """Return the first day of the unit that a day lies in."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_first(first: date, unit: Unit) -> date:
    """Return the first day of the next unit."""
    if unit in MONTHS:
        ahead = first.month - 1 + MONTHS[unit]
        return date(first.year + ahead // 12, ahead % 12 + 1, 1)
    return first + timedelta(days=7 if unit == "week" else 1)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return a local day's first moment, in UTC; where clocks skip midnight, the one after it."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
