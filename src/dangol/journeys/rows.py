"""A definition as the rows that run: ``journey_version``, ``journey_step``, ``journey_way``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import Final, assert_never

import msgspec

from dangol.journeys.lengths import WEEKDAYS, duration, interval, offset
from dangol.journeys.steps import (
    NONE,
    AnyStep,
    BranchStep,
    CheckStep,
    EnterStep,
    Entry,
    ExitStep,
    GoalStep,
    JourneyDefinition,
    MessageStep,
    SplitStep,
    Tree,
    UpdateStep,
    WaitForStep,
    WaitStep,
    WebhookStep,
)
from dangol.store.vocabulary import Channel, EndReason, EntryKind, Purpose, StepKind

# What the inbox says of entries that no event of the shop's opens.
SEGMENT_EVENTS: Final = {"entered": "Segment Entered", "left": "Segment Left"}
CALL_EVENT: Final = "Journey Called"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What publishing needs to know about a template."""

    id: int
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step as ``journey_step`` has it; lengths and times as PostgreSQL reads them."""

    number: int
    name: str
    kind: StepKind
    next_step: int | None = None
    template_id: int | None = None
    expires_after: str | None = None
    rungs: int = 0
    wait_for: str | None = None
    wait_until: str | None = None
    wait_days: list[int] | None = None
    wait_trait: str | None = None
    wait_offset: str | None = None
    event_name: str | None = None
    filter: tuple[Tree, ...] | None = None
    condition: Tree | None = None
    limit_after: str | None = None
    yes_step: int | None = None
    update_traits: Tree | None = None
    webhook_name: str | None = None
    webhook_body: Tree | None = None
    webhook_purpose: Purpose | None = None
    journey_name: str | None = None
    ending: EndReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """A way out of a branch or a split as ``journey_way`` has it."""

    number: int
    position: int
    to_step: int
    condition: Tree | None = None
    share_from: int | None = None
    share_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRow:
    """What goes instead of a message as ``journey_rung`` has it."""

    step_number: int
    rung: int
    template_id: int


Templates = Mapping[tuple[str, Channel], Template]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All that a version's steps come to."""

    steps: list[StepRow]
    ways: list[WayRow]
    rungs: list[RungRow]


def lay_out(definition: JourneyDefinition, *, templates: Templates) -> Layout:
    """Number the steps from 1 in the order of the list; add an end if any falls off it."""
    numbers: dict[str | None, int] = {
        step.name: number for number, step in enumerate(definition.steps, start=1)
    }
    numbers[None] = len(definition.steps) + 1
    ways = [
        [numbers[name] for name in definition.ways_out(index)]
        for index in range(len(definition.steps))
    ]
    steps = [
        step_row(step, number=number, ways=ways[number - 1], templates=templates)
        for number, step in enumerate(definition.steps, start=1)
    ]
    if any(
        numbers[None] in targets
        for row, targets in zip(steps, ways, strict=True)
        if row.kind is not StepKind.EXIT
    ):
        end = StepRow(
            number=numbers[None], name="end", kind=StepKind.EXIT, ending=EndReason.COMPLETED
        )
        steps.append(end)
    numbered = enumerate(zip(definition.steps, ways, strict=True), start=1)
    return Layout(
        steps=steps,
        ways=[
            row
            for number, (step, out) in numbered
            for row in way_rows(step, number=number, ways=out)
        ],
        rungs=[
            RungRow(step_number=number, rung=rung, template_id=template.id)
            for number, step in enumerate(definition.steps, start=1)
            if isinstance(step, MessageStep)
            for rung, (_, template) in enumerate(ladder_of(step, templates=templates), start=1)
        ],
    )


def ladder_of(step: MessageStep, *, templates: Templates) -> list[tuple[Channel, Template]]:
    """Return what goes instead of a step's own template, in order, with the channel of each."""
    return [
        (channel, template)
        for name in step.fallback
        for (known, channel), template in templates.items()
        if known == name
    ]


def step_row(step: AnyStep, *, number: int, ways: list[int], templates: Templates) -> StepRow:
    """Write one step as a row; ``ways`` are the numbers of the steps it can lead to."""
    kind = StepKind(str(step.__struct_config__.tag))
    row = StepRow(number=number, name=step.name, kind=kind, next_step=ways[0])
    match step:
        case MessageStep(template=template, channel=channel, expires_after=length):
            return replace(
                row,
                template_id=templates[template, channel].id,
                expires_after=interval(duration(length)),
                rungs=len(step.fallback),
            )
        case WaitStep():
            return wait_row(row, step)
        case WaitForStep():
            return replace(
                row,
                event_name=step.event,
                filter=step.where or None,
                condition=step.condition,
                limit_after=interval(duration(step.at_most or "")),
                yes_step=ways[1],
            )
        case CheckStep(event=event):
            return replace(row, event_name=event, yes_step=ways[1])
        case UpdateStep():
            return replace(row, update_traits=update_of(step))
        case EnterStep(journey=journey):
            return replace(row, journey_name=journey)
        case WebhookStep():
            return webhook_row(row, step, ways=ways)
        case ExitStep(ending=ending):
            return replace(row, next_step=None, ending=EndReason(ending))
        case SplitStep():
            # The shares leave nobody over; whoever is nevertheless goes the last way.
            return replace(row, next_step=ways[-1])
        case BranchStep() | GoalStep():
            return row
        case _:
            assert_never(step)


