"""Templates as rows: what they are made of, how they are kept and read."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from psycopg.rows import class_row

from dangol.content.kakao_rules import GAP
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import BubbleKind, Channel, Purpose, Targeting

STATEMENTS = load_statements(__package__ or "dangol.content")
NOTHING: Final = Decimal(0)


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
    #: JSON: a list of buttons, each with kind, name and, where it leads somewhere, mobile_url,
    #: desktop_url, android_url and ios_url.
    buttons: str = "[]"
    #: What an Alimtalk shows large above its text, and small above that; both or neither.
    emphasis_title: str = ""
    emphasis_subtitle: str = ""
    #: The name of the topic it is about; empty: of none.
    topic: str = ""
    #: Whether it only tells of goods like those the customer has bought.
    similar_goods: bool = False
    #: Whether it is the last try to win back who has stopped reacting.
    last_chance: bool = False
    #: What one of them is expected to bring, in the shop's currency: the better message wins by it.
    expected_value: Decimal = NOTHING
    #: JSON: what it shows, as ``picture.Picture``; empty: nothing.
    picture: str = ""
    #: Brand Messages: how it looks, whom it may reach, what else the bubble holds (JSON).
    bubble: BubbleKind = BubbleKind.TEXT
    targeting: Targeting = Targeting.FRIENDS
    bubble_parts: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template(Draft):
    """A template that messages refer to."""

    id: int


def is_kept(draft: Draft) -> bool:
    """Tell whether a vendor keeps a template, letter by letter, and fills its gaps.

    Every Alimtalk's; a Brand Message's where it has a code or gaps, else it is of free form.
    """
    if draft.channel == Channel.KAKAO_BRAND:
        return bool(draft.vendor_code or GAP.search(draft.body_text))
    return draft.channel == Channel.KAKAO_ALIMTALK


def save_template(connection: Connection, *, workspace_id: int, draft: Draft, now: datetime) -> int:
    """Keep a template under its name and channel, replacing what stood there; return its id.

    Raises:
        ValueError: the shop has no topic of that name.
    """
    values = {**asdict(draft), "workspace_id": workspace_id, "now": now}
    check_topic(connection, draft, workspace_id=workspace_id)
    row = connection.execute(STATEMENTS["save_template"], values).fetchone()
    assert row is not None  # noqa: S101 - an upsert returns its row
    return int(row[0])


def set_vendor_code(connection: Connection, *, template_id: int, code: str) -> None:
    """Note what the vendor that keeps a template calls it."""
    connection.execute(STATEMENTS["set_vendor_code"], {"template_id": template_id, "code": code})


def add_template(connection: Connection, *, workspace_id: int, draft: Draft, now: datetime) -> bool:
    """Keep a template unless its name is taken; tell whether it was kept.

    Raises:
        ValueError: the shop has no topic of that name.
    """
    values = {**asdict(draft), "workspace_id": workspace_id, "now": now}
    check_topic(connection, draft, workspace_id=workspace_id)
    return connection.execute(STATEMENTS["add_template"], values).rowcount == 1


def check_topic(connection: Connection, draft: Draft, *, workspace_id: int) -> None:
    values = {"workspace_id": workspace_id, "name": draft.topic}
    if draft.topic and not connection.execute(STATEMENTS["find_topic"], values).fetchone():
        raise ValueError(
            f"topic: the shop has no topic {draft.topic!r}. `dangol topic list` names those there "
            f"are; `dangol topic add {draft.topic}` adds it."
        )


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
