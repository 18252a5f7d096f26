"""Shopify: the raw body is signed; the topic stands in a header.

Order webhooks carry the whole order, refunds and carts only ids: those wait for the order or the
checkout that names them.
"""

import base64
import hmac
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Final

from dangol.ingest.event import Event, Json
from dangol.ingest.shops.consents import marketing_consent
from dangol.ingest.shops.fields import Fields, read_fields
from dangol.ingest.shops.leaving import tell_gone
from dangol.ingest.shops.shop import Delivery, Person, Scribe, Shop, Told
from dangol.store.vocabulary import EventType

PAID: Final = frozenset({"paid", "partially_refunded", "refunded"})
# What Shopify says of consent; "not_subscribed", "pending" and "invalid" say nothing new.
CONSENT: Final = {"subscribed": True, "unsubscribed": False, "redacted": False}


def verify(delivery: Delivery, *, shop: Shop) -> bool:
    """Tell whether the platform signed this body."""
    digest = hmac.digest(shop.secret.encode(), delivery.body, sha256)
    shown = delivery.header("x-shopify-hmac-sha256").encode()
    return hmac.compare_digest(base64.b64encode(digest), shown)


def read(delivery: Delivery, *, scribe: Scribe) -> list[Told]:
    """Return what a webhook tells; nothing for topics that are not about customers.

    Raises:
        BadPayload: the body is no JSON object.
    """
    reader = TOPICS.get(delivery.header("x-shopify-topic").strip().lower())
    return reader(read_fields(delivery.body), scribe) if reader else []


def read_order(order: Fields, scribe: Scribe) -> list[Told]:
    """An order is completed when it is paid; created and paid may come in either order."""
    order_id = order.id("id")
    if order_id is None:
        return []
    paid = order.text("financial_status") in PAID
    name, kind = ("Order Completed", "completed") if paid else ("Order Placed", "placed")
    event = order_event(order, scribe, name=name, message_id=f"{order_id}:{kind}")
    return [tell_order(event, order, scribe)]


def read_cancelled(order: Fields, scribe: Scribe) -> list[Told]:
    """A cancelled order takes no revenue back: what was paid comes back as refunds."""
    order_id = order.id("id")
    if order_id is None:
        return []
    event = Event(
        type=EventType.TRACK,
        name="Order Cancelled",
        message_id=f"{order_id}:cancelled",
        occurred_at=order.moment("cancelled_at") or scribe.received_at,
        order_id=order_id,
        currency=order.currency("currency"),
        properties={"total": order.number("total_price"), "reason": order.text("cancel_reason")},
    )
    return [tell_order(event, order, scribe)]


def tell_order(event: Event, order: Fields, scribe: Scribe) -> Told:
    return scribe.tell(
        event,
        matter="order",
        fields=order,
        person=person_of(order),
        references=references_of(order, order_id=event.order_id),
    )


def order_event(order: Fields, scribe: Scribe, *, name: str, message_id: str) -> Event:
    """Return an order as an event, its revenue without shipping and tax."""
    subtotal = order.amount("subtotal_price")
    taxes = [
        amount
        for item in order.items("line_items")
        for line in item.items("tax_lines")
        if (amount := line.amount("price")) is not None
    ]
    if subtotal is not None and order.get("taxes_included") is True:
        subtotal -= sum(taxes, Decimal(0))
    products = products_of(order)
    return Event(
        type=EventType.TRACK,
        name=name,
        message_id=message_id,
        occurred_at=order.moment("created_at") or scribe.received_at,
        order_id=order.id("id"),
        revenue=subtotal,
        currency=order.currency("currency"),
        product_id=str(products[0].get("product_id") or "") or None if len(products) == 1 else None,
        properties={
            "products": products,
            "total": order.number("total_price"),
            "tax": order.number("total_tax"),
            "discount": order.number("total_discounts"),
            "checkout_id": order.id("checkout_token"),
        },
    )


def read_refund(refund: Fields, scribe: Scribe) -> list[Told]:
    """A refund names its order and nobody; its amount is negative, so that sums reconcile."""
    refund_id, order_id = refund.id("id"), refund.id("order_id")
    if refund_id is None or order_id is None:
        return []
    paid_back = [
        (amount, item.currency("currency"))
        for item in refund.items("transactions")
        if item.text("kind") == "refund" and item.text("status") in {None, "success"}
        if (amount := item.amount("amount")) is not None
    ]
    currency = next((code for _, code in paid_back if code), None)
    event = Event(
        type=EventType.TRACK,
        name="Order Refunded",
        message_id=f"{order_id}:refunded:{refund_id}",
        occurred_at=refund.moment("created_at") or scribe.received_at,
        order_id=order_id,
        revenue=-sum((amount for amount, _ in paid_back), Decimal(0)) if paid_back else None,
        currency=currency,
        properties={
            "products": [
                product_of(item.inner("line_item")) | {"quantity": item.number("quantity")}
                for item in refund.items("refund_line_items")
            ],
        },
    )
    return [scribe.tell(event, matter="order", fields=refund, references=(f"order:{order_id}",))]


