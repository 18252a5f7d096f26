"""Make journeys what texts say: publish them, and let new ones run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from getpass import getuser
from typing import Final, Literal

from dangol.app.conditions import Conditions
from dangol.app.files import WantedJourney, in_file
from dangol.journeys.definition import parse_journey
from dangol.journeys.document import show_difference
from dangol.journeys.inside import PIN, Inside
from dangol.journeys.publish import (
    BadChange,
    Preview,
    Published,
    preview_version,
    publish_version,
    set_state,
)
from dangol.journeys.references import stored
from dangol.journeys.steps import BadJourney, EnterStep, JourneyDefinition
from dangol.journeys.versions import find_journey, read_versions
from dangol.segments.document import BadFiles, Fault
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vocabulary import JourneyState

Action = Literal["add", "change", "start", "move", "keep"]
JUDGE: Final = Conditions()
STOPPED: Final = "was stopped, for good. Write it under a new name."


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyChange:
    """What becomes of one journey; ``lines`` are those in which its text differs."""

    action: Action
    name: str
    lines: list[str]
    preview: Preview


def apply_journey(
    connection: Connection,
    *,
    workspace_id: int,
    text: str,
    now: datetime,
    inside: Inside = PIN,
    by: str | None = None,
) -> tuple[str, int]:
    """Publish the journey ``text`` defines; return its name and version number.

    One that never ran begins to; one that is paused stays so.

    Raises:
        BadJourney: with everything that is wrong in the text.
        BadChange: it was stopped.
    """
    definition = parse_journey(text)
    published = put_journey(
        connection, workspace_id=workspace_id, definition=definition, inside=inside, now=now, by=by
    )
    return definition.name, published.number


def put_journey(
    connection: Connection,
    *,
    workspace_id: int,
    definition: JourneyDefinition,
    inside: Inside,
    now: datetime,
    by: str | None,
) -> Published:
    """Publish a journey, and let it run if it never did.

    Raises:
        BadJourney: with everything that is wrong with it.
        BadChange: it was stopped.
    """
    journey = find_journey(connection, workspace_id=workspace_id, name=definition.name)
    if journey and journey.state == JourneyState.STOPPED:
        raise BadChange(f"{definition.name} {STOPPED}")
    published = publish_version(
        connection,
        workspace_id=workspace_id,
        definition=definition,
        judge=JUDGE,
        inside=inside,
        now=now,
        by=by,
    )
    if journey is None or journey.state == JourneyState.DRAFT:
        set_state(connection, journey_id=published.journey_id, state=JourneyState.RUNNING, now=now)
    crashpoint("publish.before_commit")
    return published


def put_journeys(
    connection: Connection,
    wanted: Iterable[WantedJourney],
    *,
    workspace_id: int,
    inside: Inside,
    now: datetime,
    by: str | None,
) -> list[JourneyChange]:
    """Publish journeys, those that others enter first, and say what that changed.

    Raises:
        BadFiles: with everything that keeps them from being published.
    """
    changes: list[JourneyChange] = []
    faults: list[Fault] = []
    for one in in_order(wanted):
        try:
            change = foresee_journey(
                connection, one.definition, workspace_id=workspace_id, inside=inside, now=now
            )
            _ = put_journey(
                connection,
                workspace_id=workspace_id,
                definition=one.definition,
                inside=inside,
                now=now,
                by=by,
            )
            changes.append(change)
        except BadJourney as bad:
            faults += [in_file(fault, place=one.place) for fault in bad.faults]
        except BadChange as bad:
            faults.append(Fault(place=one.place, path="name", remedy=str(bad)))
    if faults:
        raise BadFiles(faults)
    return changes


def foresee_journey(
    connection: Connection,
    definition: JourneyDefinition,
    *,
    workspace_id: int,
    inside: Inside,
    now: datetime,
) -> JourneyChange:
    """Say what publishing a journey would change.

    Raises:
        BadJourney: it cannot be published.
    """
    preview = preview_version(
        connection,
        workspace_id=workspace_id,
        definition=definition,
        judge=JUDGE,
        inside=inside,
        now=now,
    )
    journey = find_journey(connection, workspace_id=workspace_id, name=definition.name)
    if journey is None:
        return JourneyChange(action="add", name=definition.name, lines=[], preview=preview)
    versions = {one.id: one for one in read_versions(connection, journey_id=journey.id)}
    current = versions.get(journey.version_id or 0)
    lines = show_difference(stored(current.definition), definition) if current else []
    action: Action = "keep"
    if current is None or current.number != preview.number:
        action = "change"
    elif journey.state == JourneyState.DRAFT:
        action = "start"
    elif preview.finished or any(one.becomes != "pin" for one in preview.standing):
        action = "move"
    return JourneyChange(action=action, name=definition.name, lines=lines, preview=preview)


def who_asks() -> str | None:
    """Return the name under which somebody uses this machine, as far as there is one."""
    try:
        return getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return None


def in_order(wanted: Iterable[WantedJourney]) -> list[WantedJourney]:
    """Put journeys that others enter before those; what goes in a circle stays as it stands."""
    by_name = {one.definition.name: one for one in wanted}
    done: dict[str, WantedJourney] = {}
    for name in by_name:
        visit(name, by_name, done, under_way=set())
    return list(done.values())


def visit(
    name: str,
    by_name: Mapping[str, WantedJourney],
    done: dict[str, WantedJourney],
    *,
    under_way: set[str],
) -> None:
    """Put a journey after all that it enters."""
    if name in done or name in under_way or name not in by_name:
        return
    under_way.add(name)
    for step in by_name[name].definition.steps:
        if isinstance(step, EnterStep):
            visit(step.journey, by_name, done, under_way=under_way)
    done[name] = by_name[name]
