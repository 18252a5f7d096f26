"""What the conditions of all segments ask of events, each distinct question once.

A *feature* is one number for every customer: events of a name that fit some filters and lie in a
span of time, counted, summed or compared. Conditions that differ only in what they compare it
with share a feature. What a feature cannot say (a sequence, a value that is a text, what is in the
products of an event) is asked of the lake by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from dangol.segments.compare import Moment
from dangol.segments.comparison import (
    AtLeast,
    AtMost,
    DaysAgo,
    During,
    Equals,
    Exists,
    Filter,
    OneOf,
    Within,
)
from dangol.segments.condition import EventLeaf, EventMeasure
from dangol.segments.window import Span, span_of

Kind = Literal["count", "sum", "average", "min", "max", "distinct", "variety", "first", "last"]
OF_PROPERTY: Final = frozenset({"sum", "average", "min", "max", "distinct", "variety"})
# Of what these are made of, values are only told apart.
TELL_APART: Final = frozenset({"distinct", "variety"})
NUMERIC: Final = (AtLeast, AtMost, Within, Equals, OneOf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Events of one name that fit every filter."""

    event: str
    where: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One number for every customer; ``of`` is the property it is made of, if any."""

    source: Source
    span: Span
    kind: Kind
    of: str | None = None


def feature_of(leaf: EventMeasure, *, at: Moment) -> Feature | None:
    """Return the feature that a leaf compares; None where it has to be asked by itself."""
    kind = kind_of(leaf)
    if kind is None or leaf.products is not None:
        return None
    return Feature(
        source=Source(event=leaf.event, where=leaf.where),
        span=span_of(leaf.during, now=at.now, zone=at.zone),
        kind=kind,
        of=leaf.of if kind in OF_PROPERTY else None,
    )


def kind_of(leaf: EventMeasure) -> Kind | None:
    """Return how a leaf's number is made, where a feature can make it."""
    match leaf.measure:
        case "days_since" if isinstance(leaf.test, NUMERIC):
            return "last"
        case ("first" | "last") as kind if leaf.of is None:
            return kind if isinstance(leaf.test, During | DaysAgo | Exists) else None
        case ("count" | "sum" | "average" | "min" | "max" | "distinct" | "variety") as kind:
            return kind if isinstance(leaf.test, (*NUMERIC, Exists)) else None
        case _:
            return None


def distinct_features(
    leaves: Iterable[EventLeaf], *, at: Moment
) -> dict[Feature, list[EventMeasure]]:
    """Return each distinct feature with the leaves that compare it; some leaves have none."""
    found: dict[Feature, list[EventMeasure]] = {}
    for leaf in leaves:
        if isinstance(leaf, EventMeasure) and (feature := feature_of(leaf, at=at)):
            found.setdefault(feature, []).append(leaf)
    return found
