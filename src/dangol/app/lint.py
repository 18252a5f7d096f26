"""`dangol lint`: reads templates before customers do."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from dangol.app.manage import CONSOLE, NOTES, read_text
from dangol.app.picture_files import shower
from dangol.app.problem import EXIT_PROBLEM, ProblemError
from dangol.app.segments import Place, open_place
from dangol.app.settings import Settings
from dangol.app.vendor_lint import find_vendor_faults
from dangol.content.library import parse_template
from dangol.content.lint import lint_template
from dangol.content.template import Draft, list_templates
from dangol.store.workspace import read_workspace


def run_lint(options: argparse.Namespace, settings: Settings) -> int:
    """Check templates; return 1 if any must be mended."""
    with open_place(options, settings) as place:
        workspace = read_workspace(place.connection, workspace_id=place.workspace_id)
        templates = read_templates(options.f, place)
    found = [
        (place, fault)
        for place, template in templates
        for fault in (
            *lint_template(template, workspace=workspace),
            *find_vendor_faults(template, settings),
        )
    ]
    if options.json:
        faults = [{"place": place, **asdict(fault)} for place, fault in found]
        CONSOLE.print_json(json.dumps({"checked": len(templates), "faults": faults}))
    else:
        for place, fault in found:
            word = "advice: " if fault.is_advice else ""
            CONSOLE.print(f"{place}: {fault.field}: {word}{fault.problem}. {fault.remedy}")
        NOTES.print(f"{len(templates)} checked, {len(found)} to look at.")
    return 0 if all(fault.is_advice for _, fault in found) else EXIT_PROBLEM


def read_templates(paths: list[Path] | None, place: Place) -> list[tuple[str, Draft]]:
    """Return the templates of these files, or all of the workspace, each with where it stands.

    Raises:
        ProblemError: a file cannot be read.
    """
    if not paths:
        stored = list_templates(place.connection, workspace_id=place.workspace_id)
        return [(f"{one.name} ({one.channel})", one) for one in stored]
    return [(str(path), read_template(path, show=shower(path, place))) for path in paths]


def read_template(path: Path, *, show: Callable[[str], str]) -> Draft:
    try:
        return parse_template(read_text(path), show=show)
    except ValueError as error:
        raise ProblemError(f"{path}: {error}") from error
