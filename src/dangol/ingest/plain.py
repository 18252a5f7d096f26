"""The calls that most clients send most of the time, turned into inbox lines in one pass.

A track, page or screen call whose values already have the form that the inbox keeps needs no
dictionaries and no re-encoding: its properties pass through as the text they came in. Whatever
is not plain (a contact, a consent, a number written as text, an odd id) is left to
``payload.Reader``, which also words the refusals. Both give the same line for the same call.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from dangol.ingest.calls import ABSENT, CallBase, QuietContext, is_nothing
from dangol.ingest.device import Device
from dangol.ingest.fault import BadPayload
from dangol.ingest.inbox import NULL, is_plain, to_head
from dangol.ingest.payload import LARGEST_EVENT, NAMES, RESERVED, Reception, read_sent_at
from dangol.ingest.values import (
    CURRENCY_LETTERS,
    EARLIEST,
    FUTURE_ALLOWED,
    LARGEST_AMOUNT,
    LONGEST_ID,
    LONGEST_NOBODY,
    NO_TIME,
    NOBODY,
)
from dangol.store.vocabulary import EventType

# These end a line or part its fields; JSON has them only between its tokens.
BLANKS: Final = (b"\n", b"\t", b"\r", b"\0")
# Escapes that hide an ASCII letter, write a NUL, or may be half of a character.
TELLING_ESCAPE: Final = re.compile(r"\\u(?:00|[dD][89a-fA-F])")
# How the names of contact data begin.
EMAIL: Final = '"email"'
PHONE: Final = '"phone'
MOBILE: Final = '"mobile"'
VIEWS: Final = {"page": NAMES[EventType.PAGE], "screen": NAMES[EventType.SCREEN]}
# In the text part of a line: type, name, three ids and six fields of commerce.
TABS: Final = 10
ENCODE: Final = msgspec.json.Encoder().encode


class PlainCall(CallBase, frozen=True, rename="camel", gc=False):
    """One call, its properties still as text."""

    properties: msgspec.Raw = ABSENT
    traits: msgspec.Raw = ABSENT
    context: QuietContext | None = None
    write_key: str | None = None


class PlainBatch(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A batch of calls, read at once."""

    batch: list[PlainCall]
    write_key: str | None = None
    sent_at: str | None = None
    context: QuietContext | None = None


class PlainCommerce(msgspec.Struct, frozen=True, gc=False):
    """The properties that have columns of their own, where they have their proper types."""

    revenue: int | float | None = None
    total: int | float | None = None
    quantity: int | float | None = None
    currency: str | None = None
    order_id: str | int | None = None
    product_id: str | int | None = None
    category: str | None = None
    # Only whether they are there matters.
    name: msgspec.Raw = ABSENT
    device: msgspec.Raw = ABSENT


DECODE_BATCH: Final = msgspec.json.Decoder(PlainBatch)
DECODE_CALL: Final = msgspec.json.Decoder(PlainCall)
DECODE_COMMERCE: Final = msgspec.json.Decoder(PlainCommerce)
NO_COMMERCE: Final = PlainCommerce()


class NotPlain(Exception):  # noqa: N818 - a finding, not an error
    """The call is for the careful reader."""


def open_plain(body: bytes, *, path_type: str | None) -> PlainBatch | None:
    """Return a body's calls; None where some of it has not the common shape."""
    if any(blank in body for blank in BLANKS):
        return None
    try:
        if path_type is None:
            return DECODE_BATCH.decode(body)
        call = DECODE_CALL.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return PlainBatch([call], call.write_key, call.sent_at)


@dataclass(slots=True, kw_only=True)
class PlainWriter:
    """Writes the lines of one body's calls; ``shift`` is what its clock is behind ours."""

    kind: str | None
    escaped: bool
    sent_text: str | None
    sent_at: datetime | None
    shift: timedelta
    received_at: datetime
    latest: datetime
    head: str
    received_text: str
    # What the batch says of the machine.
    device: Device | None

    def write(self, call: PlainCall) -> str:
        """Return a call's line for the inbox.

        Raises:
            NotPlain: it needs the careful reader.
        """
        context = call.context
        if not (is_nothing(call.traits) and (context is None or context.is_quiet())):
            raise NotPlain
        kind = self.kind or call.type
        name = call.event if kind == "track" else VIEWS.get(kind or "")
        if not name or len(name) > LONGEST_ID or name != name.strip():
            raise NotPlain
        message_id = plain_id(call.message_id)
        user_id = plain_id(call.user_id)
        anonymous_id = plain_id(call.anonymous_id)
        if message_id is NULL or message_id.startswith(RESERVED):
            raise NotPlain
        nobody = (user_id is NULL) + (anonymous_id is NULL)
        device = self.device if context is None else context.find_device() or self.device
        commerce, nulls, properties = matter_of(call, named=kind != "track", device=device)
        text = f"{kind}\t{name}\t{message_id}\t{user_id}\t{anonymous_id}\t{commerce}"
        if nobody == 2:  # noqa: PLR2004 - neither id
            raise NotPlain
        # Only an escape can put into a short text what would end its field.
        if self.escaped and not is_plain(text, tabs=TABS, nulls=nulls + nobody):
            raise NotPlain
        return f"{self.head}\t{self.time_of(call)}\t{text}\t{properties}\t{{}}\t[]\t[]\n"

    def time_of(self, call: PlainCall) -> str:
        """Return when it happened by our clock, as text; the rule is ``values.correct_time``."""
        text = call.timestamp or call.original_timestamp
        if call.sent_at != self.sent_text and call.sent_at:
            raise NotPlain
        if not text:
            return self.received_text
        try:
            time = datetime.fromisoformat(text)
            if time.tzinfo is None or time < EARLIEST:
                raise NotPlain
            if self.sent_at is not None:
                if self.sent_at - time <= NO_TIME:
                    return self.received_text
                time += self.shift
        except (ValueError, OverflowError):
            raise NotPlain from None
        if time < EARLIEST:
            raise NotPlain
        # JSON is the quickest way to write a time.
        return self.received_text if time > self.latest else str(ENCODE(time)[1:-1], "ascii")