def read_checkout(checkout: Fields, scribe: Scribe) -> list[Told]:
    """Only the first word of a checkout starts it; later ones may say who it is."""
    token = checkout.id("token") or checkout.id("id")
    if token is None:
        return []
    event = Event(
        type=EventType.TRACK,
        name="Checkout Started",
        message_id=f"{token}:started",
        occurred_at=checkout.moment("created_at") or scribe.received_at,
        revenue=checkout.amount("subtotal_price"),
        currency=checkout.currency("currency"),
        properties={
            "checkout_id": token,
            "products": products_of(checkout),
            "url": checkout.text("abandoned_checkout_url"),
        },
    )
    told = scribe.tell(
        event,
        matter="checkout",
        fields=checkout,
        person=person_of(checkout),
        references=(f"checkout:{token}", cart_reference(checkout)),
    )
    return [told]


def read_cart(cart: Fields, scribe: Scribe) -> list[Told]:
    """A cart names nobody: it waits for the checkout or order that was made of it."""
    token = cart.id("token") or cart.id("id")
    if token is None:
        return []
    at = cart.moment("updated_at") or cart.moment("created_at")
    event = Event(
        type=EventType.TRACK,
        name="Cart Viewed",
        message_id=f"{token}:{at.isoformat() if at else 'once'}",
        occurred_at=at or scribe.received_at,
        properties={"cart_id": token, "products": products_of(cart)},
    )
    return [scribe.tell(event, matter="cart", fields=cart, references=(f"cart:{token}",))]


def read_customer(customer: Fields, scribe: Scribe) -> list[Told]:
    """A customer's data, and her consent as an event of its own, which comes again unchanged."""
    customer_id = customer.id("id")
    if customer_id is None:
        return []
    at = customer.moment("updated_at") or customer.moment("created_at")
    event = Event(
        type=EventType.IDENTIFY,
        name="Identified",
        message_id=f"{customer_id}:{at.isoformat() if at else scribe.received_at.isoformat()}",
        occurred_at=at or scribe.received_at,
        traits=traits_of(customer),
    )
    person = Person(user_id=customer_id, email=customer.text("email"), phone=customer.text("phone"))
    told = scribe.tell(event, matter="customer", fields=customer, person=person)
    return [told, *tell_consent(customer, scribe, customer_id=customer_id)]


def read_consent(changed: Fields, scribe: Scribe) -> list[Told]:
    customer_id = changed.id("customer_id")
    return [] if customer_id is None else tell_consent(changed, scribe, customer_id=customer_id)


def tell_consent(said: Fields, scribe: Scribe, *, customer_id: str) -> list[Told]:
    """Return what was said about advertising by e-mail, once for each time it was said."""
    consent = said.inner("email_marketing_consent")
    state = (consent.text("state") or "").lower()
    if state not in CONSENT:
        return []
    at = consent.moment("consent_updated_at")
    level = consent.text("opt_in_level") or "opt-in level unknown"
    event = Event(
        type=EventType.IDENTIFY,
        name="Identified",
        message_id=f"{customer_id}:{state}:{at.isoformat() if at else 'undated'}",
        occurred_at=at or scribe.received_at,
        consents=marketing_consent(
            granted=CONSENT[state], source=f"Shopify customer consent ({level})", at=at
        ),
    )
    person = Person(user_id=customer_id)
    return [scribe.tell(event, matter="consent", fields=said, person=person)]


def read_gone(gone: Fields, scribe: Scribe) -> list[Told]:
    customer_id = gone.id("customer.id") or gone.id("id")
    return tell_gone(scribe, gone, user_id=customer_id, source="Shopify customer deleted")


def person_of(matter: Fields) -> Person:
    """Return who bought: the customer's id, and what was typed into the order."""
    return Person(
        user_id=matter.id("customer.id"),
        email=matter.text("email") or matter.text("customer.email"),
        phone=matter.text("phone") or matter.text("customer.phone"),
    )


def references_of(order: Fields, *, order_id: str | None) -> tuple[str | None, ...]:
    checkout = order.id("checkout_token")
    return (
        f"order:{order_id}",
        f"checkout:{checkout}" if checkout else None,
        cart_reference(order),
    )


def cart_reference(matter: Fields) -> str | None:
    token = matter.id("cart_token")
    return f"cart:{token}" if token else None


def products_of(matter: Fields) -> list[Json]:
    return [product_of(item) for item in matter.items("line_items")]


def product_of(item: Fields) -> Json:
    """Return one line under the names the tracking API uses."""
    said: Json = {
        "product_id": item.id("product_id"),
        "sku": item.text("sku"),
        "name": item.text("title"),
        "brand": item.text("vendor"),
        "variant": item.text("variant_title"),
        "price": item.number("price"),
        "quantity": item.number("quantity"),
    }
    return {name: value for name, value in said.items() if value is not None}


def traits_of(customer: Fields) -> Json:
    said: Json = {
        "firstName": customer.text("first_name"),
        "lastName": customer.text("last_name"),
        "locale": customer.text("locale"),
        "country": customer.text("default_address.country_code"),
        "tags": customer.text("tags"),
    }
    return {name: value for name, value in said.items() if value is not None}


TOPICS: Final[dict[str, Callable[[Fields, Scribe], list[Told]]]] = {
    "orders/create": read_order,
    "orders/paid": read_order,
    "orders/cancelled": read_cancelled,
    "refunds/create": read_refund,
    "checkouts/create": read_checkout,
    "checkouts/update": read_checkout,
    "carts/create": read_cart,
    "carts/update": read_cart,
    "customers/create": read_customer,
    "customers/update": read_customer,
    "customers_email_marketing_consent/update": read_consent,
    "customers/delete": read_gone,
    "customers/redact": read_gone,
}
