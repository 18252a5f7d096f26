"""Files that real shops, and publishers of real patterns, made."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from tests.build import NOON
from tests.ingest.import_words import SEALER, products, survey

from dangol.app.demo_data import find_demo
from dangol.ingest.importer import import_file, survey_file
from dangol.ingest.mapping import ImportFault, load_mapping
from dangol.ingest.mapping_checks import check_mapping

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def online_retail(shared_data):
    """Judge Online Retail once: its report and its orders."""
    path = shared_data / "online_retail" / "online_retail.parquet"
    return survey(path, load_mapping(EXAMPLES / "online_retail.toml"))


def demo(name):
    try:
        return find_demo(name)
    except ImportFault as fault:
        pytest.skip(str(fault))


def test_every_row_of_online_retail_is_in_exactly_one_bucket(online_retail):
    report, _ = online_retail

    assert report.rows == 541_909
    assert report.refused == {"no_customer": 135_080, "duplicate_row": 5_225}
    assert report.accepted + sum(report.refused.values()) == report.rows


def test_online_retail_amounts_add_up_to_the_last_digit(online_retail):
    report, events = online_retail

    assert report.total == Decimal("9747747.934")
    assert report.accepted_amount + sum(report.refused_amounts.values()) == report.total
    assert sum(event.revenue or 0 for event in events) == report.accepted_amount


def test_online_retail_quirks_are_all_found(online_retail):
    report, _ = online_retail

    assert report.found == {
        "no_customer": 135_080,
        "duplicate_row": 5_268,
        "negative_amount": 2,
        "zero_amount": 2_515,
    }


def test_online_retail_cancellations_become_refunds(online_retail):
    report, events = online_retail
    refunds = [event for event in events if event.name == "Order Refunded"]

    assert report.events["Order Refunded"] == len(refunds) == 3_654
    assert all(event.order_id.startswith("C") and event.revenue <= 0 for event in refunds)
    assert report.events["Order Completed"] == 18_536


def test_online_retail_introduces_each_customer_before_the_first_order(online_retail):
    report, events = online_retail
    first = {}
    for event in events:
        first.setdefault(event.user_id, event.name)

    assert report.customers == len(first) == 4_372
    assert set(first.values()) == {"Identified"}


def test_online_retail_lines_all_stand_in_their_orders(online_retail):
    report, events = online_retail

    assert sum(len(products(event)) for event in events if event.order_id) == report.accepted


def test_online_retail_is_imported_once(connection, workspace, vault, shared_data):
    arguments = {
        "workspace_id": workspace,
        "vault": vault,
        "path": shared_data / "online_retail" / "online_retail.parquet",
        "mapping": load_mapping(EXAMPLES / "online_retail.toml"),
        "kind": "orders",
        "now": NOON,
    }

    report = import_file(connection, **arguments)
    again = import_file(connection, **arguments)
    names = connection.execute("select name, count(*) from event group by name").fetchall()

    assert dict(names) == report.events
    assert again.unchanged


def test_cdnow_merges_what_one_customer_bought_on_one_day(shared_data):
    path = shared_data / "cdnow" / "CDNOW_master.txt"

    report, events = survey(path, load_mapping(EXAMPLES / "cdnow.toml"))

    assert (report.rows, report.accepted, report.customers) == (69_659, 69_659, 23_570)
    assert report.found == {"duplicate_row": 255, "zero_amount": 80}
    assert report.total == Decimal("2500315.63")
    orders = Counter((event.user_id, event.occurred_at) for event in events if event.order_id)
    assert set(orders.values()) == {1}


def test_complete_journey_is_read_from_its_package_without_importing_it():
    files = {
        one.mapping.stem: survey_file(
            one.path,
            mapping=load_mapping(one.mapping),
            kind=one.kind,
            sealer=SEALER,
            now=NOON,
        ).report
        for one in demo("completejourney").files
    }

    orders = files["completejourney"]
    assert (orders.rows, orders.refused, orders.customers) == (1_469_307, {}, 2_469)
    assert orders.events == {"Order Completed": 155_848, "Identified": 2_469}
    assert orders.total == Decimal("4596039.58")
    assert {name: report.accepted for name, report in files.items()} == {
        "completejourney": 1_469_307,
        "completejourney_households": 801,
        "completejourney_campaigns": 6_589,
        "completejourney_coupons": 2_102,
    }


def test_the_cdnow_of_the_demonstration_is_the_known_file():
    [one] = demo("cdnow").files

    assert one.path.stat().st_size == 1_950_500


def test_an_unknown_data_set_is_answered_with_those_there_are():
    with pytest.raises(ImportFault, match=r"no data set 'cdno'. Known are: completejourney, cdnow"):
        find_demo("cdno")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_a_valid_mapping(path):
    mapping = load_mapping(path)
    kind = "orders" if mapping.order else "events" if mapping.event else "customers"

    check_mapping(mapping, kind=kind)
