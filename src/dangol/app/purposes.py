"""`dangol purpose`: what data is collected for, and what was withheld for want of consent."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import msgspec

from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.consent.purposes import (
    CollectionPurpose,
    PurposeError,
    install_purposes,
    list_purposes,
    save_purpose,
)
from dangol.ingest.gate import Withheld, list_withheld

KEPT = "for good"


def run_purpose_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the purposes and what each withheld in the last 30 days."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        purposes = list_purposes(connection, workspace_id=workspace_id)
        counts = list_withheld(connection, workspace_id=workspace_id, now=shifted_clock(connection))
    if options.json:
        found = [
            asdict(one)
            | {"withheld": [asdict(each) for each in counts if each.purpose == one.name]}
            for one in purposes
        ]
        CONSOLE.print(json.dumps(found, ensure_ascii=False, default=str))
        return 0
    for one in purposes:
        CONSOLE.print(say_purpose(one, [each for each in counts if each.purpose == one.name]))
    if not purposes:
        CONSOLE.print("There is no purpose: everything is kept. See `dangol purpose install`.")
    return 0


def say_purpose(purpose: CollectionPurpose, counts: list[Withheld]) -> str:
    """Describe a purpose in a few lines."""
    covered = [*purpose.event_names, *(f"trait {name}" for name in purpose.trait_names)]
    if purpose.covers_rest:
        covered.append("everything else")
    withheld = ", ".join(f"{each.count:,} {each.kind}" for each in counts) or "nothing"
    return (
        f"{purpose.name} ({purpose.basis}{'' if purpose.active else ', not active'}): "
        f"{purpose.title_ko} / {purpose.title_en}\n"
        f"  covers: {', '.join(covered) or 'nothing'}\n"
        f"  kept: events {days_of(purpose.keep_events_days)}, "
        f"traits {days_of(purpose.keep_traits_days)}\n"
        f"  withheld in 30 days: {withheld}"
    )


def days_of(days: int | None) -> str:
    return f"{days} days" if days else KEPT


def run_purpose_save(options: argparse.Namespace, settings: Settings) -> int:
    """Add a purpose, or change the one of its name."""
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text()
    except OSError as error:
        raise about_file(
            error, path=Path(options.file), purpose="a purpose", remedy="Name a file in JSON."
        ) from error
    try:
        purpose = msgspec.json.decode(text, type=CollectionPurpose)
    except msgspec.MsgspecError as error:
        raise ProblemError(f"{options.file}: {error}. See `dangol purpose save --help`.") from error
    with open_connection(settings) as connection:
        try:
            save_purpose(
                connection,
                purpose,
                workspace_id=find_workspace(connection, name=options.workspace),
                now=shifted_clock(connection),
            )
        except PurposeError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"{purpose.name}: {purpose.title_ko} / {purpose.title_en}")
    return 0


def run_purpose_install(options: argparse.Namespace, settings: Settings) -> int:
    """Put the purposes of a preset in place."""
    with open_connection(settings) as connection:
        try:
            install_purposes(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                preset=options.preset,
                now=shifted_clock(connection),
            )
        except PurposeError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"The purposes of {options.preset!r} are in place.")
    return 0
