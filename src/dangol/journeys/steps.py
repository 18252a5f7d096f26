"""What a journey is made of, as its author writes it.

Conditions and filters are kept as they are written: what they may say is the grammar of segments,
and whoever publishes a journey hands in who judges them (``asking``).
"""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, cast

import msgspec

from dangol.store.vocabulary import Channel, Purpose

# A condition, or one filter, in the grammar of docs/reference/segments.md.
Tree = dict[str, object]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: What turns ``quiet_after_purchase`` off.
NONE: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, what, and what to do about it; ``ko`` is all of it."""

    place: str
    problem: str
    remedy: str
    ko: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}. {self.remedy}."


class BadJourney(ValueError):  # noqa: N818 - it is the journey that is bad, not the program
    """A definition that cannot run; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults: Final = tuple(faults)


class Part(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A part of a journey. What says the default says nothing: it is not written again."""


class Title(Part, frozen=True, kw_only=True):
    """What the console calls the journey."""

    ko: str
    en: str


class DateEntry(Part, frozen=True, kw_only=True):
    """The day a trait names, or one so long before or after it, at a local time."""

    trait: str
    #: The day and month count, every year: birthdays.
    yearly: bool = False
    before: str | None = None
    after: str | None = None
    at: str = "10:00"


class Schedule(Part, frozen=True, kw_only=True):
    """Once, or every day, week or month, by the shop's clocks."""

    #: "2027-03-02 10:00" once, or "10:00" with ``every``.
    at: str
    every: Literal["day", "week", "month"] | None = None
    #: Of a week.
    on: tuple[Weekday, ...] = ()
    #: Of a month; a shorter month's last day.
    day: int | None = None
    #: The segment whose members enter; everybody, where it is left out.
    of: str | None = None


class Entry(Part, frozen=True, kw_only=True):
    """Who enters: exactly one of event, segment, date, schedule and call says so."""

    event: str | None = None
    where: tuple[Tree, ...] = ()
    segment: str | None = None
    when: Literal["entered", "left"] = "entered"
    date: DateEntry | None = None
    schedule: Schedule | None = None
    call: bool = False
    #: The customer must fit it, whatever opens the journey.
    condition: Tree | None = None
    #: Only the customer's first such event.
    first_time_only: bool = False
    #: Days before the same customer may enter again; 0 at every event, null never again.
    reentry_days: int | None = None
    #: The property of the event by whose value re-entry is judged.
    key: str | None = None
    #: At most so many enter a day of the shop's.
    per_day: int | None = None
    #: How old an event may be and still enroll.
    within: str = "3 days"


class Goal(Part, frozen=True, kw_only=True):
    """The event the journey is for, and how long after entering it still counts."""

    event: str
    where: tuple[Tree, ...] = ()
    within: str = "14 days"


class ExitWhen(Part, frozen=True, kw_only=True):
    """What makes somebody leave, wherever in the journey they are."""

    events: tuple[str, ...] = ()
    condition: Tree | None = None


class Step(Part, frozen=True, kw_only=True, tag_field="kind"):
    """What every step has."""

    name: str


class MessageStep(Step, frozen=True, kw_only=True, tag="message"):
    """Plan a message; the guard decides whether and when it goes."""

    template: str
    channel: Channel = Channel.EMAIL
    #: Templates that go instead, one after another, where the one before did not reach somebody:
    #: each on a channel of its own, within the same time.
    fallback: tuple[str, ...] = ()
    #: What the author takes the template to be for; publishing compares it with the template.
    purpose: Purpose | None = None
    #: How long the message is worth sending.
    expires_after: str = "3 days"
    next: str | None = None


class Until(Part, frozen=True, kw_only=True):
    """The first such local time that is not yet past; on one of these days, where given."""

    at: str
    on: tuple[Weekday, ...] = ()


class UntilDate(Part, frozen=True, kw_only=True):
    """The day a trait names, or one so long before or after it; past or missing, no wait."""

    trait: str
    before: str | None = None
    after: str | None = None
    at: str = "10:00"


class WaitStep(Step, frozen=True, kw_only=True, tag="wait"):
    """Do nothing for a while, until a local time, or first the one and then the other."""

    duration: str | None = msgspec.field(default=None, name="for")
    until: Until | None = None
    until_date: UntilDate | None = None
    next: str | None = None


class WaitForStep(Step, frozen=True, kw_only=True, tag="wait_for"):
    """Go to ``then`` as soon as the event happens or the condition holds, else to ``otherwise``."""

    event: str | None = None
    where: tuple[Tree, ...] = ()
    condition: Tree | None = None
    at_most: str | None = None
    then: str | None = None
    otherwise: str | None = None


class CheckStep(Step, frozen=True, kw_only=True, tag="check_event"):
    """Go to ``then`` if the event has happened since the customer entered."""

    event: str
    then: str
    otherwise: str | None = None


class Way(Part, frozen=True, kw_only=True):
    """Where to go when this holds."""

    when: Tree
    then: str


class BranchStep(Step, frozen=True, kw_only=True, tag="branch"):
    """Take the first way whose condition holds."""

    ways: tuple[Way, ...]
    otherwise: str | None = None


class ShareWay(Part, frozen=True, kw_only=True):
    """Where this share of the customers goes, in whole per cent."""

    share: int
    then: str


class SplitStep(Step, frozen=True, kw_only=True, tag="split"):
    """Send shares of the customers different ways; the same customer always the same way."""

    ways: tuple[ShareWay, ...]


class UpdateStep(Step, frozen=True, kw_only=True, tag="update"):
    """Write traits and tags of the customer."""

    set: dict[str, object] = msgspec.field(default_factory=dict)
    unset: tuple[str, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    next: str | None = None


class EnterStep(Step, frozen=True, kw_only=True, tag="enter"):
    """Let the customer enter another journey, too."""

    journey: str
    next: str | None = None


class GoalStep(Step, frozen=True, kw_only=True, tag="goal"):
    """Say that the journey has reached what it is for, and go on."""

    next: str | None = None


class WebhookStep(Step, frozen=True, kw_only=True, tag="webhook"):
    """Call one of the shop's endpoints, and go on at once or wait for its answer."""

    endpoint: str
    #: What is posted, with Liquid in its texts; what is known here, where it is left out.
    body: Tree | None = None
    #: Only about customers who have consented to it.
    purpose: Purpose | None = None
    #: Wait so long for a yes, which leads to ``then``; anything else leads to ``otherwise``.
    at_most: str | None = None
    then: str | None = None
    otherwise: str | None = None
    next: str | None = None


class ExitStep(Step, frozen=True, kw_only=True, tag="exit"):
    """Leave the journey."""

    ending: Literal["completed", "goal_met", "exited"] = "completed"


AnyStep = (
    MessageStep
    | WaitStep
    | WaitForStep
    | CheckStep
    | BranchStep
    | SplitStep
    | UpdateStep
    | EnterStep
    | GoalStep
    | WebhookStep
    | ExitStep
)
#: At these a customer comes to rest until something happens or a time has come.
REST: Final = (WaitStep, WaitForStep)


Priority = Annotated[int, msgspec.Meta(ge=-100, le=100)]


class JourneyDefinition(Part, frozen=True, kw_only=True):
    """A journey that can run, once the templates and the segments it names exist."""

    name: str
    title: Title
    entry: Entry
    #: Who does this after entering leaves, and gets no more of it.
    goal: Goal | None = None
    exit_when: ExitWhen | None = None
    #: Advertising of this journey waits so long after a purchase.
    quiet_after_purchase: str = "3 days"
    #: Whose message goes first where several compete for a customer's attention: the higher.
    priority: Priority = 0
    time_zone: Literal["customer", "shop"] = "customer"
    steps: tuple[AnyStep, ...]

    def ways_out(self, index: int) -> tuple[str | None, ...]:
        """Name the steps that step ``index`` can lead to; None is the end of the journey.

        In the order of ``ways_of``.
        """
        ways = ways_of(self.steps[index])
        after = self.following(index)
        return tuple(name or after for _, name in ways) if ways else (None,)

    def following(self, index: int) -> str | None:
        """Name the step that comes after step ``index`` in the list, None after the last."""
        return self.steps[index + 1].name if index + 1 < len(self.steps) else None


def ways_of(step: AnyStep) -> list[tuple[str, str | None]]:
    """Return the fields that say where a step leads, and where; None is the step after it.

    Where the rest of the customers go comes first; an exit leads nowhere.
    """
    match step:
        case CheckStep() | WaitForStep():
            return [("otherwise", step.otherwise), ("then", step.then)]
        case WebhookStep(at_most=str()):
            return [("otherwise", step.otherwise), ("then", step.then)]
        case BranchStep():
            return [("otherwise", step.otherwise), *each_way(step.ways)]
        case SplitStep():
            return each_way(step.ways)
        case ExitStep():
            return []
        case _:
            return [("next", step.next)]


def each_way(ways: tuple[Way, ...] | tuple[ShareWay, ...]) -> list[tuple[str, str | None]]:
    return [(f"ways[{position}].then", way.then) for position, way in enumerate(ways)]


def conditions_of(definition: JourneyDefinition) -> dict[str, Tree]:
    """Return every condition of a journey by its place."""
    found: dict[str, Tree | None] = {"entry.condition": definition.entry.condition}
    if definition.exit_when:
        found["exit_when.condition"] = definition.exit_when.condition
    for index, step in enumerate(definition.steps):
        match step:
            case WaitForStep():
                found[f"steps[{index}].condition"] = step.condition
            case BranchStep():
                for position, way in enumerate(step.ways):
                    found[f"steps[{index}].ways[{position}].when"] = way.when
            case _:
                pass
    return {place: tree for place, tree in found.items() if tree is not None}


def filters_of(definition: JourneyDefinition) -> dict[str, tuple[Tree, ...]]:
    """Return every list of filters of a journey by its place."""
    found = {"entry.where": definition.entry.where}
    if definition.goal:
        found["goal.where"] = definition.goal.where
    for index, step in enumerate(definition.steps):
        if isinstance(step, WaitForStep):
            found[f"steps[{index}].where"] = step.where
    return {place: filters for place, filters in found.items() if filters}


def kinds_of_step() -> list[str]:
    """Return what a step may be, in words."""
    kinds = cast("tuple[type[Step], ...]", AnyStep.__args__)
    return [str(kind.__struct_config__.tag) for kind in kinds]
