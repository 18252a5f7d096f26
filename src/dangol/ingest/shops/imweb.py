"""imweb: the configured value comes back in the authorization header; eventType says what.

Its order webhooks often name only the order. What they do not say waits until another webhook,
or the generic one, names the buyer.
"""

import hmac
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from dangol.ingest.event import Event, Json
from dangol.ingest.shops.fields import Fields, plain, read_fields
from dangol.ingest.shops.leaving import tell_gone
from dangol.ingest.shops.shop import Delivery, Person, Scribe, Shop, Told
from dangol.store.vocabulary import EventType

SEOUL: Final = ZoneInfo("Asia/Seoul")


def verify(delivery: Delivery, *, shop: Shop) -> bool:
    """Tell whether the webhook shows the configured value, exactly."""
    shown = delivery.header("authorization").encode()
    return bool(shown) and hmac.compare_digest(shop.secret.encode(), shown)


def read(delivery: Delivery, *, scribe: Scribe) -> list[Told]:
    """Return what a webhook tells; nothing for types that are not about customers.

    Raises:
        BadPayload: the body is no JSON object.
    """
    body = read_fields(delivery.body)
    reader = TYPES.get((body.text("eventType") or "").upper())
    at = body.moment("eventTime") or scribe.received_at
    return reader(body.inner("data"), at, scribe) if reader else []


def read_order(order: Fields, at: datetime, scribe: Scribe, *, name: str, kind: str) -> list[Told]:
    """Return an event about an order; nothing where the webhook does not say which order."""
    order_id = order.id("orderNo")
    if order_id is None:
        return []
    completed = name == "Order Completed"
    event = Event(
        type=EventType.TRACK,
        name=name,
        message_id=f"{order_id}:{kind}",
        occurred_at=(order.moment("orderTime", zone=SEOUL) if completed else None) or at,
        order_id=order_id,
        revenue=revenue_of(order) if completed else None,
        currency=order.currency("currency"),
        properties={
            "products": products_of(order) or None,
            "total": plain(order.amount("paymentPrice") or order.amount("totalPrice")),
        },
    )
    told = scribe.tell(
        event,
        matter="order",
        fields=order,
        person=person_of(order),
        references=(f"order:{order_id}",),
    )
    return [told]


def read_left(member: Fields, at: datetime, scribe: Scribe) -> list[Told]:
    user_id = person_of(member).user_id
    return tell_gone(scribe, member, user_id=user_id, source="imweb member withdrawal", at=at)


def person_of(data: Fields) -> Person:
    return Person(
        user_id=data.id("memberUid") or data.id("memberCode"),
        email=data.text("ordererEmail"),
        phone=data.text("ordererCall"),
    )


def revenue_of(order: Fields) -> Decimal | None:
    """Return what the products cost, where the webhook says it: never the sum with shipping."""
    return order.amount("itemPrice")


def products_of(order: Fields) -> list[Json]:
    return [
        {"product_id": code, "quantity": item.number("qty")}
        for item in order.items("section.sectionItems")
        if (code := item.id("prodNo") or item.id("productInfo.prodNo")) is not None
    ]


def about(name: str, kind: str) -> "Reader":
    return partial(read_order, name=name, kind=kind)


Reader = Callable[[Fields, datetime, Scribe], list[Told]]
TYPES: Final[dict[str, Reader]] = {
    "ORDER_CREATE": about("Order Placed", "placed"),
    "ORDER_DEPOSIT_COMPLETE": about("Order Completed", "completed"),
    "ORDER_CANCEL_COMPLETE": about("Order Cancelled", "cancelled"),
    "ORDER_REFUND": about("Order Refunded", "refunded"),
    "ORDER_RETURN_COMPLETE": about("Order Refunded", "refunded"),
    "END_USER_WITHDRAWAL": read_left,
}
