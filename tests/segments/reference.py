"""The same conditions, one customer at a time, as slowly and plainly as they can be said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventCount,
    EventRevenue,
    NoneOf,
    NotSince,
)


@dataclass(frozen=True)
class Happened:
    customer_id: int
    name: str
    occurred_at: datetime
    revenue: Decimal | None


def reference_members(
    condition: Condition, events: Iterable[Happened], *, now: datetime
) -> set[int]:
    past = [event for event in events if event.occurred_at <= now]
    customers = {event.customer_id for event in past}
    return {
        customer
        for customer in customers
        if holds(condition, [e for e in past if e.customer_id == customer], now)
    }


def holds(condition: Condition, events: Sequence[Happened], now: datetime) -> bool:
    if isinstance(condition, AllOf):
        return all(holds(part, events, now) for part in condition.of)
    if isinstance(condition, AnyOf):
        return any(holds(part, events, now) for part in condition.of)
    if isinstance(condition, NoneOf):
        return not any(holds(part, events, now) for part in condition.of)
    named = [event for event in events if event.name == condition.event]
    if isinstance(condition, NotSince):
        return bool(named) and all(now - e.occurred_at >= days(condition.days) for e in named)
    if condition.within_days is not None:
        named = [e for e in named if now - e.occurred_at < days(condition.within_days)]
    if isinstance(condition, EventCount):
        return in_bounds(len(named), condition)
    return in_bounds(sum((e.revenue or Decimal(0) for e in named), Decimal(0)), condition)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def in_bounds(value: Decimal | int, bounds: EventCount | EventRevenue) -> bool:
    if bounds.at_least is not None and value < bounds.at_least:
        return False
    return bounds.at_most is None or value <= bounds.at_most
