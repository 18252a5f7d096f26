"""The commands about journeys."""

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final

import msgspec

from dangol.app.clock import shifted_clock
from dangol.app.journey_words import as_journey_change, say_journey, say_standing
from dangol.app.journeys import JUDGE, apply_journey, foresee_journey, who_asks
from dangol.app.manage import CONSOLE, find_workspace, open_connection, read_text
from dangol.app.problem import ProblemError
from dangol.app.segments import Place
from dangol.app.settings import Settings
from dangol.journeys.definition import parse_journey
from dangol.journeys.document import write_journey
from dangol.journeys.inside import PIN, Inside
from dangol.journeys.lengths import read_duration
from dangol.journeys.publish import (
    BadChange,
    MissingJourney,
    publish_version,
    read_version,
    roll_back,
    set_state,
)
from dangol.journeys.steps import BadJourney, JourneyDefinition
from dangol.journeys.versions import (
    Journey,
    Moved,
    Target,
    find_journey,
    list_journeys,
    plan_moves,
    read_publications,
    read_versions,
    show_standing,
)
from dangol.store.vocabulary import InsidePolicy, JourneyState

DONE: Final = {
    JourneyState.RUNNING: "runs",
    JourneyState.PAUSED: "is paused: nobody enters and nobody moves",
    JourneyState.STOPPED: "is stopped: everybody inside was let go",
}


@contextmanager
def open_place(options: argparse.Namespace, settings: Settings) -> Generator[Place]:
    """Yield the workspace that a command is about; what was done is committed at the end.

    Raises:
        ProblemError: it cannot be done, with everything that is wrong and the remedies.
    """
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        now = shifted_clock(connection)
        try:
            with connection.transaction():
                yield Place(connection=connection, workspace_id=workspace_id, now=now)
        except BadJourney as bad:
            about = getattr(options, "file", None) or getattr(options, "name", "")
            raise ProblemError(f"{about} cannot be published:\n{bad}") from bad
        except (BadChange, MissingJourney) as error:
            raise ProblemError(str(error)) from error


def read_inside(options: argparse.Namespace) -> Inside:
    """Read what is to become of those inside.

    Raises:
        ProblemError: a map that cannot be read, or no length of time.
    """
    pairs = [text.partition("=") for text in options.map or ()]
    if wrong := [before for before, sign, after in pairs if not (before and sign and after)]:
        raise ProblemError(f"--map {wrong[0]} is no map. Write two names: --map rest=pause.")
    within = read_duration(options.finished_within)
    if within is None:
        raise ProblemError(
            f"--finished-within {options.finished_within!r} is no length of time. "
            'Write one like "30 days".'
        )
    return Inside(
        policy=InsidePolicy(options.inside),
        steps={before.strip(): after.strip() for before, _, after in pairs},
        finished=options.finished,
        finished_within=within,
    )


def run_apply(options: argparse.Namespace, settings: Settings) -> int:
    """Publish a journey and let it run."""
    with open_place(options, settings) as place:
        name, number = apply_journey(
            place.connection,
            workspace_id=place.workspace_id,
            text=read_text(options.file),
            inside=read_inside(options),
            now=place.now,
            by=who_asks(),
        )
        journey = find(place, name)
    how = "runs as" if journey.state == JourneyState.RUNNING else f"is {journey.state}, now"
    CONSOLE.print(f"{name} {how} version {number}.")
    return 0


def run_publish(options: argparse.Namespace, settings: Settings) -> int:
    """Publish a journey and leave it in its state."""
    with open_place(options, settings) as place:
        definition = parse_journey(read_text(options.file))
        published = publish_version(
            place.connection,
            workspace_id=place.workspace_id,
            definition=definition,
            judge=JUDGE,
            inside=read_inside(options),
            now=place.now,
            by=who_asks(),
        )
        journey = find(place, definition.name)
    CONSOLE.print(f"{journey.name} has version {published.number}{say_moved(published.moved)}.")
    if journey.state == JourneyState.DRAFT:
        CONSOLE.print(f"It is a draft. Let it run: dangol journey resume {journey.name}")
    return 0


def say_moved(moved: Moved) -> str:
    """Say what became of those inside, where anything did."""
    parts = (
        (moved.moved, "moved"),
        (moved.let_go, "let go"),
        (moved.continued, "who had finished go on"),
    )
    return "".join(f"; {number:,} {what}" for number, what in parts if number)


