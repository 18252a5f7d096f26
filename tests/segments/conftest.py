"""What the tests of segments stand on."""

from pathlib import Path

import pytest
from tests.segments.shop import Shop, open_shop

from dangol.store.connect import Connection


@pytest.fixture
def shop(connection: Connection, tmp_path: Path) -> Shop:
    return open_shop(connection, tmp_path)
