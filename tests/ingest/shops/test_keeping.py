"""A connected shop can be listed, given a new secret without losing a webhook, and removed."""

import json
from datetime import timedelta

import pytest
from tests.build import NOON, TEST_VAULT
from tests.ingest.shops.words import SECRET, connect_shop, shopify_order, signature, stored

from dangol.ingest.shops.connections import ShopFault, list_shops, remove_shop, rotate_shop

NEW = "another secret of the platform"
DAY = timedelta(days=1)


@pytest.fixture
def shop(connection, client, workspace):
    return connect_shop(connection, client, workspace, "shopify")


@pytest.fixture
def rotate(connection, workspace):
    def run(*, grace=DAY, now=NOON, name="main", secret=NEW):
        with connection.transaction():
            rotate_shop(
                connection,
                workspace_id=workspace,
                name=name,
                secret=secret,
                vault=TEST_VAULT,
                now=now,
                grace=grace,
            )

    return run


def post(shop, number: int, *, secret: str) -> int:
    raw = json.dumps(shopify_order(number)).encode()
    headers = signature("shopify", raw, secret=secret) | {"X-Shopify-Topic": "orders/paid"}
    return shop.client.post(shop.path, content=raw, headers=headers).status_code


def listed(connection, workspace, *, now=NOON):
    connection.commit()
    with connection.transaction():
        return list_shops(connection, workspace_id=workspace, now=now)


def test_in_the_grace_time_both_secrets_are_accepted(shop, connection, rotate):
    rotate()

    assert post(shop, 1, secret=NEW) == 200
    assert post(shop, 2, secret=SECRET) == 200
    assert post(shop, 3, secret="somebody's secret") == 401  # noqa: S106  nobody's
    assert len(stored(connection)) == 2


def test_after_the_grace_time_only_the_new_secret_is(shop, connection, workspace, rotate):
    rotate(now=NOON - DAY)

    assert post(shop, 1, secret=SECRET) == 401
    assert post(shop, 2, secret=NEW) == 200
    [one] = listed(connection, workspace)
    assert one.previous_until is None


def test_without_grace_a_stolen_secret_ends_at_once(shop, rotate):
    rotate(grace=timedelta(0))

    assert post(shop, 1, secret=SECRET) == 401


def test_a_secret_two_rotations_old_is_refused(shop, rotate):
    rotate()
    rotate(secret="a third secret of the platform")  # noqa: S106  only tests use it

    assert post(shop, 1, secret=SECRET) == 401
    assert post(shop, 2, secret=NEW) == 200


def test_the_list_tells_what_waits_and_since_when(shop, connection, workspace):
    for number in (5, 6):
        shop.post({"id": number, "order_id": 9}, topic="refunds/create")

    [one] = listed(connection, workspace)

    assert (one.name, one.path, one.waiting) == ("main", shop.path, 2)
    assert one.oldest_waiting_at == NOON


def test_a_shop_for_which_something_waits_is_removed_only_when_told_to(shop, connection, workspace):
    shop.post(shopify_order(), topic="orders/paid")
    shop.post({"id": 5, "order_id": 9}, topic="refunds/create")

    def remove(*, drop_waiting):
        with connection.transaction():
            remove_shop(
                connection,
                workspace_id=workspace,
                name="main",
                drop_waiting=drop_waiting,
                now=NOON,
            )

    with pytest.raises(ShopFault, match="--drop-waiting"):
        remove(drop_waiting=False)
    assert post(shop, 1, secret=SECRET) == 200
    remove(drop_waiting=True)

    assert post(shop, 2, secret=SECRET) == 404
    assert listed(connection, workspace) == []
    assert [name for name, _, _ in stored(connection)] == ["Order Completed"] * 2
    with pytest.raises(ShopFault, match="dangol shop list"):
        remove(drop_waiting=True)


def test_a_new_secret_is_as_hard_to_guess_and_meant_for_a_shop_that_is_there(shop, rotate):  # noqa: ARG001  it must exist
    with pytest.raises(ShopFault, match="has 5 characters"):
        rotate(secret="12345")  # noqa: S106  refused
    with pytest.raises(ShopFault, match="no shop named 'other'"):
        rotate(name="other")
