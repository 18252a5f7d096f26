"""Publish journeys, and let them run, pause or stop.

A published version never changes: who entered with it keeps it. Publishing the same definition
again finds the version there is, so that `apply` can be repeated.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import msgspec

from dangol.journeys.steps import (
    AnyStep,
    BadJourney,
    CheckStep,
    Fault,
    JourneyDefinition,
    MessageStep,
    WaitStep,
    duration,
)
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import Channel, EndReason, JourneyState, Purpose, StepKind

STATEMENTS = load_statements(__package__ or "dangol.journeys")
SEGMENT_EVENT: Final = "Segment Entered"
# What a journey in one state may become; a stopped one has let its people go, for good.
CHANGES: Final = {
    JourneyState.DRAFT: (JourneyState.RUNNING, JourneyState.STOPPED),
    JourneyState.RUNNING: (JourneyState.PAUSED, JourneyState.STOPPED),
    JourneyState.PAUSED: (JourneyState.RUNNING, JourneyState.STOPPED),
    JourneyState.STOPPED: (),
}


class BadChange(ValueError):  # noqa: N818 - it is the change that is bad, not the program
    """A journey cannot go from its state to the one asked for; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What publishing needs to know about a template."""

    id: int
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step as ``journey_step`` has it; lengths of time in seconds."""

    number: int
    name: str
    kind: StepKind
    next_step: int | None = None
    template_id: int | None = None
    expires_seconds: float | None = None
    wait_seconds: float | None = None
    event_name: str | None = None
    yes_step: int | None = None
    ending: EndReason | None = None


Templates = dict[tuple[str, Channel], Template]


def publish_journey(
    connection: Connection, *, workspace_id: int, definition: JourneyDefinition, now: datetime
) -> int:
    """Make ``definition`` the version new enrollments take; return the version's id.

    The journey is found or made by its name, and keeps its state: a new one is a draft.

    Raises:
        BadJourney: it names templates or a segment that the workspace does not have.
    """
    templates = find_templates(connection, workspace_id=workspace_id, definition=definition)
    segment_id = find_segment(connection, workspace_id=workspace_id, definition=definition)
    if faults := missing_parts(definition, templates=templates, segment_id=segment_id):
        raise BadJourney(faults)
    journey_id = insert(
        connection,
        "name_journey",
        workspace_id=workspace_id,
        name=definition.name,
        title_ko=definition.title.ko,
        title_en=definition.title.en,
        now=now,
    )
    version_id = find_version(
        connection, journey_id=journey_id, definition=definition
    ) or add_version(
        connection,
        workspace_id=workspace_id,
        journey_id=journey_id,
        definition=definition,
        templates=templates,
        segment_id=segment_id,
        now=now,
    )
    connection.execute(
        STATEMENTS["point_journey"], {"journey_id": journey_id, "version_id": version_id}
    )
    return version_id


def set_state(
    connection: Connection, *, journey_id: int, state: JourneyState, now: datetime
) -> None:
    """Let a journey run, pause or stop. Waits for a tick that is moving its people.

    Stopping ends everybody inside. What the guard holds for the journey it judges again at once.

    Raises:
        LookupError: there is no such journey.
        BadChange: the journey cannot go there from where it is.
    """
    row = connection.execute(STATEMENTS["lock_journey"], {"journey_id": journey_id}).fetchone()
    if row is None:
        raise LookupError(f"journey_id {journey_id} does not exist; publish the journey first.")
    check_change(JourneyState(row[0]), state, is_published=row[1] is not None)
    values = {"journey_id": journey_id, "state": state, "now": now}
    connection.execute(STATEMENTS["change_state"], values)
    if state is JourneyState.STOPPED:
        connection.execute(STATEMENTS["end_stopped"], values)
    connection.execute(STATEMENTS["wake_held"], values)


def check_change(old: JourneyState, new: JourneyState, *, is_published: bool) -> None:
    if old is new:
        return
    if new not in CHANGES[old]:
        allowed = " or ".join(CHANGES[old]) or "nothing: publish it under a new name"
        raise BadChange(f"state {new!s} cannot follow {old!s}; a {old!s} journey can be {allowed}.")
    if new is JourneyState.RUNNING and not is_published:
        raise BadChange("state running needs a published version; publish the journey first.")


def find_templates(
    connection: Connection, *, workspace_id: int, definition: JourneyDefinition
) -> Templates:
    """Return the templates the definition names, as far as they exist."""
    names = [step.template for step in definition.steps if isinstance(step, MessageStep)]
    rows = connection.execute(
        STATEMENTS["find_templates"], {"workspace_id": workspace_id, "names": names}
    )
    return {
        (name, Channel(channel)): Template(id=template_id, purpose=Purpose(purpose))
        for name, channel, template_id, purpose in rows
    }


def find_segment(
    connection: Connection, *, workspace_id: int, definition: JourneyDefinition
) -> int | None:
    """Return the id of the segment that opens the journey, if there is one."""
    row = connection.execute(
        STATEMENTS["find_segment"],
        {"workspace_id": workspace_id, "name": definition.entry.segment},
    ).fetchone()
    return None if row is None else int(row[0])


