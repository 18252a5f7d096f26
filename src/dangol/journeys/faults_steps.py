"""What can be wrong with a single step."""

from collections.abc import Iterator
from typing import Final, cast

import msgspec

from dangol.content.liquid import TemplateError, parse
from dangol.journeys.fault_words import fault
from dangol.journeys.faults_entry import (
    date_faults,
    duration_faults,
    event_faults,
    repeated_faults,
    time_faults,
    trait_faults,
)
from dangol.journeys.steps import (
    AnyStep,
    BranchStep,
    CheckStep,
    Fault,
    MessageStep,
    SplitStep,
    UpdateStep,
    WaitForStep,
    WaitStep,
    WebhookStep,
)

STEPS_MAX: Final = 100
NAME_MAX: Final = 100
WAYS_MAX: Final = 20
FALLBACK_MAX: Final = 4
ALL: Final = 100
TRAITS_MAX: Final = 50
VALUE_MAX: Final = 1_000
TAGS: Final = "tags"
TAG_MAX: Final = 100
BODY_MAX: Final = 20_000


def step_faults(place: str, step: AnyStep) -> Iterator[Fault]:
    """Find what is wrong with a step, without looking at the others."""
    if len(step.name) > NAME_MAX:
        yield fault(f"{place}.name", "too_long", length=len(step.name), most=NAME_MAX)
    match step:
        case WaitStep():
            yield from wait_faults(place, step)
        case MessageStep():
            yield from message_faults(place, step)
        case CheckStep(event=event):
            yield from event_faults(f"{place}.event", event)
        case WaitForStep():
            yield from wait_for_faults(place, step)
        case BranchStep():
            yield from count_faults(place, step, least=1)
        case SplitStep():
            yield from split_faults(place, step)
        case UpdateStep():
            yield from update_faults(place, step)
        case WebhookStep():
            yield from webhook_faults(place, step)
        case _:
            return


def message_faults(place: str, step: MessageStep) -> Iterator[Fault]:
    """Find what is wrong with a message, as far as no template is asked for it."""
    yield from duration_faults(f"{place}.expires_after", step.expires_after)
    yield from repeated_faults(f"{place}.fallback", step.fallback)
    if len(step.fallback) > FALLBACK_MAX:
        yield fault(f"{place}.fallback", "too_many", found=len(step.fallback), most=FALLBACK_MAX)


def wait_faults(place: str, step: WaitStep) -> Iterator[Fault]:
    if step.duration is None and step.until is None and step.until_date is None:
        yield fault(place, "waits_for_nothing")
    if step.duration is not None:
        yield from duration_faults(f"{place}.for", step.duration)
    if step.until is not None:
        yield from time_faults(f"{place}.until.at", step.until.at)
        yield from repeated_faults(f"{place}.until.on", step.until.on)
    if step.until_date is not None:
        yield from date_faults(f"{place}.until_date", step.until_date)
        if step.duration is not None or step.until is not None:
            yield fault(f"{place}.until_date", "date_alone")


def wait_for_faults(place: str, step: WaitForStep) -> Iterator[Fault]:
    if (step.event is None) == (step.condition is None):
        yield fault(place, "one_reason")
    if step.event is not None:
        yield from event_faults(f"{place}.event", step.event)
    elif step.where:
        yield fault(f"{place}.where", "where_of_event")
    if step.at_most is None:
        yield fault(f"{place}.at_most", "no_limit")
    else:
        yield from duration_faults(f"{place}.at_most", step.at_most)


def count_faults(place: str, step: BranchStep | SplitStep, *, least: int) -> Iterator[Fault]:
    found = len(step.ways)
    if not least <= found <= WAYS_MAX:
        yield fault(f"{place}.ways", "ways", found=found, least=least, most=WAYS_MAX)


def split_faults(place: str, step: SplitStep) -> Iterator[Fault]:
    yield from count_faults(place, step, least=2)
    for position, way in enumerate(step.ways):
        if not 1 <= way.share <= ALL:
            yield fault(f"{place}.ways[{position}].share", "share", value=way.share)
    found = sum(way.share for way in step.ways)
    if found != ALL:
        yield fault(f"{place}.ways", "shares", found=found)


def update_faults(place: str, step: UpdateStep) -> Iterator[Fault]:
    if not (step.set or step.unset or step.add_tags or step.remove_tags):
        yield fault(place, "no_change")
    for field in ("set", "unset", "add_tags", "remove_tags"):
        found = len(getattr(step, field))
        if found > TRAITS_MAX:
            yield fault(f"{place}.{field}", "too_many", found=found, most=TRAITS_MAX)
    for name, value in step.set.items():
        yield from trait_faults(f"{place}.set", name)
        if not is_trait_value(value):
            yield fault(f"{place}.set.{name}", "trait_value", value=value)
    for position, name in enumerate(step.unset):
        yield from trait_faults(f"{place}.unset[{position}]", name)
    for name in {*step.set, *step.unset} & {TAGS}:
        yield fault(f"{place}.{'set' if name in step.set else 'unset'}", "tags_by_tags")
    for name in sorted({*step.set} & {*step.unset}):
        yield fault(f"{place}.unset", "both_ways", value=name)
    for name in sorted({*step.add_tags} & {*step.remove_tags}):
        yield fault(f"{place}.remove_tags", "both_ways", value=name)
    for field, tags in (("add_tags", step.add_tags), ("remove_tags", step.remove_tags)):
        for position, tag in enumerate(tags):
            if not 1 <= len(tag.strip()) <= TAG_MAX:
                yield fault(f"{place}.{field}[{position}]", "tag", value=tag, most=TAG_MAX)


def webhook_faults(place: str, step: WebhookStep) -> Iterator[Fault]:
    """Find what is wrong with a call: its answer's ways, and what it posts."""
    if step.at_most is not None:
        yield from duration_faults(f"{place}.at_most", step.at_most)
        if step.next is not None:
            yield fault(f"{place}.next", "next_of_answer")
    else:
        for name in ("then", "otherwise"):
            if getattr(step, name) is not None:
                yield fault(f"{place}.{name}", "answer_not_awaited")
    if len(msgspec.json.encode(step.body)) > BODY_MAX:
        yield fault(
            f"{place}.body", "too_long", length=len(msgspec.json.encode(step.body)), most=BODY_MAX
        )
    for at, text in texts_of(step.body, place=f"{place}.body"):
        try:
            _ = parse(at, text, escape=False)
        except TemplateError as bad:
            yield fault(at, "liquid", problem=bad.problem)


def texts_of(part: object, *, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a body with its place."""
    match part:
        case str():
            yield place, part
        case dict():
            for name, value in cast("dict[str, object]", part).items():
                yield from texts_of(value, place=f"{place}.{name}")
        case list():
            for position, value in enumerate(cast("list[object]", part)):
                yield from texts_of(value, place=f"{place}[{position}]")
        case _:
            return


def is_trait_value(value: object) -> bool:
    """Tell whether a trait may have this value."""
    match value:
        case str():
            return len(value) <= VALUE_MAX
        case bool() | int() | float():
            return True
        case list():
            parts = cast("list[object]", value)
            texts = [part for part in parts if isinstance(part, str)]
            return len(texts) == len(parts) <= TRAITS_MAX and all(map(is_trait_value, texts))
        case _:
            return False
