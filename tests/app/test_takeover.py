"""A worker that dies lets go of its workspace by itself."""

import subprocess
import sys
import time

from tests.build import NOON

from dangol.app.tick import run_tick
from dangol.store.connect import Connection
from dangol.store.vault import Vault

SECONDS = 10
# Holds the workspace as a tick does, in the middle of it.
WORKER = """
import sys
import time

from dangol.app.tick import is_ours
from dangol.store.connect import connect

with connect(sys.argv[1]) as connection, connection.transaction():
    print(is_ours(connection, workspace_id=int(sys.argv[2])), flush=True)
    time.sleep(600)
"""


def test_a_killed_workers_workspace_is_taken_over_within_seconds(
    connection: Connection, dsn: str, workspace: int, vault: Vault
) -> None:
    worker = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", WORKER, dsn, str(workspace)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    with worker.stdout as said:
        assert said.readline() == "True\n"
        held = run_tick(connection, workspace_id=workspace, vault=vault, now=NOON, batch=10)

        worker.kill()
        worker.wait()
    until = time.monotonic() + SECONDS
    ticked = None
    while ticked is None and time.monotonic() < until:
        ticked = run_tick(connection, workspace_id=workspace, vault=vault, now=NOON, batch=10)

    assert held is None
    assert ticked is not None