def run_preview(options: argparse.Namespace, settings: Settings) -> int:
    """Show what publishing would change."""
    with open_place(options, settings) as place:
        change = foresee_journey(
            place.connection,
            parse_journey(read_text(options.file)),
            workspace_id=place.workspace_id,
            inside=read_inside(options),
            now=place.now,
        )
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(as_journey_change(change)).decode())
        return 0
    for line in say_journey(change):
        CONSOLE.print(line)
    return 0


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the journeys."""
    with open_place(options, settings) as place:
        found = list_journeys(place.connection, workspace_id=place.workspace_id)
    if options.json:
        CONSOLE.print_json(msgspec.json.encode({"journeys": found}).decode())
        return 0
    for one in found:
        CONSOLE.print(
            f"{one.name}  {one.state}  version {one.number or '-'}  {one.inside:,} inside  "
            f"{one.title_ko} / {one.title_en}"
        )
    if not found:
        CONSOLE.print("There is no journey yet. `dangol journey apply` makes one.")
    return 0


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """Show one journey."""
    with open_place(options, settings) as place:
        at = {"workspace_id": place.workspace_id}
        definition = read_version(place.connection, name=options.name, number=options.number, **at)
        journey = find(place, options.name)
        target = Target(journey_id=journey.id, version_id=None, definition=definition)
        moves = plan_moves(place.connection, target=target, inside=PIN)
        standing = show_standing(place.connection, target=target, moves=moves)
    if options.yaml:
        CONSOLE.out(write_journey(definition), end="")
        return 0
    if options.json:
        fields = {**asdict(journey), "standing": standing}
        CONSOLE.print_json(msgspec.json.encode(fields).decode())
        return 0
    CONSOLE.print(f"{journey.name}: {journey.title_ko} / {journey.title_en}")
    CONSOLE.print(f"{journey.state}; {len(definition.steps)} steps: {say_steps(definition)}")
    for one in standing:
        CONSOLE.print(say_standing(one).partition(" keep ")[0])
    return 0


def say_steps(definition: JourneyDefinition) -> str:
    """Name the steps in their order."""
    return ", ".join(step.name for step in definition.steps)


def run_versions(options: argparse.Namespace, settings: Settings) -> int:
    """List the versions of a journey, and how it came by them."""
    with open_place(options, settings) as place:
        journey = find(place, options.name)
        versions = read_versions(place.connection, journey_id=journey.id)
        history = read_publications(place.connection, journey_id=journey.id)
    if options.json:
        said = [{**asdict(one), "definition": msgspec.Raw(one.definition)} for one in versions]
        fields = {"versions": said, "publications": history}
        CONSOLE.print_json(msgspec.json.encode(fields).decode())
        return 0
    for one in versions:
        current = ", for new customers" if one.id == journey.version_id else ""
        by = f" by {one.published_by}" if one.published_by else ""
        CONSOLE.print(
            f"version {one.number} of {one.published_at:%Y-%m-%d %H:%M} UTC{by}: "
            f"{one.inside:,} inside{current}"
        )
    for one in history:
        moved = Moved(moved=one.moved, let_go=one.let_go, continued=one.continued)
        by = f" by {one.published_by}" if one.published_by else ""
        CONSOLE.print(
            f"{one.published_at:%Y-%m-%d %H:%M} UTC{by}: {one.was_number or 'none'} → "
            f"{one.number}, {one.inside}{say_moved(moved)}"
        )
    return 0


def run_rollback(options: argparse.Namespace, settings: Settings) -> int:
    """Let new customers take an earlier version."""
    with open_place(options, settings) as place:
        published = roll_back(
            place.connection,
            workspace_id=place.workspace_id,
            name=options.name,
            number=options.number,
            judge=JUDGE,
            inside=read_inside(options),
            now=place.now,
            by=who_asks(),
        )
    moved = say_moved(published.moved)
    CONSOLE.print(f"{options.name} is back at version {published.number}{moved}.")
    return 0


def run_pause(options: argparse.Namespace, settings: Settings) -> int:
    """Pause a journey."""
    return change_state(options, settings, JourneyState.PAUSED)


def run_resume(options: argparse.Namespace, settings: Settings) -> int:
    """Let a journey run."""
    return change_state(options, settings, JourneyState.RUNNING)


def run_stop(options: argparse.Namespace, settings: Settings) -> int:
    """Stop a journey for good."""
    return change_state(options, settings, JourneyState.STOPPED)


def change_state(options: argparse.Namespace, settings: Settings, state: JourneyState) -> int:
    """Change a journey's state and say so."""
    with open_place(options, settings) as place:
        journey = find(place, options.name)
        set_state(place.connection, journey_id=journey.id, state=state, now=place.now)
    CONSOLE.print(f"{options.name} {DONE[state]}.")
    return 0


def find(place: Place, name: str) -> Journey:
    """Return a journey by its name.

    Raises:
        MissingJourney: there is none.
    """
    journey = find_journey(place.connection, workspace_id=place.workspace_id, name=name)
    if journey is None:
        raise MissingJourney(f"There is no journey {name!r}; `dangol journey list` names them.")
    return journey
