"""What a segment asks of a customer: a typed tree, stored as versioned JSON.

::

    {"version": 1, "where": {"kind": "all", "of": [
        {"kind": "event_count", "event": "Order Completed", "at_least": 2},
        {"kind": "not_since", "event": "Order Completed", "days": 90}
    ]}}

A window of n days is rolling: it reaches from ``now`` back to, but not including, the moment n
times 24 hours ago. A tree is frozen and can be compared and hashed.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Final, Literal, assert_never

import msgspec
from msgspec import Meta, Struct, field

VERSION: Final = 1
DEEPEST: Final = 20
MOST_CONDITIONS: Final = 200
# What numeric(18, 4) ends at.
HIGHEST: Final = Decimal(10) ** 14
# One hundred years: longer says "ever", which is no window at all.
Days = Annotated[int, Meta(ge=1, le=36_500)]
EventName = Annotated[str, Meta(min_length=1, max_length=200)]
KINDS: Final = "all, any, none, event_count, event_revenue, not_since"
PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)


class BadCondition(ValueError):  # noqa: N818 - it is the condition that is bad
    """A condition cannot be used; ``path`` names the place, ``message`` what to change."""

    def __init__(self, path: str, message: str) -> None:
        """Say where, as a JSON path from ``$``, and what to change."""
        super().__init__(f"{path}: {message}")
        self.path: Final = path
        self.message: Final = message


class Node(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="kind",
):
    """One node of the tree; ``kind`` tells which."""


class AllOf(Node, frozen=True, tag="all"):
    """Every one of these holds."""

    of: Annotated[tuple["Condition", ...], Meta(min_length=1)]


class AnyOf(Node, frozen=True, tag="any"):
    """At least one of these holds."""

    of: Annotated[tuple["Condition", ...], Meta(min_length=1)]


class NoneOf(Node, frozen=True, tag="none"):
    """Not a single one of these holds."""

    of: Annotated[tuple["Condition", ...], Meta(min_length=1)]


class EventCount(Node, frozen=True, tag="event_count"):
    """The event happened this often, ever or within a rolling window; never is 0 times."""

    event: EventName
    at_least: Annotated[int, Meta(ge=1)] | None = None
    at_most: Annotated[int, Meta(ge=0)] | None = None
    within_days: Days | None = None


class EventRevenue(Node, frozen=True, tag="event_revenue"):
    """The event's revenue sums up to this, in the shop's currency; no revenue is 0."""

    event: EventName
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    within_days: Days | None = None


class NotSince(Node, frozen=True, tag="not_since"):
    """The event happened once or more, but not within the last ``days``."""

    event: EventName
    days: Days


Leaf = EventCount | EventRevenue | NotSince
Branch = AllOf | AnyOf | NoneOf
Condition = Branch | Leaf


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a condition is stored."""

    version: Literal[1] = field(default=VERSION)
    where: Condition


def write_condition(condition: Condition) -> bytes:
    """Return the JSON that ``parse_condition`` reads."""
    return msgspec.json.encode(Envelope(where=condition))


def parse_condition(text: bytes | str) -> Condition:
    """Read a stored or submitted condition.

    Raises:
        BadCondition: naming the place in the tree and the remedy.
    """
    try:
        condition = msgspec.json.decode(text, type=Envelope).where
    except msgspec.ValidationError as fault:
        raise explain(str(fault)) from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadCondition("$", f"This is not JSON ({fault}). Send one JSON object.") from fault
    except RecursionError as fault:
        raise BadCondition("$", f"Nest conditions at most {DEEPEST} deep.") from fault
    check_condition(condition)
    return condition


def explain(fault: str) -> BadCondition:
    """Turn the decoder's complaint into a place and a remedy."""
    found = PLACE.match(fault)
    what, path = (found["what"], found["path"]) if found else (fault, None)
    if path and path.endswith(".kind"):
        what = f"{what}. Use one of {KINDS}"
    if path == "$.version":
        what = f"{what}. This Dangol writes and reads version {VERSION}"
    return BadCondition(path or "$", f"{what}.")


def check_condition(condition: Condition) -> None:
    """Refuse what the types allow but nobody can mean.

    Raises:
        BadCondition: naming the place in the tree and the remedy.
    """
    for count, (path, node, depth) in enumerate(walk(condition), start=1):
        if depth > DEEPEST:
            raise BadCondition(path, f"Nest conditions at most {DEEPEST} deep.")
        if count > MOST_CONDITIONS:
            raise BadCondition(path, f"Use at most {MOST_CONDITIONS} conditions in one segment.")
        if isinstance(node, EventCount | EventRevenue):
            check_bounds(node, path=path)


def check_bounds(node: EventCount | EventRevenue, *, path: str) -> None:
    """Refuse a comparison without a bound, or one that nothing can satisfy.

    Raises:
        BadCondition: naming the place in the tree and the remedy.
    """
    least, most = node.at_least, node.at_most
    if least is None and most is None:
        raise BadCondition(path, "Give at_least, at_most or both.")
    if any(bound is not None and not is_plain(Decimal(bound)) for bound in (least, most)):
        raise BadCondition(path, "Write at_least and at_most as plain numbers of up to 14 digits.")
    if least is not None and most is not None and least > most:
        raise BadCondition(
            path, f"at_least ({least}) is above at_most ({most}): nobody fits. Swap them."
        )


def is_plain(number: Decimal) -> bool:
    """Tell whether the lake's columns could hold a number."""
    return number.is_finite() and abs(number) < HIGHEST


def walk(
    condition: Condition, path: str = "$.where", depth: int = 1
) -> Iterator[tuple[str, Condition, int]]:
    """Yield every node with its place and its depth, parents first."""
    yield path, condition, depth
    if isinstance(condition, AllOf | AnyOf | NoneOf):
        for number, child in enumerate(condition.of):
            yield from walk(child, f"{path}.of[{number}]", depth + 1)


def leaves(condition: Condition) -> list[Leaf]:
    """Return the distinct leaves of a tree, in the order they are written."""
    found = (node for _, node, _ in walk(condition) if not isinstance(node, AllOf | AnyOf | NoneOf))
    return list(dict.fromkeys(found))


def holds_without_events(condition: Condition) -> bool:
    """Tell whether a customer of whom nothing is known would be a member."""
    match condition:
        case AllOf(of=of):
            return all(map(holds_without_events, of))
        case AnyOf(of=of):
            return any(map(holds_without_events, of))
        case NoneOf(of=of):
            return not any(map(holds_without_events, of))
        case EventCount() | EventRevenue():
            return fits(0, condition)
        case NotSince():
            return False
        case _:
            assert_never(condition)


def fits(value: Decimal | int, bounds: EventCount | EventRevenue) -> bool:
    """Tell whether a number lies within a leaf's bounds."""
    above = bounds.at_least is None or value >= bounds.at_least
    below = bounds.at_most is None or value <= bounds.at_most
    return above and below
