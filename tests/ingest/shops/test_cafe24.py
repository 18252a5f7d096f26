"""Cafe24's webhooks, in the form of the mirrored sample, become the tracking API's events."""

import pytest
from tests.ingest.shops.words import cafe24_order, connect_shop, stored
from tests.ingest.words import tick_all


@pytest.fixture
def cafe24(connection, client, workspace):
    return connect_shop(connection, client, workspace, "cafe24")


def test_an_order_is_completed_only_when_it_is_paid(cafe24, connection):
    cafe24.post(cafe24_order(90023, paid="F"))
    cafe24.post(cafe24_order(90025, paid="T"))

    assert stored(connection) == [
        ("Order Placed", "minji", None),
        ("Order Completed", "minji", 33000),
    ]


def test_times_without_an_offset_are_korean_and_products_are_listed(cafe24, connection):
    cafe24.post(cafe24_order())

    row = connection.execute(
        "select occurred_at::text, properties -> 'products', properties -> 'total' from event"
    ).fetchone()

    assert row[0].startswith("2027-03-02 02:00:00")
    assert row[1] == [
        {"product_id": "P0000BAA", "name": "양말"},
        {"product_id": "P0000BAB", "name": "모자"},
    ]
    assert row[2] == 36000


def test_placed_and_paid_act_once_whichever_number_tells_it(cafe24, connection, workspace):
    for number in (90025, 90023, 90025):
        cafe24.post(cafe24_order(number))
    tick_all(connection, workspace)

    rows = connection.execute("select event_name, count, revenue::int from activity").fetchall()
    assert rows == [("Order Completed", 1, 33000)]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (90026, "Order Cancelled"),
        (90072, "Order Cancelled"),
        (90027, "Order Refunded"),
        (90074, "Order Refunded"),
        (90160, "Order Refunded"),
        (90024, "Order Updated"),
        (90071, "Order Updated"),
    ],
)
def test_each_number_has_its_event(cafe24, connection, number, name):
    cafe24.post(cafe24_order(number))

    assert stored(connection) == [(name, "minji", None)]


def test_one_return_told_by_three_numbers_is_one_return(cafe24, connection, workspace):
    for number in (90027, 90074, 90160):
        cafe24.post(cafe24_order(number, refund_amount="11000"))
    tick_all(connection, workspace)

    rows = connection.execute("select count, revenue::int from activity").fetchall()
    assert rows == [(1, -11000)]


@pytest.mark.parametrize(("ticked", "state"), [("T", "granted"), ("F", "withdrawn")])
def test_a_new_member_comes_with_what_was_ticked(cafe24, connection, workspace, ticked, state):
    member = {"member_id": "minji", "email": "minji@shop.example", "news_mail": ticked}

    cafe24.post({"event_no": 90032, "resource": member})
    tick_all(connection, workspace)

    assert connection.execute("select state from consent").fetchall() == [(state,)]


def test_without_a_tick_nothing_is_known_of_consent(cafe24, connection, workspace):
    cafe24.post({"event_no": 90032, "resource": {"member_id": "minji"}})
    tick_all(connection, workspace)

    assert connection.execute("select count(*) from consent").fetchone() == (0,)


def test_a_deleted_member_gets_no_more_advertising(cafe24, connection, workspace):
    cafe24.post({"event_no": 90032, "resource": {"member_id": "minji", "news_mail": "T"}})
    cafe24.post({"event_no": 90147, "resource": {"member_id": "minji"}})
    tick_all(connection, workspace)

    assert connection.execute("select state from consent").fetchall() == [("withdrawn",)]


@pytest.mark.parametrize(
    "body",
    [
        {"event_no": 90001, "resource": {"product_no": "5"}},
        {"event_no": 90077, "resource": {"mall_id": "dangol"}},
        {"event_no": 123456789, "resource": {}},
        {"event_no": 90023},
        {"event_no": 90147, "resource": None},
        {"event_no": [90023], "resource": "x"},
        {},
    ],
)
def test_unknown_numbers_and_empty_resources_are_done_without_a_word(cafe24, connection, body):
    answer = cafe24.post(body)

    assert (answer.status_code, answer.json()["told"]) == (200, 0)
    assert stored(connection) == []


def test_a_thin_order_waits_until_a_fuller_one_names_the_buyer(cafe24, connection):
    thin = {"event_no": 90024, "resource": {"order_id": "20270302-0000012"}}

    waiting = cafe24.post(thin).json()
    cafe24.post(cafe24_order())

    assert waiting == {"success": True, "told": 1, "written": 0}
    assert [(name, user) for name, user, _ in stored(connection)] == [
        ("Order Completed", "minji"),
        ("Order Updated", "minji"),
    ]
