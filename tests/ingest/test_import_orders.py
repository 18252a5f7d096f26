from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.ingest.import_words import (
    SEOUL_ORDERS,
    meaning,
    orders_file,
    products,
    read_all,
    survey,
)


def test_lines_of_one_order_become_one_event(tmp_path):
    path = orders_file(
        tmp_path,
        "A1,2027-02-01 10:00,minji,s1,머그컵,2,9900",
        "A1,2027-02-01 10:00,minji,s2,접시,1,15000",
    )

    report, [order] = survey(path, meaning())

    assert (order.name, order.order_id, order.user_id) == ("Order Completed", "A1", "minji")
    assert (order.revenue, order.quantity, order.currency) == (Decimal(34800), Decimal(3), "KRW")
    assert products(order) == [
        {"product_id": "s1", "name": "머그컵", "quantity": 2, "price": 9900},
        {"product_id": "s2", "name": "접시", "quantity": 1, "price": 15000},
    ]
    assert (report.rows, report.accepted, report.refused) == (2, 2, {})


def test_an_order_is_whole_however_its_lines_are_scattered(tmp_path):
    path = orders_file(
        tmp_path,
        "A1,2027-02-01 10:00,minji,s1,a,1,100",
        "B1,2027-01-01 10:00,jiwoo,s1,a,1,100",
        "A1,2027-02-01 09:59,minji,s2,b,1,50",
    )

    _, orders = survey(path, meaning())

    assert [(order.order_id, order.revenue) for order in orders] == [("B1", 100), ("A1", 150)]
    assert orders[1].occurred_at == datetime(2027, 2, 1, 0, 59, tzinfo=UTC)


def test_events_come_in_order_of_time(tmp_path):
    lines = [f"A{day},2027-01-{day:02} 10:00,minji,s1,a,1,100" for day in (9, 3, 27, 1)]

    events = read_all(orders_file(tmp_path, *lines), meaning())

    assert [event.order_id for event in events] == ["A1", "A3", "A9", "A27"]


def test_dates_are_read_in_the_shops_time_zone(tmp_path):
    path = orders_file(
        tmp_path,
        "A1,2027-02-01 08:00,minji,s1,a,1,100",
        "A2,2027-02-01T08:00:00Z,minji,s1,a,1,100",
    )

    _, orders = survey(path, meaning())

    assert [order.occurred_at for order in orders] == [
        datetime(2027, 1, 31, 23, 0, tzinfo=UTC),
        datetime(2027, 2, 1, 8, 0, tzinfo=UTC),
    ]


def test_an_order_of_one_line_carries_its_product(tmp_path):
    _, [order] = survey(orders_file(tmp_path, "A1,2027-02-01,minji,s1,a,1,100"), meaning())

    assert order.product_id == "s1"


def test_an_order_of_several_lines_carries_no_single_product(tmp_path):
    path = orders_file(tmp_path, "A1,2027-02-01,minji,s1,a,1,100", "A1,2027-02-01,minji,s2,a,1,100")

    _, [order] = survey(path, meaning())

    assert order.product_id is None


def test_a_cancellation_becomes_a_refund_with_a_negative_amount(tmp_path):
    refunds = SEOUL_ORDERS.replace(
        'id = "{order_id}"',
        'id = "{order_id}"\nrefund = { column = "order_id", starts_with = "C" }',
    )
    path = orders_file(
        tmp_path, "A1,2027-02-01,minji,s1,a,2,100", "CA1,2027-02-02,minji,s1,a,-2,100"
    )

    report, events = survey(path, meaning(refunds))

    assert [(event.name, event.message_id, event.revenue) for event in events] == [
        ("Order Completed", "import:order:A1", 200),
        ("Order Refunded", "import:refund:CA1", -200),
    ]
    assert report.events == {"Order Completed": 1, "Order Refunded": 1}


