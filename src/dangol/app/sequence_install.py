"""Ready-made sequences: put one into a workspace as a draft, without touching what is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dangol.app.clock import STATEMENTS
from dangol.app.conditions import Conditions
from dangol.app.problem import ProblemError
from dangol.app.sequence_catalog import Parts, Sequence, choose_variant, read_journey, read_parts
from dangol.content.template import add_template
from dangol.journeys.definition import parse_journey
from dangol.journeys.publish import publish_journey
from dangol.segments.catalog import read_catalog
from dangol.segments.change import save_segment
from dangol.segments.document import Wanted
from dangol.store.connect import Connection
from dangol.store.vocabulary import JourneyState

Standing = Literal["none", "same", "other variant", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What adding a sequence did: what is new, and what was there and stays as it is."""

    variant: str
    journey: Literal["added", "replaced", "kept"]
    state: JourneyState
    new: tuple[str, ...]
    kept: tuple[str, ...]
    # Of what the sequence listens to, what the workspace has never had.
    unseen: tuple[str, ...]


def add_sequence(
    connection: Connection,
    sequence: Sequence,
    *,
    workspace_id: int,
    variant: str,
    locale: str,
    replace: bool,
    now: datetime,
) -> Added:
    """Add a sequence's templates, segments and journey; a new journey is a draft, and empty.

    What has the same name already is left alone, but for the journey where ``replace`` asks for it.

    Raises:
        ProblemError: another variant is there, the journey was stopped, or a segment is archived.
    """
    variant = choose_variant(sequence, variant)
    parts = read_parts(sequence, variant=variant, locale=locale)
    state, standing = look_at(connection, sequence, variant=variant, workspace_id=workspace_id)
    check_standing(sequence, state, standing, replace=replace)
    done = {
        **add_templates(connection, parts, workspace_id=workspace_id, now=now),
        **add_segments(connection, parts.segments, workspace_id=workspace_id, now=now),
    }
    if standing == "none" or (replace and standing != "same"):
        definition = parse_journey(parts.journey)
        _ = publish_journey(
            connection,
            workspace_id=workspace_id,
            definition=definition,
            judge=Conditions(),
            now=now,
        )
        journey = "added" if standing == "none" else "replaced"
    else:
        journey = "kept"
    return Added(
        variant=variant,
        journey=journey,
        state=state or JourneyState.DRAFT,
        new=tuple(name for name, is_new in done.items() if is_new),
        kept=tuple(name for name, is_new in done.items() if not is_new),
        unseen=find_unseen(connection, parts, workspace_id=workspace_id),
    )


def look_at(
    connection: Connection, sequence: Sequence, *, variant: str, workspace_id: int
) -> tuple[JourneyState | None, Standing]:
    """Return the state of the journey of that name, and what it is compared with the sequence."""
    row = connection.execute(
        STATEMENTS["read_journey_definition"],
        {"workspace_id": workspace_id, "name": sequence.name},
    ).fetchone()
    if row is None:
        return None, "none"
    state = JourneyState(row[0])
    if row[1] is None:
        return state, "none"
    there = parse_journey(row[1])
    if there == parse_journey(read_journey(sequence, variant=variant)):
        return state, "same"
    others = (read_journey(sequence, variant=other) for other in sequence.variants)
    return state, "other variant" if there in map(parse_journey, others) else "changed"


def check_standing(
    sequence: Sequence, state: JourneyState | None, standing: Standing, *, replace: bool
) -> None:
    """Refuse what would put two of one family side by side, or bring a stopped journey back.

    Raises:
        ProblemError: with the remedy.
    """
    if state is JourneyState.STOPPED:
        raise ProblemError(
            f"The journey {sequence.name!r} was stopped for good. Write the sequence to a file "
            f"with `dangol sequence show {sequence.name} > new.yaml`, give it another name "
            "there, and apply that."
        )
    if standing == "other variant" and not replace:
        raise ProblemError(
            f"Another variant of {sequence.name!r} is there, and only one of them may run, so that "
            "nobody hears the same thing twice. Add --replace to change over to this one."
        )


def add_templates(
    connection: Connection, parts: Parts, *, workspace_id: int, now: datetime
) -> dict[str, bool]:
    """Add each template that is not there yet; tell for each whether it is new."""
    return {
        f"template {template.name}": add_template(
            connection, workspace_id=workspace_id, draft=template, now=now
        )
        for template in parts.templates
    }


def add_segments(
    connection: Connection, segments: tuple[Wanted, ...], *, workspace_id: int, now: datetime
) -> dict[str, bool]:
    """Add each segment that is not there yet; tell for each whether it is new.

    Raises:
        ProblemError: one is archived.
    """
    catalog = read_catalog(connection, workspace_id=workspace_id, now=now)
    done: dict[str, bool] = {}
    for segment in segments:
        there = catalog.get(segment.name)
        if there is not None and there.archived_at is not None:
            raise ProblemError(
                f"The segment {segment.name!r} is archived. Take it out again with "
                f"`dangol segment restore {segment.name}`, and repeat."
            )
        done[f"segment {segment.name}"] = there is None
        if there is None:
            save_segment(
                connection,
                workspace_id=workspace_id,
                name=segment.name,
                title_ko=segment.title_ko,
                title_en=segment.title_en,
                definition=segment.condition,
                publish=True,
                now=now,
            )
    return done


def find_unseen(connection: Connection, parts: Parts, *, workspace_id: int) -> tuple[str, ...]:
    """Return the events and traits a sequence listens to that the workspace has never had."""
    values = {
        "workspace_id": workspace_id,
        "events": list(parts.events),
        "traits": list(parts.traits),
    }
    rows = connection.execute(STATEMENTS["find_unseen"], values).fetchall()
    return tuple(sorted(name for (name,) in rows))
