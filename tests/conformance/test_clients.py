"""Real clients, unchanged: whatever goes wrong on the way, each of their events acts once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.build import unpack
from tests.conformance.faulty import Fault
from tests.ingest.words import parked, tick_all

from dangol.store.connect import Connection

HERE = Path(__file__).parent
NODE = HERE / "node"
COMMANDS = {
    "segment_python": [sys.executable, HERE / "clients" / "segment_python.py"],
    "rudder_python": [sys.executable, HERE / "clients" / "rudder_python.py"],
    "segment_page": [sys.executable, HERE / "clients" / "segment_page.py"],
    "segment_node": [HERE.parents[1] / "scripts" / "with_node.sh", "node", NODE / "send.mjs"],
}
PACKAGES = {NODE / "node_modules": "run `make setup`"}
NEEDS = {
    "segment_node": PACKAGES,
    "segment_page": {**PACKAGES, Path("/usr/bin/chromium"): "install Chromium"},
}
PATIENCE_SECONDS = 120
VISITS = 40
BAD_DAY = (
    Fault.BROKEN,
    Fault.ANSWER_LOST,
    Fault.NONE,
    Fault.BUSY,
    Fault.ANSWER_LOST,
    Fault.NONE,
    Fault.BUSY,
    Fault.BROKEN,
)


@pytest.fixture(params=COMMANDS)
def client(request: pytest.FixtureRequest, must: bool) -> str:  # noqa: FBT001  by name
    """Name each client in turn, or skip one that was not installed."""
    for needed, remedy in NEEDS.get(request.param, {}).items():
        if not needed.exists():
            assert not must, f"{needed} is missing: {remedy}"
            pytest.skip(f"{needed.name} is missing: {remedy}")
    return request.param


@pytest.fixture
def key(client: str, browser_key: str, server_key: str) -> str:
    """Lend the key that belongs where the client runs."""
    return browser_key if client == "segment_page" else server_key


def send(client: str, address: str, key: str, *, visits: int = VISITS) -> list[str]:
    """Let a client send in a process of its own; return the message ids it gave its calls."""
    command = [*map(str, COMMANDS[client]), address, key, str(visits)]
    done = subprocess.run(  # noqa: S603  our own command
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said.get("lost", []) == [], "the client gave up"
    assert said.get("strangers", []) == [], "nobody else is told"
    return sorted(said["sent"])


def acted(connection: Connection, workspace: int) -> list[str]:
    """Tick, and return every message id that acted."""
    unpack(connection)
    connection.commit()
    tick_all(connection, workspace)
    assert parked(connection) == []
    rows = connection.execute('select message_id from acted_event order by message_id collate "C"')
    return [message_id for (message_id,) in rows]


def arrived(connection: Connection) -> int:
    unpack(connection)
    return connection.execute("select count(*) from event").fetchone()[0]


def test_every_event_of_a_real_client_acts_once(serve, connection, workspace, key, client):
    address, _ = serve()

    sent = send(client, address, key)

    assert len(sent) == VISITS + 5
    assert acted(connection, workspace) == sent


def test_on_a_bad_day_every_event_still_acts_once(serve, connection, workspace, key, client):
    address, app = serve(*BAD_DAY)

    sent = send(client, address, key)

    assert not app.faults, "every fault befell a request"
    assert arrived(connection) > len(sent), "what was taken without an answer came again"
    assert acted(connection, workspace) == sent


def test_a_client_that_sends_too_fast_is_slowed_and_loses_nothing(
    serve, connection, workspace, server_key
):
    address, app = serve(server_events_per_second=50)

    sent = send("segment_python", address, server_key, visits=2_700)

    assert app.answers[429] > 0
    assert acted(connection, workspace) == sent
    assert arrived(connection) == len(sent)


def test_a_customer_told_by_a_real_client_is_known(serve, connection, workspace, server_key):
    address, _ = serve()

    send("segment_python", address, server_key, visits=1)

    tick_all(connection, workspace)
    kinds = connection.execute("select kind, customer_id from identifier order by kind").fetchall()
    assert [kind for kind, _ in kinds] == ["external", "anonymous", "email"]
    assert len({customer for _, customer in kinds}) == 1
