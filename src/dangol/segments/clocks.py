"""Hours and days of the week, as the shop's clocks show them.

When a zone's clocks were ahead by how much is told from the same tables as the edges of calendar
windows, whichever engine is asked.
"""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false, reportArgumentType=false
# pyright: reportOperatorIssue=false

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, assert_never, get_args
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from dangol.segments.comparison import ClockFilter, HourFilter, Weekday, WeekdayFilter

DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)
# Before, clocks are taken to have shown what they showed then.
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """From when on clocks were ahead of UTC by how much (behind, if negative)."""

    since: datetime
    ahead: timedelta


def fits_clock(
    one: ClockFilter, moment: ir.TimestampValue, *, zone: ZoneInfo, now: datetime
) -> ir.BooleanValue:
    """Ask whether clocks showed one of these hours or days at a moment up to ``now``."""
    match one:
        case HourFilter(first=first, last=last):
            hour = shown(moment, lambda local: local.hour(), zone=zone, now=now)
            if first <= last:
                return (hour >= first) & (hour <= last)
            return (hour >= first) | (hour <= last)
        case WeekdayFilter(days=days):
            day = shown(moment, lambda local: local.day_of_week.index(), zone=zone, now=now)
            return day.isin(sorted({WEEKDAYS.index(name) for name in days}))
        case _:
            assert_never(one)


def shown(
    moment: ir.TimestampValue,
    read: Callable[[ir.TimestampValue], ir.IntegerValue],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> ir.IntegerValue:
    """Read something off the clock at a moment."""
    first, *later = shifts(zone, until_year=now.year)
    # Most events are young: the newest shift is looked at first.
    cases = ((moment >= shift.since, read(moved(moment, shift))) for shift in reversed(later))
    oldest = read(moved(moment, first))
    return ibis.cases(*cases, else_=oldest) if later else oldest


def moved(moment: ir.TimestampValue, shift: Shift) -> ir.TimestampValue:
    return moment + ibis.interval(seconds=shift.ahead // SECOND)


@lru_cache(maxsize=256)
def shifts(zone: ZoneInfo, *, until_year: int) -> tuple[Shift, ...]:
    """Return when clocks were set since 1970 and up to the end of a year, in order."""
    return tuple(find_shifts(zone, end=datetime(until_year + 1, 1, 2, tzinfo=UTC)))


def find_shifts(zone: ZoneInfo, *, end: datetime) -> Iterator[Shift]:
    at, ahead = FIRST, ahead_of(FIRST, zone)
    yield Shift(since=at, ahead=ahead)
    while at < end:
        after = at + DAY
        if ahead_of(after, zone) == ahead:
            at = after
            continue
        before = at
        while after - before > SECOND:
            middle = before + (after - before) // SECOND // 2 * SECOND
            before, after = (middle, after) if ahead_of(middle, zone) == ahead else (before, middle)
        at, ahead = after, ahead_of(after, zone)
        yield Shift(since=at, ahead=ahead)


def ahead_of(moment: datetime, zone: ZoneInfo) -> timedelta:
    """Return by how much a zone's clocks were ahead of UTC at a moment."""
    return moment.astimezone(zone).utcoffset() or timedelta(0)
