"""The commands about what customers told: why they stopped, and what changed because of them."""

import argparse
import json
from datetime import timedelta

from dangol.app.manage import CONSOLE, asked
from dangol.app.settings import Settings
from dangol.feedback.exits import count_exits
from dangol.feedback.notes import NoteError, add_note, list_notes, remove_note


def run_note_add(options: argparse.Namespace, settings: Settings) -> int:
    """Publish a note."""
    with asked(options, settings, NoteError) as (connection, workspace_id, now):
        number = add_note(
            connection,
            workspace_id=workspace_id,
            text_ko=options.ko,
            text_en=options.en,
            now=now,
        )
    CONSOLE.print(f"Note {number} is published.")
    return 0


def run_note_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the notes."""
    with asked(options, settings) as (connection, workspace_id, _):
        notes = list_notes(connection, workspace_id=workspace_id)
    for note in notes:
        CONSOLE.print(f"{note.id}  {note.published_at:%Y-%m-%d}  {note.text_ko} / {note.text_en}")
    if not notes:
        CONSOLE.print("There is no note yet. Publish one with `dangol note add`.")
    return 0


def run_note_remove(options: argparse.Namespace, settings: Settings) -> int:
    """Take a note back."""
    with asked(options, settings, NoteError) as (connection, workspace_id, _):
        remove_note(connection, workspace_id=workspace_id, note_id=options.id)
    CONSOLE.print(f"Note {options.id} is taken back.")
    return 0


def run_exits(options: argparse.Namespace, settings: Settings) -> int:
    """Count who stopped, and why."""
    with asked(options, settings) as (connection, workspace_id, now):
        since = now - timedelta(days=options.days)
        exits = count_exits(connection, workspace_id=workspace_id, since=since)
    if options.json:
        CONSOLE.print(json.dumps({"left": exits.left, "answers": exits.answers}))
        return 0
    CONSOLE.print(f"{exits.left:,} stopped by a message in {options.days} days.")
    for reason, answers in exits.answers.items():
        CONSOLE.print(f"{answers:>8,}  {reason}")
    return 0