def missing_parts(
    definition: JourneyDefinition, *, templates: Templates, segment_id: int | None
) -> list[Fault]:
    """List what the definition names and the workspace does not have, or has otherwise."""
    faults = [
        fault
        for index, step in enumerate(definition.steps)
        if isinstance(step, MessageStep)
        and (fault := template_fault(step, templates.get((step.template, step.channel)), index))
    ]
    if definition.entry.segment and segment_id is None:
        faults.append(
            Fault(
                place="entry.segment",
                problem=f"there is no segment {definition.entry.segment!r}",
                remedy="Define it first, or correct its name",
            )
        )
    return faults


def template_fault(step: MessageStep, template: Template | None, index: int) -> Fault | None:
    if template is None:
        return Fault(
            place=f"steps[{index}].template",
            problem=f"there is no template {step.template!r} for {step.channel!s}",
            remedy="Save the template first, or correct its name or the channel",
        )
    if step.purpose not in {None, template.purpose}:
        return Fault(
            place=f"steps[{index}].purpose",
            problem=f"is {step.purpose!s}, but template {step.template!r} is {template.purpose!s}",
            remedy="Correct the purpose, or choose another template",
        )
    return None


def find_version(
    connection: Connection, *, journey_id: int, definition: JourneyDefinition
) -> int | None:
    """Return the version that says exactly what ``definition`` says, if there is one."""
    row = connection.execute(
        STATEMENTS["find_version"],
        {"journey_id": journey_id, "definition": as_json(definition)},
    ).fetchone()
    return None if row is None else int(row[0])


def add_version(
    connection: Connection,
    *,
    workspace_id: int,
    journey_id: int,
    definition: JourneyDefinition,
    templates: Templates,
    segment_id: int | None,
    now: datetime,
) -> int:
    """Write a version and its steps; return its id."""
    version_id = insert(
        connection,
        "insert_version",
        workspace_id=workspace_id,
        journey_id=journey_id,
        definition=as_json(definition),
        entry_event=definition.entry.event or SEGMENT_EVENT,
        entry_segment_id=segment_id,
        first_time_only=definition.entry.first_time_only,
        reentry_days=definition.entry.reentry_days,
        entry_within=duration(definition.entry.within),
        goal_event=definition.goal,
        now=now,
    )
    rows = [asdict(row) for row in lay_out(definition, templates=templates)]
    connection.execute(
        STATEMENTS["insert_steps"],
        {"version_id": version_id, "steps": msgspec.json.encode(rows).decode()},
    )
    return version_id


def lay_out(definition: JourneyDefinition, *, templates: Templates) -> list[StepRow]:
    """Number the steps from 1 in the order of the list; add an end if any falls off it."""
    ways = [definition.ways_out(index) for index in range(len(definition.steps))]
    numbers: dict[str | None, int] = {
        step.name: number for number, step in enumerate(definition.steps, start=1)
    }
    numbers[None] = len(definition.steps) + 1
    rows = [
        step_row(
            step,
            number=index + 1,
            ways=[numbers[name] for name in ways[index]],
            templates=templates,
        )
        for index, step in enumerate(definition.steps)
    ]
    if not any(row.next_step == numbers[None] for row in rows):
        return rows
    end = StepRow(number=numbers[None], name="end", kind=StepKind.EXIT, ending=EndReason.COMPLETED)
    return [*rows, end]


def step_row(step: AnyStep, *, number: int, ways: list[int], templates: Templates) -> StepRow:
    """Write one step as a row; ``ways`` are the numbers of the steps it can lead to."""
    match step:
        case MessageStep(template=template, channel=channel, expires_after=length):
            return StepRow(
                number=number,
                name=step.name,
                kind=StepKind.MESSAGE,
                next_step=ways[0],
                template_id=templates[template, channel].id,
                expires_seconds=duration(length).total_seconds(),
            )
        case WaitStep(duration=length):
            return StepRow(
                number=number,
                name=step.name,
                kind=StepKind.WAIT,
                next_step=ways[0],
                wait_seconds=duration(length).total_seconds(),
            )
        case CheckStep(event=event):
            return StepRow(
                number=number,
                name=step.name,
                kind=StepKind.CHECK_EVENT,
                next_step=ways[0],
                event_name=event,
                yes_step=ways[1],
            )
        case _:
            return StepRow(
                number=number, name=step.name, kind=StepKind.EXIT, ending=EndReason(step.ending)
            )


def as_json(definition: JourneyDefinition) -> str:
    """Write a definition the one way in which equal definitions are equal."""
    return msgspec.json.encode(definition).decode()


def insert(connection: Connection, statement: str, **values: object) -> int:
    row = connection.execute(STATEMENTS[statement], values).fetchone()
    assert row is not None  # noqa: S101 - both statements write one row and return its id
    return int(row[0])
