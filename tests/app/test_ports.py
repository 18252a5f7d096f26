"""One port, one installation."""

import socket
import subprocess
import sys

import pytest

from dangol.app.ports import check_port, free_port, hold_port
from dangol.app.problem import ProblemError

LOOPBACK = "127.0.0.1"
HOLD = (
    "import sys; from dangol.app.ports import hold_port\n"
    "with hold_port('127.0.0.1', int(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


@pytest.mark.parametrize(("host", "words"), [(LOOPBACK, "in use"), ("192.0.2.1", "listen on")])
def test_a_port_that_cannot_be_had_is_explained(free_listener, host, words):
    with pytest.raises(ProblemError, match=words):
        check_port(host, free_listener)


def test_a_port_is_held_before_anybody_listens():
    port = free_port(LOOPBACK)
    with (
        hold_port(LOOPBACK, port),
        pytest.raises(ProblemError, match=f"{port} on {LOOPBACK} is in use"),
        hold_port(LOOPBACK, port),
    ):
        pass

    with hold_port(LOOPBACK, port):
        pass


def test_a_holder_that_was_killed_lets_go():
    port = free_port(LOOPBACK)
    holder = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLD, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ProblemError), hold_port(LOOPBACK, port):
            pass
        holder.kill()

    with hold_port(LOOPBACK, port):
        pass


def test_a_child_listens_on_the_port_its_parent_holds(monkeypatch):
    port = free_port(LOOPBACK)
    with hold_port(LOOPBACK, port):
        monkeypatch.setenv("DANGOL_CHILD", "1")
        with hold_port(LOOPBACK, port), socket.create_server((LOOPBACK, port)):
            pass
