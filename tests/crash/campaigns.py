"""Campaigns as processes of their own, for tests that try a few deaths of each."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 600


def survive(campaign: str, *words: str, kills: int, mutants: bool = False) -> dict:
    """Carry out so many kills at least; return the last line if nothing was lost or doubled."""
    command = [sys.executable, "-m", campaign, "--kills", str(kills), *words]
    command += [] if mutants else ["--no-mutants"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["kills"] >= kills
    assert (result["lost"], result["duplicated"], result["contradictions"]) == (0, 0, 0)
    return result
