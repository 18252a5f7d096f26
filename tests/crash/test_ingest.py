"""Sixty deaths in the way in, and four faults that must be found; `make crash` does more."""

import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 60
SECONDS = 900


def run_campaign(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.crash.ingest", "--save", str(folder), *arguments]
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=SECONDS
    )


def test_an_acknowledged_event_survives_every_kill_and_acts_once(tmp_path):
    done = run_campaign(tmp_path, "--kills", str(KILLS))

    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["kills"] == KILLS
    assert (result["lost"], result["duplicated"], result["contradictions"]) == (0, 0, 0)
    assert result["mutants_caught"] == 4
    assert result["acknowledged"] > KILLS
    assert list(tmp_path.iterdir()) == []
