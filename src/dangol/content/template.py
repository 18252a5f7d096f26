"""Templates as rows: what they are made of, how they are kept and read."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from psycopg.rows import class_row

from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import Channel, Purpose

STATEMENTS = load_statements(__package__ or "dangol.content")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A template as its author writes it; subject and bodies are Liquid.

    ``body_html`` is HTML or MJML for the middle of the mail; its frame (head, sender, opt-out) is
    ours, so that no template can forget it.
    """

    name: str
    channel: Channel
    purpose: Purpose
    locale: str
    subject: str
    body_text: str
    body_html: str
    #: What the vendor calls it, where it approves templates.
    vendor_code: str = ""
    #: JSON: a list of buttons, each with kind, name and, where it leads somewhere, mobile_url.
    buttons: str = "[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template(Draft):
    """A template that messages refer to."""

    id: int


def save_template(connection: Connection, *, workspace_id: int, draft: Draft, now: datetime) -> int:
    """Keep a template under its name and channel, replacing what stood there; return its id."""
    values = {**asdict(draft), "workspace_id": workspace_id, "now": now}
    row = connection.execute(STATEMENTS["save_template"], values).fetchone()
    assert row is not None  # noqa: S101 - an upsert returns its row
    return int(row[0])


def add_template(connection: Connection, *, workspace_id: int, draft: Draft, now: datetime) -> bool:
    """Keep a template unless its name is taken; tell whether it was kept."""
    values = {**asdict(draft), "workspace_id": workspace_id, "now": now}
    return connection.execute(STATEMENTS["add_template"], values).rowcount == 1


def list_templates(connection: Connection, *, workspace_id: int) -> list[Template]:
    """Return every template of a workspace, by name."""
    with connection.cursor(row_factory=class_row(Template)) as cursor:
        return cursor.execute(
            STATEMENTS["list_templates"], {"workspace_id": workspace_id}
        ).fetchall()


def read_templates(connection: Connection, *, template_ids: Iterable[int]) -> dict[int, Template]:
    """Return these templates by id."""
    with connection.cursor(row_factory=class_row(Template)) as cursor:
        cursor.execute(STATEMENTS["read_templates"], {"template_ids": list(template_ids)})
        return {template.id: template for template in cursor}
