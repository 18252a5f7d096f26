"""One thing that happened, as every source hands it to the inbox."""

from datetime import datetime
from decimal import Decimal

import msgspec

from dangol.store.vocabulary import EventType

Json = dict[str, object]


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event with its contact data sealed and its commerce fields typed.

    ``occurred_at`` is aware and in UTC. ``contacts`` holds ``{"kind", "key", "sealed"}``, the last
    in base64; ``consents`` holds what ``consent.ledger.fold_consents`` reads. ``customer_id`` is
    left out on purpose: only the tick knows whose event it is. No event refers to another, so the
    garbage collector is spared a look at them.
    """

    type: EventType
    name: str
    message_id: str
    occurred_at: datetime
    user_id: str | None = None
    anonymous_id: str | None = None
    order_id: str | None = None
    revenue: Decimal | None = None
    currency: str | None = None
    product_id: str | None = None
    category: str | None = None
    quantity: Decimal | None = None
    properties: Json = {}
    traits: Json = {}
    contacts: list[dict[str, str]] = []
    consents: list[Json] = []
