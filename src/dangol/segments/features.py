"""What the conditions of all segments ask of events, each distinct question once.

A *feature* is one number for every customer: events of a name that fit some filters and lie in a
span of time, counted, summed or compared. Conditions that differ only in what they compare it
with share a feature. What a feature cannot say (a sequence, a value that is a text) is asked of
the lake by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

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

Kind = Literal["count", "sum", "average", "min", "max", "distinct", "first", "last"]
NUMBERS: Final = frozenset({"revenue", "quantity"})
TEXTS: Final = frozenset({"order_id", "currency", "product_id", "category"})
NUMERIC: Final = (AtLeast, AtMost, Within, Equals, OneOf, Exists)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Events of one name that fit every filter."""

    event: str
    where: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One number for every customer; ``of`` is a column of the lake, none where events count."""

    source: Source
    span: Span
    kind: Kind
    of: str | None = None


def feature_of(leaf: EventLeaf, *, now: datetime, zone: ZoneInfo) -> Feature | None:
    """Return the feature that a leaf compares; None where it has to be asked by itself."""
    if not isinstance(leaf, EventMeasure):
        return None
    kind = kind_of(leaf)
    if kind is None:
        return None
    return Feature(
        source=Source(event=leaf.event, where=leaf.where),
        span=span_of(leaf.during, now=now, zone=zone),
        kind=kind,
        of=leaf.of if kind in ("sum", "average", "min", "max", "distinct") else None,
    )


def kind_of(leaf: EventMeasure) -> Kind | None:
    """Return how a leaf's number is made, where a feature can make it."""
    match leaf.measure:
        case "count" if isinstance(leaf.test, NUMERIC):
            return "count"
        case "days_since" if isinstance(leaf.test, NUMERIC):
            return "last"
        case ("first" | "last") as kind if leaf.of is None:
            return kind if isinstance(leaf.test, During | DaysAgo | Exists) else None
        case ("sum" | "average" | "min" | "max") as kind if leaf.of in NUMBERS:
            return kind if isinstance(leaf.test, NUMERIC) else None
        case "distinct" if leaf.of in TEXTS and isinstance(leaf.test, NUMERIC):
            return "distinct"
        case _:
            return None


def distinct_features(
    leaves: Iterable[EventLeaf], *, now: datetime, zone: ZoneInfo
) -> dict[Feature, list[EventMeasure]]:
    """Return each distinct feature with the leaves that compare it; others are left out."""
    found: dict[Feature, list[EventMeasure]] = {}
    for leaf in leaves:
        feature = feature_of(leaf, now=now, zone=zone)
        if feature is not None and isinstance(leaf, EventMeasure):
            found.setdefault(feature, []).append(leaf)
    return found
