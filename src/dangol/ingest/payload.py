"""The bodies that Segment's clients send, turned into events or refused with a remedy.

Tolerant where clients differ (null ids, ``originalTimestamp``, missing message ids, numbers as
text), strict where a guess would be stored as a fact (amounts, times, addresses, consents).
One bad event of a batch is refused alone; the others are taken.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec

from dangol.ingest.calls import (
    NOTHING,
    Call,
    Context,
    Envelope,
    read_call,
)
from dangol.ingest.consents import read_consents
from dangol.ingest.contacts import CONTACT_NAMES, take_contacts
from dangol.ingest.event import Event, Json
from dangol.ingest.fault import BadPayload, bad_value
from dangol.ingest.registration import take_device
from dangol.ingest.traits import check_traits
from dangol.ingest.values import (
    LONGEST_ID,
    correct_time,
    to_amount,
    to_currency,
    to_id,
    to_text,
    to_time,
)
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyKind, EventType

LARGEST_EVENT: Final = 32 * 1024
LARGEST_BODY: Final = 500 * 1024
MOST_EVENTS: Final = 2_500
GZIP_MAGIC: Final = b"\x1f\x8b"
# Message ids under which our own stages write; outsiders must not take them first.
RESERVED: Final = (
    "import:",
    "segment:",
    "shop:",
    "body:",
    "journey:",
    "call:",
    "device:",
    "receipt:",
    "delivery:",
)
TYPES: Final = {kind.value: kind for kind in EventType}
EMPTY: Final = Context()
# What somebody does, and does on something.
DEEDS: Final = frozenset({EventType.TRACK, EventType.PAGE, EventType.SCREEN})
# What a call that has no event name of its own is called in the tables.
NAMES: Final = {
    EventType.IDENTIFY: "Identified",
    EventType.PAGE: "Page Viewed",
    EventType.SCREEN: "Screen Viewed",
    EventType.GROUP: "Group Joined",
    EventType.ALIAS: "Identity Linked",
}


# An event without any of these is not looked at for commerce.
COMMERCE_NAMES: Final = frozenset(
    {"revenue", "total", "quantity", "currency", "order_id", "product_id", "category"}
)


# Revenue, quantity, currency, order, product, category: of each what the event says.
Commerce = tuple[Decimal | None, Decimal | None, str | None, str | None, str | None, str | None]
NO_COMMERCE: Final[Commerce] = (None, None, None, None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """To whom a body came, with which rights, and when."""

    vault: Vault
    workspace_id: int
    key_kind: ApiKeyKind
    received_at: datetime
    # Where a telephone number without a country code is at home.
    country: str = "KR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One event of a batch that was not taken."""

    index: int
    code: str
    message: str


def unpack(body: bytes) -> bytes:
    """Return a body as JSON text; gzip is known by its first bytes, whatever the headers say.

    Raises:
        BadPayload: it is damaged, or larger than we take.
    """
    if body.startswith(GZIP_MAGIC):
        unzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            body = unzip.decompress(body, LARGEST_BODY + 1)
        except zlib.error as error:
            raise BadPayload(
                "bad_encoding", f"The gzip body is damaged ({error}): send it again."
            ) from None
        if len(body) <= LARGEST_BODY and not unzip.eof:
            raise BadPayload("bad_encoding", "The gzip body is cut off: send it again, whole.")
    if len(body) > LARGEST_BODY:
        raise body_too_large()
    return body


def body_too_large() -> BadPayload:
    """Say that a body is longer than we take."""
    return BadPayload(
        "body_too_large",
        f"The body is larger than {LARGEST_BODY // 1024} KB: send fewer events at a time.",
    )


def calls_of(envelope: Envelope) -> Sequence[msgspec.Raw]:
    """Return a batch's calls, still as text."""
    check_count(envelope.batch)
    return envelope.batch or ()


