"""imweb's webhooks, in the form of field notes, become the tracking API's events."""

import pytest
from tests.build import NOON
from tests.ingest.shops.words import connect_shop, stored
from tests.ingest.words import tick_all

MILLISECONDS = int(NOON.timestamp() * 1000)


@pytest.fixture
def imweb(connection, client, workspace):
    return connect_shop(connection, client, workspace, "imweb")


def hook(kind: str, **data: object) -> dict:
    return {"eventType": kind, "eventTime": MILLISECONDS, "data": {"orderNo": "2027030212"} | data}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("ORDER_CREATE", "Order Placed"),
        ("ORDER_DEPOSIT_COMPLETE", "Order Completed"),
        ("ORDER_CANCEL_COMPLETE", "Order Cancelled"),
        ("ORDER_REFUND", "Order Refunded"),
        ("ORDER_RETURN_COMPLETE", "Order Refunded"),
    ],
)
def test_each_type_has_its_event(imweb, connection, kind, name):
    imweb.post(hook(kind, memberUid="m1"))

    assert stored(connection) == [(name, "m1", None)]


def test_a_thin_webhook_waits_until_one_names_the_buyer(imweb, connection):
    thin = hook("ORDER_DEPOSIT_COMPLETE", section={"sectionItems": [{"prodNo": 5, "qty": 2}]})

    waiting = imweb.post(thin).json()
    imweb.post(hook("ORDER_CREATE", ordererEmail="minji@shop.example"))

    rows = connection.execute(
        "select name, jsonb_array_length(contacts), properties -> 'products' from event order by id"
    ).fetchall()
    assert (waiting["told"], waiting["written"]) == (1, 0)
    assert rows == [
        ("Order Placed", 1, None),
        ("Order Completed", 1, [{"product_id": "5", "quantity": 2}]),
    ]


def test_the_sum_with_shipping_is_no_revenue(imweb, connection):
    imweb.post(hook("ORDER_DEPOSIT_COMPLETE", memberUid="m1", totalPrice=36000))

    row = connection.execute("select revenue, properties -> 'total' from event").fetchone()
    assert row == (None, 36000)


def test_who_has_left_gets_no_more_advertising(imweb, connection, workspace):
    imweb.post({"eventType": "END_USER_WITHDRAWAL", "data": {"memberUid": "m1"}})
    tick_all(connection, workspace)

    assert connection.execute("select state from consent").fetchall() == [("withdrawn",)]


@pytest.mark.parametrize(
    "body",
    [
        hook("ORDER_PRODUCT_PREPARATION"),
        hook("ORDER_CREATE", orderNo=None),
        {"eventType": "ORDER_CREATE"},
        {"eventType": "END_USER_WITHDRAWAL"},
        {},
    ],
)
def test_what_is_unknown_or_empty_is_done_without_a_word(imweb, body):
    answer = imweb.post(body)

    assert (answer.status_code, answer.json()["told"]) == (200, 0)
