"""A mapping makes the bodies of any software the same events."""

import json
import re
from pathlib import Path

import pytest
from tests.ingest.shops.words import MAPPING, connect_shop, sale, stored
from tests.ingest.words import tick_all

from dangol.ingest.mapping import MappingFault
from dangol.ingest.shops.mapping import load_webhook_mapping

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "shops.md"
REFUND = {"kind": "refund", "refund": {"no": "R1", "sale": "S1", "sum": "11000"}}


@pytest.fixture
def till(connection, client, workspace):
    return connect_shop(connection, client, workspace, "generic", mapping=MAPPING)


def test_a_mapped_sale_says_who_what_when_and_for_how_much(till, connection):
    till.post(sale())

    row = connection.execute(
        "select name, message_id, user_id, order_id, revenue::int, currency, occurred_at::text,"
        " properties -> 'products' from event"
    ).fetchone()

    assert row[:6] == (
        "Order Completed",
        "shop:order:generic:main:S1:Order Completed",
        "minji",
        "S1",
        33000,
        "KRW",
    )
    assert row[6].startswith("2027-03-02 02:00:00")
    assert row[7] == [{"product_id": "A", "quantity": 2}, {"product_id": "B", "quantity": 1}]


@pytest.mark.parametrize("order", [[sale(), REFUND], [REFUND, sale()]])
def test_a_refund_finds_its_buyer_before_and_after_the_sale(till, connection, workspace, order):
    for body in (*order, *order):
        till.post(body)
    tick_all(connection, workspace)

    rows = connection.execute(
        "select event_name, count, revenue::int from activity order by event_name"
    ).fetchall()
    assert rows == [("Order Completed", 1, 33000), ("Order Refunded", 1, -11000)]


@pytest.mark.parametrize(
    ("said", "found"), [("Y", ["granted"]), ("N", ["withdrawn"]), ("maybe", []), (None, [])]
)
def test_only_known_values_are_a_consent(till, connection, workspace, said, found):
    till.post(sale(ads=said))
    tick_all(connection, workspace)

    states = [state for (state,) in connection.execute("select state from consent")]
    assert states == found


def test_a_body_that_no_rule_fits_is_done_without_a_word(till, connection):
    answer = till.post({"kind": "stock"})

    assert (answer.status_code, answer.json()["told"]) == (200, 0)
    assert stored(connection) == []


def test_a_sale_without_its_number_is_refused_by_the_name_of_the_field(till):
    answer = till.post(sale(no=None))

    assert (answer.status_code, answer.json()["code"]) == (400, "missing_id")
    assert "sale.no" in answer.json()["message"]


def test_a_body_that_says_of_nobody_is_refused(connection, client, workspace):
    mapping = {"event": [{"name": "Visited", "id": "no", "user": "who"}]}
    shop = connect_shop(connection, client, workspace, "generic", mapping=mapping)

    answer = shop.post({"no": 1})

    assert (answer.status_code, answer.json()["code"]) == (400, "missing_id")


def test_the_guides_mapping_works(connection, client, workspace, tmp_path):
    block = re.search(r"```toml\n(# pos\.toml.*?)```", GUIDE.read_text(), re.DOTALL)
    assert block
    (tmp_path / "pos.toml").write_text(block[1])
    mapping = load_webhook_mapping(tmp_path / "pos.toml")
    shop = connect_shop(connection, client, workspace, "generic", mapping=mapping)

    shop.post(sale())
    shop.post(REFUND)

    assert stored(connection) == [
        ("Order Completed", "minji", 33000),
        ("Order Refunded", "minji", -11000),
    ]


RULE = {"name": "Visited", "id": "no", "user": "who"}


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({}, "event"),
        ({"event": []}, "event is empty"),
        ({"event": [{"name": "Visited", "id": "no"}]}, "says of nobody"),
        ({"event": [RULE | {"name": " "}]}, "name and id"),
        ({"event": [RULE | {"name": "x" * 300}]}, "name and id"),
        ({"event": [RULE | {"whom": "x"}]}, "whom"),
        ({"event": [RULE | {"type": "alias"}]}, "alias"),
        ({"event": [RULE], "time_zone": "Mars"}, "time_zone"),
        ({"event": [RULE], "time_zone": "../etc"}, "time_zone"),
        ({"event": [RULE | {"consent": [{"value": "a", "source": " "}]}]}, "source"),
        (
            {
                "event": [
                    RULE
                    | {
                        "consent": [
                            {"value": "a", "source": "s", "granted": ["Y"], "refused": ["Y"]}
                        ]
                    }
                ]
            },
            "granted and refused",
        ),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_with_the_field(tmp_path, mapping, complaint):
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(mapping))

    with pytest.raises(MappingFault, match=complaint):
        load_webhook_mapping(path)


@pytest.mark.parametrize("text", [b"{", b"\xff\xfe", b"event = ["])
@pytest.mark.parametrize("name", ["m.json", "m.toml"])
def test_a_mapping_that_cannot_be_read_is_refused(tmp_path, text, name):
    (tmp_path / name).write_bytes(text)

    with pytest.raises(MappingFault):
        load_webhook_mapping(tmp_path / name)