def open_writer(
    batch: PlainBatch, *, path_type: str | None, escaped: bool, reception: Reception
) -> PlainWriter | None:
    """Return what writes the lines of a body; None where no call of it is plain.

    ``escaped`` tells whether any text of the body holds an escape.
    """
    if batch.context is not None and not batch.context.is_quiet():
        return None
    try:
        sent_at = read_sent_at(batch.sent_at)
    except BadPayload:
        return None
    received_at = reception.received_at
    received_text = received_at.isoformat()
    return PlainWriter(
        kind=path_type,
        escaped=escaped,
        sent_text=batch.sent_at,
        sent_at=sent_at,
        shift=NO_TIME if sent_at is None else received_at - sent_at,
        received_at=received_at,
        latest=received_at + FUTURE_ALLOWED,
        head=to_head(reception.workspace_id, received_at),
        received_text=received_text,
        device=None if batch.context is None else batch.context.find_device(),
    )


def plain_id(value: str | int | None) -> str:
    """Return an id as the inbox keeps it."""
    if value is None:
        return NULL
    text = value if isinstance(value, str) else str(value)
    if len(text) > LONGEST_ID or text != text.strip():
        raise NotPlain
    if len(text) <= LONGEST_NOBODY and text.lower() in NOBODY:
        raise NotPlain
    return text


def matter_of(call: PlainCall, *, named: bool, device: Device | None) -> tuple[str, int, str]:
    """Return the six columns of commerce, how many are null, and the properties as they came."""
    raw = call.properties
    if raw is ABSENT or raw == NULL_TEXT:
        text, commerce = "{}", NO_COMMERCE
    else:
        text, commerce = open_properties(raw)
    if named and call.name and commerce.name is ABSENT:
        text = put_first("name", ENCODE(call.name).decode(), text)
    if device and commerce.device is ABSENT:
        text = put_first("device", f'"{device}"', text)
    if "\\" in text:
        if TELLING_ESCAPE.search(text):
            raise NotPlain
        text = text.replace("\\", "\\\\")
    columns, nulls = columns_of(commerce)
    return columns, nulls, text


NULL_TEXT: Final = msgspec.Raw(b"null")


def put_first(name: str, value: str, text: str) -> str:
    """Return an object's text with one more field, whose value is text as well."""
    rest = text[1:].lstrip()
    return f'{{"{name}":{value}{"" if rest == "}" else ","}{rest}'


def open_properties(raw: msgspec.Raw) -> tuple[str, PlainCommerce]:
    """Return properties as text, with what of them has columns."""
    try:
        text = str(raw, "utf-8")
        commerce = DECODE_COMMERCE.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NotPlain from None
    if len(text) > LARGEST_PLAIN or EMAIL in text or PHONE in text or MOBILE in text:
        raise NotPlain
    return text, commerce


# Safely below the limit, wherever characters take three bytes; the careful reader measures.
LARGEST_PLAIN: Final = LARGEST_EVENT // 4


def columns_of(commerce: PlainCommerce) -> tuple[str, int]:
    """Return the columns of commerce, tab by tab, and how many of them are null."""
    if commerce == NO_COMMERCE:
        return NO_COLUMNS, 6
    revenue = plain_amount(commerce.total if commerce.revenue is None else commerce.revenue)
    quantity = plain_amount(commerce.quantity)
    currency = commerce.currency
    if currency is None:
        currency = NULL
    elif len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
        raise NotPlain
    columns = (
        plain_text(commerce.order_id),
        revenue,
        currency,
        plain_text(commerce.product_id),
        plain_text(commerce.category),
        quantity,
    )
    return "\t".join(columns), columns.count(NULL)


NO_COLUMNS: Final = "\t".join([NULL] * 6)


def plain_amount(value: float | None) -> str:
    """Return a whole number, or a short decimal one, as text."""
    if value is None:
        return NULL
    text = str(value)
    if not -LARGEST_AMOUNT <= value <= LARGEST_AMOUNT or "e" in text:
        raise NotPlain
    return text


def plain_text(value: str | int | None) -> str:
    """Return a short text as the inbox keeps it."""
    if value is None:
        return NULL
    text = value if isinstance(value, str) else str(value)
    if not 0 < len(text) <= LONGEST_ID or text != text.strip() or text == NULL:
        raise NotPlain
    return text
