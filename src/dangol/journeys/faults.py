"""Everything that can be wrong with a journey whose parts are readable."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from dangol.journeys.fault_words import fault
from dangol.journeys.faults_entry import duration_faults, entry_faults, event_faults
from dangol.journeys.faults_steps import STEPS_MAX, step_faults
from dangol.journeys.graph import shape_faults
from dangol.journeys.lengths import read_duration
from dangol.journeys.steps import (
    NONE,
    AnyStep,
    EnterStep,
    Entry,
    ExitWhen,
    Fault,
    Goal,
    JourneyDefinition,
    Title,
    ways_of,
)

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
TITLE_MAX: Final = 200
EXITS_MAX: Final = 20


def find_faults(definition: JourneyDefinition) -> list[Fault]:
    """List what is wrong, from the top of the text down."""
    parts = {field: getattr(definition, field) for field in definition.__struct_fields__}
    steps = {f"steps[{index}]": step for index, step in enumerate(definition.steps)}
    faults = local_faults(parts, steps)
    if not 1 <= len(steps) <= STEPS_MAX:
        faults.append(fault("steps", "steps", found=len(steps), most=STEPS_MAX))
    faults.extend(reference_faults(definition))
    # A graph with loose ends has no shape to judge yet.
    return faults or [*shape_faults(definition)]


def local_faults(parts: Mapping[str, object], steps: Mapping[str, AnyStep]) -> list[Fault]:
    """List what is wrong with parts and steps by themselves; some may be missing."""
    of_parts = [found for field, part in parts.items() for found in part_faults(field, part)]
    of_steps = [found for place, step in steps.items() for found in step_faults(place, step)]
    return [*of_parts, *of_steps]


def part_faults(field: str, part: object) -> Iterator[Fault]:
    """Yield what is wrong with a part that is no step."""
    match part:
        case Title():
            yield from title_faults(part)
        case Entry():
            yield from entry_faults(part)
        case Goal():
            yield from goal_faults(part)
        case ExitWhen():
            yield from exit_faults(part)
        case str() if field == "name" and not NAME.fullmatch(part):
            yield fault(field, "name", value=part)
        case str() if field == "quiet_after_purchase":
            if part != NONE and read_duration(part) is None:
                yield fault(field, "quiet", value=part)
        case _:
            return


def title_faults(title: Title) -> Iterator[Fault]:
    for language, text in (("ko", title.ko), ("en", title.en)):
        if not text.strip():
            yield fault(f"title.{language}", "empty_title")
        elif len(text) > TITLE_MAX:
            yield fault(f"title.{language}", "too_long", length=len(text), most=TITLE_MAX)


def goal_faults(goal: Goal) -> Iterator[Fault]:
    if not goal.event.strip():
        yield fault("goal", "empty_goal")
    yield from event_faults("goal.event", goal.event.strip() or "-")
    yield from duration_faults("goal.within", goal.within)


def exit_faults(exits: ExitWhen) -> Iterator[Fault]:
    if len(exits.events) > EXITS_MAX:
        yield fault("exit_when.events", "too_many", found=len(exits.events), most=EXITS_MAX)
    for position, event in enumerate(exits.events):
        yield from event_faults(f"exit_when.events[{position}]", event)
    if not exits.events and exits.condition is None:
        yield fault("exit_when", "empty_event")


def reference_faults(definition: JourneyDefinition) -> Iterator[Fault]:
    """Find names that two steps have, or none."""
    names = Counter(step.name for step in definition.steps)
    for index, step in enumerate(definition.steps):
        place = f"steps[{index}]"
        if not step.name.strip():
            yield fault(f"{place}.name", "empty_name")
        if names[step.name] > 1:
            yield fault(f"{place}.name", "same_name", value=step.name, found=names[step.name])
        yield from target_faults(place, step, names=names)
        if isinstance(step, EnterStep) and step.journey == definition.name:
            yield fault(f"{place}.journey", "enters_itself")


def target_faults(place: str, step: AnyStep, *, names: Counter[str]) -> Iterator[Fault]:
    for field, target in ways_of(step):
        if target is not None and target not in names:
            yield fault(f"{place}.{field}", "no_step", value=target, names=", ".join(names))
