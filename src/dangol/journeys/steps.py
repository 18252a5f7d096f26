"""What a journey is made of, as its author writes it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import msgspec

from dangol.store.vocabulary import Channel, Purpose

DURATION: Final = re.compile(r"([1-9][0-9]{0,5}) (minute|hour|day|week)s?")
DURATION_MAX: Final = timedelta(days=3650)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, what, and what to do about it."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}. {self.remedy}."


class BadJourney(ValueError):  # noqa: N818 - it is the journey that is bad, not the program
    """A definition that cannot run; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults: Final = tuple(faults)


class Title(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the console calls the journey."""

    ko: str
    en: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who enters: everybody with this event, or everybody who enters this segment."""

    event: str | None = None
    segment: str | None = None
    #: Only the customer's first such event.
    first_time_only: bool = False
    #: Days before the same customer may enter again; 0 at every event, null never again.
    reentry_days: int | None = None
    #: How old an event may be and still enroll.
    within: str = "3 days"


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every step has."""

    name: str


class MessageStep(Step, frozen=True, kw_only=True, tag="message"):
    """Plan a message; the guard decides whether and when it goes."""

    template: str
    channel: Channel = Channel.EMAIL
    #: What the author takes the template to be for; publishing compares it with the template.
    purpose: Purpose | None = None
    #: How long the message is worth sending.
    expires_after: str = "3 days"
    next: str | None = None


class WaitStep(Step, frozen=True, kw_only=True, tag="wait"):
    """Do nothing for a while."""

    duration: str = msgspec.field(name="for")
    next: str | None = None


class CheckStep(Step, frozen=True, kw_only=True, tag="check_event"):
    """Go to ``then`` if the event has happened since the customer entered."""

    event: str
    then: str
    otherwise: str | None = None


class ExitStep(Step, frozen=True, kw_only=True, tag="exit"):
    """Leave the journey."""

    ending: Literal["completed", "goal_met", "exited"] = "completed"


AnyStep = MessageStep | WaitStep | CheckStep | ExitStep


class JourneyDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A journey that can run, once the templates and the segment it names exist."""

    name: str
    title: Title
    entry: Entry
    steps: tuple[AnyStep, ...]
    #: The event the journey is for: who does it after entering leaves, and gets no more of it.
    goal: str | None = None

    def ways_out(self, index: int) -> tuple[str | None, ...]:
        """Name the steps that step ``index`` can lead to; None is the end of the journey.

        Of a check, the way of an event that happened comes last.
        """
        match self.steps[index]:
            case CheckStep(then=then, otherwise=otherwise):
                return (otherwise or self.following(index), then)
            case MessageStep(next=after) | WaitStep(next=after):
                return (after or self.following(index),)
            case _:
                return (None,)

    def following(self, index: int) -> str | None:
        """Name the step that comes after step ``index`` in the list, None after the last."""
        return self.steps[index + 1].name if index + 1 < len(self.steps) else None


def read_duration(text: str) -> timedelta | None:
    """Read "30 minutes", "12 hours", "14 days" or "2 weeks"; None for anything else."""
    match = DURATION.fullmatch(text)
    if not match:
        return None
    length = timedelta(**{f"{match[2]}s": int(match[1])})
    return length if length <= DURATION_MAX else None


def duration(text: str) -> timedelta:
    """Read a duration that the definition's check has found sound."""
    length = read_duration(text)
    assert length is not None, text  # noqa: S101 - parse_journey refuses such a definition
    return length
