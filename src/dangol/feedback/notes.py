"""What the shop changed because customers had told it something, for customers to read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from dangol.feedback.bounces import STATEMENTS
from dangol.store.connect import Connection

LONGEST_NOTE: Final = 300
MOST_NOTES: Final = 100


class NoteError(Exception):
    """A note cannot be published or taken back; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that changed, in both languages."""

    id: int
    text_ko: str
    text_en: str
    published_at: datetime


def add_note(
    connection: Connection, *, workspace_id: int, text_ko: str, text_en: str, now: datetime
) -> int:
    """Publish a note; return its number.

    Raises:
        NoteError: a text is missing or too long.
    """
    for field, text in (("text_ko", text_ko), ("text_en", text_en)):
        if not 0 < len(text.strip()) <= LONGEST_NOTE:
            raise NoteError(
                f"{field} {text[:40]!r} is no note: write 1 to {LONGEST_NOTE} characters; "
                "customers read them."
            )
    values = {
        "workspace_id": workspace_id,
        "text_ko": text_ko.strip(),
        "text_en": text_en.strip(),
        "now": now,
    }
    row = connection.execute(STATEMENTS["add_feedback_note"], values).fetchone()
    assert row is not None  # noqa: S101 - an insert returns its row
    return int(row[0])


def list_notes(connection: Connection, *, workspace_id: int, most: int = MOST_NOTES) -> list[Note]:
    """Return the notes of a shop, the newest first."""
    with connection.cursor(row_factory=class_row(Note)) as cursor:
        values = {"workspace_id": workspace_id, "most": most}
        return cursor.execute(STATEMENTS["list_feedback_notes"], values).fetchall()


def remove_note(connection: Connection, *, workspace_id: int, note_id: int) -> None:
    """Take a note back.

    Raises:
        NoteError: there is none of that number.
    """
    values = {"workspace_id": workspace_id, "note_id": note_id}
    if connection.execute(STATEMENTS["delete_feedback_note"], values).fetchone() is None:
        raise NoteError(f"There is no note {note_id}; `dangol note list` shows them.")
