"""Publish journeys, and let them run, pause or stop.

A published version never changes. Publishing the same definition again finds the version there
is, so that `apply` can be repeated.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

import msgspec

from dangol.journeys.asking import Judge
from dangol.journeys.clock import change_clock, start_clock
from dangol.journeys.definition import as_json
from dangol.journeys.inside import PIN, Inside, Move, inside_faults
from dangol.journeys.references import (
    Found,
    check_journey,
    find_lost,
    stored,
)
from dangol.journeys.rows import lay_out, version_row
from dangol.journeys.steps import BadJourney, JourneyDefinition
from dangol.journeys.versions import (
    NOBODY,
    Journey,
    Moved,
    Standing,
    Target,
    find_finished,
    find_journey,
    move_people,
    plan_moves,
    read_versions,
    show_standing,
)
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.statements import load_statements
from dangol.store.vocabulary import JourneyState

STATEMENTS = load_statements(__package__ or "dangol.journeys")
# What a journey in one state may become; a stopped one has let its people go, for good.
CHANGES: Final = {
    JourneyState.DRAFT: (JourneyState.RUNNING, JourneyState.STOPPED),
    JourneyState.RUNNING: (JourneyState.PAUSED, JourneyState.STOPPED),
    JourneyState.PAUSED: (JourneyState.RUNNING, JourneyState.STOPPED),
    JourneyState.STOPPED: (),
}


class MissingJourney(LookupError):  # noqa: N818 - it is the journey that is missing
    """There is no such journey, or no such version of it; the text says which there are."""


class BadChange(ValueError):  # noqa: N818 - it is the change that is bad, not the program
    """A journey cannot go from its state to the one asked for; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of publishing: which version new customers take, and what became of the others."""

    journey_id: int
    version_id: int
    number: int
    is_new: bool
    moved: Moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What publishing would do: ``number`` is the version's, and whether it would be new."""

    number: int
    is_new: bool
    standing: list[Standing]
    finished_step: str | None
    finished: int


def publish_journey(
    connection: Connection,
    *,
    workspace_id: int,
    definition: JourneyDefinition,
    judge: Judge,
    now: datetime,
    by: str | None = None,
) -> int:
    """Make ``definition`` the version new enrollments take; return the version's id.

    Who is inside keeps theirs; ``publish_version`` can move them.

    Raises:
        BadJourney: it asks what cannot be asked, or names what the workspace does not have.
    """
    published = publish_version(
        connection,
        workspace_id=workspace_id,
        definition=definition,
        judge=judge,
        inside=PIN,
        now=now,
        by=by,
    )
    return published.version_id


def publish_version(
    connection: Connection,
    *,
    workspace_id: int,
    definition: JourneyDefinition,
    judge: Judge,
    inside: Inside,
    now: datetime,
    by: str | None,
) -> Published:
    """Make ``definition`` the version new enrollments take, and do with those inside as told.

    The journey is found or made by its name, and keeps its state: a new one is a draft. Waits for
    a tick that is moving its people, and none begins before this is committed.

    Raises:
        BadJourney: it asks what cannot be asked, names what the workspace does not have, or the
            steps named for those inside are none.
    """
    # Before anything is read: what a tick under way writes must not be overwritten.
    connection.execute(STATEMENTS["hold_people"], {"workspace_id": workspace_id})
    found = check_journey(connection, workspace_id=workspace_id, definition=definition, judge=judge)
    title = definition.title
    named = {"name": definition.name, "title_ko": title.ko, "title_en": title.en, "now": now}
    weight = {"priority": definition.priority}
    _ = insert(connection, "name_journey", workspace_id=workspace_id, **named, **weight)
    journey = find_journey(connection, workspace_id=workspace_id, name=definition.name)
    assert journey is not None  # noqa: S101 - it has just been named
    plan = plan_change(connection, journey=journey, definition=definition, inside=inside, now=now)
    version_id = plan.known_id or add_version(
        connection,
        workspace_id=workspace_id,
        journey_id=journey.id,
        definition=definition,
        found=found,
        now=now,
        by=by,
    )
    target = replace(plan.target, version_id=version_id)
    moved = move_people(
        connection, target=target, moves=plan.moves, finished=plan.finished, now=now
    )
    crashpoint("publish.moved")
    values = {"journey_id": journey.id, "version_id": version_id}
    connection.execute(STATEMENTS["point_journey"], values)
    change_clock(connection, **values, workspace_id=workspace_id, now=now)
    if version_id != plan.was_id or moved != NOBODY:
        change = {"step_map": as_map(inside), "now": now, "by": by, "was_version_id": plan.was_id}
        about = {**values, **change, **asdict(moved), "workspace_id": workspace_id}
        connection.execute(STATEMENTS["insert_publication"], {**about, "inside": inside.policy})
    return Published(
        journey_id=journey.id,
        version_id=version_id,
        number=plan.number,
        is_new=plan.known_id is None,
        moved=moved,
    )


def preview_version(
    connection: Connection,
    *,
    workspace_id: int,
    definition: JourneyDefinition,
    judge: Judge,
    inside: Inside,
    now: datetime,
) -> Preview:
    """Say what publishing would do, and do nothing.

    Raises:
        BadJourney: it could not be published.
    """
    _ = check_journey(connection, workspace_id=workspace_id, definition=definition, judge=judge)
    journey = find_journey(connection, workspace_id=workspace_id, name=definition.name)
    if journey is None:
        if faults := [*inside_faults(definition, inside, olds={})]:
            raise BadJourney(faults)
        return Preview(number=1, is_new=True, standing=[], finished_step=None, finished=0)
    plan = plan_change(connection, journey=journey, definition=definition, inside=inside, now=now)
    return Preview(
        number=plan.number,
        is_new=plan.known_id is None,
        standing=show_standing(connection, target=plan.target, moves=plan.moves),
        finished_step=plan.finished[0] if plan.finished else None,
        finished=len(plan.finished[1]) if plan.finished else 0,
    )


