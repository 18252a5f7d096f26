"""Twenty deaths in the middle of the work; `make crash KILLS=n` does more, and tries mutants."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dangol.app.demo_data import find_demo
from dangol.ingest.mapping import ImportFault

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 20


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
def test_twenty_kills_lose_nothing_and_repeat_nothing():
    command = ["-m", "tests.crash.flow", "--kills", str(KILLS), "--no-mutants"]

    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["kills"] == KILLS
    assert (result["lost"], result["duplicated"], result["contradictions"]) == (0, 0, 0)
    assert result["events"] > 100
