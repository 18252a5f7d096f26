"""The smaller parts of what a condition says: comparisons, filters, windows, values."""

from collections.abc import Iterable
from datetime import date
from typing import Final, assert_never

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
    Filter,
    Has,
    HourFilter,
    IsFalse,
    IsTrue,
    OneOf,
    ProductFilter,
    PropertyFilter,
    StartsWith,
    Value,
    WeekdayFilter,
    Within,
)
from dangol.segments.faults import Locale
from dangol.segments.window import Between, Calendar, Rolling, Since, Window
from dangol.segments.words import CALENDARS, KOREAN_EVENTS, PHRASES, PROPERTIES, WEEKDAYS


class Voice:
    """Says what conditions are made of, in one language."""

    def __init__(self, locale: Locale) -> None:
        self.locale: Final[Locale] = locale

    def phrase(self, name: str, *parts: object, **named: object) -> str:
        return str(getattr(PHRASES[name], self.locale)).format(*parts, **named)

    def event(self, name: str, where: Iterable[Filter]) -> str:
        """Quote an event, by its Korean name where it is well known, with what it must be like."""
        korean = self.locale == "ko"
        event = self.phrase("quoted", KOREAN_EVENTS.get(name, name) if korean else name)
        said = self.say_filters(where)
        return self.phrase("with", event, said) if said else event

    def say_filters(self, filters: Iterable[Filter]) -> str:
        """Say filters in brackets; nothing where there are none."""
        said = ", ".join(self.say_filter(one) for one in filters)
        return f"({said})" if said else ""

    def say_filter(self, one: Filter) -> str:
        match one:
            case PropertyFilter():
                return self.compare(one.test, self.named(one.property))
            case ProductFilter():
                return self.phrase("product", ", ".join(map(self.say_filter, one.where)))
            case HourFilter():
                return self.phrase("hours", f"{one.first:02}:00", f"{one.last:02}:59")
            case WeekdayFilter():
                days = (str(getattr(WEEKDAYS[day], self.locale)) for day in one.days)
                return self.phrase("weekdays", self.phrase("or_day").join(days))
            case _:
                assert_never(one)

    # Comparisons ---------------------------------------------------------------------------------

    def compare(self, test: Comparison, what: str, *, counts: bool = False, unit: str = "") -> str:
        """Say a comparison; ``counts`` where a number of times or things is compared."""
        match test:
            case Equals():
                name = "exactly" if counts else "equals"
                return self.phrase(name, self.value(test.value), what=what, unit=unit)
            case OneOf():
                name = "some_of" if counts else "one_of"
                return self.phrase(name, self.values(test.values), what=what, unit=unit)
            case AtLeast():
                return self.phrase("at_least", number(test.value), what=what, unit=unit)
            case AtMost():
                return self.phrase("at_most", number(test.value), what=what, unit=unit)
            case Within() if test.least == test.most:
                return self.phrase("exactly", number(test.least), what=what, unit=unit)
            case Within():
                both = number(test.least), number(test.most)
                return self.phrase("within", *both, what=what, unit=unit)
            case Contains() | StartsWith():
                name = "contains" if isinstance(test, Contains) else "starts_with"
                return self.phrase(name, self.value(test.text), what=what)
            case Has():
                name = "has" if len(test.values) == 1 else "has_one_of"
                return self.phrase(name, self.values(test.values), what=what)
            case Exists():
                return self.phrase("exists", what=what)
            case IsTrue():
                return self.phrase("is_true", what=what)
            case IsFalse():
                return self.phrase("is_false", what=what)
            case _:
                return self.compare_date(test, what)

    def compare_date(
        self, test: During | DaysAgo | DateIn | Before | Anniversary, what: str
    ) -> str:
        match test:
            case During():
                return self.phrase("during", self.window(test.window), what=what)
            case DaysAgo():
                return self.say_ago(test, what)
            case DateIn():
                return self.phrase("date_in", self.day_range(test.first, test.last), what=what)
            case Anniversary():
                return self.phrase("anniversary", self.day_range(test.first, test.last), what=what)
            case Before():
                return self.phrase("before", self.date(test.date), what=what)

    def say_ago(self, test: DaysAgo, what: str) -> str:
        if test.at_most is None:
            return self.phrase("ago_least", test.at_least, what=what)
        if test.at_least is None:
            return self.phrase("ago_most", test.at_most, what=what)
        if test.at_least == test.at_most:
            return self.phrase("ago_exactly", test.at_least, what=what)
        return self.phrase("ago_within", test.at_least, test.at_most, what=what)

    def day_range(self, first: int, last: int) -> str:
        if first == last:
            return self.day_away(first)
        return self.phrase("from_to", self.day_away(first), self.day_away(last))

    def day_away(self, days: int) -> str:
        if days == 0:
            return self.phrase("today")
        return self.phrase("ahead", days) if days > 0 else self.phrase("behind", -days)

    # Small words ---------------------------------------------------------------------------------

    def during(self, window: Window | None, said: str) -> str:
        if window is None:
            return said
        return self.phrase("in_window", window=self.window(window), said=said)

    def window(self, window: Window) -> str:
        match window:
            case Rolling():
                length = self.length(days=window.days, hours=window.hours)
                if window.ago_days:
                    return self.phrase("days_ago", length, self.length(days=window.ago_days))
                return self.phrase("days", length)
            case Calendar():
                return str(getattr(CALENDARS[window.which, window.unit], self.locale))
            case Since():
                return self.phrase("since", self.date(window.date))
            case Between():
                return self.phrase("between", self.date(window.start), self.date(window.end))
            case _:
                assert_never(window)

    def length(self, *, days: int | None = None, hours: int | None = None) -> str:
        """Say a length of time; nothing where there is none."""
        if days:
            return self.phrase("day" if days == 1 else "many_days", number(days))
        return self.phrase("hour" if hours == 1 else "many_hours", number(hours)) if hours else ""

    def date(self, day: date) -> str:
        if self.locale == "ko":
            return f"{day.year}년 {day.month}월 {day.day}일"
        return f"{day.day} {day:%B} {day.year}"

    def named(self, name: str) -> str:
        """Call a property by its usual name, or quote it."""
        if name in PROPERTIES:
            return str(getattr(PROPERTIES[name], self.locale))
        return self.phrase("quoted", name)

    def value(self, value: Value) -> str:
        return self.phrase("quoted", value) if isinstance(value, str) else number(value)

    def values(self, values: Iterable[Value]) -> str:
        return ", ".join(self.value(value) for value in values)


def number(value: float) -> str:
    """Write a number with thousands separators, and as many decimals as it has."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"
