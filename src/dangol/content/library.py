"""Templates that come with Dangol, in Korean and in English: warm, short, without pressure."""

from collections.abc import Callable, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Final, TypeVar

import msgspec

from dangol.content.template import Draft, add_template, save_template
from dangol.store.connect import Connection
from dangol.store.vocabulary import BubbleKind, Channel, Purpose, Targeting

SUFFIX: Final = ".liquid"
RULE: Final = "\n---\n"
# What a bubble holds, as JSON.
PARTS: Final = ("coupon", "commerce")
FIELDS: Final = (
    frozenset(field.name for field in dataclass_fields(Draft))
    - {"body_text", "body_html", "picture", "bubble_parts"}
) | {"image", "image_url", *PARTS}
HIGHEST_VALUE: Final = 1_000_000_000
# What people may still call what Kakao ended.
FRIENDTALK: Final = frozenset({"friendtalk", "kakao_friendtalk"})
Word = TypeVar("Word", BubbleKind, Targeting)


def no_pictures(name: str) -> str:
    """Know no picture: what comes with Dangol shows none.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"image is {name!r}, but pictures come with `dangol template apply` only.")


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


def parse_template(text: str, *, show: Callable[[str], str] = no_pictures) -> Draft:
    """Read a template file: ``name: value`` lines, the text part, the HTML part, ruled by ``---``.

    ``show`` returns for the name of a picture what it is (``picture.write_picture``).

    Raises:
        ValueError: a part or a field is missing, or a field is unknown or not what it must be.
    """
    try:
        head, body_text, body_html = text.split(RULE)
        fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    except ValueError as fault:
        raise incomplete(fault) from fault
    if fields.get("channel") in FRIENDTALK:
        raise ValueError(
            "The template file says Friendtalk, which Kakao ended on 31 December 2025; write "
            "channel: kakao_brand. What was sent then can be imported (docs/guides/import.md)."
        )
    try:
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
        raise incomplete(fault) from fault
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
        picture=show(fields["image"].strip()) if "image" in fields else "",
        bubble=read_word(fields, "bubble", BubbleKind.TEXT),
        targeting=read_word(fields, "targeting", Targeting.FRIENDS),
        bubble_parts=read_bubble(fields),
    )


def incomplete(fault: Exception) -> ValueError:
    return ValueError(
        f"The template file is incomplete ({fault}); write name, channel, purpose, locale and "
        "subject, then the text and the HTML, each after a line of ---."
    )


def read_word(fields: Mapping[str, str], name: str, usual: Word) -> Word:
    value, words = fields.get(name, usual).strip(), type(usual)
    if value not in {word.value for word in words}:
        raise ValueError(f"{name} is {value!r}; write {' or '.join(words)}.")
    return words(value)


def read_bubble(fields: Mapping[str, str]) -> str:
    """Return what a bubble holds beside its text, as JSON; what is in it, the linter reads."""
    parts: dict[str, object] = {}
    for name in PARTS:
        if name not in fields:
            continue
        try:
            parts[name] = msgspec.json.decode(fields[name])
        except msgspec.DecodeError as fault:
            raise ValueError(f"{name} is no JSON on one line: {fault}.") from fault
    if "image_url" in fields:
        parts["image_url"] = fields["image_url"].strip()
    return msgspec.json.encode(parts).decode()


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
