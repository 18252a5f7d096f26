"""Comparisons as questions to the engine."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportCallIssue=false, reportUnknownLambdaType=false

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Final, assert_never
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from dangol.segments.clocks import fits_clock
from dangol.segments.comparison import (
    Anniversary,
    AtLeast,
    AtMost,
    Before,
    Comparison,
    Contains,
    DateIn,
    DaysAgo,
    During,
    Equals,
    Exists,
    Filter,
    Has,
    HourFilter,
    IsFalse,
    IsTrue,
    OneOf,
    ProductFilter,
    PropertyFilter,
    StartsWith,
    Value,
    WeekdayFilter,
    Within,
)
from dangol.segments.window import Span, clock, day_span, rolling_span, span_of
from dangol.store.engine import property_at

NEVER: Final = ibis.literal(value=False)
NUMBER: Final = "decimal(18, 4)"
# Properties that have a column of their own.
AMOUNTS: Final = frozenset({"revenue", "quantity"})
NAMES: Final = frozenset({"order_id", "currency", "product_id", "category"})
DAY: Final = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
CLOCK: Final = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
# Dates as they are read; the moment of one without a zone is what the shop's clocks show. Engines
# differ in what is a digit to them, so that each is named.
PLAIN_DATE: Final = f"^{DAY}({CLOCK})?$"
ZONED_DATE: Final = f"^{DAY}{CLOCK}(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """As of when a question is asked, and where the shop's days begin."""

    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One value in every shape it may have; a shape it cannot have is None.

    ``per`` makes of ``number`` a fraction: an average is compared without being rounded.
    """

    exists: ir.BooleanValue
    text: ir.StringValue | None = None
    number: ir.DecimalValue | None = None
    per: ir.IntegerValue | None = None
    flag: ir.BooleanValue | None = None
    items: ir.ArrayValue | None = None
    time: ir.TimestampValue | None = None


def asked_of_json(value: ir.JSONValue) -> Asked:
    """Ask of a value in JSON."""
    written = value.cast("string")
    number = ibis.cases((written.re_search("^-?[0-9]"), written.try_cast(NUMBER)))
    return Asked(
        exists=value.notnull() & (written != "null"),
        text=value.unwrap_as("string"),
        number=number,
        flag=ibis.cases((written == "true", True), (written == "false", False)),
        items=value.unwrap_as("array<json>"),
    )


def asked_of_property(event: ir.Table, path: str) -> Asked:
    """Ask of a property of an event, or of a product, which has no columns of its own."""
    if path in AMOUNTS and path in event.columns:
        return Asked(exists=event[path].notnull(), number=event[path])
    if path in NAMES and path in event.columns:
        return Asked(exists=event[path].notnull(), text=event[path])
    return asked_of_json(property_at(event.properties.cast("json"), path.split(".")))


def ask(test: Comparison, value: Asked, *, at: Moment) -> ir.BooleanValue:
    """Ask whether a value fits a comparison: true or false, never null."""
    return ask_once(test, value, at=at).fill_null(NEVER)


def ask_once(test: Comparison, value: Asked, *, at: Moment) -> ir.BooleanValue:
    match test:
        case Exists():
            return value.exists
        case Equals():
            return is_one_of((test.value,), value)
        case OneOf():
            return is_one_of(test.values, value)
        case Contains():
            return NEVER if value.text is None else value.text.contains(test.text)
        case StartsWith():
            return NEVER if value.text is None else value.text.startswith(test.text)
        case AtLeast() | AtMost() | Within():
            return ask_number(test, value)
        case IsTrue():
            return NEVER if value.flag is None else value.flag
        case IsFalse():
            return NEVER if value.flag is None else ~value.flag
        case Has():
            return has_one_of(test.values, value)
        case Anniversary():
            return ask_birthday(test, value, at=at)
        case During() | DaysAgo() | DateIn() | Before():
            return ask_date(date_span(test, at=at), value)
        case _:
            assert_never(test)


def is_one_of(wanted: Iterable[Value], value: Asked) -> ir.BooleanValue:
    texts = [one for one in wanted if isinstance(one, str)]
    numbers = [one for one in wanted if not isinstance(one, str)]
    fits: list[ir.BooleanValue] = []
    if texts and value.text is not None:
        fits.append(value.text.isin(texts).fill_null(NEVER))
    if numbers and value.number is not None:
        equal = [value.number == scaled(one, value) for one in numbers]
        fits.append(reduce(or_, equal).fill_null(NEVER))
    return reduce(or_, fits, NEVER)


def ask_number(test: AtLeast | AtMost | Within, value: Asked) -> ir.BooleanValue:
    if value.number is None:
        return NEVER
    match test:
        case AtLeast():
            return value.number >= scaled(test.value, value)
        case AtMost():
            return value.number <= scaled(test.value, value)
        case Within():
            least, most = scaled(test.least, value), scaled(test.most, value)
            return (value.number >= least) & (value.number <= most)


def scaled(number: float, value: Asked) -> ir.DecimalValue:
    """Write a number as the engine compares it, multiplied where the value is a fraction."""
    literal = ibis.literal(exact(number), NUMBER)
    return literal if value.per is None else literal * value.per.cast("decimal(18, 0)")


def exact(number: float) -> Decimal:
    """Return a number as it was written."""
    return Decimal(str(number))


def has_one_of(wanted: Iterable[Value], value: Asked) -> ir.BooleanValue:
    if value.items is None:
        return NEVER

    def fits(item: ir.JSONValue) -> ir.BooleanValue:
        return is_one_of(wanted, asked_of_json(item))

    return value.items.filter(fits).length() > 0


def date_span(test: During | DaysAgo | DateIn | Before, *, at: Moment) -> Span:
    """Return which moments a comparison with a date means."""
    match test:
        case During():
            return span_of(test.window, now=at.now, zone=at.zone)
        case DaysAgo():
            ago = test.at_most
            start = None if ago is None else at.now - timedelta(days=ago + 1)
            end = at.now - timedelta(days=test.at_least or 0)
            return rolling_span(start, end, zone=at.zone)
        case DateIn():
            today = at.now.astimezone(at.zone).date()
            first, last = (timedelta(days=days) for days in (test.first, test.last))
            return day_span(today + first, today + last + timedelta(days=1), zone=at.zone)
        case Before():
            return day_span(None, test.date, zone=at.zone)


def ask_date(span: Span, value: Asked) -> ir.BooleanValue:
    """Ask whether a date lies in a span."""
    if value.time is not None:
        return lies_in(value.time, span)
    if value.text is None:
        return NEVER
    plain = value.text.re_search(PLAIN_DATE)
    shown = ibis.cases((plain, value.text.try_cast("timestamp")))
    zoned = value.text.re_search(ZONED_DATE)
    moment = ibis.cases((zoned, value.text.try_cast("timestamp('UTC')")))
    by_clock = Span(start=span.clock_start, end=span.clock_end, rolling=span.rolling)
    return lies_in(shown, by_clock).fill_null(NEVER) | lies_in(moment, span).fill_null(NEVER)


def lies_in(moment: ir.TimestampValue, span: Span) -> ir.BooleanValue:
    """Ask whether a moment lies in a span."""
    edges: list[ir.BooleanValue] = [moment.notnull()]
    if span.start is not None:
        edges.append(moment > span.start if span.rolling else moment >= span.start)
    if span.end is not None:
        edges.append(moment <= span.end if span.rolling else moment < span.end)
    return reduce(and_, edges)


def ask_birthday(test: Anniversary, value: Asked, *, at: Moment) -> ir.BooleanValue:
    if value.text is None:
        return NEVER
    is_date = value.text.re_search(f"{PLAIN_DATE}|{ZONED_DATE}")
    exists = value.text.substr(0, 10).try_cast("date").notnull()
    return is_date & exists & value.text.substr(5, 5).isin(birthdays(test, at=at))


def birthdays(test: Anniversary, *, at: Moment) -> list[str]:
    """Return the days of the year that a comparison means, each like "03-02"."""
    today = clock(at.now, at.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(test.first, test.last + 1)]
    leap = [
        "02-29"
        for day in days
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3  # noqa: PLR2004 - March
    ]
    return [f"{day:%m-%d}" for day in days] + leap


def fits_filters(filters: Iterable[Filter], event: ir.Table, *, at: Moment) -> ir.BooleanValue:
    """Ask whether an event fits every filter."""
    return reduce(
        and_, (fits_filter(one, event, at=at) for one in filters), ibis.literal(value=True)
    )


def fits_filter(one: Filter, event: ir.Table, *, at: Moment) -> ir.BooleanValue:
    match one:
        case PropertyFilter():
            return ask(one.test, asked_of_property(event, one.property), at=at)
        case ProductFilter():
            products = property_at(event.properties.cast("json"), ["products"])
            fitting = products.unwrap_as("array<json>").filter(
                lambda product: fits_product(one, product, at=at)
            )
            return (fitting.length() > 0).fill_null(NEVER)
        case HourFilter() | WeekdayFilter():
            return fits_clock(one, event.occurred_at, zone=at.zone)
        case _:
            assert_never(one)


def fits_product(one: ProductFilter, product: ir.JSONValue, *, at: Moment) -> ir.BooleanValue:
    asked = (
        ask(part.test, asked_of_json(property_at(product, part.property.split("."))), at=at)
        for part in one.where
    )
    return reduce(and_, asked)
