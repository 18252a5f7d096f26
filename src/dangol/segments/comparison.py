"""What is asked of one value: of a trait, of an event's property, of a count.

A missing value fits no comparison, and so does a value of another kind: a number is not at least
"10", and the text "10" is not at least 9. Numbers count with four decimals.
"""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from dangol.segments.window import LONGEST_DAYS, Window

MOST_VALUES: Final = 1_000
Number = int | float
Text = Annotated[str, Meta(max_length=8_000)]
Value = Number | Text
# Names of properties from the outside in, with dots between them: "campaign.source".
Path = Annotated[str, Meta(min_length=1, max_length=500)]
# An hour as the shop's clocks show it.
Hour = Annotated[int, Meta(ge=0, le=23)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# Days from today on; negative ones lie behind.
DaysAway = Annotated[int, Meta(ge=-LONGEST_DAYS, le=LONGEST_DAYS)]


class Test(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="kind",
):
    """One comparison; ``kind`` tells which."""


class Exists(Test, frozen=True, tag="exists"):
    """There is a value: neither missing nor null."""


class Equals(Test, frozen=True, tag="equals"):
    """The text or number is this one; capitals count."""

    value: Value


class OneOf(Test, frozen=True, tag="one_of"):
    """The text or number is one of these."""

    values: Annotated[tuple[Value, ...], Meta(min_length=1, max_length=MOST_VALUES)]


class Contains(Test, frozen=True, tag="contains"):
    """The text holds this text; capitals count."""

    text: Annotated[Text, Meta(min_length=1)]


class StartsWith(Test, frozen=True, tag="starts_with"):
    """The text begins with this text; capitals count."""

    text: Annotated[Text, Meta(min_length=1)]


class AtLeast(Test, frozen=True, tag="at_least"):
    """The number is this or above."""

    value: Number


class AtMost(Test, frozen=True, tag="at_most"):
    """The number is this or below."""

    value: Number


class Within(Test, frozen=True, tag="within"):
    """The number lies within these two, or is one of them."""

    least: Number
    most: Number


class IsTrue(Test, frozen=True, tag="is_true"):
    """The value is true."""


class IsFalse(Test, frozen=True, tag="is_false"):
    """The value is false, and not missing."""


class Has(Test, frozen=True, tag="has"):
    """The list has at least one of these."""

    values: Annotated[tuple[Value, ...], Meta(min_length=1, max_length=MOST_VALUES)]


class During(Test, frozen=True, tag="during"):
    """The date lies in this window."""

    window: Window


class DaysAgo(Test, frozen=True, tag="days_ago"):
    """So many full days (of 24 hours) have passed since the date; a date to come never fits."""

    at_least: Annotated[int, Meta(ge=0, le=LONGEST_DAYS)] | None = None
    at_most: Annotated[int, Meta(ge=0, le=LONGEST_DAYS)] | None = None


class DateIn(Test, frozen=True, tag="date_in"):
    """The date, by the shop's calendar, is today or so many days away: 1 is tomorrow."""

    first: DaysAway
    last: DaysAway


class Before(Test, frozen=True, tag="before"):
    """The date lies before the beginning of this day."""

    date: date


class Anniversary(Test, frozen=True, tag="anniversary"):
    """The date's day and month come within these days from today, 0 is today: birthdays.

    Somebody born on 29 February celebrates on 28 February in other years.
    """

    first: Annotated[int, Meta(ge=0, le=364)] = 0
    last: Annotated[int, Meta(ge=0, le=364)] = 0


Comparison = (
    Exists
    | Equals
    | OneOf
    | Contains
    | StartsWith
    | AtLeast
    | AtMost
    | Within
    | IsTrue
    | IsFalse
    | Has
    | During
    | DaysAgo
    | DateIn
    | Before
    | Anniversary
)


class PropertyFilter(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="property",
    rename={"test": "is"},
):
    """A property of the event, or of one product, fits a comparison."""

    property: Path
    test: Comparison


class ProductFilter(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="any_product",
):
    """One of the event's ``products`` fits all of these at once."""

    where: Annotated[tuple[PropertyFilter, ...], Meta(min_length=1, max_length=20)]


class HourFilter(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="hour"
):
    """The event happened in one of these hours of the day, by the shop's clocks.

    Both hours are included: 18 to 21 ends a moment before 22:00. From 22 to 5 is a night.
    """

    first: Hour
    last: Hour


class WeekdayFilter(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="weekday"
):
    """The event happened on one of these days of the week, by the shop's calendar."""

    days: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]


ClockFilter = HourFilter | WeekdayFilter
Filter = PropertyFilter | ProductFilter | ClockFilter
