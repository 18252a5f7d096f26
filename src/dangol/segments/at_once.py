"""Which conditions PostgreSQL can answer at once, without the history; the tick asks only these.

It keeps of what a customer did only the first and last time and the number of each kind of event
(``activity``), so that it cannot look at single events. A segment can, and whether a customer
belongs to one is known at once.
"""

import re
from collections.abc import Iterator
from typing import Final

from dangol.segments.comparison import AtLeast, AtMost, Comparison, Equals, OneOf, Within
from dangol.segments.condition import (
    Condition,
    EventMeasure,
    Lifecycle,
    Rank,
    Sequence,
    Share,
    Trait,
    leaves,
    walk,
)
from dangol.segments.faults import BadCondition, Words
from dangol.segments.lifecycle import in_stage
from dangol.segments.window import Calendar, Rolling, Since, Window

REASONS: Final = {
    "sequence": Words("이벤트의 순서를 봅니다", "it is about the order of events"),
    "share": Words("이벤트를 하나씩 봅니다", "it looks at events one by one"),
    "rank": Words("모든 고객을 서로 비교합니다", "it compares all customers with one another"),
    "products": Words("이벤트에 담긴 상품을 봅니다", "it looks at the products inside events"),
    "filters": Words("이벤트의 속성을 봅니다", "it looks at properties of events"),
    "measure": Words(
        "고객마다 바로 아는 값은 횟수, 금액(revenue) 합계, 처음과 마지막 시각뿐입니다",
        "known at once are only the count, the sum of revenue, the first and the last time",
    ),
    "window": Words(
        "지금까지 이어지는 기간에 일어났는지만 바로 알 수 있습니다",
        "known at once is only whether something happened in a window that lasts until now",
    ),
    "stage": Words(
        "단계 “{stage}”은(는) 지난 주문들의 간격을 봅니다",
        "the stage “{stage}” looks at the time between past orders",
    ),
    "place": Words("“{name}”은(는) 목록의 자리로 쓸 수 없습니다", "“{name}” is no place in a list"),
}
# PostgreSQL would take these for a place in a list, counted from either end; conditions do not.
ODD_PLACE: Final = re.compile(r"\s*[+-]?[0-9]+\s*")
PLACE: Final = re.compile(r"0|[1-9][0-9]*")


def check_at_once(condition: Condition, path: str = "$.where") -> None:
    """Refuse a condition that only the history can answer.

    Raises:
        BadCondition: naming the place in the tree, what it would take, and the remedy.
    """
    for place, node, _ in walk(condition, path):
        for reason in reasons_of(node):
            raise BadCondition(place, "not_at_once", reason=reason)


def reasons_of(node: Condition) -> Iterator[Words]:
    """Yield why one node cannot be answered at once, without its children."""
    match node:
        case Sequence():
            yield REASONS["sequence"]
        case Share():
            yield REASONS["share"]
        case Rank():
            yield REASONS["rank"]
        case EventMeasure():
            yield from of_measure(node)
        case Trait():
            for name in node.trait.split("."):
                if is_odd(name):
                    yield filled("place", name=name)
        case Lifecycle():
            for stage in node.stages:
                parts = leaves(in_stage(stage, node))
                if any(True for part in parts for _ in reasons_of(part)):
                    yield filled("stage", stage=stage)
        case _:
            return


def is_odd(name: str) -> bool:
    """Tell whether PostgreSQL would take a name for a place in a list, and conditions do not."""
    return bool(ODD_PLACE.fullmatch(name)) and not PLACE.fullmatch(name)


def of_measure(leaf: EventMeasure) -> Iterator[Words]:
    """Yield why a measure cannot be answered at once."""
    if leaf.where:
        yield REASONS["filters"]
    if leaf.products is not None:
        yield REASONS["products"]
    if not is_kept(leaf):
        yield REASONS["measure"]
    elif leaf.during is not None and not (lasts_until_now(leaf.during) and asks_the_last(leaf)):
        yield REASONS["window"]


def is_kept(leaf: EventMeasure) -> bool:
    """Tell whether the number or time that a measure is about is kept for every customer."""
    if leaf.measure == "sum":
        return leaf.of == "revenue"
    return leaf.of is None and leaf.measure in {"count", "first", "last", "days_since"}


def asks_the_last(leaf: EventMeasure) -> bool:
    """Tell whether the last event alone decides about a window that lasts until now."""
    if leaf.measure == "count":
        return not counts(leaf.test)
    return leaf.measure in {"last", "days_since"}


def counts(test: Comparison) -> bool:
    """Tell whether a comparison tells numbers above 0 from one another."""
    match test:
        case Equals(value=value):
            return is_above_zero(value)
        case OneOf(values=values):
            return any(is_above_zero(value) for value in values)
        case AtLeast(value=value):
            return value > 1
        case AtMost(value=value):
            return value >= 1
        case Within(most=most):
            return most >= 1
        case _:
            return False


def is_above_zero(value: float | str) -> bool:
    return not isinstance(value, str) and value > 0


def lasts_until_now(window: Window) -> bool:
    """Tell whether a window's end has not come at any moment it is looked at."""
    match window:
        case Rolling():
            return window.ago_days == 0
        case Calendar():
            return window.which == "this"
        case Since():
            return True
        case _:
            return False


def filled(reason: str, **about: str) -> Words:
    """Fill in what a reason is about."""
    return Words(*(words.format(**about) for words in REASONS[reason]))
