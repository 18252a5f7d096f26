"""Whatever a platform posts, the order is kept, the oddity is named, and nothing breaks."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import NOON, TEST_VAULT
from tests.ingest.calls import read_call
from tests.ingest.shops.words import (
    MAPPING,
    cafe24_order,
    connect_shop,
    sale,
    shopify_order,
    signature,
    stored,
)
from tests.ingest.words import parked, tick_all

from dangol.ingest.fault import BadPayload
from dangol.ingest.shops import cafe24, generic, imweb, shopify
from dangol.ingest.shops.desk import HookDesk, Hooked, HookTaken
from dangol.ingest.shops.shop import Delivery, Scribe, Shop
from dangol.store.connect import open_pool
from dangol.store.vocabulary import ShopPlatform

ODD = [None, "", "x" * 5000, "\0", "😀", -1, 10**400, 1e308, True, [], {}, [[]], "NaN", "1e999"]
READERS = {"shopify": shopify, "cafe24": cafe24, "imweb": imweb, "generic": generic}
TOPICS = [*shopify.TOPICS, "other"]


@pytest.fixture
def shop(connection, client, workspace):
    return connect_shop(connection, client, workspace, "shopify")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("phone", "call me"),
        ("subtotal_price", "a lot"),
        ("currency", "₩"),
        ("created_at", "yesterday"),
    ],
)
def test_an_odd_field_is_left_out_and_named_and_the_order_is_kept(shop, connection, field, value):
    shop.post(shopify_order(**{field: value}), topic="orders/paid")

    row = connection.execute("select order_id, properties -> 'left_out' from event").fetchone()

    assert row == ("1001", [field])


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:12])
def test_no_odd_value_in_any_field_fails_or_parks_an_order(shop, connection, workspace, value):
    for place, field in enumerate(shopify_order()):
        body = shopify_order(10_000 + place) | {field: value}
        assert shop.post(body, topic="orders/paid").status_code in {200, 400}
    tick_all(connection, workspace)

    assert parked(connection) == []
    assert len(stored(connection)) >= len(shopify_order()) - 1


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:12])
def test_no_odd_value_in_any_field_of_cafe24_fails(connection, client, workspace, value):
    platform = connect_shop(connection, client, workspace, "cafe24")
    for place, field in enumerate(cafe24_order()["resource"]):
        body = cafe24_order(**{"order_id": f"o{place}", field: value})
        assert platform.post(body).status_code == 200
    tick_all(connection, workspace)

    assert parked(connection) == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b"null", b"[" * 100_000, b'"\\ud800"'])
def test_what_is_no_json_object_is_refused(shop, connection, raw):
    answer = shop.post(raw, topic="orders/paid")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")
    assert stored(connection) == []


def test_a_body_of_more_than_a_megabyte_is_refused(shop):
    answer = shop.post(b" " * (1024 * 1024 + 1), topic="orders/paid")

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_time_ahead_of_ours_is_now(shop, connection):
    shop.post(shopify_order(created_at="2099-01-01T00:00:00Z"), topic="orders/paid")

    assert connection.execute("select occurred_at from event").fetchone() == (NOON,)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
NAMES = sorted(
    {*shopify_order(), *cafe24_order()["resource"], *sale()["sale"]}
    | {"resource", "event_no", "data", "eventType", "eventTime", "orderNo", "kind", "sale"}
    | {"transactions", "customer_id", "email_marketing_consent", "member_id", "token", "order_id"}
)
BODIES = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12)


@pytest.mark.parametrize("name", list(READERS))
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES, topic=st.sampled_from(TOPICS), number=st.sampled_from([*cafe24.NUMBERS]))
def test_readers_take_any_json_or_say_no(name, body, topic, number):
    body = {"event_no": number, "eventType": "ORDER_CREATE", "kind": "sale"} | body
    mapping = MAPPING if name == "generic" else None
    platform = ShopPlatform(name)
    shop = Shop(id=1, workspace_id=1, platform=platform, name="m", secret="", mapping=mapping)
    scribe = Scribe(shop=shop, vault=TEST_VAULT, received_at=NOON)
    raw = json.dumps(body).encode()
    delivery = Delivery(body=raw, headers={"x-shopify-topic": topic}, received_at=NOON)

    told = []
    with suppress(BadPayload):
        told = READERS[name].read(delivery, scribe=scribe)

    assert all(one.event.message_id.startswith("shop:") for one in told)
    assert all(len(one.event.message_id.encode()) < 2600 for one in told)


def test_an_order_and_its_refund_at_the_same_moment_both_arrive(connection, shop, dsn):
    rounds = 20
    pool = open_pool(dsn, size=4)
    desk = HookDesk(pool=pool, vault=TEST_VAULT, clock=lambda _: NOON)
    token = shop.path.removeprefix("/hooks/")

    def post(topic: str, body: dict) -> object:
        raw = json.dumps(body).encode()
        signed = {name.lower(): value for name, value in signature("shopify", raw).items()}
        hook = Hooked(token=token, body=raw, headers=signed | {"x-shopify-topic": topic})
        return desk.take([hook])[0]

    jobs = [
        job
        for number in range(1, rounds + 1)
        for job in (
            ("refunds/create", {"id": number, "order_id": number}),
            ("orders/paid", shopify_order(number)),
        )
    ]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda job: post(*job), jobs))
    pool.close()

    names = [name for name, user, _ in stored(connection) if user == "77"]
    assert all(isinstance(answer, HookTaken) for answer in answers)
    assert sorted(names) == ["Order Completed"] * rounds + ["Order Refunded"] * rounds


def test_nobody_outside_can_take_a_shops_message_ids():
    call = {"userId": "77", "event": "Visited", "messageId": "shop:order:shopify:main:1:completed"}

    event = read_call(json.dumps(call).encode(), path_type="track")

    assert event.message_id == "api:shop:order:shopify:main:1:completed"