def test_a_negative_line_is_a_refund_where_the_mapping_says_so(tmp_path):
    signed = SEOUL_ORDERS.replace(
        'id = "{order_id}"', 'id = "{order_id}"\nnegative_amounts = "refund"'
    )
    path = orders_file(
        tmp_path, "A1,2027-02-01,minji,s1,a,2,100", "A1,2027-02-03,minji,s1,a,-1,100"
    )

    _, events = survey(path, meaning(signed))

    assert [(event.message_id, event.revenue) for event in events] == [
        ("import:order:A1", 200),
        ("import:refund:A1", -100),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",2027-02-01,minji,s1,a,1,100", "no_order_id"),
        ("A2,2027-02-01, ,s1,a,1,100", "no_customer"),
        ("A2,2027-02-01,minji@shop.example,s1,a,1,100", "contact_as_id"),
        (f"{'9' * 256},2027-02-01,minji,s1,a,1,100", "order_id_too_long"),
        (f"A2,2027-02-01,{'9' * 256},s1,a,1,100", "id_too_long"),
        ("A2,yesterday,minji,s1,a,1,100", "bad_date"),
        ("A2,2027-02-30,minji,s1,a,1,100", "bad_date"),
        ("A2,1907-02-01,minji,s1,a,1,100", "bad_date"),
        ("A2,2027-03-09,minji,s1,a,1,100", "future_date"),
        ("A2,2027-02-01,minji,s1,a,two,100", "bad_amount"),
        ("A2,2027-02-01,minji,s1,a,1,", "bad_amount"),
        ("A2,2027-02-01,minji,s1,a,1,0.12345", "bad_amount"),
        ("A2,2027-02-01,minji,s1,a,1,NaN", "bad_amount"),
        ("A2,2027-02-01,minji,s1,a,1,1e3", "bad_amount"),
        ("A2,2027-02-01,minji,s1,a,99999999999,9999999999", "bad_amount"),
        ("A1,2027-02-01,minji,s1,a,1,100", "duplicate_row"),
        ("A2,2027-02-01,minji,s1,a,-1,100", "negative_amount"),
        ("A1,2027-02-01,jiwoo,s1,a,1,100", "two_customers"),
        ("A2,2027-02-01,minji,s1,a,1", "wrong_columns"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_line(tmp_path, line, reason):
    path = orders_file(tmp_path, "A1,2027-02-01,minji,s1,a,1,100", line)

    report, orders = survey(path, meaning())

    assert (report.rows, report.accepted, report.refused) == (2, 1, {reason: 1})
    assert [example.line for example in report.examples[reason]] == [3]
    assert [order.order_id for order in orders] == ["A1"]


def test_a_row_with_several_faults_is_refused_once_and_found_under_each(tmp_path):
    bad = "A1,2027-02-01,,s1,a,-1,100"

    report, orders = survey(orders_file(tmp_path, bad, bad), meaning())

    assert report.refused == {"no_customer": 2}
    assert report.found == {"no_customer": 2, "duplicate_row": 1, "negative_amount": 2}
    assert orders == []


def test_copies_are_kept_where_the_mapping_says_so(tmp_path):
    kept = SEOUL_ORDERS.replace('id = "{order_id}"', 'id = "{order_id}"\nduplicates = "keep"')
    line = "A1,2027-02-01,minji,s1,a,1,100"

    report, [order] = survey(orders_file(tmp_path, line, line), meaning(kept))

    assert order.revenue == 200
    assert (report.accepted, report.found) == (2, {"duplicate_row": 1})


def test_rows_that_agree_in_the_order_but_not_everywhere_are_no_copies(tmp_path):
    path = orders_file(tmp_path, "A1,2027-02-01,minji,s1,a,1,100", "A1,2027-02-01,minji,s1,a,1,90")

    report, [order] = survey(path, meaning())

    assert (report.accepted, order.revenue) == (2, 190)


def test_a_refund_with_a_positive_amount_is_refused(tmp_path):
    refunds = SEOUL_ORDERS.replace(
        'id = "{order_id}"',
        'id = "{order_id}"\nrefund = { column = "order_id", starts_with = "C" }',
    )

    report, _ = survey(orders_file(tmp_path, "C1,2027-02-01,minji,s1,a,1,100"), meaning(refunds))

    assert report.refused == {"positive_refund": 1}


def test_zero_amounts_are_refused_only_where_the_mapping_says_so(tmp_path):
    strict = SEOUL_ORDERS.replace('id = "{order_id}"', 'id = "{order_id}"\nzero_amounts = "refuse"')
    path = orders_file(tmp_path, "A1,2027-02-01,minji,s1,a,1,0")

    kept, _ = survey(path, meaning())
    refused, _ = survey(path, meaning(strict))

    assert (kept.accepted, kept.found) == (1, {"zero_amount": 1})
    assert refused.refused == {"zero_amount": 1}


def test_amounts_of_accepted_and_refused_rows_add_up_exactly(tmp_path):
    path = orders_file(
        tmp_path,
        "A1,2027-02-01,minji,s1,a,3,0.1",
        "A2,2027-02-01,,s1,a,3,0.2",
        "A3,2027-02-01,minji,s1,a,-1,0.7",
    )

    report, _ = survey(path, meaning())

    assert report.accepted_amount == Decimal("0.3")
    assert report.refused_amounts == {
        "no_customer": Decimal("0.6"),
        "negative_amount": Decimal("-0.7"),
    }
    assert report.total == Decimal("0.2")


def test_thousands_separators_are_taken_out_where_declared(tmp_path):
    separated = SEOUL_ORDERS.replace("[source]", '[source]\nthousands = ","')
    path = orders_file(tmp_path, 'A1,2027-02-01,minji,s1,a,1,"1,234,500.50"')

    _, [order] = survey(path, meaning(separated))

    assert order.revenue == Decimal("1234500.50")


def test_order_properties_come_from_the_orders_first_row(tmp_path):
    path = orders_file(tmp_path, "A1,2027-02-01,minji,s1,강남점,1,100")

    _, [order] = survey(path, meaning(more='[order.properties]\nstore = "product"'))

    assert order.properties["store"] == "강남점"


def test_a_file_without_one_usable_row_makes_no_event(tmp_path):
    report, events = survey(orders_file(tmp_path, "A1,2027-02-01,,s1,a,1,100"), meaning())

    assert (report.accepted, report.customers, events) == (0, 0, [])


def test_quotes_and_control_characters_survive_in_product_names(tmp_path):
    path = orders_file(tmp_path, 'A1,2027-02-01,minji,s1,"a ""b"" \\ c\td",1,100')

    _, [order] = survey(path, meaning())

    assert products(order)[0]["name"] == 'a "b" \\ c\td'


def test_the_first_order_introduces_the_customer_once(tmp_path):
    made_up = SEOUL_ORDERS + 'email = "customer-{customer_id}@shop.example"\nmade_up = true\n'
    path = orders_file(tmp_path, "A1,2027-02-01,minji,s1,a,1,100", "A2,2027-02-02,minji,s1,a,1,100")

    report, events = survey(path, meaning(made_up))

    assert [event.name for event in events] == ["Identified", "Order Completed", "Order Completed"]
    assert [contact["kind"] for contact in events[0].contacts] == ["email"]
    assert events[0].occurred_at == events[1].occurred_at
    assert report.events == {"Order Completed": 2, "Identified": 1}


def test_customers_known_only_by_address_are_found_by_it_on_every_event(tmp_path):
    by_email = SEOUL_ORDERS.replace('id = "{customer_id}"', 'email = "{customer_id}"')
    path = orders_file(
        tmp_path,
        "A1,2027-02-01,Minji@Shop.example,s1,a,1,100",
        "A2,2027-02-02,minji@shop.example,s1,a,1,100",
        "A3,2027-02-02,no address,s1,a,1,100",
    )

    report, events = survey(path, meaning(by_email))

    assert report.customers == 1
    assert report.refused == {"no_customer": 1}
    assert {event.user_id for event in events} == {None}
    assert len({event.contacts[0]["key"] for event in events}) == 1
    assert not any("minji" in event.message_id for event in events)


def test_an_unreadable_address_is_left_out_but_the_order_stays(tmp_path):
    with_email = SEOUL_ORDERS + 'email = "{product}"\n'
    path = orders_file(tmp_path, "A1,2027-02-01,minji,s1,not-an-address,1,100")

    report, events = survey(path, meaning(with_email))

    assert (report.accepted, report.left_out) == (1, {"bad_email": 1})
    assert [event.name for event in events] == ["Order Completed"]
