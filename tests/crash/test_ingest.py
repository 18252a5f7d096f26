"""Sixty deaths in the way in, and four faults that must be found; `make crash` does more."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.crash.postgres import title

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 60
SECONDS = 900
PATIENCE_SECONDS = 60
INTERRUPTED = 130


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-u", "-m", "tests.crash.ingest", *arguments]


def run_campaign(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        command("--save", str(folder), *arguments),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def last_line(done: subprocess.CompletedProcess[str]) -> dict:
    return json.loads(done.stdout.splitlines()[-1])


def test_an_acknowledged_event_survives_every_kill_and_acts_once(tmp_path):
    done = run_campaign(tmp_path, "--kills", str(KILLS))

    assert done.returncode == 0, done.stdout + done.stderr
    result = last_line(done)
    assert result["kills"] == KILLS
    assert (result["lost"], result["duplicated"], result["contradictions"]) == (0, 0, 0)
    assert result["mutants_caught"] == 4
    assert result["acknowledged"] > KILLS
    assert list(tmp_path.iterdir()) == []


def test_a_failing_history_is_kept_with_how_to_repeat_it(tmp_path):
    fault = ("--mutant", "effects without the cursor")

    done = run_campaign(tmp_path, "--kills", "30", "--seed", "7", *fault)

    assert done.returncode == 1, done.stdout + done.stderr
    assert last_line(done)["duplicated"] > 0
    [kept] = tmp_path.iterdir()
    assert "--seed 7 --round 1" in (kept / "README").read_text()
    history = [json.loads(line) for line in (kept / "history.jsonl").read_text().splitlines()]
    twice = {row["customer"] for row in json.loads((kept / "rows.json").read_text())["activity"]}
    assert twice
    sent = {line["call"] for line in history if line["what"] == "acknowledged"}
    assert {f"join-{customer.rpartition('-')[0]}-0" for customer in twice} <= sent


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Lend a folder with a short name: sockets need one."""
    folder = Path(tempfile.mkdtemp(prefix="crash-stop-"))
    yield folder
    shutil.rmtree(folder)


def processes_on(scratch: Path) -> list[int]:
    """List who runs with something of the campaign's in its command."""
    running = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in running if str(scratch) in title(pid)]


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_campaign_that_is_stopped_leaves_nothing_behind(scratch):
    process = subprocess.Popen(  # noqa: S603 - our own command
        command("--kills", "2000", "--save", str(scratch / "saved")),
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert "kills" in process.stdout.readline()
    assert process.poll() is None

    # As Ctrl-C does: everybody in the terminal's group hears it.
    os.killpg(process.pid, signal.SIGINT)

    assert process.wait(SECONDS) == INTERRUPTED
    process.stdout.close()
    assert wait_until(lambda: processes_on(scratch) == [])
    assert list(scratch.iterdir()) == []
    # What only follows its parent needs a moment to notice.
    assert wait_until(lambda: not lives(process.pid))
