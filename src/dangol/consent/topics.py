"""What a shop writes about: topics that a customer may switch off one by one."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.errors import ForeignKeyViolation
from psycopg.rows import class_row

from dangol.consent.ledger import STATEMENTS
from dangol.store.connect import Connection

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_TITLE: Final = 60


class TopicError(Exception):
    """A topic cannot be added or removed; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic; customers see its title in their language."""

    id: int
    name: str
    title_ko: str
    title_en: str


def list_topics(connection: Connection, *, workspace_id: int) -> list[Topic]:
    """Return the topics of a shop, the oldest first."""
    with connection.cursor(row_factory=class_row(Topic)) as cursor:
        values = {"workspace_id": workspace_id}
        return cursor.execute(STATEMENTS["list_topics"], values).fetchall()


def save_topic(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    title_ko: str,
    title_en: str,
    now: datetime,
) -> Topic:
    """Add a topic, or give the one of that name new titles; what customers chose stays.

    Raises:
        TopicError: the name or a title is none.
    """
    if not NAME.fullmatch(name):
        raise TopicError(
            f"name {name!r} is no name of a topic: write up to 40 small letters, digits and "
            "hyphens, such as new-arrivals."
        )
    for field, title in (("title_ko", title_ko), ("title_en", title_en)):
        if not 0 < len(title.strip()) <= LONGEST_TITLE:
            raise TopicError(
                f"{field} {title[:LONGEST_TITLE]!r} is no title: write 1 to {LONGEST_TITLE} "
                "characters; customers read them."
            )
    values = {
        "workspace_id": workspace_id,
        "name": name,
        "title_ko": title_ko.strip(),
        "title_en": title_en.strip(),
        "now": now,
    }
    with connection.cursor(row_factory=class_row(Topic)) as cursor:
        saved = cursor.execute(STATEMENTS["save_topic"], values).fetchone()
    assert saved is not None  # noqa: S101 - an upsert returns its row
    return saved


def remove_topic(connection: Connection, *, workspace_id: int, name: str) -> None:
    """Remove a topic, and what customers chose about it.

    Raises:
        TopicError: there is none of that name, or a template is of it.
    """
    values = {"workspace_id": workspace_id, "name": name}
    try:
        with connection.transaction():
            _ = connection.execute(STATEMENTS["delete_refusals"], values)
            removed = connection.execute(STATEMENTS["delete_topic"], values).fetchone()
    except ForeignKeyViolation as error:
        raise TopicError(
            f"Topic {name!r} cannot be removed: a template is of it. Give the template another "
            "topic first."
        ) from error
    if removed is None:
        raise TopicError(f"There is no topic {name!r}; `dangol topic list` shows them.")
