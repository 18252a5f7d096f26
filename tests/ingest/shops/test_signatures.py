"""Only the platform gets in: whatever bit of a signed webhook changes, nothing is stored."""

import pytest
from tests.build import NOON
from tests.ingest.shops.words import (
    MAPPING,
    SECRET,
    cafe24_order,
    connect_shop,
    sale,
    shopify_order,
    signature,
    stored,
)

BODIES = {
    "shopify": (shopify_order(), "orders/paid"),
    "cafe24": (cafe24_order(), ""),
    "imweb": (
        {"eventType": "ORDER_DEPOSIT_COMPLETE", "data": {"orderNo": "9", "memberCode": "m1"}},
        "",
    ),
    "generic": (sale(), ""),
}
SIGNED = ["shopify", "generic"]


@pytest.fixture(params=list(BODIES))
def platform(request, connection, client, workspace):
    mapping = MAPPING if request.param == "generic" else None
    return connect_shop(connection, client, workspace, request.param, mapping=mapping)


def test_what_the_platform_signed_is_stored(platform, connection):
    body, topic = BODIES[platform.name]

    answer = platform.post(body, topic=topic)

    assert (answer.status_code, answer.json()["written"]) == (200, 1)
    assert [name for name, _, _ in stored(connection)] == ["Order Completed"]


def test_another_secret_stores_nothing(platform, connection):
    body, topic = BODIES[platform.name]
    forged = signature(platform.name, b"{}", secret=f"{SECRET}!")

    answer = platform.post(body, topic=topic, headers=forged)

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert stored(connection) == []


def test_without_a_signature_nothing_is_stored(platform, connection):
    body, _ = BODIES[platform.name]

    answer = platform.client.post(platform.path, json=body)

    assert answer.status_code == 401
    assert stored(connection) == []


@pytest.mark.parametrize("name", SIGNED)
def test_any_flipped_bit_of_the_body_is_refused(name, connection, client, workspace):
    mapping = MAPPING if name == "generic" else None
    platform = connect_shop(connection, client, workspace, name, mapping=mapping)
    raw = b'{"id": 1, "kind": "sale"}'
    signed = signature(name, raw)

    flipped = [
        raw[:place] + bytes([raw[place] ^ (1 << bit)]) + raw[place + 1 :]
        for place in range(len(raw))
        for bit in range(8)
    ]
    answers = {platform.post(body, headers=signed).status_code for body in flipped}

    assert answers == {401}
    assert stored(connection) == []


@pytest.mark.parametrize("seconds", [-301, 301, -86400])
def test_a_generic_webhook_of_another_time_is_refused(connection, client, workspace, seconds):
    platform = connect_shop(connection, client, workspace, "generic", mapping=MAPPING)
    old = signature("generic", b"{}", at=int(NOON.timestamp()) + seconds)

    answer = platform.post(b"{}", headers=old)

    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_time")


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "9" * 400, "²"])
def test_a_time_that_is_none_is_refused(connection, client, workspace, stamp):
    platform = connect_shop(connection, client, workspace, "generic", mapping=MAPPING)
    odd = {name: value.encode() for name, value in signature("generic", b"{}", at=stamp).items()}

    answer = client.post(platform.path, content=b"{}", headers=odd)

    assert answer.status_code == 401


@pytest.mark.parametrize("seconds", [-299, 299])
def test_five_minutes_either_way_are_allowed(connection, client, workspace, seconds):
    platform = connect_shop(connection, client, workspace, "generic", mapping=MAPPING)
    signed = signature("generic", b"{}", at=int(NOON.timestamp()) + seconds)

    answer = platform.post(b"{}", headers=signed)

    assert (answer.status_code, answer.json()["told"]) == (200, 0)


def test_one_shops_signature_opens_no_other_hook(connection, client, workspace):
    platform = connect_shop(connection, client, workspace, "shopify")

    answer = client.post("/hooks/nobodys", json={}, headers=signature("shopify", b"{}"))

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_hook")
    assert platform.path != "/hooks/nobodys"


def test_secrets_lie_sealed(connection, client, workspace):
    connect_shop(connection, client, workspace, "shopify")

    row = connection.execute("select sealed_secret, token from shop_connection").fetchone()

    assert SECRET.encode() not in bytes(row[0])
