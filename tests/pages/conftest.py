"""The pages behind a real HTTP application, with a real pool, as app puts them together."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.build import NOON, TEST_VAULT

from dangol.pages import page_routes
from dangol.pages.limiter import PageLimiter
from dangol.store.connect import open_pool
from dangol.store.lake import Lake
from dangol.store.vocabulary import Channel


@pytest.fixture
def client(dsn: str, lake: Lake) -> Iterator[TestClient[Litestar]]:
    pool = open_pool(dsn, size=4)
    ticks = count()
    app = Litestar(route_handlers=page_routes)
    app.state.update(
        pool=pool,
        vault=TEST_VAULT,
        # Time passes between requests, if only a little.
        lake=lake,
        channels=frozenset(Channel),
        machine_clock=lambda: NOON,
        page_limiter=PageLimiter(clock=lambda: NOON),
        clock=lambda _: NOON + next(ticks) * timedelta(milliseconds=100),
    )
    with TestClient(app) as running:
        running.follow_redirects = False
        yield running
    pool.close()
