"""The commands about ready-made sequences."""

import argparse
import json
from dataclasses import asdict

from dangol.app.manage import CONSOLE
from dangol.app.problem import ProblemError
from dangol.app.segments import open_place
from dangol.app.sequence_catalog import (
    SEQUENCES,
    Parts,
    Sequence,
    choose_variant,
    find_sequence,
    read_parts,
)
from dangol.app.sequence_install import Added, add_sequence
from dangol.app.settings import Settings
from dangol.journeys.steps import BadJourney
from dangol.store.workspace import read_workspace


def run_list(options: argparse.Namespace, _settings: Settings) -> int:
    """List the sequences."""
    found = [(one, parts_of(one, variant="", locale="ko")) for one in SEQUENCES]
    if options.json:
        CONSOLE.print_json(json.dumps([as_fields(one, parts) for one, parts in found]))
        return 0
    for one, parts in found:
        variants = f"  --variant {' | '.join(one.variants)}" if one.variants else ""
        CONSOLE.print(f"{one.name}  {parts.title_ko} / {parts.title_en}{variants}")
        CONSOLE.print(f"    {one.about_ko}\n    {one.about_en}")
    return 0


def parts_of(sequence: Sequence, *, variant: str, locale: str) -> Parts:
    return read_parts(sequence, variant=choose_variant(sequence, variant), locale=locale)


def as_fields(sequence: Sequence, parts: Parts) -> dict[str, object]:
    """Return a sequence for machines."""
    return {
        **asdict(sequence),
        "title_ko": parts.title_ko,
        "title_en": parts.title_en,
        "templates": [template.name for template in parts.templates],
        "segments": [segment.name for segment in parts.segments],
        "events": list(parts.events),
        "traits": list(parts.traits),
    }


def run_show(options: argparse.Namespace, _settings: Settings) -> int:
    """Print a sequence."""
    sequence = find_sequence(options.name)
    parts = parts_of(sequence, variant=options.variant, locale=options.locale)
    head = [
        sequence.about_ko,
        sequence.about_en,
        f"Listens to: {', '.join((*parts.events, *parts.traits))}",
        f"Segments: {', '.join(one.name for one in parts.segments) or 'none'}",
    ]
    CONSOLE.out("".join(f"# {line}\n" for line in head) + parts.journey, end="")
    if options.templates:
        for template in parts.templates:
            CONSOLE.out(f"\n# {template.name} ({template.purpose}): {template.subject}\n")
            CONSOLE.out(
                "".join(f"#   {line}\n" for line in template.body_text.splitlines()), end=""
            )
    return 0


def run_add(options: argparse.Namespace, settings: Settings) -> int:
    """Add a sequence as a draft."""
    sequence = find_sequence(options.name)
    with open_place(options, settings) as place:
        workspace = read_workspace(place.connection, workspace_id=place.workspace_id)
        try:
            added = add_sequence(
                place.connection,
                sequence,
                workspace_id=place.workspace_id,
                variant=options.variant,
                locale=options.locale or workspace.default_locale,
                replace=options.replace,
                now=place.now,
            )
        except BadJourney as error:
            raise ProblemError(f"{sequence.name} cannot be published:\n{error}") from error
    if options.json:
        CONSOLE.print_json(json.dumps(asdict(added)))
    else:
        say_added(sequence, added)
    return 0


def say_added(sequence: Sequence, added: Added) -> None:
    """Say what was added, what was there, and what to do next."""
    for name in added.new:
        CONSOLE.print(f"+ {name}")
    for name in added.kept:
        CONSOLE.print(f"= {name} is there and stays as it is")
    sign = "=" if added.journey == "kept" else "+"
    CONSOLE.print(f"{sign} journey {sequence.name} ({added.state})")
    if added.unseen:
        CONSOLE.print(f"Not seen in this workspace yet: {', '.join(added.unseen)}.")
    if added.state == "draft":
        CONSOLE.print(
            "Read its templates and make them yours. Then: dangol journey resume " + sequence.name
        )
