"""A worker that stands still between the mark and the call wakes too late to make it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.build import TEST_VAULT, customer, plan_message, reach, template
from tests.channels.sending import POST, delivery_states, message_state
from tests.channels.vendors import Vendor, provider
from tests.crash.campaigns import REPOSITORY

from dangol.app.asking import ask_unanswered
from dangol.app.delivery import Delivered, deliver
from dangol.channels.claim import recover_claims
from dangol.providers.vendor import Idempotency
from dangol.store.connect import Connection, connect
from dangol.store.crash import handle_crashpoints

LEASE = timedelta(seconds=2)
SECONDS = 30
ASKABLE = replace(provider(Idempotency.ASKABLE), visible_after=timedelta(seconds=0))


def machine_now(_connection: object) -> datetime:
    return datetime.now(UTC)


def hand_over(connection: Connection, workspace: int, ledger: Path) -> Delivered:
    return deliver(
        connection,
        Vendor(kind=Idempotency.ASKABLE, ledger=ledger),
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker=f"worker-{os.getpid()}",
        clock=machine_now,
        lease=LEASE,
        provider=ASKABLE,
    )


def fall_asleep(dsn: str, workspace: str, ledger: str) -> None:
    """Be a worker that is stopped as soon as its calls are marked; say how its turn went."""

    def stop(passed: str) -> None:
        if passed == "calling.after_commit":
            os.kill(os.getpid(), signal.SIGSTOP)

    handle_crashpoints(stop)
    with connect(dsn) as connection:
        delivered = hand_over(connection, int(workspace), Path(ledger))
    sys.stdout.write(f"{delivered.accepted} accepted, {delivered.retryable} not begun")


@contextmanager
def sleeper(dsn: str, workspace: int, ledger: Path) -> Iterator[subprocess.Popen]:
    """Lend a worker that stands still."""
    command = [sys.executable, "-m", __name__, dsn, str(workspace), str(ledger)]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as worker:
        try:
            _, status = os.waitpid(worker.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            yield worker
        finally:
            worker.kill()


def wake(worker: subprocess.Popen) -> str:
    worker.send_signal(signal.SIGCONT)
    said, _ = worker.communicate(timeout=SECONDS)
    return said


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "taken"


@pytest.fixture
def message(connection: Connection, workspace: int) -> int:
    note = template(connection, workspace, name="note", channel="sms", purpose="informational")
    found = customer(connection, workspace, email=None)
    reach(connection, workspace, customer_id=found)
    now = datetime.now(UTC)
    planned = plan_message(
        connection, workspace, customer_id=found, template_id=note, state="allowed", now=now
    )
    connection.commit()
    return planned


def settle(connection: Connection, workspace: int, ledger: Path) -> int:
    """Give up what is over its lease, and ask the vendor; return how much it was sure of."""
    now = machine_now(connection)
    with connection.transaction():
        recover_claims(connection, workspace_id=workspace, now=now)
    return ask_unanswered(
        connection,
        Vendor(kind=Idempotency.ASKABLE, ledger=ledger),
        provider=ASKABLE,
        workspace_id=workspace,
        vault=TEST_VAULT,
        clock=machine_now,
    )


def test_who_slept_over_the_lease_does_not_call_what_others_have_sent(
    connection, dsn, workspace, message, ledger
):
    with sleeper(dsn, workspace, ledger) as worker:
        time.sleep(LEASE.total_seconds())
        asked = settle(connection, workspace, ledger)
        connection.execute("update message set act_at = %s", [machine_now(connection)])
        connection.commit()
        other = hand_over(connection, workspace, ledger)

        said = wake(worker)

    assert (asked, other.accepted) == (1, 1)
    assert said == "0 accepted, 1 not begun"
    assert len(ledger.read_text().split()) == 1
    assert delivery_states(connection, message) == ["retryable", "accepted"]


def test_what_who_slept_did_not_begin_goes_with_the_next_though_nobody_could_be_asked(
    connection, dsn, workspace, message, ledger
):
    with sleeper(dsn, workspace, ledger) as worker:
        time.sleep(LEASE.total_seconds())
        with connection.transaction():
            recovered = recover_claims(
                connection, workspace_id=workspace, now=machine_now(connection)
            )

        said = wake(worker)

    assert recovered.unknown == 1
    assert said == "0 accepted, 1 not begun"
    assert not ledger.exists()
    assert delivery_states(connection, message) == ["retryable"]
    assert message_state(connection, message) == "allowed"


def test_who_stood_still_but_a_moment_makes_the_call(connection, dsn, workspace, message, ledger):
    with sleeper(dsn, workspace, ledger) as worker:
        said = wake(worker)

    assert said == "1 accepted, 0 not begun"
    assert delivery_states(connection, message) == ["accepted"]


if __name__ == "__main__":
    fall_asleep(*sys.argv[1:])
