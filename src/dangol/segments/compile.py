"""From a condition about events to the question the lake is asked."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportCallIssue=false, reportUnknownLambdaType=false

import math
from dataclasses import dataclass
from functools import reduce
from typing import Final, assert_never

import ibis
import ibis.expr.types as ir

from dangol.segments.compare import (
    AMOUNTS,
    NAMES,
    NEVER,
    NUMBER,
    Asked,
    Moment,
    ask,
    asked_of_json,
    asked_of_property,
    exact,
    fits_filters,
    lies_in,
)
from dangol.segments.comparison import (
    AtLeast,
    AtMost,
    Comparison,
    DaysAgo,
    Equals,
    Exists,
    OneOf,
    Within,
)
from dangol.segments.condition import EventMeasure, Rank, Share
from dangol.segments.products import products_of
from dangol.segments.window import LONGEST_DAYS, span_of
from dangol.store.engine import property_at

# What is 0 where nothing happened; the other measures are then missing.
COUNTED: Final = frozenset({"count", "sum", "distinct"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whom a leaf holds for: everybody answers ``default`` but those in ``exceptions``.

    ``exceptions`` has one column, ``customer_id``, without repetitions.
    """

    default: bool
    exceptions: ir.Table


def ask_measure(leaf: EventMeasure, event: ir.Table, *, at: Moment) -> Question:
    """Ask one measure of everybody's events; what happened after ``now`` is not looked at."""
    value = values_of(leaf, event, at=at)
    fits = reduce(
        lambda one, other: one | other,
        (ask(test, measured(leaf, value), at=at) for test in tests_of(leaf)),
        NEVER,
    )
    default = leaf.measure in COUNTED and fits_zero(leaf.test)
    exceptions = value.filter(~fits if default else fits).select("customer_id")
    return Question(default=default, exceptions=exceptions)


def values_of(leaf: EventMeasure | Rank, event: ir.Table, *, at: Moment) -> ir.Table:
    """Return what is measured: ``value`` for each customer who has a fitting event or product."""
    chosen = matching(leaf, event, at=at)
    if leaf.measure == "variety":
        return varieties(leaf, chosen)
    return chosen.group_by("customer_id").aggregate(**columns_of(leaf, chosen))


def matching(leaf: EventMeasure | Share | Rank, event: ir.Table, *, at: Moment) -> ir.Table:
    """Return the events, or the products in them, that a measure is made of."""
    span = span_of(leaf.during, now=at.now, zone=at.zone)
    chosen = event.filter(
        event.customer_id.notnull(),
        event.name == leaf.event,
        event.occurred_at <= at.now,
        lies_in(event.occurred_at, span),
        fits_filters(leaf.where, event, at=at),
    )
    return chosen if leaf.products is None else products_of(chosen, leaf.products, at=at)


def columns_of(leaf: EventMeasure | Rank, event: ir.Table) -> dict[str, ir.Scalar]:
    """Return what is computed for each customer."""
    match leaf.measure:
        case "count":
            return {"value": event.count()}
        case "days_since":
            return {"value": event.occurred_at.max()}
        case "sum":
            return {"value": ibis.coalesce(number_of(leaf, event).sum(), 0)}
        case "average":
            number = number_of(leaf, event)
            return {"value": number.sum(), "per": number.count()}
        case "min":
            return {"value": number_of(leaf, event).min()}
        case "max":
            return {"value": number_of(leaf, event).max()}
        case "distinct":
            return {"value": identity_of(leaf, event).nunique()}
        case "first" | "last":
            return {"value": at_the_end(leaf, event)}
        case "variety":
            raise NotImplementedError
        case _:
            assert_never(leaf.measure)


def varieties(leaf: EventMeasure | Rank, event: ir.Table) -> ir.Table:
    """Return the exponential of the entropy of the values, with four decimals.

    Of n events, nᵢ with each value, that is n / exp(Σ nᵢ ln nᵢ / n). The sum is made of decimals,
    which add up to the same in any order.
    """
    told = event.select("customer_id", kind=identity_of(leaf, event))
    known = told.filter(told.kind.notnull())
    kinds = known.group_by("customer_id", "kind").aggregate(number=known.count())
    number = kinds.number.cast("float64")
    whole = kinds.group_by("customer_id").aggregate(
        total=kinds.number.sum(), spread=(number * number.ln()).cast("decimal(28, 10)").sum()
    )
    total = whole.total.cast("float64")
    value = total / (whole.spread.cast("float64") / total).exp()
    return whole.select("customer_id", value=value.cast(NUMBER))


