"""Conditions in words, as a marketer would read them aloud."""

from typing import Final, assert_never

from dangol.segments.comparison import AtLeast, AtMost, Comparison, Equals, Within
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
    Rank,
    Reachable,
    Sample,
    Sequence,
    SequenceStep,
    Share,
    Trait,
)
from dangol.segments.faults import Locale
from dangol.segments.voice import Voice, number
from dangol.segments.words import CHANNELS, MEASURES, PURPOSES, REACTIONS, STAGES, WILLS

BRANCHES: Final[dict[type[Branch], tuple[str, str]]] = {
    AllOf: ("all", "and"),
    AnyOf: ("any", "or"),
    NoneOf: ("none", "nor"),
}


def say(condition: Condition, locale: Locale) -> str:
    """Say a condition in one Korean or English phrase."""
    return Speaker(locale).say(condition)


class Speaker(Voice):
    """Says conditions in one language."""

    def say(self, condition: Condition) -> str:
        match condition:
            case AllOf() | AnyOf() | NoneOf():
                return self.say_branch(condition)
            case EventMeasure():
                return self.say_measure(condition)
            case Share():
                return self.say_share(condition)
            case Rank():
                return self.say_rank(condition)
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
        return self.during(leaf.during, self.say_value(leaf, self.source(leaf)))

    def source(self, leaf: EventMeasure | Share | Rank) -> str:
        """Say which events, or products in them, something is made of."""
        event = self.event(leaf.event, leaf.where)
        if leaf.products is None:
            return event
        products = self.phrase("products", event)
        said = self.say_filters(leaf.products)
        return self.phrase("with", products, said) if said else products

    def say_value(self, leaf: EventMeasure, event: str) -> str:
        match leaf.measure:
            case "count":
                return self.say_count(leaf.test, event, products=leaf.products is not None)
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

    def say_count(self, test: Comparison, what: str, *, products: bool) -> str:
        """Say how often something happened, or of how many products."""
        if test in {Equals(value=0), AtMost(value=0)}:
            return self.phrase("never", what)
        last = (
            test.value
            if isinstance(test, AtLeast | AtMost | Equals)
            else test.most
            if isinstance(test, Within)
            else None
        )
        unit = self.phrase("value_unit" if products else "time" if last == 1 else "times")
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

    def say_share(self, leaf: Share) -> str:
        events = self.source(leaf)
        what = self.phrase("share", events, self.say_filters(leaf.fit))
        said = self.compare(leaf.test, what, counts=True, unit=self.phrase("percent"))
        if leaf.minimum > 1:
            said = self.phrase("minimum", said, number(leaf.minimum))
        return self.during(leaf.during, said)

    def say_rank(self, leaf: Rank) -> str:
        name = f"ranked_{leaf.measure}"
        measure = self.measure(
            name if name in MEASURES else leaf.measure, self.source(leaf), self.named(leaf.of or "")
        )
        what = self.phrase("rank", self.during(leaf.during, measure), leaf.groups)
        return self.compare(leaf.test, what, counts=True)

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
