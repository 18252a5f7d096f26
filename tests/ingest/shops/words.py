"""The words of the webhook tests.

Bodies follow the platforms' documented form, as far as it is known; none is a recorded call.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256

import httpx
from litestar import Litestar
from litestar.testing import TestClient
from tests.build import NOON, TEST_VAULT

from dangol.ingest.shops.connections import add_shop
from dangol.store.connect import Connection
from dangol.store.vocabulary import ShopPlatform

SECRET = "a secret of the platform"  # noqa: S105 - only tests use it
KEY_NAMES = {"cafe24": "X-API-Key", "imweb": "Authorization"}


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A shop platform that posts to us, signed as it signs."""

    client: TestClient[Litestar]
    path: str
    name: str

    def post(
        self, body: object, *, topic: str = "", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        signed = signature(self.name, raw) | {"X-Shopify-Topic": topic}
        return self.client.post(self.path, content=raw, headers=signed | (headers or {}))


def signature(platform: str, raw: bytes, *, secret: str = SECRET, at: object = None) -> dict:
    if platform == "shopify":
        digest = hmac.digest(secret.encode(), raw, sha256)
        return {"X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode()}
    if platform == "generic":
        stamp = str(int(NOON.timestamp()) if at is None else at)
        signed = stamp.encode() + b"." + raw
        digest = hmac.digest(secret.encode(), signed, sha256)
        return {"X-Timestamp": stamp, "X-Signature": digest.hex()}
    return {KEY_NAMES[platform]: secret}


def connect_shop(
    connection: Connection,
    client: TestClient[Litestar],
    workspace: int,
    platform: str,
    *,
    name: str = "main",
    mapping: dict | None = None,
) -> Platform:
    with connection.transaction():
        path = add_shop(
            connection,
            workspace_id=workspace,
            platform=ShopPlatform(platform),
            name=name,
            secret=SECRET,
            vault=TEST_VAULT,
            now=NOON,
            mapping=mapping,
        )
    return Platform(client=client, path=path, name=platform)


def shopify_order(order_id: int = 1001, **changed: object) -> dict:
    """An order as orders/create and orders/paid document it, cut to what matters here."""
    return {
        "id": order_id,
        "email": "minji@shop.example",
        "phone": None,
        "created_at": "2027-03-02T11:00:00+09:00",
        "financial_status": "paid",
        "currency": "KRW",
        "subtotal_price": "33000.00",
        "total_price": "36000.00",
        "total_tax": "3000.00",
        "total_discounts": "0.00",
        "taxes_included": True,
        "checkout_token": "chk1",
        "cart_token": "crt1",
        "customer": {"id": 77, "email": "minji@shop.example", "phone": "+821012345678"},
        "line_items": [
            {
                "product_id": 5,
                "sku": "S-5",
                "title": "양말",
                "quantity": 3,
                "price": "11000.00",
                "tax_lines": [{"price": "3000.00"}],
            }
        ],
    } | changed


def cafe24_order(event_no: int = 90023, **changed: object) -> dict:
    """An order as the mirrored sample documents it: numbers are text, flags T or F."""
    resource = {
        "mall_id": "dangol",
        "event_shop_no": "1",
        "order_id": "20270302-0000012",
        "order_date": "2027-03-02 11:00:00",
        "member_id": "minji",
        "buyer_name": "김민지",
        "buyer_email": "minji@shop.example",
        "buyer_cellphone": "010-1234-5678",
        "paid": "T",
        "payment_date": "2027-03-02 11:00:05",
        "payment_method": "card",
        "order_price_amount": "33000.00",
        "actual_payment_amount": "36000.00",
        "shipping_status": "F",
        "ordering_product_code": "P0000BAA,P0000BAB",
        "ordering_product_name": "양말,모자",
    }
    return {"event_no": event_no, "resource": resource | changed}


MAPPING = {
    "time_zone": "Asia/Seoul",
    "currency": "KRW",
    "event": [
        {
            "name": "Order Completed",
            "when": {"kind": "sale"},
            "id": "sale.no",
            "at": "sale.at",
            "order": "sale.no",
            "user": "sale.member",
            "email": "sale.mail",
            "revenue": "sale.sum",
            "products": "sale.lines",
            "product": {"product_id": "code", "quantity": "n"},
            "consent": [
                {
                    "value": "sale.ads",
                    "granted": ["Y"],
                    "refused": ["N"],
                    "source": "checkout box",
                    "at": "sale.at",
                }
            ],
        },
        {
            "name": "Order Refunded",
            "when": {"kind": "refund"},
            "id": "refund.no",
            "order": "refund.sale",
            "revenue": "refund.sum",
        },
    ],
}


def sale(**changed: object) -> dict:
    said = {
        "no": "S1",
        "at": "2027-03-02T11:00:00",
        "member": "minji",
        "mail": "minji@shop.example",
        "sum": "33,000",
        "ads": "Y",
        "lines": [{"code": "A", "n": "2"}, {"code": "B", "n": 1}],
    }
    return {"kind": "sale", "sale": said | changed}


def stored(connection: Connection) -> list[tuple[str, str | None, float | None]]:
    """List what the inbox holds: name, user id, revenue."""
    rows = connection.execute("select name, user_id, revenue::float from event order by id")
    found = rows.fetchall()
    connection.commit()
    return found
