"""A platform's JSON, read as far as it can be.

A shop cannot correct what its platform posts, so one odd field must not cost an order: what
cannot be read is left out, and its name is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Final, cast

import msgspec

from dangol.ingest.event import Json
from dangol.ingest.fault import BadPayload
from dangol.ingest.values import EARLIEST, NOBODY, to_amount, to_currency, to_text

MILLISECONDS: Final = 1000
# Seconds since 1970 have ten digits until 2286, milliseconds thirteen since 2001.
FIRST_MILLISECONDS: Final = 100_000_000_000
LONGEST_TEXT: Final = 500
MOST_ITEMS: Final = 200


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a body; ``left_out`` is shared by all objects of the same body."""

    values: Json
    left_out: list[str] = field(default_factory=list[str])

    def get(self, path: str) -> object:
        """Return what stands at a path like ``order.buyer.id``; None where there is nothing."""
        found: object = self.values
        for name in path.split("."):
            if not isinstance(found, dict):
                return None
            found = cast("object", found.get(name))
        return found

    def id(self, path: str) -> str | None:
        """Return an id as text; None for what stands for nobody."""
        value = self.get(path)
        # PostgreSQL cannot hold NUL characters.
        text = to_text(value.replace("\0", "") if isinstance(value, str) else value)
        if text is None and value not in (None, ""):
            self.left_out.append(path)
        return None if text is None or text.lower() in NOBODY else text

    def text(self, path: str) -> str | None:
        """Return a text of moderate length."""
        value = self.get(path)
        if value is None or value == "":
            return None
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).replace("\0", "").strip()[:LONGEST_TEXT] or None
        self.left_out.append(path)
        return None

    def amount(self, path: str) -> Decimal | None:
        """Return an amount, which platforms write as number or text, with or without commas."""
        value = self.get(path)
        try:
            return to_amount(
                value.replace(",", "") if isinstance(value, str) else value, field=path
            )
        except BadPayload:
            self.left_out.append(path)
            return None

    def number(self, path: str) -> int | float | None:
        """Return an amount as JSON writes it."""
        return plain(self.amount(path))

    def currency(self, path: str) -> str | None:
        try:
            return to_currency(self.text(path))
        except BadPayload:
            self.left_out.append(path)
            return None

    def moment(self, path: str, *, zone: tzinfo = UTC) -> datetime | None:
        """Return a time in UTC; one without an offset is ``zone``'s, a number counts from 1970."""
        value = self.get(path)
        if value is None or value == "":
            return None
        found = read_moment(value, zone=zone)
        if found is None or found < EARLIEST:
            self.left_out.append(path)
            return None
        return found

    def inner(self, path: str) -> "Fields":
        """Return the object at a path; an empty one where there is none."""
        value = self.get(path)
        return Fields(cast("Json", value) if isinstance(value, dict) else {}, self.left_out)

    def items(self, path: str) -> Iterator["Fields"]:
        """List the objects at a path, as far as an event can hold them."""
        value = self.get(path)
        if not isinstance(value, list):
            return
        listed = cast("list[object]", value)
        if len(listed) > MOST_ITEMS:
            self.left_out.append(f"{path}[{MOST_ITEMS}:]")
        for item in listed[:MOST_ITEMS]:
            if isinstance(item, dict):
                yield Fields(cast("Json", item), self.left_out)


def read_fields(body: bytes) -> Fields:
    """Read a body.

    Raises:
        BadPayload: it is no JSON object.
    """
    try:
        return Fields(msgspec.json.decode(body, type=dict[str, object]))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadPayload(
            "bad_json", f"The body is no JSON object in UTF-8 ({error}): post one."
        ) from None


def read_moment(value: object, *, zone: tzinfo) -> datetime | None:
    """Return a time in UTC, None where it is no time."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / MILLISECONDS if value >= FIRST_MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC)
        if not isinstance(value, str):
            return None
        if value.isdecimal():
            return read_moment(int(value), zone=zone)
        time = datetime.fromisoformat(value.strip())
        return (time.replace(tzinfo=zone) if time.tzinfo is None else time).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def plain(amount: Decimal | None) -> int | float | None:
    """Return an amount as JSON writes it."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
