"""Conditions in words, as a marketer would read them aloud."""

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
    IsFalse,
    IsTrue,
    OneOf,
    PropertyFilter,
    StartsWith,
    Value,
    Within,
)
from dangol.segments.condition import (
    PURCHASE,
    AllOf,
    AnyOf,
    Branch,
    Condition,
    Consented,
    Engagement,
    EventMeasure,
    InSegment,
    Lifecycle,
    NoneOf,
    OnList,
    Reachable,
    Sample,
    Sequence,
    SequenceStep,
    Trait,
)
from dangol.segments.faults import Locale
from dangol.segments.window import Between, Calendar, Rolling, Since, Window
from dangol.segments.words import (
    CALENDARS,
    CHANNELS,
    KOREAN_EVENTS,
    MEASURES,
    PHRASES,
    PROPERTIES,
    PURPOSES,
    REACTIONS,
    STAGES,
    WILLS,
)

BRANCHES: Final[dict[type[Branch], tuple[str, str]]] = {
    AllOf: ("all", "and"),
    AnyOf: ("any", "or"),
    NoneOf: ("none", "nor"),
}


def say(condition: Condition, locale: Locale) -> str:
    """Say a condition in one Korean or English phrase."""
    return Speaker(locale).say(condition)


class Speaker:
    """Says conditions in one language."""

    def __init__(self, locale: Locale) -> None:
        self.locale: Final[Locale] = locale

    def phrase(self, name: str, *parts: object, **named: object) -> str:
        return str(getattr(PHRASES[name], self.locale)).format(*parts, **named)

    def say(self, condition: Condition) -> str:
        match condition:
            case AllOf() | AnyOf() | NoneOf():
                return self.say_branch(condition)
            case EventMeasure():
                return self.say_measure(condition)
            case Sequence():
                return self.say_sequence(condition)
            case Trait():
                return self.compare(condition.test, self.named(condition.trait))
            case Engagement():
                return self.say_engagement(condition)
            case Consented():
                channel = getattr(CHANNELS[condition.channel], self.locale)
                purpose = getattr(PURPOSES[condition.purpose], self.locale)
                will = getattr(WILLS[condition.state], self.locale)
                return str(will).format(channel=channel, purpose=purpose)
            case Reachable():
                return self.phrase("reachable", getattr(CHANNELS[condition.channel], self.locale))
            case InSegment():
                return self.phrase("segment", condition.segment)
            case Sample():
                return self.phrase("sample", number(condition.percent), condition.name)
            case OnList():
                return self.phrase("list", condition.list)
            case Lifecycle():
                return self.say_lifecycle(condition)
            case _:
                assert_never(condition)

    def say_branch(self, branch: Branch) -> str:
        """Say a branch; a branch inside it stands in brackets, so that the tree stays audible."""
        frame, between = BRANCHES[type(branch)]
        parts = (
            f"({self.say(part)})" if isinstance(part, Branch) else self.say(part)
            for part in branch.of
        )
        return self.phrase(frame, self.phrase(between).join(parts))

    # Events --------------------------------------------------------------------------------------

    def say_measure(self, leaf: EventMeasure) -> str:
        event = self.event(leaf.event, leaf.where)
        return self.during(leaf.during, self.say_value(leaf, event))

    def say_value(self, leaf: EventMeasure, event: str) -> str:
        match leaf.measure:
            case "count":
                return self.say_count(leaf.test, event)
            case "days_since":
                return self.say_days_since(leaf.test, event)
            case "first" | "last" if leaf.of is None:
                return self.compare(leaf.test, self.measure(f"{leaf.measure}_time", event, ""))
            case "distinct":
                what = self.measure(leaf.measure, event, self.named(leaf.of or ""))
                return self.compare(leaf.test, what, counts=True, unit=self.phrase("value_unit"))
            case _:
                what = self.measure(leaf.measure, event, self.named(leaf.of or ""))
                return self.compare(leaf.test, what)

    def measure(self, name: str, event: str, of: str) -> str:
        return str(getattr(MEASURES[name], self.locale)).format(event=event, of=of)

    def say_count(self, test: Comparison, what: str) -> str:
        """Say how often something happened."""
        if test in {Equals(value=0), AtMost(value=0)}:
            return self.phrase("never", what)
        last = (
            test.value
            if isinstance(test, AtLeast | AtMost | Equals)
            else test.most
            if isinstance(test, Within)
            else None
        )
        unit = self.phrase("time" if last == 1 else "times")
        return self.compare(test, what, counts=True, unit=unit)

    def say_days_since(self, test: Comparison, event: str) -> str:
        match test:
            case AtLeast(value=days):
                return self.phrase("since_least", event, number(days))
            case AtMost(value=days):
                return self.phrase("since_most", event, number(days))
            case _:
                what = self.measure("days_since", event, "")
                unit = "day_unit" if self.locale == "ko" else "no_unit"
                return self.compare(test, what, counts=True, unit=self.phrase(unit))

    def say_sequence(self, leaf: Sequence) -> str:
        steps = [self.say_step(step) for step in leaf.steps]
        if leaf.then_not:
            steps.append(self.say_unwanted(leaf.then_not))
        return self.during(leaf.during, self.phrase("then").join(steps))

    def say_step(self, step: SequenceStep) -> str:
        event = self.event(step.event, step.where)
        limit = self.length(days=step.within_days, hours=step.within_hours)
        return self.phrase("soon", limit, event) if limit else event

    def say_unwanted(self, step: SequenceStep) -> str:
        event = self.event(step.event, step.where)
        if limit := self.length(days=step.within_days, hours=step.within_hours):
            return self.phrase("then_not_soon", limit, event)
        return self.phrase("then_not", event)

    def event(self, name: str, where: Iterable[Filter]) -> str:
        """Quote an event, by its Korean name where it is well known, with what it must be like."""
        korean = self.locale == "ko"
        event = self.phrase("quoted", KOREAN_EVENTS.get(name, name) if korean else name)
        said = [self.say_filter(one) for one in where]
        return self.phrase("with", event, "(" + ", ".join(said) + ")") if said else event

    def say_filter(self, one: Filter) -> str:
        if isinstance(one, PropertyFilter):
            return self.compare(one.test, self.named(one.property))
        return self.phrase("product", ", ".join(self.say_filter(part) for part in one.where))

    # Facts ---------------------------------------------------------------------------------------

    def say_engagement(self, leaf: Engagement) -> str:
        reaction = getattr(REACTIONS[leaf.reaction], self.locale)
        if leaf.channel:
            channel = getattr(CHANNELS[leaf.channel], self.locale)
            what = self.phrase("messages_by", reaction, channel)
        else:
            what = self.phrase("messages", reaction)
        if leaf.journey:
            what = self.phrase("of_journey", what, leaf.journey)
        if leaf.test in {Equals(value=0), AtMost(value=0)}:
            said = self.phrase("never", what)
        else:
            unit = self.phrase("message_unit")
            what = self.phrase("number_of", what)
            said = self.compare(leaf.test, what, counts=True, unit=unit)
        return self.during(leaf.during, said)

    def say_lifecycle(self, leaf: Lifecycle) -> str:
        between = self.phrase("or")
        stages = between.join(str(getattr(STAGES[stage], self.locale)) for stage in leaf.stages)
        if leaf.purchase == PURCHASE:
            return self.phrase("lifecycle", stages)
        return self.phrase("lifecycle_of", stages, self.event(leaf.purchase, ()))

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
