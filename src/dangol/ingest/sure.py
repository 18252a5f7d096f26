"""Whether a body can be acknowledged now and read in full later.

Most bodies hold nothing that could be refused, and nothing that must not lie in a table as it came
(contacts, traits, consents). Such a body is kept as it is, many of them in one row, and the tick
turns it into events. To say so, every call is decoded in full, so that the decoder's verdict is
known, and what the reader may refuse beyond that is looked at here. A body about which this is
unsure is read at once: that it is unsure costs time, a wrong "sure" would park what was taken.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from dangol.ingest.calls import ABSENT, DECODE_ENVELOPE, QuietContext, is_nothing
from dangol.ingest.contacts import CONTACT_NAMES
from dangol.ingest.fault import BadPayload
from dangol.ingest.payload import LARGEST_EVENT, MOST_EVENTS, read_sent_at
from dangol.ingest.values import (
    CURRENCY_LETTERS,
    LARGEST_AMOUNT,
    LONGEST_ID,
    LONGEST_NOBODY,
    NOBODY,
)

Text = Annotated[str, Meta(max_length=LONGEST_ID)]
# JSON's numbers have no end; ids do.
Number = Annotated[int, Meta(ge=-(2**53), le=2**53)]
AMOUNTS: Final = ("revenue", "total", "quantity")
# Far enough from both ends of the calendar for any shift.
YEARS: Final = range(1971, 9000)


class SureCall(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """One call; the same types as ``calls.Call``, narrowed to what is never refused."""

    type: Literal["track", "page", "screen"] | None = None
    event: Text | None = None
    name: str | None = None
    message_id: Text | Number | None = None
    user_id: Text | Number | None = None
    anonymous_id: Text | Number | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    properties: dict[str, object] | None = None
    traits: msgspec.Raw = ABSENT
    context: QuietContext | None = None
    write_key: str | None = None


class SureBatch(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A batch of calls, or one call as such."""

    batch: Sequence[SureCall]
    write_key: str | None = None
    sent_at: str | None = None
    context: QuietContext | None = None


DECODE_BATCH: Final = msgspec.json.Decoder(SureBatch)
DECODE_CALL: Final = msgspec.json.Decoder(SureCall)


def open_sure(body: bytes, *, path_type: str | None) -> SureBatch | None:
    """Return the calls of a body that nothing can be said against; None where that is unsure.

    An empty batch, and any call but track, page and screen, is for the careful reader.
    """
    try:
        around = decode(body, path_type=path_type)
        if not 0 < len(around.batch) <= MOST_EVENTS or not is_silent(around.context):
            return None
        _ = read_sent_at(around.sent_at)
        if all(is_sure(call, path_type or call.type) for call in around.batch):
            return around if is_short(body, path_type=path_type) else None
    except (msgspec.MsgspecError, ValueError, RecursionError, BadPayload):
        pass
    return None


def decode(body: bytes, *, path_type: str | None) -> SureBatch:
    """Read a body.

    Raises:
        msgspec.MsgspecError, ValueError, RecursionError: it is not what it must be.
    """
    if path_type is None:
        return DECODE_BATCH.decode(body)
    call = DECODE_CALL.decode(body)
    return SureBatch([call], call.write_key, call.sent_at)


def is_short(body: bytes, *, path_type: str | None) -> bool:
    """Tell whether no call of a body is longer than we take."""
    if len(body) <= LARGEST_EVENT:
        return True
    if path_type is not None:
        return False
    calls = DECODE_ENVELOPE.decode(body).batch or ()
    return all(len(memoryview(call)) <= LARGEST_EVENT for call in calls)


def is_sure(call: SureCall, kind: str | None) -> bool:
    """Tell whether the careful reader takes a call, and keeps nothing of it sealed.

    Raises:
        ValueError, BadPayload: it does not.
    """
    if kind == "track":
        if not call.event or not call.event.strip():
            return False
    elif kind is None or kind not in {"page", "screen"}:
        return False
    if not (is_somebody(call.user_id) or is_somebody(call.anonymous_id)):
        return False
    if not (is_nothing(call.traits) and is_silent(call.context)):
        return False
    if call.sent_at:
        _ = read_sent_at(call.sent_at)
    text = call.timestamp or call.original_timestamp
    if text and datetime.fromisoformat(text).year not in YEARS:
        return False
    properties = call.properties
    return not properties or is_harmless(properties)


def is_somebody(value: str | int | None) -> bool:
    """Tell whether an id names somebody."""
    if value is None:
        return False
    if isinstance(value, int) or len(value) > LONGEST_NOBODY:
        return True
    return value.strip().lower() not in NOBODY


def is_silent(context: QuietContext | None) -> bool:
    """Tell whether a context says nothing of the person."""
    return context is None or context.is_quiet()


def is_harmless(properties: Mapping[str, object]) -> bool:
    """Tell whether properties hold no contact, and no amount or currency that is in doubt."""
    if not properties.keys().isdisjoint(CONTACT_NAMES):
        return False
    for name in AMOUNTS:
        value = properties.get(name)
        if value is not None and not is_amount(value):
            return False
    currency = properties.get("currency")
    return currency is None or is_currency(currency)


def is_amount(value: object) -> bool:
    """Tell whether a value is a number that the inbox can keep."""
    if type(value) is int or type(value) is float:
        return -LARGEST_AMOUNT <= value <= LARGEST_AMOUNT
    return False


def is_currency(value: object) -> bool:
    """Tell whether a value has the form of an ISO 4217 code."""
    return (
        isinstance(value, str)
        and len(value) == CURRENCY_LETTERS
        and value.isascii()
        and value.isalpha()
    )
