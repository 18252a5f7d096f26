"""Shopify's webhooks, in their documented form, become the events of the tracking API."""

import itertools

import pytest
from tests.ingest.shops.words import connect_shop, shopify_order, stored
from tests.ingest.words import customers, forget_everybody, owner, tick_all

REFUND = {
    "id": 501,
    "order_id": 1001,
    "created_at": "2027-03-02T11:30:00+09:00",
    "transactions": [{"kind": "refund", "status": "success", "amount": "11000", "currency": "KRW"}],
    "refund_line_items": [{"quantity": 1, "line_item": {"product_id": 5}}],
}
CART = {
    "id": "crt1",
    "token": "crt1",
    "updated_at": "2027-03-02T01:00:00Z",
    "line_items": [{"product_id": 5, "title": "양말", "quantity": 3}],
}
CHECKOUT = {
    "id": 9,
    "token": "chk1",
    "cart_token": "crt1",
    "email": None,
    "created_at": "2027-03-02T10:30:00+09:00",
    "currency": "KRW",
    "subtotal_price": "33000",
    "line_items": CART["line_items"],
}
JOURNEY = [
    ("carts/create", CART),
    ("checkouts/create", CHECKOUT),
    ("orders/create", shopify_order()),
    ("orders/paid", shopify_order()),
    ("refunds/create", REFUND),
]


@pytest.fixture
def shopify(connection, client, workspace):
    return connect_shop(connection, client, workspace, "shopify")


def activity(connection) -> list[tuple]:
    rows = connection.execute(
        "select customer_id, event_name, count, revenue::float, last_at from activity"
        " order by event_name"
    ).fetchall()
    connection.commit()
    return rows


def consent(connection) -> list[tuple]:
    rows = connection.execute("select channel, purpose, state from consent").fetchall()
    connection.commit()
    return rows


def test_an_order_says_what_was_bought_and_for_how_much(shopify, connection):
    shopify.post(shopify_order(), topic="orders/paid")

    row = connection.execute(
        "select name, user_id, order_id, revenue::float, currency, product_id,"
        " properties -> 'products' -> 0 ->> 'name', message_id, occurred_at::text from event"
    ).fetchone()

    assert row[:7] == ("Order Completed", "77", "1001", 30000, "KRW", "5", "양말")
    assert row[7] == "shop:order:shopify:main:1001:completed"
    assert row[8].startswith("2027-03-02 02:00:00")


def test_contacts_never_stand_in_the_clear(shopify, connection):
    shopify.post(shopify_order(), topic="orders/paid")
    shopify.post(shopify_order(2, customer=None), topic="orders/paid")

    everything = connection.execute(
        "select string_agg(event::text, '') from event"
        " union all select string_agg(shop_reference::text, '') from shop_reference"
    ).fetchall()

    assert not any(
        word in (text or "") for (text,) in everything for word in ("minji@", "821012345678")
    )


def test_an_unpaid_order_is_placed_and_completed_once_it_is_paid(shopify, connection):
    shopify.post(shopify_order(financial_status="pending"), topic="orders/create")
    shopify.post(shopify_order(), topic="orders/paid")

    assert [name for name, _, _ in stored(connection)] == ["Order Placed", "Order Completed"]


def test_webhooks_in_any_order_and_twice_tell_the_same_story(shopify, connection, workspace):
    seen = set()
    for order in itertools.permutations(JOURNEY):
        for topic, body in (*order, *order[::-1]):
            assert shopify.post(body, topic=topic).status_code == 200
        tick_all(connection, workspace)
        seen.add(tuple(row[1:] for row in activity(connection)))
        assert customers(connection) == 1
        connection.execute("delete from shop_reference")
        connection.execute("delete from shop_waiting")
        forget_everybody(connection)

    assert len(seen) == 1
    assert {name: (count, revenue) for name, count, revenue, _ in seen.pop()} == {
        "Cart Viewed": (1, 0),
        "Checkout Started": (1, 33000),
        "Order Completed": (1, 30000),
        "Order Refunded": (1, -11000),
    }