def check_count(batch: Sequence[object] | None) -> None:
    """Refuse a batch that is none, or is too long."""
    if batch is None:
        raise BadPayload("bad_shape", 'batch is missing: write {"batch": [{"type": "track", …}]}.')
    if len(batch) > MOST_EVENTS:
        raise BadPayload(
            "too_many_events",
            f"batch holds {len(batch)} events: send at most {MOST_EVENTS} at a time.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the calls of one body."""

    envelope: Envelope
    body: bytes
    path_type: str | None
    reception: Reception

    def read(self, index: int, raw: bytes | msgspec.Raw) -> Event:
        """Return the event that a call reports.

        Raises:
            BadPayload: naming the field, its value and the remedy.
        """
        if len(memoryview(raw)) > LARGEST_EVENT:
            raise BadPayload(
                "event_too_large",
                f"The event is larger than {LARGEST_EVENT // 1024} KB: send less with it.",
            )
        call = read_call(raw)
        kind = to_type(self.path_type or call.type)
        context = self.context_of(call)
        properties, traits = self.person_and_matter(call, kind, context)
        if traits:
            check_traits(traits)
        contacts = take_contacts(
            traits,
            properties,
            vault=self.reception.vault,
            workspace_id=self.reception.workspace_id,
            country=self.reception.country,
        )
        user_id, anonymous_id = ids_of(call, kind)
        if user_id is None and anonymous_id is None and not contacts:
            raise BadPayload(
                "missing_id",
                "The event says of nobody: give userId, anonymousId, or an e-mail address or "
                "phone number in traits.",
            )
        if context.may_name_token():
            contacts += self.device_of(context, anonymous_id)
        revenue, quantity, currency, order_id, product_id, category = read_commerce(properties)
        return Event(
            type=kind,
            name=name_of(call, kind),
            message_id=self.message_id(index, call),
            occurred_at=self.occurred_at(call),
            user_id=user_id,
            anonymous_id=anonymous_id,
            revenue=revenue,
            quantity=quantity,
            currency=currency,
            order_id=order_id,
            product_id=product_id,
            category=category,
            properties=properties,
            traits=traits,
            contacts=contacts,
            consents=self.consents(context),
        )

    def context_of(self, call: Call) -> Context:
        """Return a call's context; what it leaves open is the batch's."""
        outer = self.envelope.context if self.path_type is None else None
        return (call.context or EMPTY).over(outer)

    def person_and_matter(self, call: Call, kind: EventType, context: Context) -> tuple[Json, Json]:
        """Return the call's properties and the person's traits, each free to be changed."""
        properties = call.properties or {}
        if call.name and kind is not EventType.TRACK:
            _ = properties.setdefault("name", call.name)
        if kind is EventType.GROUP:
            # A group's traits are the company's, not the person's; its contacts are nobody's.
            company = {k: v for k, v in (call.traits or {}).items() if k not in CONTACT_NAMES}
            return {**properties, "group_id": call.group_id, "traits": company}, {}
        if kind in DEEDS and (device := context.find_device()):
            _ = properties.setdefault("device", device)
        traits = call.traits or {}
        if context.traits:
            traits = context.traits | traits
        if kind is EventType.IDENTIFY:
            for name, value in (("locale", context.locale), ("timezone", context.timezone)):
                if value is not None:
                    _ = traits.setdefault(name, value)
        return properties, traits

    def device_of(self, context: Context, anonymous_id: str | None) -> list[dict[str, str]]:
        """Return the device that can be sent notifications, where there is one."""
        return take_device(
            bytes(context.device),
            anonymous_id=anonymous_id,
            vault=self.reception.vault,
            workspace_id=self.reception.workspace_id,
        )

    def message_id(self, index: int, call: Call) -> str:
        """Return the client's message id, or one that the same bytes sent again would get.

        A body that carries no time of its own may truly happen twice with the same bytes, so
        there the time it came in is part of the id.
        """
        given = to_id(call.message_id, field="messageId")
        if given is not None:
            return f"api:{given}" if given.startswith(RESERVED) else given
        digest = sha256(self.body)
        if not (call.timestamp or call.original_timestamp or self.sent_at(call)):
            digest.update(self.reception.received_at.isoformat().encode())
        return f"body:{digest.hexdigest()[:32]}:{index}"

    def sent_at(self, call: Call) -> str | None:
        return call.sent_at or self.envelope.sent_at

    def occurred_at(self, call: Call) -> datetime:
        """Return when it happened, by our clock."""
        return correct_time(
            to_time(call.timestamp or call.original_timestamp, field="timestamp"),
            sent_at=read_sent_at(self.sent_at(call)),
            received_at=self.reception.received_at,
        )

    def consents(self, context: Context) -> list[Json]:
        """Return the consents that travel with the call."""
        if context.dangol is None or context.dangol.consents == NOTHING:
            return []
        return read_consents(context.dangol.consents, key_kind=self.reception.key_kind)


# The events of a batch were sent at one time.
@lru_cache(maxsize=64)
def read_sent_at(text: str | None) -> datetime | None:
    """Return when a call was sent, by its client's clock."""
    return to_time(text, field="sentAt")


def to_type(name: str | None) -> EventType:
    """Return the call's type."""
    kind = TYPES.get(name or "")
    if kind is None:
        raise BadPayload("unknown_type", f"type is {name!r}: write one of {', '.join(TYPES)}.")
    return kind


def name_of(call: Call, kind: EventType) -> str:
    """Return the name under which the event is counted."""
    if kind is not EventType.TRACK:
        return NAMES[kind]
    name = (call.event or "").strip()
    if not name:
        raise BadPayload("missing_name", 'event is missing: name it, like "Order Completed".')
    if len(name) > LONGEST_ID:
        raise bad_value("event", name, f"names have at most {LONGEST_ID} characters.")
    return name


def ids_of(call: Call, kind: EventType) -> tuple[str | None, str | None]:
    """Return user id and anonymous id; an alias says that its previous id was anonymous."""
    anonymous_id = to_id(call.anonymous_id, field="anonymousId")
    if kind is EventType.ALIAS:
        anonymous_id = to_id(call.previous_id, field="previousId") or anonymous_id
    return to_id(call.user_id, field="userId"), anonymous_id


def read_commerce(properties: Json) -> Commerce:
    """Return the typed commerce fields of an event's properties, which keep them as well."""
    if COMMERCE_NAMES.isdisjoint(properties):
        return NO_COMMERCE
    return (
        read_revenue(properties),
        to_amount(properties.get("quantity"), field="properties.quantity"),
        to_currency(properties.get("currency")),
        to_text(properties.get("order_id")),
        to_text(properties.get("product_id")),
        to_text(properties.get("category")),
    )


def read_revenue(properties: Json) -> Decimal | None:
    """Return the revenue, else the total."""
    revenue = to_amount(properties.get("revenue"), field="properties.revenue")
    if revenue is not None:
        return revenue
    return to_amount(properties.get("total"), field="properties.total")
