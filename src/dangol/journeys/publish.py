"""Publish journeys, and let them run, pause or stop.

A published version never changes. Publishing the same definition again finds the version there
is, so that `apply` can be repeated.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Final

import msgspec

from dangol.journeys.asking import Judge
from dangol.journeys.definition import as_json
from dangol.journeys.references import Found, find_references, question_faults, reference_faults
from dangol.journeys.rows import lay_out, version_row
from dangol.journeys.steps import BadJourney, JourneyDefinition
from dangol.store.connect import Connection
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


class BadChange(ValueError):  # noqa: N818 - it is the change that is bad, not the program
    """A journey cannot go from its state to the one asked for; the text says why."""


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

    The journey is found or made by its name, and keeps its state: a new one is a draft.

    Raises:
        BadJourney: it asks what cannot be asked, or names what the workspace does not have.
    """
    found = check_journey(connection, workspace_id=workspace_id, definition=definition, judge=judge)
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
        found=found,
        now=now,
        by=by,
    )
    connection.execute(
        STATEMENTS["point_journey"], {"journey_id": journey_id, "version_id": version_id}
    )
    return version_id


def check_journey(
    connection: Connection, *, workspace_id: int, definition: JourneyDefinition, judge: Judge
) -> Found:
    """Return what the definition names, all of which there is.

    Raises:
        BadJourney: it asks what cannot be asked, or names what the workspace does not have.
    """
    faults, named = question_faults(definition, judge=judge)
    found = find_references(
        connection, workspace_id=workspace_id, definition=definition, named=named
    )
    if faults := [*faults, *reference_faults(definition, found=found, named=named)]:
        raise BadJourney(faults)
    return found


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
    """Write a version, its steps and the ways out of them; return its id."""
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
    for statement, rows in (("insert_steps", layout.steps), ("insert_ways", layout.ways)):
        written = msgspec.json.encode([asdict(row) for row in rows]).decode()
        connection.execute(STATEMENTS[statement], {"version_id": version_id, "rows": written})
    return version_id


def insert(connection: Connection, statement: str, **values: object) -> int:
    row = connection.execute(STATEMENTS[statement], values).fetchone()
    assert row is not None  # noqa: S101 - both statements write one row and return its id
    return int(row[0])
