import os
import signal
import subprocess
import sys

import pytest

from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.app.supervisor import PostgresChild
from dangol.app.up import hold_folder, run_database
from dangol.store.connect import connect
from dangol.store.embedded import EmbeddedPostgres, read_pid


def test_a_folder_is_held_by_one_at_a_time(tmp_path):
    with (
        hold_folder(tmp_path / "data"),
        pytest.raises(ProblemError, match="Another `dangol up`"),
        hold_folder(tmp_path / "data"),
    ):
        pass

    with hold_folder(tmp_path / "data"):
        pass


def test_a_holder_that_was_killed_lets_go(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from dangol.app.up import hold_folder\n"
        "with hold_folder(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"

    holder.kill()
    holder.wait()
    holder.stdout.close()

    with hold_folder(tmp_path):
        pass


def test_the_database_is_migrated_and_stopped_at_the_end(tmp_path):
    settings = Settings(data_folder=tmp_path)

    with run_database(settings) as installation, connect(installation.settings.database_url):
        running = read_pid(tmp_path / "postgres")

    assert running is not None
    assert read_pid(tmp_path / "postgres") is None


def test_a_server_that_was_left_behind_is_joined_and_then_stopped(tmp_path):
    left_behind = EmbeddedPostgres.start(tmp_path / "postgres")
    child = PostgresChild(open=lambda: EmbeddedPostgres.start(tmp_path / "postgres"))
    child.start()
    joined = child.lives()

    child.stop()

    assert joined
    assert left_behind.process is not None
    assert left_behind.process.wait() == 0
    left_behind.stop()


def test_a_database_that_was_killed_is_started_again(tmp_path):
    child = PostgresChild(open=lambda: EmbeddedPostgres.start(tmp_path / "postgres"))
    child.start()
    assert child.server is not None
    assert child.server.pid is not None
    os.kill(child.server.pid, signal.SIGKILL)
    assert child.server.process is not None
    child.server.process.wait()

    assert not child.lives()
    child.start()

    assert child.lives()
    child.stop()
