"""What messages cost: the price its owner entered for a vendor, kept beside each delivery.

What a vendor tells of the very message later takes its place (feedback/reports).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.content.text_rules import SMS_BYTES, count_bytes
from dangol.providers.vendor import AlimtalkNote, BrandNote, Outgoing, PushNote, TextNote
from dangol.store.connect import Connection


class PricedKind(StrEnum):
    """What vendors have a price for."""

    EMAIL = "email"
    SMS = "sms"
    LMS = "lms"
    MMS = "mms"
    ALIMTALK = "alimtalk"
    BRAND = "brand"
    PUSH = "push"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one message of a kind costs by a vendor; ``currency`` as ISO 4217 has it."""

    provider: str
    kind: PricedKind
    price: float
    currency: str


def kind_of(outgoing: Outgoing) -> PricedKind:
    """Return what a message is to its vendor's price list."""
    content = outgoing.content
    match content:
        case bytes():
            return PricedKind.EMAIL
        case TextNote(picture=picture) if picture is not None:
            return PricedKind.MMS
        case TextNote():
            is_long = content.title or count_bytes(content.text) > SMS_BYTES
            return PricedKind.LMS if is_long else PricedKind.SMS
        case AlimtalkNote():
            return PricedKind.ALIMTALK
        case BrandNote():
            return PricedKind.BRAND
        case PushNote():
            return PricedKind.PUSH
        case _:
            assert_never(content)


def price_deliveries(
    connection: Connection, outgoing: Sequence[Outgoing], *, provider: str
) -> None:
    """Keep beside what was handed over what it costs; where no price is known, nothing."""
    if not outgoing:
        return
    kinds: Mapping[int, PricedKind] = {one.delivery_id: kind_of(one) for one in outgoing}
    values = {
        "provider": provider,
        "ids": list(kinds),
        "kinds": [kind.value for kind in kinds.values()],
    }
    connection.execute(STATEMENTS["price_deliveries"], values)


def set_price(connection: Connection, price: Price) -> None:
    """Enter what a kind costs by a vendor; what was sent before keeps its own price."""
    values = {
        "provider": price.provider,
        "kind": price.kind.value,
        "price": price.price,
        "currency": price.currency,
    }
    connection.execute(STATEMENTS["save_price"], values)


def list_prices(connection: Connection) -> list[Price]:
    """Return every price that was entered."""
    with connection.cursor(row_factory=class_row(Price)) as cursor:
        return cursor.execute(STATEMENTS["list_prices"]).fetchall()
