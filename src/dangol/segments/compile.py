"""From a condition to the question the lake is asked."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import assert_never

import ibis
import ibis.expr.types as ir

from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventCount,
    EventRevenue,
    Leaf,
    NoneOf,
    NotSince,
    holds_without_events,
    leaves,
)


def members(condition: Condition, event: ir.Table, *, now: datetime) -> ir.Table:
    """Ask for the customers a condition holds for: one column, ``customer_id``.

    ``event`` holds one workspace's events in the lake's columns; what happened after ``now`` is
    not looked at. Nobody without any event is ever a member.
    """
    asked = leaves(condition)
    seen = event.filter(event.customer_id.notnull(), event.occurred_at <= now)
    if not holds_without_events(condition):
        seen = seen.filter(seen.name.isin(sorted({leaf.event for leaf in asked})))
    columns = {leaf: f"leaf_{number}" for number, leaf in enumerate(asked)}
    answers = {column: ask_leaf(leaf, seen, now=now) for leaf, column in columns.items()}
    customer = seen.group_by("customer_id").aggregate(**answers)
    return customer.filter(ask_tree(condition, customer, columns)).select("customer_id")


def ask_leaf(leaf: Leaf, event: ir.Table, *, now: datetime) -> ir.BooleanScalar:
    """Ask one leaf of all the events of a customer."""
    named = event.name == leaf.event
    match leaf:
        case EventCount():
            return within(event.count(where=lately(named, event, leaf.within_days, now)), leaf)
        case EventRevenue():
            summed = event.revenue.sum(where=lately(named, event, leaf.within_days, now))
            return within(ibis.coalesce(summed, Decimal(0)), leaf)
        case NotSince():
            since = lately(named, event, leaf.days, now)
            return (event.count(where=named) > 0) & (event.count(where=since) == 0)
        case _:
            assert_never(leaf)


def lately(
    named: ir.BooleanValue, event: ir.Table, days: int | None, now: datetime
) -> ir.BooleanValue:
    """Narrow events to a rolling window; without one, keep them all."""
    if days is None:
        return named
    return named & (event.occurred_at > now - timedelta(days=days))


def within(value: ir.NumericScalar, bounds: EventCount | EventRevenue) -> ir.BooleanScalar:
    """Ask whether a number lies within a leaf's bounds."""
    above = [] if bounds.at_least is None else [value >= bounds.at_least]
    below = [] if bounds.at_most is None else [value <= bounds.at_most]
    return reduce(and_, above + below)


def ask_tree(
    condition: Condition, customer: ir.Table, columns: Mapping[Leaf, str]
) -> ir.BooleanValue:
    """Combine the answers of the leaves as the tree says."""
    if not isinstance(condition, AllOf | AnyOf | NoneOf):
        return customer[columns[condition]]
    parts = [ask_tree(part, customer, columns) for part in condition.of]
    match condition:
        case AllOf():
            return reduce(and_, parts)
        case AnyOf():
            return reduce(or_, parts)
        case NoneOf():
            return ~reduce(or_, parts)
        case _:
            assert_never(condition)
