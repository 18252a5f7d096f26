"""The stages of buying, said in other conditions.

Of customers who never bought, the *new* were first seen a short while ago, the others are
*prospects*. Of those who bought lately, the *won back* had stayed away before, the others are
*one-time* buyers, *repeat* buyers or *loyal*. Then come *cooling*, *inactive* and *lost*, by how
long ago the last purchase was. Everybody is in exactly one stage.
"""

from typing import Final, assert_never

from dangol.segments.comparison import AtLeast, During, Equals, Within
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventMeasure,
    Lifecycle,
    NoneOf,
    Stage,
    Trait,
)
from dangol.segments.window import LONGEST_DAYS, Rolling

FIRST_SEEN: Final = "$first_seen_at"


def expand(condition: Condition) -> Condition:
    """Return the same condition without any lifecycle in it."""
    match condition:
        case AllOf(of=of):
            return AllOf(of=tuple(map(expand, of)))
        case AnyOf(of=of):
            return AnyOf(of=tuple(map(expand, of)))
        case NoneOf(of=of):
            return NoneOf(of=tuple(map(expand, of)))
        case Lifecycle():
            return AnyOf(of=tuple(in_stage(stage, condition) for stage in condition.stages))
        case _:
            return condition


def in_stage(stage: Stage, limits: Lifecycle) -> Condition:
    """Say one stage in conditions about events and the day a customer was first seen."""
    ever = EventMeasure(event=limits.purchase)
    lately = within(limits, days=limits.cooling_days)
    known = within(limits, days=limits.inactive_days)
    late = within(limits, days=limits.lost_days)
    match stage:
        case "new":
            return AllOf(of=(first_seen(limits), NoneOf(of=(ever,))))
        case "prospect":
            return NoneOf(of=(first_seen(limits), ever))
        case "one_time":
            return AllOf(of=(lately, counted(limits, Equals(value=1))))
        case "repeat":
            orders = counted(limits, Within(least=2, most=limits.loyal_orders - 1))
            return AllOf(of=(lately, orders, NoneOf(of=(won_back(limits),))))
        case "loyal":
            orders = counted(limits, AtLeast(value=limits.loyal_orders))
            return AllOf(of=(lately, orders, NoneOf(of=(won_back(limits),))))
        case "won_back":
            return won_back(limits)
        case "cooling":
            return AllOf(of=(known, NoneOf(of=(lately,))))
        case "inactive":
            return AllOf(of=(late, NoneOf(of=(known,))))
        case "lost":
            return AllOf(of=(ever, NoneOf(of=(late,))))
        case _:
            assert_never(stage)


def won_back(limits: Lifecycle) -> Condition:
    """Bought lately, not for a long time before that, and earlier still."""
    away = within(limits, days=limits.inactive_days, ago_days=limits.cooling_days)
    gone_for = limits.cooling_days + limits.inactive_days
    earlier = within(limits, days=LONGEST_DAYS, ago_days=gone_for)
    return AllOf(of=(within(limits, days=limits.cooling_days), NoneOf(of=(away,)), earlier))


def within(limits: Lifecycle, *, days: int, ago_days: int = 0) -> EventMeasure:
    """They bought in the last days, or in the days before that."""
    return EventMeasure(event=limits.purchase, during=Rolling(days=days, ago_days=ago_days))


def counted(limits: Lifecycle, orders: AtLeast | Equals | Within) -> EventMeasure:
    """They bought so often, ever."""
    return EventMeasure(event=limits.purchase, test=orders)


def first_seen(limits: Lifecycle) -> Trait:
    """They were first seen a short while ago."""
    return Trait(trait=FIRST_SEEN, test=During(window=Rolling(days=limits.new_days)))
