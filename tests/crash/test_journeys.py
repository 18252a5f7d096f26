"""Twenty deaths among people inside journeys; `make crash WHAT=journeys KILLS=n` does more."""

import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 20


def test_twenty_kills_lose_nobody_inside_a_journey_and_write_to_nobody_twice():
    command = ["-m", "tests.crash.journeys", "--kills", str(KILLS), "--no-mutants"]

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
    assert result["customers"] > 10
