"""What a ready-made segment is, and the conditions that several of them share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from dangol.segments.comparison import AtLeast, Equals
from dangol.segments.condition import PURCHASE, AnyOf, Condition, EventMeasure
from dangol.segments.window import Window

Group = Literal["lifecycle", "rfm", "value", "habits", "risk", "cart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMade:
    """A segment that a shop can take over as it is, or change first: all of it is a plain tree.

    ``about`` says in a sentence who is in it and where its numbers come from.
    """

    name: str
    group: Group
    title_ko: str
    title_en: str
    about_ko: str
    about_en: str
    condition: Condition


NONE: Final = Equals(value=0)
# A visit anywhere: on a page, in the app, in a store. Who moved from one to another has not left.
VISITS: Final = (
    "Page Viewed",
    "Screen Viewed",
    "Product Viewed",
    "Application Opened",
    "Store Visited",
    PURCHASE,
)


def bought(*, times: int = 1, during: Window | None = None) -> EventMeasure:
    """They bought so often."""
    return EventMeasure(event=PURCHASE, during=during, test=AtLeast(value=times))


def away(*, days: int) -> EventMeasure:
    """They bought at some time, and not for so many days."""
    return EventMeasure(event=PURCHASE, measure="days_since", test=AtLeast(value=days))


def did_any(events: Iterable[str], *, during: Window) -> AnyOf:
    """They did one of these in a window."""
    return AnyOf(of=tuple(EventMeasure(event=event, during=during) for event in events))
