"""The versions of a journey: which there are, who is inside which, and moving them between two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from psycopg.rows import class_row

from dangol.journeys.fault_words import fault
from dangol.journeys.inside import CONTINUE, Inside, Move, added_at_end, lies_ahead, plan_move
from dangol.journeys.references import stored
from dangol.journeys.steps import BadJourney, JourneyDefinition
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import EnrollmentState, InsidePolicy, JourneyState

STATEMENTS = load_statements(__package__ or "dangol.journeys")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version as it was published; ``inside`` is how many are in it now."""

    id: int
    number: int
    definition: str
    published_at: datetime
    published_by: str | None
    inside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One time that a journey got another version, or its people one."""

    number: int
    was_number: int | None
    inside: InsidePolicy
    step_map: str
    moved: int
    let_go: int
    continued: int
    published_at: datetime
    published_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many stand at a step of a version, and what becomes of them.

    ``to_step`` is where they go on; None: nowhere. ``stay`` of them would get a message again,
    and are left where they are. Parked ones are never moved.
    """

    version: int
    step: str
    state: EnrollmentState
    customers: int
    becomes: str
    to_step: str | None
    stay: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How many were moved, let go and made to go on."""

    moved: int
    let_go: int
    continued: int


NOBODY: Final = Moved(moved=0, let_go=0, continued=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A journey as it stands; ``version_id`` is the version that new customers take."""

    id: int
    name: str
    title_ko: str
    title_en: str
    state: JourneyState
    version_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A journey as a list shows it; ``number`` is of the version that new customers take."""

    id: int
    name: str
    title_ko: str
    title_en: str
    state: JourneyState
    number: int | None
    inside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where people are moved to; a version that is only looked at has no id."""

    journey_id: int
    version_id: int | None
    definition: JourneyDefinition


def find_journey(connection: Connection, *, workspace_id: int, name: str) -> Journey | None:
    """Return a journey by its name, if there is one."""
    with connection.cursor(row_factory=class_row(Journey)) as cursor:
        values = {"workspace_id": workspace_id, "name": name}
        return cursor.execute(STATEMENTS["find_journey"], values).fetchone()


def list_journeys(connection: Connection, *, workspace_id: int) -> list[Listed]:
    """Return every journey of a workspace."""
    with connection.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(
            STATEMENTS["list_journeys"], {"workspace_id": workspace_id}
        ).fetchall()


def read_versions(connection: Connection, *, journey_id: int) -> list[Version]:
    """Return the versions of a journey, the newest first."""
    with connection.cursor(row_factory=class_row(Version)) as cursor:
        return cursor.execute(STATEMENTS["read_versions"], {"journey_id": journey_id}).fetchall()


def read_publications(connection: Connection, *, journey_id: int) -> list[Publication]:
    """Return how a journey came by its versions, the last first; a hundred at most."""
    with connection.cursor(row_factory=class_row(Publication)) as cursor:
        values = {"journey_id": journey_id}
        return cursor.execute(STATEMENTS["read_publications"], values).fetchall()


def plan_moves(connection: Connection, *, target: Target, inside: Inside) -> list[Move]:
    """Say what becomes of everybody who is inside another version, step by step."""
    olds = {
        version.id: stored(version.definition)
        for version in read_versions(connection, journey_id=target.journey_id)
        if version.inside and version.id != target.version_id
    }
    rows = connection.execute(
        STATEMENTS["count_standing"], {"journey_id": target.journey_id}
    ).fetchall()
    return [
        plan_move(
            version_id=version_id,
            number=number,
            state=EnrollmentState(state),
            old=olds[version_id],
            new=target.definition,
            inside=inside,
        )
        for version_id, number, state, _ in rows
        if version_id in olds and state != EnrollmentState.PARKED
    ]


def count_moves(
    connection: Connection, *, target: Target, moves: Iterable[Move]
) -> dict[tuple[int, int, str], tuple[int, int]]:
    """Count, by version, step and state, those whom a move is about and those of them who stay."""
    values = {"journey_id": target.journey_id, "moves": as_rows(moves)}
    rows = connection.execute(STATEMENTS["count_moves"], values).fetchall()
    return {(version, number, state): (all_, stay) for version, number, state, all_, stay in rows}


