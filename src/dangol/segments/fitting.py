"""A comparison as the values that fit it, in PostgreSQL's words.

Numbers and times that fit are multiranges, so that one operator (``<@``) asks any comparison. A
value of a shape that has no such set fits only where anything does.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, assert_never

from msgspec import Struct

from dangol.segments.compare import Moment, birthdays, date_span, exact
from dangol.segments.comparison import (
    Anniversary,
    AtLeast,
    AtMost,
    Before,
    Comparison,
    Contains,
    DateIn,
    DaysAgo,
    During,
    Equals,
    Exists,
    Has,
    IsFalse,
    IsTrue,
    OneOf,
    StartsWith,
    Value,
    Within,
)
from dangol.segments.window import Span

NONE: Final = "{}"
ALL: Final = "{(,)}"


class Fitting(Struct, frozen=True, kw_only=True):
    """What fits a comparison, for each shape that a value may have."""

    anything: bool = False
    texts: tuple[str, ...] = ()
    part: str | None = None
    beginning: str | None = None
    #: Multiranges of numbers; of moments, in UTC; of what the shop's clocks show, without a zone.
    numbers: str = NONE
    moments: str = NONE
    clocks: str = NONE
    flag: bool | None = None
    #: One of these is in a list.
    item_texts: tuple[str, ...] = ()
    item_numbers: str = NONE
    #: Days of the year, each like "03-02".
    days: tuple[str, ...] = ()


def fitting(test: Comparison, *, at: Moment) -> Fitting:
    """Return the values that fit a comparison as of a moment."""
    match test:
        case Exists():
            return Fitting(anything=True, moments=ALL)
        case Equals():
            return Fitting(texts=texts_of((test.value,)), numbers=points((test.value,)))
        case OneOf():
            return Fitting(texts=texts_of(test.values), numbers=points(test.values))
        case Contains():
            return Fitting(part=test.text)
        case StartsWith():
            return Fitting(beginning=test.text)
        case AtLeast():
            return Fitting(numbers=f"{{[{plain(test.value)},)}}")
        case AtMost():
            return Fitting(numbers=f"{{(,{plain(test.value)}]}}")
        case Within():
            return Fitting(numbers=f"{{[{plain(test.least)},{plain(test.most)}]}}")
        case IsTrue() | IsFalse():
            return Fitting(flag=isinstance(test, IsTrue))
        case Has():
            return Fitting(item_texts=texts_of(test.values), item_numbers=points(test.values))
        case Anniversary():
            return Fitting(days=tuple(birthdays(test, at=at)))
        case During() | DaysAgo() | DateIn() | Before():
            span = date_span(test, at=at)
            return Fitting(moments=moments((span,)), clocks=clocks(span))
        case _:
            assert_never(test)


def texts_of(values: Iterable[Value]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))


def points(values: Iterable[Value]) -> str:
    """Return exactly these numbers as a multirange."""
    numbers = (plain(value) for value in values if not isinstance(value, str))
    return "{" + ",".join(f"[{number},{number}]" for number in numbers) + "}"


def plain(number: float) -> str:
    """Write a number without an exponent."""
    return f"{exact(number):f}"


def moments(spans: Iterable[Span]) -> str:
    """Return the moments of some spans as a multirange."""
    return "{" + ",".join(bounded(span.start, span.end, span) for span in spans) + "}"


def clocks(span: Span) -> str:
    """Return what the shop's clocks show during a span as a multirange."""
    return "{" + bounded(span.clock_start, span.clock_end, span) + "}"


def bounded(start: datetime | None, end: datetime | None, span: Span) -> str:
    """Write a range with the brackets that say which of its edges a span holds."""
    first, last = (f'"{edge.isoformat()}"' if edge else "" for edge in (start, end))
    return f"({first},{last}]" if span.rolling else f"[{first},{last})"
