"""Any other shop: bodies signed our way, and a mapping that says what they mean.

``X-Signature`` is the hex HMAC-SHA256 of ``X-Timestamp``, a dot and the raw body; a timestamp
(seconds since 1970) may differ from our clock by five minutes.
"""

import hmac
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Final, cast
from zoneinfo import ZoneInfo

import msgspec

from dangol.ingest.event import Event, Json
from dangol.ingest.fault import BadPayload
from dangol.ingest.shops.consents import marketing_consent
from dangol.ingest.shops.fields import Fields, plain, read_fields
from dangol.ingest.shops.mapping import ConsentRule, Rule, WebhookMapping
from dangol.ingest.shops.shop import Delivery, Person, Scribe, Shop, Told
from dangol.store.vocabulary import EventType

TOLERANCE: Final = timedelta(minutes=5)
REFUNDED: Final = "Order Refunded"


def verify(delivery: Delivery, *, shop: Shop) -> bool:
    """Tell whether the sender knows the secret and signed this body just now.

    Raises:
        BadPayload: the time is missing, or too far from ours.
    """
    stamp = delivery.header("x-timestamp").strip()
    signed = stamp.encode() + b"." + delivery.body
    expected = hmac.digest(shop.secret.encode(), signed, sha256).hex()
    shown = delivery.header("x-signature").strip().lower()
    if not hmac.compare_digest(expected.encode(), shown.encode()):
        return False
    check_time(stamp, delivery)
    return True


def check_time(stamp: str, delivery: Delivery) -> None:
    """Refuse what was signed long ago, or will be."""
    now = delivery.received_at.timestamp()
    # Longer numbers are no time of ours, and would not fit a float.
    seconds = int(stamp) if stamp.isdecimal() and len(stamp) <= len("9999999999") else 0
    if abs(now - seconds) > TOLERANCE.total_seconds():
        raise BadPayload(
            "wrong_time",
            f"X-Timestamp is {stamp[:20]!r}: send the seconds since 1970 by a clock that is right "
            "to five minutes, and sign each delivery anew.",
        )


def read(delivery: Delivery, *, scribe: Scribe) -> list[Told]:
    """Return what the mapping makes of a body; nothing where no rule fits.

    Raises:
        BadPayload: the body is no JSON object, or a rule fits and finds no id.
    """
    text = msgspec.json.encode(scribe.shop.mapping)
    mapping = read_mapping(text)
    body = read_fields(delivery.body)
    return [
        apply_rule(rule, Fields(body.values), scribe, mapping=mapping)
        for rule in mapping.event
        if fits(rule, body)
    ]


@lru_cache(maxsize=256)
def read_mapping(text: bytes) -> WebhookMapping:
    """Return a mapping that was checked when the shop was added."""
    return msgspec.json.decode(text, type=WebhookMapping)


def fits(rule: Rule, body: Fields) -> bool:
    """Tell whether every path of ``when`` holds its value."""
    return all(body.get(path) == value for path, value in rule.when.items())


def apply_rule(rule: Rule, body: Fields, scribe: Scribe, *, mapping: WebhookMapping) -> Told:
    """Return the event that a rule makes of a body."""
    found = body.id(rule.id)
    if found is None:
        raise BadPayload(
            "missing_id",
            f"{rule.id} is missing: the mapping takes the id of {rule.name!r} from there.",
        )
    at = body.moment(rule.at, zone=ZoneInfo(mapping.time_zone)) if rule.at else None
    order_id = body.id(rule.order) if rule.order else None
    amount = body.amount(rule.revenue) if rule.revenue else None
    event = Event(
        type=EventType(rule.type),
        name=rule.name,
        message_id=f"{found}:{rule.name}",
        occurred_at=at or scribe.received_at,
        order_id=order_id,
        revenue=-abs(amount) if amount is not None and rule.name == REFUNDED else amount,
        currency=(body.currency(rule.currency) if rule.currency else None) or mapping.currency,
        properties=pick(rule.properties, body) | products_of(rule, body),
        traits=pick(rule.traits, body),
        consents=[
            item
            for consent in rule.consent
            for item in read_consent(consent, body, mapping=mapping)
        ],
    )
    return scribe.tell(
        event,
        matter="order" if order_id else "event",
        fields=body,
        person=person_of(rule, body),
        references=(f"order:{order_id}" if order_id else None,),
    )


def person_of(rule: Rule, body: Fields) -> Person:
    return Person(
        user_id=body.id(rule.user) if rule.user else None,
        email=body.text(rule.email) if rule.email else None,
        phone=body.text(rule.phone) if rule.phone else None,
    )


def pick(paths: dict[str, str], body: Fields) -> Json:
    """Return the texts, numbers and truths at these paths under their new names."""
    found = {name: body.get(path) for name, path in paths.items()}
    return {
        name: value for name, value in found.items() if isinstance(value, str | int | float | bool)
    }


def products_of(rule: Rule, body: Fields) -> Json:
    if not rule.products:
        return {}
    products = [
        pick(rule.product, item) | quantity_and_price(rule, item)
        for item in body.items(rule.products)
    ]
    return {"products": products}


def quantity_and_price(rule: Rule, item: Fields) -> Json:
    """Return what must be numbers as numbers, however they were written."""
    numbers = {
        name: plain(item.amount(path))
        for name in ("quantity", "price")
        if (path := rule.product.get(name)) is not None
    }
    return cast("Json", {name: value for name, value in numbers.items() if value is not None})


def read_consent(rule: ConsentRule, body: Fields, *, mapping: WebhookMapping) -> list[Json]:
    """Return what the customer said, where the value is one that the mapping knows."""
    value = body.text(rule.value)
    if value is None or value not in {*rule.granted, *rule.refused}:
        return []
    at = body.moment(rule.at, zone=ZoneInfo(mapping.time_zone)) if rule.at else None
    return marketing_consent(granted=value in rule.granted, source=rule.source, at=at)
