"""A webhook is acknowledged once it is on disk, by whatever way it came."""

from datetime import timedelta

import psycopg
import pytest
from tests.build import NOON
from tests.ingest.shops.words import connect_shop, shopify_order, stored
from tests.ingest.words import tick_all

from dangol.app.chores import tidy
from dangol.app.clock import start_clock
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.store.connect import connect


@pytest.fixture
def shop(connection, client, workspace):
    return connect_shop(connection, client, workspace, "shopify")


def test_what_is_answered_is_committed(shop, dsn):
    shop.post(shopify_order(), topic="orders/paid")

    with connect(dsn) as other:
        assert [name for name, _, _ in stored(other)] == ["Order Completed"]


def test_while_the_database_is_away_the_platform_is_asked_to_come_again(shop, dsn):
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    admin_dsn = psycopg.conninfo.make_conninfo(dsn, dbname="postgres")
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute(f"alter database {name} with allow_connections false")
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
        )

        away = shop.post(shopify_order(), topic="orders/paid")

        admin.execute(f"alter database {name} with allow_connections true")
    # As a platform does: again and again, since we look for the database at growing intervals.
    tries = (shop.post(shopify_order(), topic="orders/paid") for _ in range(10))
    back = next((answer.status_code for answer in tries if answer.status_code == 200), None)

    assert (away.status_code, away.json()["code"]) == (503, "store_away")
    assert away.headers["Retry-After"] == "2"
    assert back == 200
    with connect(dsn) as other:
        assert len(stored(other)) == 1


def test_one_bad_webhook_does_not_fail_the_next(shop, connection, workspace):
    shop.post(b"{", topic="orders/paid")
    shop.post(shopify_order(), topic="orders/paid")
    tick_all(connection, workspace)

    assert [name for name, _, _ in stored(connection)] == ["Order Completed"]


def test_the_api_describes_its_hooks(dsn, tmp_path):
    app = create_app(Settings(database_url=dsn, data_folder=tmp_path))

    assert "/hooks/{token}" in app.openapi_schema.to_schema()["paths"]


@pytest.mark.parametrize(("days", "left"), [(89, 2), (91, 1)])
def test_carts_of_nobody_are_forgotten_but_never_what_is_about_an_order(
    shop, connection, days, left
):
    shop.post({"token": "crt9", "line_items": []}, topic="carts/create")
    shop.post({"id": 5, "order_id": 9}, topic="refunds/create")
    with connection.transaction():
        start_clock(connection, at=NOON + timedelta(days=days))

    tidy(connection, keep_days=7)

    assert connection.execute("select count(*) from shop_waiting").fetchone() == (left,)
