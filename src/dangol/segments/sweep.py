"""One number for every customer, made of events in memory: the arithmetic of the shared scan.

Numbers are integers of a ten-thousandth, as the lake's money is, so that sums are exact. Times are
microseconds since 1970.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from dangol.segments.compare import Moment
from dangol.segments.comparison import (
    AtLeast,
    AtMost,
    Comparison,
    DaysAgo,
    During,
    Equals,
    Exists,
    Number,
    OneOf,
    Within,
)
from dangol.segments.condition import EventMeasure
from dangol.segments.features import Feature, Kind
from dangol.segments.window import Span, span_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
# A property, and whether its values are only told apart, as numbers from 0.
Value = tuple[str, bool]
ONE: Final = 10_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1) // MICROSECOND
LOWEST: Final = np.iinfo(np.int64).min
HIGHEST: Final = np.iinfo(np.int64).max
# In what parts of one an entropy is added up.
FINE: Final = 1e10
# Beyond what the lake's numbers reach.
LARGEST: Final = 2**62
# Sums stay below what 64 bits hold.
MOST: Final = 2**62


class TooLarge(ArithmeticError):  # noqa: N818 - it is the number that is too large
    """A sum may not fit into 64 bits; the engine has wider numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Events of one source: whose (a position among the customers), when, and what of them."""

    whose: Ints
    at: Ints
    # What there is of each property, and whether there is.
    values: dict[Value, tuple[Ints, Bools]]

    def narrowed(self, kept: Bools) -> "Events":
        """Return those events that ``kept`` says."""
        return Events(
            whose=self.whose[kept],
            at=self.at[kept],
            values={name: (value[kept], has[kept]) for name, (value, has) in self.values.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A number for every customer who has one.

    An average that is no whole number of ten-thousandths lies between ``value`` and ``above``.
    """

    value: Ints
    has: Bools | None = None
    above: Ints | None = None


def measure(feature: Feature, events: Events, *, of: Value | None, customers: int) -> Numbers:
    """Make a feature's number for each of so many customers.

    Raises:
        TooLarge: a sum may not fit.
    """
    inside = narrow(events.at, feature.span)
    whose = events.whose if inside is None else events.whose[inside]
    if of is None:
        at = events.at if inside is None else events.at[inside]
        return fold(feature.kind, whose, at, customers=customers)
    value, has = events.values[of]
    kept = has if inside is None else has & inside
    return fold(feature.kind, events.whose[kept], value[kept], customers=customers)


def narrow(at: Ints, span: Span) -> Bools | None:
    """Return which moments lie in a span; None stands for all."""
    # A rolling span holds its end and not its start, others the other way round.
    shift = 1 if span.rolling else 0
    inside = None
    if span.start is not None:
        inside = at >= microseconds(span.start) + shift
    if span.end is not None:
        before = at < microseconds(span.end) + shift
        inside = before if inside is None else inside & before
    return inside


def microseconds(moment: datetime) -> int:
    """Return a moment as the lake keeps it."""
    return (moment - EPOCH) // MICROSECOND


def fold(kind: Kind, whose: Ints, value: Ints, *, customers: int) -> Numbers:
    """Fold the values of each customer into one."""
    match kind:
        case "count":
            return Numbers(value=count(whose, customers) * ONE)
        case "distinct":
            return Numbers(value=count_distinct(whose, value, customers) * ONE)
        case "variety":
            return vary(whose, value, customers)
        case "sum":
            return Numbers(value=add_up(whose, value, customers))
        case "average":
            return divide(add_up(whose, value, customers), count(whose, customers))
        case "min" | "first":
            least = np.full(customers, HIGHEST, np.int64)
            np.minimum.at(least, whose, value)
            return Numbers(value=least, has=least != HIGHEST)
        case "max" | "last":
            most = np.full(customers, LOWEST, np.int64)
            np.maximum.at(most, whose, value)
            return Numbers(value=most, has=most != LOWEST)
        case _:
            assert_never(kind)


def count(whose: Ints, customers: int) -> Ints:
    return np.bincount(whose, minlength=customers)