def roll_back(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    number: int,
    judge: Judge,
    inside: Inside,
    now: datetime,
    by: str | None = None,
) -> Published:
    """Make an earlier version the one that new customers take; see ``publish_version``.

    Raises:
        MissingJourney: there is no such journey, or it has no version of this number.
        BadJourney: what the version names is no longer there.
    """
    definition = read_version(connection, workspace_id=workspace_id, name=name, number=number)
    return publish_version(
        connection,
        workspace_id=workspace_id,
        definition=definition,
        judge=judge,
        inside=inside,
        now=now,
        by=by,
    )


def read_version(
    connection: Connection, *, workspace_id: int, name: str, number: int | None = None
) -> JourneyDefinition:
    """Return what a version of a journey says; without a number, the one new customers take.

    Raises:
        MissingJourney: there is no such journey, or it has no such version.
    """
    journey = find_journey(connection, workspace_id=workspace_id, name=name)
    if journey is None:
        raise MissingJourney(f"There is no journey {name!r}; `dangol journey list` names them.")
    versions = read_versions(connection, journey_id=journey.id)
    for version in versions:
        if number == version.number or (number is None and version.id == journey.version_id):
            return stored(version.definition)
    numbers = ", ".join(str(version.number) for version in reversed(versions)) or "none yet"
    raise MissingJourney(f"Journey {name!r} has no version {number}; it has {numbers}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a change of version comes to, before anything is done."""

    target: Target
    known_id: int | None
    was_id: int | None
    number: int
    moves: list[Move]
    finished: tuple[str, list[int]] | None


def plan_change(
    connection: Connection,
    *,
    journey: Journey,
    definition: JourneyDefinition,
    inside: Inside,
    now: datetime,
) -> Plan:
    """Work out which version it is, and what becomes of everybody.

    Raises:
        BadJourney: the steps named for those inside are none.
    """
    versions = read_versions(connection, journey_id=journey.id)
    olds = {version.id: stored(version.definition) for version in versions}
    if faults := [*inside_faults(definition, inside, olds=olds)]:
        raise BadJourney(faults)
    known_id = find_version(connection, journey_id=journey.id, definition=definition)
    target = Target(journey_id=journey.id, version_id=known_id, definition=definition)
    numbers = {version.id: version.number for version in versions}
    return Plan(
        target=target,
        known_id=known_id,
        was_id=journey.version_id,
        number=numbers[known_id] if known_id else 1 + max(numbers.values(), default=0),
        moves=plan_moves(connection, target=target, inside=inside),
        finished=find_finished(
            connection, target=target, was=olds.get(journey.version_id or 0), inside=inside, now=now
        ),
    )


def as_map(inside: Inside) -> str:
    return msgspec.json.encode(dict(inside.steps)).decode()


def set_state(
    connection: Connection, *, journey_id: int, state: JourneyState, now: datetime
) -> None:
    """Let a journey run, pause or stop. Waits for a tick that is moving its people.

    Stopping ends everybody inside. What the guard holds for the journey it judges again at once.

    Raises:
        MissingJourney: there is no such journey.
        BadChange: the journey cannot go there from where it is, or names what is gone.
    """
    row = connection.execute(STATEMENTS["lock_journey"], {"journey_id": journey_id}).fetchone()
    if row is None:
        raise MissingJourney(f"journey_id {journey_id} does not exist; publish the journey first.")
    check_change(JourneyState(row[0]), state, is_published=row[1] is not None)
    if state is JourneyState.RUNNING and (lost := find_lost(connection, journey_id=journey_id)):
        raise BadChange(f"state running needs {lost}: bring that back, or publish without it.")
    values = {"journey_id": journey_id, "state": state, "now": now}
    connection.execute(STATEMENTS["change_state"], values)
    if state is JourneyState.RUNNING and JourneyState(row[0]) is not JourneyState.RUNNING:
        start_clock(connection, journey_id=journey_id, workspace_id=row[2], now=now)
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
    found: Found,
    now: datetime,
    by: str | None,
) -> int:
    """Write a version, its steps, the ways out of them and what it names; return its id."""
    version_id = insert(
        connection,
        "insert_version",
        workspace_id=workspace_id,
        journey_id=journey_id,
        definition=as_json(definition),
        now=now,
        by=by,
        **version_row(definition, segment_id=found.segment_id(definition)),
    )
    layout = lay_out(definition, templates=found.templates)
    parts = {
        "insert_steps": layout.steps,
        "insert_ways": layout.ways,
        "insert_rungs": layout.rungs,
        "insert_needs": found.needs,
    }
    for statement, rows in parts.items():
        written = msgspec.json.encode([asdict(row) for row in rows]).decode()
        connection.execute(STATEMENTS[statement], {"version_id": version_id, "rows": written})
    crashpoint("publish.written")
    return version_id


def insert(connection: Connection, statement: str, **values: object) -> int:
    row = connection.execute(STATEMENTS[statement], values).fetchone()
    assert row is not None  # noqa: S101 - both statements write one row and return its id
    return int(row[0])