def number_of(leaf: EventMeasure | Rank, event: ir.Table) -> ir.DecimalValue:
    """Return the property as a number, or null."""
    number = asked_of_property(event, leaf.of or "").number
    # A column that is null everywhere: a bare null would have no sum.
    return event.revenue.nullif(event.revenue) if number is None else number


def identity_of(leaf: EventMeasure | Rank, event: ir.Table) -> ir.StringValue:
    """Return the property as a text of its own for each value; null for lists and objects."""
    asked = asked_of_property(event, leaf.of or "")
    shapes = [
        mark + shape.cast("string")
        for mark, shape in (("t", asked.text), ("n", asked.number), ("b", asked.flag))
        if shape is not None
    ]
    return ibis.coalesce(*shapes)


def at_the_end(leaf: EventMeasure | Rank, event: ir.Table) -> ir.Scalar:
    """Return the time of a customer's first or last event, or the property it has there."""
    first = leaf.measure == "first"
    if leaf.of is None:
        return event.occurred_at.min() if first else event.occurred_at.max()
    order = ibis.struct({"occurred_at": event.occurred_at, "event_id": event.event_id})
    exists = asked_of_property(event, leaf.of).exists
    value = kept(leaf.of, event)
    return value.argmin(order, where=exists) if first else value.argmax(order, where=exists)


def kept(path: str, event: ir.Table) -> ir.Value:
    """Return a property as it can be carried along: its column, or its JSON as text."""
    if path in AMOUNTS | NAMES:
        return event[path]
    return property_at(event.properties.cast("json"), path.split(".")).cast("string")


def measured(leaf: EventMeasure, value: ir.Table) -> Asked:
    """Ask of what was computed."""
    there = value["value"].notnull()
    match leaf.measure:
        case "count" | "distinct" | "variety" | "sum" | "min" | "max":
            return Asked(exists=there, number=value["value"])
        case "average":
            return Asked(exists=there, number=value["value"], per=value["per"])
        case "days_since":
            return Asked(exists=there, time=value["value"])
        case "first" | "last":
            return measured_end(leaf.of, value["value"])
        case _:
            assert_never(leaf.measure)


def measured_end(path: str | None, value: ir.Value) -> Asked:
    """Ask of the first or last value or time."""
    there = value.notnull()
    if path is None:
        return Asked(exists=there, time=value)
    if path in AMOUNTS:
        return Asked(exists=there, number=value)
    if path in NAMES:
        return Asked(exists=there, text=value)
    return asked_of_json(value.cast("json"))


def tests_of(leaf: EventMeasure) -> list[Comparison]:
    """Return the comparisons of which one must fit; days since something become dates."""
    if leaf.measure != "days_since":
        return [leaf.test]
    return [passed for passed in days_passed(leaf.test) if passed]


def days_passed(test: Comparison) -> list[DaysAgo | None]:
    """Say a comparison with a number of days as one with the date; None for what nothing fits."""
    match test:
        case Equals(value=value):
            return [days_between(value, value)]
        case OneOf(values=values):
            return [days_between(value, value) for value in values]
        case AtLeast(value=value):
            return [days_between(value, LONGEST_DAYS * 10)]
        case AtMost(value=value):
            return [days_between(0, value)]
        case Within(least=least, most=most):
            return [days_between(least, most)]
        case _:
            return []


def days_between(least: float | str, most: float | str) -> DaysAgo | None:
    """Return from how many to how many whole days ago."""
    if isinstance(least, str) or isinstance(most, str):
        return None
    first, last = max(0, math.ceil(exact(least))), math.floor(exact(most))
    if first > min(last, 10 * LONGEST_DAYS):
        return None
    return DaysAgo(at_least=first, at_most=last if last <= LONGEST_DAYS else None)


def fits_zero(test: Comparison) -> bool:
    """Tell whether 0 fits a comparison."""
    match test:
        case Exists():
            return True
        case Equals(value=value):
            return value == 0
        case OneOf(values=values):
            return 0 in values
        case AtLeast(value=value):
            return value <= 0
        case AtMost(value=value):
            return value >= 0
        case Within(least=least, most=most):
            return least <= 0 <= most
        case _:
            return False
