"""Hours and days of the week, as the shop's clocks show them."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false, reportOperatorIssue=false

from typing import Final, assert_never, get_args
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from dangol.segments.comparison import ClockFilter, HourFilter, Weekday, WeekdayFilter
from dangol.store.engine import clock_at

WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)


def fits_clock(one: ClockFilter, moment: ir.TimestampValue, *, zone: ZoneInfo) -> ir.BooleanValue:
    """Ask whether clocks showed one of these hours or days at a moment."""
    shown = clock_at(zone.key, moment)
    match one:
        case HourFilter(first=first, last=last):
            hour = shown.hour()
            if first <= last:
                return (hour >= first) & (hour <= last)
            return (hour >= first) | (hour <= last)
        case WeekdayFilter(days=days):
            return shown.day_of_week.index().isin(sorted({WEEKDAYS.index(day) for day in days}))
        case _:
            assert_never(one)
