"""What a segment asks of a customer: a typed tree, stored as versioned JSON.

::

    {"version": 1, "where": {"kind": "all", "of": [
        {"kind": "event", "event": "Order Completed", "is": {"kind": "at_least", "value": 2}},
        {"kind": "event", "event": "Order Completed", "measure": "days_since",
         "is": {"kind": "at_least", "value": 90}}
    ]}}

A tree is frozen and can be compared and hashed. docs/reference/segments.md says what each node
means, and how it treats what is missing; ``parse`` reads one, ``wording`` says it aloud.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from dangol.segments.comparison import AtLeast, Comparison, Filter, Path, PropertyFilter
from dangol.segments.window import Days, Hours, Window
from dangol.store.vocabulary import Channel, Purpose

VERSION: Final = 1
DEEPEST: Final = 20
MOST_CONDITIONS: Final = 200
PURCHASE: Final = "Order Completed"

EventName = Annotated[str, Meta(min_length=1, max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Filters = Annotated[tuple[Filter, ...], Meta(max_length=20)]
Products = Annotated[tuple[PropertyFilter, ...], Meta(max_length=20)]
Measure = Literal[
    "count",
    "sum",
    "average",
    "min",
    "max",
    "distinct",
    "variety",
    "first",
    "last",
    "days_since",
]
Ranked = Literal["count", "sum", "min", "max", "distinct", "variety", "days_since"]
Reaction = Literal[
    "sent",
    "delivered",
    "opened",
    "clicked",
    "replied",
    "bounced",
    "complained",
    "unsubscribed",
]
Stage = Literal[
    "new",
    "prospect",
    "one_time",
    "repeat",
    "loyal",
    "won_back",
    "cooling",
    "inactive",
    "lost",
]
# The fold of the consent ledger, and nothing in it.
Will = Literal["granted", "refused", "withdrawn", "unknown"]
# What is known of every customer beside the shop's own traits.
FACTS: Final = ("$first_seen_at", "$last_seen_at", "$locale", "$country", "$time_zone")
ONCE: Final = AtLeast(value=1)


class Node(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    rename={"test": "is"},
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


class EventMeasure(Node, frozen=True, tag="event"):
    """One number or value made of a customer's events of this name fits a comparison.

    Counted are the events that fit every filter of ``where`` and lie in the window ``during``
    (none: ever). ``of`` names the property that is summed, averaged, compared or counted for
    different values. ``first`` and ``last`` are the value of ``of`` at the first or last event
    that has one, or, without ``of``, the time of that event. ``days_since`` are the full days of
    24 hours since the last event. ``variety`` is how many values of ``of`` there would be if all
    came equally often: the exponential of their entropy. Without anything else: it happened.

    With ``products``, not the events are measured but the entries of their ``products`` that fit
    all of these; an empty list stands for all of them.
    """

    event: EventName
    where: Filters = ()
    during: Window | None = None
    products: Products | None = None
    measure: Measure = "count"
    of: Path | None = None
    test: Comparison = ONCE


class Share(Node, frozen=True, kw_only=True, tag="share"):
    """How many per cent of a customer's events of a name fit all these filters (``fit``).

    Of the events that fit ``where`` and lie in the window, or of their ``products``; who has fewer
    than ``minimum`` of them fits no comparison.
    """

    event: EventName
    where: Filters = ()
    during: Window | None = None
    products: Products | None = None
    fit: Annotated[tuple[Filter, ...], Meta(min_length=1, max_length=20)]
    minimum: Annotated[int, Meta(ge=1, le=1_000_000)] = 3
    test: Comparison


class Rank(Node, frozen=True, kw_only=True, tag="rank", rename={"test": "is", "measure": "by"}):
    """Which of ``groups`` equal groups a customer is in by a measure; the last is the highest.

    Among all customers who have the number. A customer of whose fellows a share p has less is in
    group 1 + ⌊p · groups⌋, so that equal numbers share a group. Of ``days_since``, the later
    event is the higher.
    """

    event: EventName
    where: Filters = ()
    during: Window | None = None
    products: Products | None = None
    measure: Ranked = "count"
    of: Path | None = None
    groups: Annotated[int, Meta(ge=2, le=100)] = 5
    test: Comparison


class SequenceStep(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """An event after the step before: within so many hours or days of it, where given."""

    event: EventName
    where: Filters = ()
    within_hours: Hours | None = None
    within_days: Days | None = None


class Sequence(Node, frozen=True, tag="sequence"):
    """These events came one after another, each after the one before it.

    With ``then_not``, that event did not come after the last of them; a time limit on it must
    have passed, so that it can no longer come in time. The events of ``steps`` lie in the window
    ``during``; ``then_not`` is looked for up to now.
    """

    steps: Annotated[tuple[SequenceStep, ...], Meta(min_length=1, max_length=5)]
    then_not: SequenceStep | None = None
    during: Window | None = None


class Trait(Node, frozen=True, tag="trait"):
    """Something known about the customer fits a comparison.

    Beside the shop's own traits there are ``$first_seen_at``, ``$last_seen_at``, ``$locale``,
    ``$country`` and ``$time_zone``.
    """

    trait: Path
    test: Comparison


class Engagement(Node, frozen=True, tag="engagement"):
    """So many of the messages sent to the customer got this reaction within the window.

    A message counts once, at its first reaction; a reaction that was probably a machine's does
    not count.
    """

    reaction: Reaction
    channel: Channel | None = None
    journey: Name | None = None
    during: Window | None = None
    test: Comparison = ONCE


class Consented(Node, frozen=True, tag="consent"):
    """The customer's last word for a channel and purpose; ``unknown`` where they never said."""

    channel: Channel
    purpose: Purpose = Purpose.MARKETING
    state: Will = "granted"


class Reachable(Node, frozen=True, tag="reachable"):
    """The customer has an address for the channel that takes messages and is not suppressed."""

    channel: Channel


class Lifecycle(Node, frozen=True, tag="lifecycle"):
    """The customer is in one of these stages of buying; each is in exactly one.

    Stages and limits: see ``lifecycle.expand``, which says them in other conditions.
    """

    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]
    purchase: EventName = PURCHASE
    new_days: Days = 14
    loyal_orders: Annotated[int, Meta(ge=3, le=1_000)] = 4
    cooling_days: Days = 30
    inactive_days: Days = 90
    lost_days: Days = 365


class InSegment(Node, frozen=True, tag="segment"):
    """The customer belongs to another segment, called by its name."""

    segment: Name


class Sample(Node, frozen=True, tag="sample"):
    """A random share of the customers, in per cent with two decimals: always the same ones.

    Another ``name`` draws other customers, independently; a larger share keeps the smaller's.
    """

    percent: Annotated[float, Meta(gt=0, le=100)]
    name: Name


class OnList(Node, frozen=True, tag="list"):
    """The customer is on an uploaded list, called by its name."""

    list: Name


EventLeaf = EventMeasure | Share | Rank | Sequence
FactLeaf = Trait | Engagement | Consented | Reachable | InSegment | Sample | OnList
# Lifecycle is neither: it stands for a tree of others.
Leaf = EventLeaf | FactLeaf | Lifecycle
Branch = AllOf | AnyOf | NoneOf
Condition = Branch | Leaf


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a condition is stored."""

    version: Literal[1] = field(default=VERSION)
    where: Condition


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
