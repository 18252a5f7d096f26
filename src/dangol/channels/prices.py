"""What messages cost: the price its owner entered for a vendor, kept beside each delivery.

What a vendor tells of the very message later takes its place (feedback/reports).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.content.text_rules import SMS_BYTES, count_bytes
from dangol.providers.vendor import AlimtalkNote, BrandNote, Outgoing, PushNote, TextNote
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

# What one message may cost at most, in won: more is a slip of the pen.
MOST_PRICE: Final = 1_000_000


class PricedKind(StrEnum):
    """What vendors have a price for."""

    EMAIL = "email"
    SMS = "sms"
    LMS = "lms"
    MMS = "mms"
    ALIMTALK = "alimtalk"
    BRAND = "brand"
    PUSH = "push"


KINDS_OF: Final[Mapping[Channel, tuple[PricedKind, ...]]] = {
    Channel.EMAIL: (PricedKind.EMAIL,),
    Channel.SMS: (PricedKind.SMS, PricedKind.LMS),
    Channel.KAKAO_ALIMTALK: (PricedKind.ALIMTALK,),
    Channel.KAKAO_BRAND: (PricedKind.BRAND,),
    Channel.PUSH: (PricedKind.PUSH,),
}


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


def remove_price(connection: Connection, *, provider: str, kind: str) -> None:
    """Forget what a kind costs by a vendor; what was sent before keeps its own price.

    Raises:
        LookupError: there is no such price.
    """
    values = {"provider": provider, "kind": kind}
    if not connection.execute(STATEMENTS["remove_price"], values).rowcount:
        raise LookupError(f"{provider} has no price for {kind}.")


def priced_kinds(channels: Iterable[Channel]) -> list[PricedKind]:
    """Return what a vendor of these channels has a price for."""
    return [kind for channel in channels for kind in KINDS_OF.get(channel, ())]


def list_prices(connection: Connection) -> list[Price]:
    """Return every price that was entered."""
    with connection.cursor(row_factory=class_row(Price)) as cursor:
        return cursor.execute(STATEMENTS["list_prices"]).fetchall()
