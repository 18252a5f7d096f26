"""A webhook mapping says what the bodies of a shop's own software mean.

It is a TOML or JSON file that the shop writes once; docs/guides/shops.md shows a commented one.
"""

import tomllib
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

import msgspec

from dangol.ingest.event import Json
from dangol.ingest.mapping import MappingFault
from dangol.ingest.values import LONGEST_ID

Value = str | int | bool


class ConsentRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a body says what the customer allows: advertising by e-mail."""

    value: str
    # Where the consent was given: the evidence the ledger keeps.
    source: str
    granted: list[str] = []
    refused: list[str] = []
    # When it was said. Without it a yes is only a claim, and never undoes a withdrawal.
    at: str | None = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one kind of body becomes; every text is a path in it, like ``order.buyer.id``."""

    name: str
    # What makes the event one and the same when it is delivered again.
    id: str
    type: Literal["track", "identify"] = "track"
    # Paths and the values they must hold for this rule to fit.
    when: dict[str, Value] = {}
    at: str | None = None
    user: str | None = None
    email: str | None = None
    phone: str | None = None
    order: str | None = None
    revenue: str | None = None
    currency: str | None = None
    # The list of lines, and what one line says.
    products: str | None = None
    product: dict[str, str] = {}
    properties: dict[str, str] = {}
    traits: dict[str, str] = {}
    consent: list[ConsentRule] = []


class WebhookMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one shop, and what its bodies leave unsaid."""

    event: list[Rule]
    # Of times without an offset.
    time_zone: str = "Asia/Seoul"
    currency: str | None = None


def load_webhook_mapping(path: Path) -> Json:
    """Read a mapping file and return it as the connection keeps it.

    Raises:
        MappingFault: naming the field at fault.
        OSError: the file cannot be read.
    """
    text = path.read_bytes()
    try:
        said: object = (
            msgspec.json.decode(text) if path.suffix == ".json" else tomllib.loads(text.decode())
        )
        mapping = msgspec.convert(said, WebhookMapping)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingFault(f"{path}: {error}. See docs/guides/shops.md.") from error
    check_mapping(mapping, path)
    return cast("Json", msgspec.to_builtins(mapping))


def check_mapping(mapping: WebhookMapping, path: Path) -> None:
    """Refuse what the types cannot see."""
    if not mapping.event:
        raise MappingFault(f"{path}: event is empty: add at least one [[event]].")
    for place, rule in enumerate(mapping.event):
        if not (0 < len(rule.name.strip()) <= LONGEST_ID) or not rule.id.strip():
            raise MappingFault(
                f"{path}: event[{place}]: name and id must say something, in at most "
                f"{LONGEST_ID} characters."
            )
        if not (rule.user or rule.email or rule.phone or rule.order):
            raise MappingFault(
                f"{path}: event[{place}]: says of nobody: give user, email, phone or order."
            )
        for consent in rule.consent:
            if not consent.source.strip() or set(consent.granted) & set(consent.refused):
                raise MappingFault(
                    f"{path}: event[{place}].consent: source must say where it was given, and no "
                    "value may be both granted and refused."
                )
    check_zone(mapping.time_zone, path)


def check_zone(name: str, path: Path) -> None:
    try:
        _ = ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise MappingFault(
            f"{path}: time_zone is {name!r}: write a zone like Asia/Seoul."
        ) from error