def show_standing(
    connection: Connection, *, target: Target, moves: Iterable[Move]
) -> list[Standing]:
    """Say how many stand where, and what becomes of them."""
    versions = {
        version.id: version for version in read_versions(connection, journey_id=target.journey_id)
    }
    planned = {(move.version_id, move.number, str(move.state)): move for move in moves}
    counted = count_moves(connection, target=target, moves=planned.values())
    rows = connection.execute(
        STATEMENTS["count_standing"], {"journey_id": target.journey_id}
    ).fetchall()
    found: list[Standing] = []
    for version_id, number, state, customers in rows:
        move = planned.get((version_id, number, state))
        _, stay = counted.get((version_id, number, state), (customers, 0))
        goes = move is not None and move.becomes in {"keep", "anew"}
        found.append(
            Standing(
                version=versions[version_id].number,
                step=step_name(stored(versions[version_id].definition), number),
                state=EnrollmentState(state),
                customers=customers,
                becomes=move.becomes if move else "pin",
                to_step=step_name(target.definition, move.to_number) if move and goes else None,
                stay=stay,
            )
        )
    return found


def step_name(definition: JourneyDefinition, number: int) -> str:
    """Name a step by its number; behind the last one is the end."""
    return definition.steps[number - 1].name if number <= len(definition.steps) else "end"


def move_people(
    connection: Connection,
    *,
    target: Target,
    moves: Iterable[Move],
    finished: tuple[str, list[int]] | None,
    now: datetime,
) -> Moved:
    """Move those inside as planned, and let those who had finished go on."""
    going = [move for move in moves if move.becomes != "pin"]
    values = {
        "journey_id": target.journey_id,
        "version_id": target.version_id,
        "moves": as_rows(going),
        "now": now,
    }
    moved, let_go = 0, 0
    if going:
        ((moved, let_go),) = connection.execute(STATEMENTS["move_inside"], values).fetchall()
    continued = 0
    if finished:
        name, ids = finished
        names = [step.name for step in target.definition.steps]
        at = {"version_id": target.version_id, "step_number": names.index(name) + 1}
        continued = connection.execute(
            STATEMENTS["continue_finished"], {**at, "enrollment_ids": ids}
        ).rowcount
    return Moved(moved=moved, let_go=let_go, continued=continued)


def find_finished(
    connection: Connection,
    *,
    target: Target,
    was: JourneyDefinition | None,
    inside: Inside,
    now: datetime,
) -> tuple[str, list[int]] | None:
    """Return the step at which those who had finished go on, and who they are.

    Raises:
        BadJourney: nothing, or more than one thing, was added where the journey used to end.
    """
    if inside.finished is None:
        return None
    step = where_to_continue(target.definition, was=was, inside=inside)
    ahead = lies_ahead(target.definition, step)
    values = {
        "journey_id": target.journey_id,
        "version_id": target.version_id,
        "since": now - inside.finished_within,
        "templates": sorted(ahead.templates),
        "journeys": sorted(ahead.journeys),
    }
    rows = connection.execute(STATEMENTS["find_finished"], values).fetchall()
    return step, [enrollment_id for (enrollment_id,) in rows]


def where_to_continue(
    new: JourneyDefinition, *, was: JourneyDefinition | None, inside: Inside
) -> str:
    """Return the step at which those who had finished go on.

    Raises:
        BadJourney: nothing, or more than one thing, was added where the journey used to end.
    """
    names = [step.name for step in new.steps]
    if inside.finished != CONTINUE or CONTINUE in names:
        return inside.finished or ""
    added = sorted(added_at_end(was, new)) if was else []
    if len(added) != 1:
        about = {"found": len(added), "names": ", ".join(added or names)}
        raise BadJourney([fault("finished", "where_to_continue", **about)])
    return added[0]


def as_rows(moves: Iterable[Move]) -> str:
    return msgspec.json.encode([*moves]).decode()
