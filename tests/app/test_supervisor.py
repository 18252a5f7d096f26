import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from dangol.app.database import prepare_database, url_of
from dangol.app.settings import Settings, as_environment
from dangol.app.supervisor import DangolProcess, Supervisor
from dangol.store.embedded import EmbeddedPostgres

PATIENCE_SECONDS = 60
SLEEP = "import time; time.sleep(600)"


def wait_until(condition) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@dataclass
class Sleeper:
    """A real process that sleeps; writes its name down when it is stopped."""

    name: str
    stopped: list[str] = field(default_factory=list)
    starts: int = 0

    def start(self) -> None:
        self.starts += 1
        self.process = subprocess.Popen([sys.executable, "-c", SLEEP])  # noqa: S603 - our own program

    def lives(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.stopped.append(self.name)


def test_a_child_that_is_killed_is_started_again():
    child = Sleeper("one")
    supervisor = Supervisor()
    supervisor.add(child)
    first = child.process.pid

    os.kill(first, signal.SIGKILL)

    assert wait_until(lambda: child.starts == 2 and child.lives())
    assert child.process.pid != first
    supervisor.stop()


def test_children_stop_in_reverse_order_and_stay_stopped():
    stopped: list[str] = []
    children = [Sleeper(name, stopped) for name in ("database", "server", "worker")]
    supervisor = Supervisor()
    for child in children:
        supervisor.add(child)

    supervisor.stop()

    assert stopped == ["worker", "server", "database"]
    assert [child.starts for child in children] == [1, 1, 1]


def test_a_dangol_process_ends_when_its_parent_is_killed(tmp_path):
    program = (
        "import sys, time;"
        "from dangol.app.supervisor import DangolProcess;"
        "child = DangolProcess(name='m', arguments=['mailbox', '--port', '0', '--folder',"
        f" {str(tmp_path / 'mailbox')!r}], environment={{}});"
        "child.start(); print(child.process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert wait_until((tmp_path / "mailbox").is_dir)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert wait_until(lambda: has_ended(child))


def test_a_dangol_process_stops_in_good_order(tmp_path):
    child = DangolProcess(
        name="mailbox",
        arguments=["mailbox", "--port", "0", "--folder", str(tmp_path / "mailbox")],
        environment={},
    )
    child.start()
    assert wait_until((tmp_path / "mailbox").is_dir)

    child.stop()

    assert child.process is not None
    assert child.process.returncode == 0
    assert not child.lives()


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, or waits only to be reaped by whoever adopted it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_server_that_is_killed_leaves_no_worker_on_its_port(tmp_path):
    # A server of the test's own: `serve` refuses one that may lose what it has confirmed.
    postgres = EmbeddedPostgres.start(tmp_path / "postgres")
    prepare_database(url_of(postgres))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = Settings(database_url=url_of(postgres), data_folder=tmp_path, port=port)
    child = DangolProcess(name="serve", arguments=["serve"], environment=as_environment(settings))
    child.start()
    assert wait_until(lambda: answers(port))

    assert child.process is not None
    child.process.kill()
    child.process.wait()

    assert wait_until(lambda: not answers(port))
    child.stop()
    postgres.stop()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
