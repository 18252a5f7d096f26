"""What becomes of those who are inside a journey when it gets another version.

``pin``: they keep theirs. ``follow``: whoever stands at a step of a name that the new version has
goes on there. ``migrate``: a map says where each step's people go on, or that they leave; steps
that it does not name follow. Nobody is moved to where they would get a message, or be let into
another journey, a second time: such a one stays where they are.

A wait that goes on in another version is not begun anew if it is of the same kind: one for a
length, or for an event, ends so much later or earlier as the new one is longer or shorter; one
until a local time or a trait's day keeps its time if it says the same. Any other begins when the
next tick comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Literal

from dangol.journeys.fault_words import fault
from dangol.journeys.graph import closure, ways_by_name
from dangol.journeys.lengths import duration, interval
from dangol.journeys.steps import (
    REST,
    AnyStep,
    EnterStep,
    ExitStep,
    Fault,
    JourneyDefinition,
    MessageStep,
    WaitForStep,
    WaitStep,
)
from dangol.store.vocabulary import EnrollmentState, InsidePolicy

#: Where a map sends those who shall leave.
EXIT: Final = "exit"
#: Lets the new version itself say at which step those go on who had finished.
CONTINUE: Final = "continue"
MONTH: Final = timedelta(days=30)
Becoming = Literal["pin", "keep", "anew", "exit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What is to become of those inside."""

    policy: InsidePolicy = InsidePolicy.PIN
    #: Of migrate: the name of a step now, and of the one in the new version, or ``exit``.
    steps: Mapping[str, str] = field(default_factory=dict[str, str])
    #: Where those go on who had come to the end, not longer than so ago; None: nowhere.
    finished: str | None = None
    finished_within: timedelta = MONTH


PIN: Final = Inside()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What becomes of those at one step of one version who are in one state."""

    version_id: int
    number: int
    state: EnrollmentState
    becomes: Becoming
    to_number: int
    #: How much later they wake, where they wait on.
    shift: str
    #: The templates they must not have had, and the journeys they must not have been let into.
    had: list[str]
    called: list[str]


def inside_faults(
    new: JourneyDefinition, inside: Inside, *, olds: Mapping[int, JourneyDefinition]
) -> Iterator[Fault]:
    """Find what is wrong with a map, or with where those who had finished go on."""
    names = {step.name: step for step in new.steps}
    known = {step.name for old in olds.values() for step in old.steps}
    if inside.steps and inside.policy is not InsidePolicy.MIGRATE:
        yield fault("map", "map_needs_migrate", policy=inside.policy)
    for source, target in inside.steps.items():
        place = f"map.{source}"
        if source not in known:
            yield fault(place, "no_step", value=source, names=", ".join(sorted(known)))
        if target != EXIT and target not in names:
            yield fault(place, "no_step", value=target, names=", ".join([*names, EXIT]))
        elif target != EXIT and not isinstance(names[target], REST):
            yield fault(place, "map_to_rest", value=target)
    if inside.finished not in {None, CONTINUE, *names}:
        yield fault("finished", "no_step", value=inside.finished, names=", ".join(names))


def plan_move(
    *,
    version_id: int,
    number: int,
    state: EnrollmentState,
    old: JourneyDefinition,
    new: JourneyDefinition,
    inside: Inside,
) -> Move:
    """Say what becomes of those at a step of an older version."""
    stay = Move(
        version_id=version_id,
        number=number,
        state=state,
        becomes="pin",
        to_number=number,
        shift=interval(timedelta()),
        had=[],
        called=[],
    )
    step = old.steps[number - 1] if number <= len(old.steps) else None
    target = None if step is None else target_of(step.name, inside=inside)
    numbers = {each.name: position for position, each in enumerate(new.steps, start=1)}
    if step is None or target is None:
        return stay
    if target == EXIT:
        return replace(stay, becomes="exit")
    if target not in numbers:
        return stay
    goal = new.steps[numbers[target] - 1]
    shift: timedelta | None = timedelta()
    if state is EnrollmentState.WAITING:
        if not isinstance(goal, REST):
            return stay
        shift = shift_between(step, goal, same_clocks=old.time_zone == new.time_zone)
    ahead, before = lies_ahead(new, goal.name), lies_ahead(old, step.name)
    return replace(
        stay,
        becomes="anew" if shift is None else "keep",
        to_number=numbers[target],
        shift=interval(shift or timedelta()),
        had=sorted(ahead.templates - before.templates),
        called=sorted(ahead.journeys - before.journeys),
    )


def target_of(name: str, *, inside: Inside) -> str | None:
    """Name the step at which those at a step go on; None: they stay in their version."""
    match inside.policy:
        case InsidePolicy.PIN:
            return None
        case InsidePolicy.FOLLOW:
            return name
        case InsidePolicy.MIGRATE:
            return inside.steps.get(name, name)


def shift_between(old: AnyStep, new: AnyStep, *, same_clocks: bool) -> timedelta | None:
    """Return how much later the wait ends; None where it must begin anew."""
    match old, new:
        case WaitForStep(at_most=before), WaitForStep(at_most=after):
            return duration(after or "") - duration(before or "")
        case WaitStep(), WaitStep():
            if lasts_only(old) and lasts_only(new):
                return duration(new.duration or "") - duration(old.duration or "")
            same = (old.duration, old.until, old.until_date) == (
                new.duration,
                new.until,
                new.until_date,
            )
            return timedelta() if same and same_clocks else None
        case _:
            return None


def lasts_only(step: WaitStep) -> bool:
    """Tell whether a wait is for a length and nothing else."""
    return step.until is None and step.until_date is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What somebody at a step may still get, and into which journeys they may still be let."""

    templates: frozenset[str]
    journeys: frozenset[str]


def lies_ahead(definition: JourneyDefinition, name: str) -> Ahead:
    """Return what may still happen to somebody at a step that must not happen twice."""
    names = closure([name], ways_by_name(definition))
    ahead = [step for step in definition.steps if step.name in names]
    return Ahead(
        templates=frozenset(
            name
            for step in ahead
            if isinstance(step, MessageStep)
            for name in (step.template, *step.fallback)
        ),
        journeys=frozenset(step.journey for step in ahead if isinstance(step, EnterStep)),
    )


def added_at_end(old: JourneyDefinition, new: JourneyDefinition) -> set[str]:
    """Name the steps of ``new`` that stand where ``old`` used to end."""
    ends = {step.name for step in old.steps if isinstance(step, ExitStep)}
    before = {step.name for step in old.steps}
    places = {step.name: index for index, step in enumerate(new.steps)}
    return {
        target
        for index, step in enumerate(old.steps)
        if step.name in places and {None, *ends} & {*old.ways_out(index)}
        for target in new.ways_out(places[step.name])
        if target is not None
        and target not in before
        and not isinstance(new.steps[places[target]], ExitStep)
    }
