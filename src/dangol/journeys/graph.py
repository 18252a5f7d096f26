"""The shape of a journey: which steps lead where, and what can be reached from where."""

from collections.abc import Iterable, Iterator, Mapping

from dangol.journeys.fault_words import fault
from dangol.journeys.steps import (
    AnyStep,
    Fault,
    JourneyDefinition,
    WaitForStep,
    WaitStep,
    WebhookStep,
)

# From each step to those it can lead to; None is the end.
Ways = Mapping[str | None, tuple[str | None, ...]]


def shape_faults(definition: JourneyDefinition) -> Iterator[Fault]:
    """Find steps nobody reaches, circles without a rest, and circles without an end."""
    ways = ways_by_name(definition)
    moving = ways_without_rest(definition)
    reached = closure([definition.steps[0].name], ways)
    ending = closure([None], turned(ways))
    for index, step in enumerate(definition.steps):
        place = f"steps[{index}]"
        if step.name not in reached:
            yield fault(place, "unreachable", value=step.name)
        elif step.name in closure(moving.get(step.name, ()), moving):
            yield fault(place, "restless", value=step.name)
        elif step.name not in ending:
            yield fault(place, "endless", value=step.name)


def ways_by_name(definition: JourneyDefinition) -> dict[str | None, tuple[str | None, ...]]:
    return {step.name: definition.ways_out(index) for index, step in enumerate(definition.steps)}


def ways_without_rest(definition: JourneyDefinition) -> Ways:
    """Return only the ways that may be gone at once: those out of a wait that lasts are not."""
    ways = ways_by_name(definition)
    return {step.name: gone_at_once(step, ways[step.name]) for step in definition.steps}


def gone_at_once(step: AnyStep, ways: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return those ways out of a step that somebody may take without having waited there.

    A condition may hold already, and the day that a trait names may be past.
    """
    match step:
        case WaitForStep(event=None):
            return ways[1:]
        case WaitStep(duration=None, until=None):
            return ways
        case WaitStep() | WaitForStep() | WebhookStep(at_most=str()):
            return ()
        case _:
            return ways


def reached_at_once(definition: JourneyDefinition) -> set[str | None]:
    """Return the steps that whoever enters comes to before any wait is over."""
    return closure([definition.steps[0].name], ways_without_rest(definition))


def turned(ways: Ways) -> Ways:
    """Turn every way around."""
    return {
        target: tuple(source for source, targets in ways.items() if target in targets)
        for target in {None, *ways}
    }


def closure(start: Iterable[str | None], ways: Ways) -> set[str | None]:
    """Collect what can be reached from ``start``, itself included."""
    reached: set[str | None] = set()
    ahead = list(start)
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead.extend(ways.get(here, ()))
    return reached
