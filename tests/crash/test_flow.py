"""Ten deaths in the middle of the work; `make crash KILLS=n` does more, and tries mutants."""

import pytest
from tests.crash.campaigns import survive

from dangol.app.demo_data import find_demo
from dangol.ingest.mapping import ImportFault


@pytest.fixture
def purchases(must: bool) -> None:  # noqa: FBT001 - a fixture
    """Make sure that there is something to buy."""
    try:
        find_demo("cdnow")
    except ImportFault as fault:
        if must:
            raise
        pytest.skip(str(fault))


@pytest.mark.usefixtures("purchases")
def test_ten_kills_lose_nothing_and_repeat_nothing():
    assert survive("tests.crash.flow", kills=10)["events"] > 50
