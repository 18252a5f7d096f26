"""A desk for every test."""

from collections.abc import Iterator

import pytest
from tests.webhooks.words import Desk, open_desk


@pytest.fixture
def desk(connection, workspace) -> Iterator[Desk]:
    """A shop, a receiver and a courier between them."""
    with open_desk(connection, workspace) as opened:
        yield opened