def test_a_refund_of_an_unknown_order_waits_for_it(shopify, connection):
    first = shopify.post(REFUND, topic="refunds/create").json()
    second = shopify.post(shopify_order(), topic="orders/paid").json()

    assert (first["told"], first["written"]) == (1, 0)
    assert second["written"] == 2
    assert stored(connection) == [
        ("Order Completed", "77", 30000),
        ("Order Refunded", "77", -11000),
    ]


def test_a_guest_is_known_by_the_contacts_of_the_order(shopify, connection, workspace):
    shopify.post(REFUND, topic="refunds/create")
    shopify.post(shopify_order(customer=None), topic="orders/paid")
    tick_all(connection, workspace)

    names = [row[1] for row in activity(connection)]

    assert customers(connection) == 1
    assert names == ["Order Completed", "Order Refunded"]


def test_two_shops_may_count_their_orders_alike(shopify, connection, client, workspace):
    other = connect_shop(connection, client, workspace, "shopify", name="outlet")
    for shop in (shopify, other):
        shop.post(shopify_order(), topic="orders/paid")
    tick_all(connection, workspace)

    assert [(row[1], row[2]) for row in activity(connection)] == [("Order Completed", 2)]


def test_an_order_delivered_again_a_year_later_changes_nothing(shopify, connection, workspace):
    shopify.post(shopify_order(), topic="orders/paid")
    tick_all(connection, workspace)

    kept = connection.execute("select keep_until from acted_event").fetchall()

    assert kept == [(None,)]


def said(state: str, at: str | None) -> dict:
    return {
        "customer_id": 77,
        "email_marketing_consent": {
            "state": state,
            "opt_in_level": "single_opt_in",
            "consent_updated_at": at,
        },
    }


TOPIC = "customers_email_marketing_consent/update"
YES = said("subscribed", "2027-02-01T00:00:00Z")
NO = said("unsubscribed", "2027-02-02T00:00:00Z")


@pytest.mark.parametrize("order", [(YES, NO), (NO, YES)])
def test_the_last_word_on_consent_holds_in_whatever_order_it_comes(
    shopify, connection, workspace, order
):
    for body in order:
        shopify.post(body, topic=TOPIC)
    tick_all(connection, workspace)

    assert consent(connection) == [("email", "marketing", "withdrawn")]


def test_a_yes_without_its_time_never_undoes_a_withdrawal(shopify, connection, workspace):
    shopify.post(NO, topic=TOPIC)
    tick_all(connection, workspace)
    shopify.post(said("subscribed", None), topic=TOPIC)
    tick_all(connection, workspace)

    assert consent(connection) == [("email", "marketing", "withdrawn")]


def test_a_consent_names_its_source_once(shopify, connection, workspace):
    for _ in range(2):
        shopify.post(YES, topic=TOPIC)
    tick_all(connection, workspace)

    entries = connection.execute("select action, source from consent_entry").fetchall()

    assert entries == [("grant", "Shopify customer consent (single_opt_in)")]


@pytest.mark.parametrize("topic", ["customers/redact", "customers/delete"])
def test_who_is_deleted_gets_no_more_advertising(shopify, connection, workspace, topic):
    shopify.post(YES, topic=TOPIC)
    tick_all(connection, workspace)
    body = {"id": 77} if topic == "customers/delete" else {"customer": {"id": 77}}
    shopify.post(body, topic=topic)
    tick_all(connection, workspace)

    assert consent(connection) == [("email", "marketing", "withdrawn")]


def test_a_customers_data_become_traits_and_identifiers(shopify, connection, workspace):
    body = {"id": 77, "email": "Minji@Shop.example", "first_name": "민지", "updated_at": None}

    shopify.post(body, topic="customers/update")
    tick_all(connection, workspace)

    traits = connection.execute("select traits ->> 'firstName' from customer").fetchone()[0]
    assert traits == "민지"
    assert owner(connection, "external", "77") is not None


@pytest.mark.parametrize("topic", ["products/update", "app/uninstalled", "", "orders/paid/x"])
def test_other_topics_are_done_without_a_word(shopify, connection, topic):
    answer = shopify.post({"id": 1}, topic=topic)

    assert (answer.status_code, answer.json()) == (
        200,
        {"success": True, "told": 0, "written": 0},
    )
    assert stored(connection) == []
