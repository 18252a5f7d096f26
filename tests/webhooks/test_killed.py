"""A courier that is killed between the call and its record calls again, under the same id."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest

CHILD = """
import os, signal, sys
from dangol.app.courier import Courier
from dangol.providers.egress.client import open_egress
from dangol.store import crash
from dangol.store.connect import connect
from tests.build import NOON, TEST_VAULT

def die(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

crash._handlers.append(die)
courier = Courier(
    vault=TEST_VAULT, open_egress=lambda: open_egress(loopback=True), clock=lambda _: NOON
)
with connect(sys.argv[1]) as connection:
    courier.work(connection)
"""


@pytest.mark.parametrize(
    ("point", "heard_before"), [("webhooks.claimed", 0), ("webhooks.called", 1)]
)
def test_killed_there_it_is_called_again(desk, dsn, point, heard_before):
    desk.add()
    desk.tell()

    command = [sys.executable, "-c", CHILD, dsn, point]
    child = subprocess.run(command, check=False, timeout=60)  # noqa: S603 - our own child

    assert child.returncode == -signal.SIGKILL
    assert len(desk.receiver.heard) == heard_before
    assert [state for _, state, *_ in desk.calls()] == ["calling"]
    desk.now += timedelta(minutes=1)
    assert desk.deliver() == 1
    assert len(desk.receiver.heard) == heard_before + 1
    assert len({heard.headers["webhook-id"] for heard in desk.receiver.heard}) == 1
    assert len({heard.body for heard in desk.receiver.heard}) == 1
    assert [state for _, state, *_ in desk.calls()] == ["delivered"]
