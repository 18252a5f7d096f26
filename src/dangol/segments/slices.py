"""Which events the passing of time makes count, or count no longer.

A rolling window lets events out at its far edge, a calendar window all of them at once; an event
dated ahead begins to count when its time comes. Between two moments only events in thin slices can
change an answer by themselves: those between where an edge was and where it is now. A slice may be
taken too wide, for its customers are only looked at again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from dangol.segments.comparison import (
    Anniversary,
    AtLeast,
    AtMost,
    Comparison,
    DateIn,
    DaysAgo,
    During,
    Equals,
    Filter,
    HourFilter,
    Number,
    OneOf,
    ProductFilter,
    PropertyFilter,
    WeekdayFilter,
    Within,
)
from dangol.segments.condition import (
    EventLeaf,
    EventMeasure,
    Rank,
    Sequence,
    SequenceStep,
    Share,
)
from dangol.segments.window import (
    LONGEST_DAYS,
    Between,
    Calendar,
    Since,
    Window,
    day_start,
    span_of,
)

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Events of one name from one moment to another, both included."""

    event: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Time that passed: from ``since`` until ``now``, in the shop's zone."""

    since: datetime
    now: datetime
    zone: ZoneInfo


def can_slice(leaf: EventLeaf, passing: Passing) -> bool:
    """Tell whether slices say where time changes an answer.

    They do not if it compares dates inside events with now; with today, they do until midnight.
    Nor do they where one customer's events change another's rank.
    """
    if isinstance(leaf, Rank):
        return False
    tests = [test for test in inner_tests(leaf) if moves_with_time(test)]
    return not tests or (is_one_day(passing) and all(map(moves_at_midnight, tests)))


def is_one_day(passing: Passing) -> bool:
    """Tell whether no midnight passed in the shop."""
    since, now = (moment.astimezone(passing.zone) for moment in (passing.since, passing.now))
    return since.date() == now.date()


def moves_at_midnight(test: Comparison) -> bool:
    """Tell whether nothing but a new day can make a date fit, or fit no longer."""
    match test:
        case During(window=Calendar()) | DateIn() | Anniversary():
            return True
        case _:
            return False


def slices_of(leaf: EventLeaf, passing: Passing) -> list[Slice]:
    """Return where the passing of time may have changed an answer that can be sliced."""
    edges = [(passing.since, passing.now), *window_edges(leaf.during, passing)]
    match leaf:
        case Sequence(steps=steps, then_not=then_not):
            if then_not is not None:
                edges += [behind(limit, passing) for limit in limits_of(then_not)]
            names = {step.event for step in steps}
        case EventMeasure(event=event):
            edges += test_edges(leaf, passing)
            names = {event}
        case Share(event=event) | Rank(event=event):
            names = {event}
    return [
        Slice(event=name, start=min(edge), end=max(edge))
        for name in sorted(names)
        for edge in dict.fromkeys(edges)
        if edge[0] != edge[1]
    ]


def inner_tests(leaf: EventLeaf) -> Iterator[Comparison]:
    """Yield the comparisons of properties; of events' own times they are no part."""
    match leaf:
        case Sequence(steps=steps, then_not=then_not):
            for step in (*steps, *([then_not] if then_not else [])):
                yield from filter_tests(step.where)
        case EventMeasure():
            yield from filter_tests((*leaf.where, *(leaf.products or ())))
            if leaf.of is not None:
                yield leaf.test
        case Share():
            yield from filter_tests((*leaf.where, *(leaf.products or ()), *leaf.fit))
        case Rank():
            yield from filter_tests((*leaf.where, *(leaf.products or ())))


def filter_tests(filters: Iterable[Filter]) -> Iterator[Comparison]:
    for one in filters:
        match one:
            case PropertyFilter(test=test):
                yield test
            case ProductFilter(where=where):
                yield from filter_tests(where)
            case HourFilter() | WeekdayFilter():
                # The hour at which an event happened stays what it was.
                pass


def moves_with_time(test: Comparison) -> bool:
    """Tell whether a date can begin or cease to fit while nothing changes but the time."""
    match test:
        case During(window=window):
            return not isinstance(window, Since | Between)
        case DaysAgo() | DateIn() | Anniversary():
            return True
        case _:
            return False


def window_edges(window: Window | None, passing: Passing) -> list[tuple[datetime, datetime]]:
    """Return from where to where the edges of a window moved."""
    before = span_of(window, now=passing.since, zone=passing.zone)
    after = span_of(window, now=passing.now, zone=passing.zone)
    pairs = ((before.start, after.start), (before.end, after.end))
    return [(was, now) for was, now in pairs if was is not None and now is not None]


def test_edges(leaf: EventMeasure, passing: Passing) -> list[tuple[datetime, datetime]]:
    """Return from where to where a comparison of times has moved."""
    if leaf.measure == "days_since":
        return [behind(DAY * days, passing) for days in day_limits(leaf.test)]
    if leaf.measure not in ("first", "last") or leaf.of is not None:
        return []
    match leaf.test:
        case During(window=window):
            return window_edges(window, passing)
        case DaysAgo():
            return [behind(DAY * days, passing) for days in day_limits(leaf.test)]
        case DateIn(first=first, last=last):
            return [local_edge(days, passing) for days in (first, last + 1)]
        case _:
            return []


def day_limits(test: Comparison) -> list[int]:
    """Return at how many full days an age begins or ceases to fit."""
    match test:
        case AtLeast(value=value):
            limits = [up(value)]
        case AtMost(value=value):
            limits = [up(value), up(value) + 1]
        case Within(least=least, most=most):
            limits = [up(least), up(most), up(most) + 1]
        case Equals(value=value) if not isinstance(value, str):
            limits = [up(value), up(value) + 1]
        case OneOf(values=values):
            numbers = [up(value) for value in values if not isinstance(value, str)]
            limits = [limit for number in numbers for limit in (number, number + 1)]
        case DaysAgo(at_least=least, at_most=most):
            limits = [least or 0, *([] if most is None else [most + 1])]
        case _:
            limits = []
    return [limit for limit in limits if 0 <= limit <= LONGEST_DAYS]


def up(number: Number) -> int:
    return int(Decimal(str(number)).to_integral_value(ROUND_CEILING))


def limits_of(step: SequenceStep) -> list[timedelta]:
    """Return the time limit of a step, where it has one."""
    length = timedelta(days=step.within_days or 0, hours=step.within_hours or 0)
    return [length] if length else []


def behind(length: timedelta, passing: Passing) -> tuple[datetime, datetime]:
    return passing.since - length, passing.now - length


def local_edge(days: int, passing: Passing) -> tuple[datetime, datetime]:
    """Return where the day so many days away began, and where it begins now."""
    before, after = (
        day_start(moment.astimezone(passing.zone).date() + DAY * days, passing.zone)
        for moment in (passing.since, passing.now)
    )
    return before, after
