"""Everything that can be wrong with a journey whose parts are readable."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dangol.journeys.steps import (
    AnyStep,
    CheckStep,
    Entry,
    Fault,
    JourneyDefinition,
    MessageStep,
    WaitStep,
    read_duration,
)

STEPS_MAX: Final = 100
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
DAYS_MAX: Final = 3650


# From each step to those it can lead to; None is the end.
Ways = Mapping[str | None, tuple[str | None, ...]]


def find_faults(definition: JourneyDefinition) -> list[Fault]:
    """List what is wrong, from the top of the text down."""
    faults = [
        *name_faults(definition),
        *entry_faults(definition.entry),
        *step_faults(definition),
        *reference_faults(definition),
    ]
    # A graph with loose ends has no shape to judge yet.
    return faults or [*shape_faults(definition)]


def name_faults(definition: JourneyDefinition) -> Iterator[Fault]:
    if not NAME.fullmatch(definition.name):
        yield Fault(
            place="name",
            problem=f"{definition.name!r} is not a name",
            remedy="Use up to 64 small letters, digits, - and _, such as cart-reminder",
        )
    for language, title in (("ko", definition.title.ko), ("en", definition.title.en)):
        if not title.strip():
            yield Fault(
                place=f"title.{language}", problem="is empty", remedy="Write what people will read"
            )
    if definition.goal is not None and not definition.goal.strip():
        yield Fault(place="goal", problem="is empty", remedy="Name an event, or leave goal out")


def entry_faults(entry: Entry) -> Iterator[Fault]:
    if bool(entry.event) == bool(entry.segment):
        yield Fault(
            place="entry",
            problem="needs an event or a segment, and only one of them",
            remedy="Write `event: Order Completed` or `segment: lapsed-regulars`",
        )
    if entry.first_time_only and entry.segment:
        yield Fault(
            place="entry.first_time_only",
            problem="counts events, and a segment is entered without one",
            remedy="Leave it out: without reentry_days nobody enters twice",
        )
    if entry.reentry_days is not None and not 0 <= entry.reentry_days <= DAYS_MAX:
        yield Fault(
            place="entry.reentry_days",
            problem=f"{entry.reentry_days} is not a number of days from 0 to {DAYS_MAX}",
            remedy="Write 0 for every time, 90 for once in 90 days, or leave it out for once",
        )
    yield from duration_faults("entry.within", entry.within)


def step_faults(definition: JourneyDefinition) -> Iterator[Fault]:
    if not 1 <= len(definition.steps) <= STEPS_MAX:
        yield Fault(
            place="steps",
            problem=f"has {len(definition.steps)} steps",
            remedy=f"Write between 1 and {STEPS_MAX} steps",
        )
    for place, step in places(definition).items():
        match step:
            case WaitStep(duration=length):
                yield from duration_faults(f"{place}.for", length)
            case MessageStep(expires_after=length):
                yield from duration_faults(f"{place}.expires_after", length)
            case CheckStep(event=event) if not event.strip():
                yield Fault(place=f"{place}.event", problem="is empty", remedy="Name an event")
            case _:
                pass


def reference_faults(definition: JourneyDefinition) -> Iterator[Fault]:
    names = Counter(step.name for step in definition.steps)
    for place, step in places(definition).items():
        if not step.name.strip():
            yield Fault(place=f"{place}.name", problem="is empty", remedy="Name the step")
        if names[step.name] > 1:
            yield Fault(
                place=f"{place}.name",
                problem=f"{step.name!r} names {names[step.name]} steps",
                remedy="Give each step a name of its own",
            )
        for field, target in named_targets(step):
            if target not in names:
                yield Fault(
                    place=f"{place}.{field}",
                    problem=f"there is no step {target!r}",
                    remedy=f"Name one of {', '.join(names)}",
                )


def shape_faults(definition: JourneyDefinition) -> Iterator[Fault]:
    """Find steps nobody reaches, circles without a rest, and circles without an end."""
    ways = ways_by_name(definition)
    reached = closure([definition.steps[0].name], ways)
    ending = closure([None], turned(ways))
    moving: Ways = {
        step.name: () if isinstance(step, WaitStep) else ways[step.name]
        for step in definition.steps
    }
    for place, step in places(definition).items():
        if step.name not in reached:
            yield Fault(
                place=place,
                problem=f"no step leads to {step.name!r}",
                remedy="Lead one there, or remove it",
            )
        elif step.name in closure(moving[step.name], moving):
            yield Fault(
                place=place,
                problem=f"{step.name!r} leads back to itself without a wait",
                remedy="Put a wait into the circle",
            )
        elif step.name not in ending:
            yield Fault(
                place=place,
                problem=f"from {step.name!r} there is no way to the end",
                remedy="Lead a check_event in the circle to an exit",
            )


def duration_faults(place: str, text: str) -> Iterator[Fault]:
    if read_duration(text) is None:
        yield Fault(
            place=place,
            problem=f"{text!r} is not a length of time of at most ten years",
            remedy='Write a number and a unit: "30 minutes", "12 hours", "14 days" or "2 weeks"',
        )


def places(
    definition: JourneyDefinition,
) -> dict[str, AnyStep]:
    return {f"steps[{index}]": step for index, step in enumerate(definition.steps)}


def named_targets(
    step: AnyStep,
) -> list[tuple[str, str]]:
    match step:
        case CheckStep(then=then, otherwise=otherwise):
            fields = [("then", then), ("otherwise", otherwise)]
        case MessageStep(next=after) | WaitStep(next=after):
            fields = [("next", after)]
        case _:
            fields = []
    return [(field, target) for field, target in fields if target is not None]


def ways_by_name(definition: JourneyDefinition) -> Ways:
    return {step.name: definition.ways_out(index) for index, step in enumerate(definition.steps)}


def turned(
    ways: Ways,
) -> Ways:
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