def webhook_row(row: StepRow, step: WebhookStep, *, ways: list[int]) -> StepRow:
    """Write a call of an endpoint; with a limit, the answer is waited for."""
    return replace(
        row,
        webhook_name=step.endpoint,
        webhook_body=step.body,
        webhook_purpose=step.purpose,
        limit_after=interval(duration(step.at_most)) if step.at_most else None,
        yes_step=ways[1] if step.at_most else None,
    )


def wait_row(row: StepRow, step: WaitStep) -> StepRow:
    """Write a wait: a length, a local time, or both one after the other; or a trait's day."""
    if step.until_date:
        date = step.until_date
        away = offset(before=date.before, after=date.after)
        return replace(row, wait_trait=date.trait, wait_offset=interval(away), wait_until=date.at)
    days = sorted(WEEKDAYS[day] for day in step.until.on) if step.until else []
    return replace(
        row,
        wait_for=interval(duration(step.duration)) if step.duration else None,
        wait_until=step.until.at if step.until else None,
        wait_days=days or None,
    )


def update_of(step: UpdateStep) -> Tree:
    """Write what an update does, without what it does not."""
    parts = {
        "set": step.set,
        "unset": step.unset,
        "add_tags": step.add_tags,
        "remove_tags": step.remove_tags,
    }
    return {name: part for name, part in parts.items() if part}


def way_rows(step: AnyStep, *, number: int, ways: list[int]) -> Iterator[WayRow]:
    """Write the ways out of a branch or a split; the first of a branch's is for the rest."""
    match step:
        case BranchStep():
            for position, (way, to_step) in enumerate(
                zip(step.ways, ways[1:], strict=True), start=1
            ):
                yield WayRow(number=number, position=position, to_step=to_step, condition=way.when)
        case SplitStep():
            bounds = accumulate((way.share for way in step.ways), initial=0)
            for position, ((first, last), to_step) in enumerate(
                zip(pairwise(bounds), ways, strict=True), start=1
            ):
                yield WayRow(
                    number=number,
                    position=position,
                    to_step=to_step,
                    share_from=first,
                    share_to=last,
                )
        case _:
            return


def version_row(definition: JourneyDefinition, *, segment_id: int | None) -> dict[str, object]:
    """Write what ``journey_version`` says beside its steps."""
    entry, goal, exits = definition.entry, definition.goal, definition.exit_when
    quiet = definition.quiet_after_purchase
    date = entry.date
    return {
        "entry_kind": entry_kind(entry),
        "entry_event": entry_event(entry),
        "entry_segment_id": segment_id,
        "entry_filter": as_text(entry.where),
        "entry_condition": as_text(entry.condition),
        "entry_trait": date.trait if date else None,
        "entry_yearly": bool(date and date.yearly),
        "entry_offset": offset(before=date.before, after=date.after) if date else None,
        "entry_at": date.at if date else None,
        "schedule": as_text(entry.schedule),
        "first_time_only": entry.first_time_only,
        "reentry_days": reentry_days(entry),
        "entry_key": entry.key,
        "entry_per_day": entry.per_day,
        "entry_within": duration(entry.within),
        "goal_event": goal.event if goal else None,
        "goal_filter": as_text(goal.where) if goal else None,
        "goal_within": duration(goal.within) if goal else timedelta(days=14),
        "exit_events": list(exits.events) if exits else [],
        "exit_condition": as_text(exits.condition) if exits else None,
        "quiet_after_purchase": None if quiet == NONE else duration(quiet),
        "zone_rule": definition.time_zone,
    }


def reentry_days(entry: Entry) -> int | None:
    """Return after how many days somebody may enter again; a yearly day comes every year."""
    if entry.reentry_days is None and entry.date and entry.date.yearly:
        return 0
    return entry.reentry_days


def entry_kind(entry: Entry) -> EntryKind:
    if entry.segment is not None:
        return EntryKind.SEGMENT_ENTERED if entry.when == "entered" else EntryKind.SEGMENT_LEFT
    if entry.date:
        return EntryKind.DATE
    if entry.schedule:
        return EntryKind.SCHEDULE
    return EntryKind.CALL if entry.call else EntryKind.EVENT


def entry_event(entry: Entry) -> str | None:
    """Return the event of the inbox that enrolls; a date or a schedule needs none."""
    if entry.segment is not None:
        return SEGMENT_EVENTS[entry.when]
    return CALL_EVENT if entry.call else entry.event


def segment_of(entry: Entry) -> str | None:
    """Return the segment whose members enter, or whose comings and goings open the journey."""
    return entry.segment or (entry.schedule.of if entry.schedule else None)


def as_text(part: object) -> str | None:
    """Write a part as JSON; what says nothing is nothing."""
    return msgspec.json.encode(part).decode() if part else None
