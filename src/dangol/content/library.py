"""Templates that come with Dangol, in Korean and in English: warm, short, without pressure."""

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Final

from dangol.content.template import Draft, add_template, save_template
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, Purpose

SUFFIX: Final = ".liquid"
RULE: Final = "\n---\n"
FIELDS: Final = frozenset(field.name for field in dataclass_fields(Draft)) - {
    "body_text",
    "body_html",
}
HIGHEST_VALUE: Final = 1_000_000_000


def read_library(*, locale: str, folder_name: str = "library") -> list[Draft]:
    """Return the library's templates in one language, by name."""
    folder = resources.files("dangol.content") / folder_name
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(f".{locale}{SUFFIX}")),
        key=lambda entry: entry.name,
    )
    return [parse_template(entry.read_text(encoding="utf-8")) for entry in files]


def install_library(
    connection: Connection, *, workspace_id: int, locale: str, now: datetime
) -> dict[str, int]:
    """Give a workspace every template of the library; return their ids by name."""
    return {
        draft.name: save_template(connection, workspace_id=workspace_id, draft=draft, now=now)
        for draft in read_library(locale=locale)
    }


def install_notices(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Give a workspace the notices the law asks for, in both languages; return how many were new.

    What the shop has written under their names stays.
    """
    drafts = [
        draft
        for locale in ("ko", "en")
        for draft in read_library(locale=locale, folder_name="notices")
    ]
    return sum(
        add_template(connection, workspace_id=workspace_id, draft=draft, now=now)
        for draft in drafts
    )


def parse_template(text: str) -> Draft:
    """Read a template file: ``name: value`` lines, the text part, the HTML part, ruled by ``---``.

    Raises:
        ValueError: a part or a field is missing, or a field is unknown or not what it must be.
    """
    try:
        head, body_text, body_html = text.split(RULE)
        fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
        draft = Draft(
            name=fields["name"],
            channel=Channel(fields["channel"]),
            purpose=Purpose(fields["purpose"]),
            locale=fields["locale"],
            subject=fields["subject"],
            body_text=body_text.strip(),
            body_html=body_html.strip(),
            vendor_code=fields.get("vendor_code", ""),
            buttons=fields.get("buttons", "[]"),
        )
    except (ValueError, KeyError) as fault:
        raise ValueError(
            f"The template file is incomplete ({fault}); write name, channel, purpose, locale and "
            "subject, then the text and the HTML, each after a line of ---."
        ) from fault
    if draft.purpose is Purpose.AD_AUDIENCE:
        raise ValueError(
            "The template file says purpose: ad_audience, which is for no message; write marketing "
            "or informational."
        )
    if unknown := fields.keys() - FIELDS:
        raise ValueError(
            f"The template file has a field {min(unknown)!r}, which there is not; the fields are "
            f"{', '.join(sorted(FIELDS))}."
        )
    return replace(
        draft,
        emphasis_title=fields.get("emphasis_title", "").strip(),
        emphasis_subtitle=fields.get("emphasis_subtitle", "").strip(),
        topic=fields.get("topic", "").strip(),
        similar_goods=read_truth(fields, "similar_goods"),
        last_chance=read_truth(fields, "last_chance"),
        expected_value=read_value(fields.get("expected_value", "0")),
    )


def read_truth(fields: Mapping[str, str], name: str) -> bool:
    value = fields.get(name, "no").strip()
    if value not in {"yes", "no"}:
        raise ValueError(f"{name} is {value!r}; write yes or no.")
    return value == "yes"


def read_value(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= HIGHEST_VALUE:
        raise ValueError(
            f"expected_value is {text.strip()!r}; write what one message is expected to bring, "
            "as a number from 0 to a thousand million without a sign of currency, like 1200."
        )
    return value
