"""A server to which shop platforms post."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient
from tests.build import NOON, TEST_VAULT

from dangol.ingest.shops.http import shop_routes
from dangol.store.connect import open_pool


@pytest.fixture
def client(dsn: str, workspace: int) -> Iterator[TestClient[Litestar]]:  # noqa: ARG001 - it must exist
    pool = open_pool(dsn, size=3)
    app = Litestar(
        shop_routes,
        state=State({"pool": pool, "vault": TEST_VAULT, "clock": lambda _: NOON}),
        logging_config=None,
    )
    with TestClient(app) as opened:
        yield opened
    pool.close()