def count_distinct(whose: Ints, value: Ints, customers: int) -> Ints:
    """Count the different values of each customer; they are numbered from 0."""
    if not len(value):
        return np.zeros(customers, np.int64)
    width = int(value.max()) + 1
    pairs = np.sort(whose * width + value)
    different = np.flatnonzero(np.diff(pairs, prepend=-1))
    return count(pairs[different] // width, customers)


def vary(whose: Ints, value: Ints, customers: int) -> Numbers:
    """Return the exponential of each customer's entropy, as ``compile.varieties`` does."""
    if not len(value):
        return Numbers(value=np.zeros(customers, np.int64), has=np.zeros(customers, np.bool_))
    width = int(value.max()) + 1
    pairs, numbers = np.unique(whose * width + value, return_counts=True)
    spread = np.zeros(customers, np.int64)
    np.add.at(spread, pairs // width, np.rint(numbers * np.log(numbers) * FINE).astype(np.int64))
    total = count(whose, customers)
    share = np.maximum(total, 1)
    equal = share / np.exp(spread / FINE / share)
    return Numbers(value=np.rint(equal * ONE).astype(np.int64), has=total > 0)


def add_up(whose: Ints, value: Ints, customers: int) -> Ints:
    total = np.zeros(customers, np.int64)
    if not len(value):
        return total
    if max(abs(int(value.min())), abs(int(value.max()))) * len(value) >= MOST:
        raise TooLarge
    np.add.at(total, whose, value)
    return total


def divide(total: Ints, number: Ints) -> Numbers:
    share = np.maximum(number, 1)
    return Numbers(value=total // share, above=-(-total // share), has=number > 0)


def answer(numbers: Numbers, leaf: EventMeasure, *, at: Moment) -> Bools:
    """Tell for each customer whether the number fits a leaf; a missing one fits nothing."""
    if leaf.measure == "days_since":
        age = (microseconds(at.now) - numbers.value) // DAY
        fits = compare(Numbers(value=age * ONE), leaf.test)
    elif leaf.measure in ("first", "last"):
        fits = judge_moments(numbers.value, leaf.test, at=at)
    else:
        fits = compare(numbers, leaf.test)
    return fits if numbers.has is None else fits & numbers.has


def compare(numbers: Numbers, test: Comparison) -> Bools:
    """Compare numbers that are there."""
    value = numbers.value
    above = value if numbers.above is None else numbers.above
    match test:
        case Exists():
            return np.ones(len(value), np.bool_)
        case AtLeast(value=least):
            return value >= bound(least, up=True)
        case AtMost(value=most):
            return above <= bound(most, up=False)
        case Within(least=least, most=most):
            return (value >= bound(least, up=True)) & (above <= bound(most, up=False))
        case Equals(value=wanted):
            return equals_any(value, [wanted]) & (value == above)
        case OneOf(values=wanted):
            return equals_any(value, wanted) & (value == above)
        case _:
            raise AssertionError(f"{test} does not compare numbers.")


def bound(number: Number, *, up: bool) -> int:
    """Return a bound in ten-thousandths; beyond what the lake can hold it is as good as endless."""
    exact = Decimal(str(number)) * ONE
    rounded = int(exact.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
    return max(-LARGEST, min(LARGEST, rounded))


def equals_any(value: Ints, wanted: Iterable[Number | str]) -> Bools:
    """Tell which values are one of these; no text is, and no number of more than four decimals."""
    exact = {
        bound(one, up=True)
        for one in wanted
        if not isinstance(one, str) and bound(one, up=True) == bound(one, up=False)
    }
    return np.isin(value, sorted(exact))


def judge_moments(moments: Ints, test: Comparison, *, at: Moment) -> Bools:
    """Judge the times of events."""
    match test:
        case Exists():
            return np.ones(len(moments), np.bool_)
        case During(window=window):
            inside = narrow(moments, span_of(window, now=at.now, zone=at.zone))
            return np.ones(len(moments), np.bool_) if inside is None else inside
        case DaysAgo(at_least=least, at_most=most):
            age = (microseconds(at.now) - moments) // DAY
            fits = age >= (least or 0)
            return fits if most is None else fits & (age <= most)
        case _:
            raise AssertionError(f"{test} does not judge times.")
