"""What the console shows of merges, and who may make and undo them."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer
from tests.console.shop import EMAIL, PASSWORD

from dangol.ingest.merging import merge_customers


@pytest.fixture
def merged(connection, workspace, shop):
    """The shop's minji, merged by hand with another account of hers."""
    other = customer(connection, workspace, name="minji.kim", email="kim@shop.example")
    with connection.transaction():
        merge_customers(
            connection, workspace_id=workspace, one_id=shop.minji, other_id=other, now=NOON
        )
    return shop.minji, other


def test_a_customer_lists_its_parts_with_reason_and_date(member, merged):
    head, part = merged

    (shown,) = member.get(f"/api/customers/{head}").json()["parts"]

    assert (shown["id"], shown["source"], shown["kind"]) == (part, "manual", "external")
    assert shown["names"] == ["minji.kim"]
    assert shown["merged_at"] == NOON.isoformat().replace("+00:00", "Z")
    assert shown["may_undo"] is True


def test_the_page_of_a_part_is_its_heads(member, merged):
    head, part = merged

    assert member.get(f"/api/customers/{part}").json()["id"] == head


def test_each_person_is_counted_once(member, merged):
    assert merged

    flow = member.get("/api/flow").json()

    assert flow["customers"]["total"] == 3
    assert flow["customers"]["reachable"] == 3
    (orders,) = (one for one in flow["events"] if one["name"] == "Order Completed")
    assert orders["count"] == 2


def test_a_merge_is_undone_on_the_page(member, merged):
    head, part = merged

    answer = member.post(f"/api/customers/{part}/unmerge")

    assert answer.json() == {"head_id": head}
    assert member.get(f"/api/customers/{head}").json()["parts"] == []
    assert member.get(f"/api/customers/{part}").json()["id"] == part


def test_two_customers_are_merged_on_the_page(member, shop):
    answer = member.post(f"/api/customers/{shop.jiwoo}/merge", json={"other_id": shop.hana})

    assert answer.json() == {"head_id": min(shop.jiwoo, shop.hana)}


def test_what_cannot_be_undone_is_refused_with_the_reason(connection, member, merged):
    head, part = merged
    connection.execute("update customer_merge set merged_at = %s", (NOON - timedelta(days=31),))
    connection.commit()

    late = member.post(f"/api/customers/{part}/unmerge")
    nobody = member.post(f"/api/customers/{head}/unmerge")

    assert (late.status_code, nobody.status_code) == (400, 400)
    assert "30 days" in late.json()["detail"]
    assert "is part of no other" in nobody.json()["detail"]


def test_who_may_only_look_may_not_undo(connection, client, merged):
    _, part = merged
    connection.execute("update member set role = 'reader'")
    connection.commit()
    client.post("/api/session", json={"email": EMAIL, "password": PASSWORD})

    assert client.post(f"/api/customers/{part}/unmerge").status_code == 403
    assert client.get(f"/api/customers/{part}").json()["id"] != part


def test_strangers_may_not_undo_either(client, merged):
    assert client.post(f"/api/customers/{merged[1]}/unmerge").status_code == 401
