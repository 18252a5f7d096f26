"""Cafe24: a fixed key in a header; a number says what happened; numbers are text, flags T or F."""

import hmac
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from dangol.ingest.event import Event, Json
from dangol.ingest.shops.consents import marketing_consent
from dangol.ingest.shops.fields import Fields, plain, read_fields
from dangol.ingest.shops.leaving import tell_gone
from dangol.ingest.shops.shop import Delivery, Person, Scribe, Shop, Told
from dangol.store.vocabulary import EventType

# Where times come without an offset, they are a Korean shop's.
SEOUL: Final = ZoneInfo("Asia/Seoul")


def verify(delivery: Delivery, *, shop: Shop) -> bool:
    """Tell whether the webhook shows the key that the app was given."""
    shown = delivery.header("x-api-key").encode()
    return bool(shown) and hmac.compare_digest(shop.secret.encode(), shown)


def read(delivery: Delivery, *, scribe: Scribe) -> list[Told]:
    """Return what a webhook tells; nothing for numbers that are not about customers.

    Raises:
        BadPayload: the body is no JSON object.
    """
    body = read_fields(delivery.body)
    reader = NUMBERS.get(body.text("event_no") or "")
    return reader(body.inner("resource"), scribe) if reader else []


def read_order(order: Fields, scribe: Scribe) -> list[Told]:
    """An order is completed when it is paid; until then it is placed."""
    paid = order.text("paid") == "T"
    name, kind = ("Order Completed", "completed") if paid else ("Order Placed", "placed")
    at = order.moment("order_date", zone=SEOUL)
    revenue = order.amount("order_price_amount")
    return tell_order(order, scribe, name, kind=kind, at=at, revenue=revenue if paid else None)


def read_shipping(order: Fields, scribe: Scribe) -> list[Told]:
    status = order.id("shipping_status") or "unknown"
    return tell_order(order, scribe, "Order Updated", kind=f"shipping:{status}")


def read_cancelled(order: Fields, scribe: Scribe) -> list[Told]:
    return tell_order(order, scribe, "Order Cancelled", kind=f"cancelled{claim_of(order)}")


def read_returned(order: Fields, scribe: Scribe) -> list[Told]:
    """Three numbers tell of one return; only an amount that was paid back is revenue lost."""
    amount = order.amount("refund_amount")
    revenue = None if amount is None else -abs(amount)
    kind = f"refunded{claim_of(order)}"
    return tell_order(order, scribe, "Order Refunded", kind=kind, revenue=revenue)


def claim_of(order: Fields) -> str:
    """Return what tells one cancellation or return of an order from another."""
    claim = order.id("claim_code") or order.id("ordering_product_code")
    return f":{claim}" if claim else ""


def tell_order(
    order: Fields,
    scribe: Scribe,
    name: str,
    *,
    kind: str,
    at: datetime | None = None,
    revenue: Decimal | None = None,
) -> list[Told]:
    """Return an event about an order; nothing where the webhook does not say which order."""
    order_id = order.id("order_id")
    if order_id is None:
        return []
    products = products_of(order)
    event = Event(
        type=EventType.TRACK,
        name=name,
        message_id=f"{order_id}:{kind}",
        occurred_at=at or scribe.received_at,
        order_id=order_id,
        revenue=revenue,
        currency=order.currency("currency"),
        product_id=str(products[0]["product_id"]) if len(products) == 1 else None,
        properties={
            "products": products or None,
            "total": plain(order.amount("actual_payment_amount")),
            "payment_method": order.text("payment_method"),
            "shipping_status": order.text("shipping_status"),
            "mall_id": order.text("mall_id"),
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


def read_joined(member: Fields, scribe: Scribe) -> list[Told]:
    """A new member, with what was ticked on the form about advertising by e-mail."""
    member_id = member.id("member_id")
    if member_id is None:
        return []
    at = member.moment("created_date", zone=SEOUL)
    ticked = {"T": True, "F": False}.get(member.text("news_mail") or "")
    source = "Cafe24 sign-up form (news_mail)"
    event = Event(
        type=EventType.IDENTIFY,
        name="Identified",
        message_id=f"{member_id}:joined",
        occurred_at=at or scribe.received_at,
        traits={"name": name} if (name := member.text("name")) else {},
        consents=[]
        if ticked is None
        else marketing_consent(granted=ticked, source=source, at=at or scribe.received_at),
    )
    person = Person(user_id=member_id, email=member.text("email"), phone=member.text("cellphone"))
    return [scribe.tell(event, matter="customer", fields=member, person=person)]


def read_deleted(member: Fields, scribe: Scribe) -> list[Told]:
    return tell_gone(scribe, member, user_id=member.id("member_id"), source="Cafe24 member deleted")


def person_of(order: Fields) -> Person:
    """Return who bought; a guest has no member id."""
    return Person(
        user_id=order.id("member_id"),
        email=order.text("buyer_email"),
        phone=order.text("buyer_cellphone"),
    )


def products_of(order: Fields) -> list[Json]:
    """Pair the codes and names that Cafe24 joins by commas; names may hold commas themselves."""
    codes = split(order.text("ordering_product_code"))
    names = split(order.text("ordering_product_name"))
    if len(names) != len(codes):
        return [{"product_id": code} for code in codes]
    return [{"product_id": code, "name": name} for code, name in zip(codes, names, strict=True)]


def split(text: str | None) -> list[str]:
    return [part for piece in (text or "").split(",") if (part := piece.strip())]


NUMBERS: Final[dict[str, Callable[[Fields, Scribe], list[Told]]]] = {
    "90023": read_order,
    "90025": read_order,
    "90024": read_shipping,
    "90071": read_shipping,
    "90026": read_cancelled,
    "90072": read_cancelled,
    "90027": read_returned,
    "90074": read_returned,
    "90160": read_returned,
    "90032": read_joined,
    "90147": read_deleted,
}
