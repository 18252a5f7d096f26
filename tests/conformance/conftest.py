"""The whole application on a real socket, which can be told to fail; and Spark, started once."""

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from tests.build import NOON
from tests.conformance.faulty import Fault, Faulty

from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.ingest.keys import create_api_key
from dangol.store.computing import OnSpark
from dangol.store.connect import Connection
from dangol.store.engine import start
from dangol.store.vocabulary import ApiKeyKind

PATIENCE_SECONDS = 30
Serve = Callable[..., tuple[str, Faulty]]


@pytest.fixture
def server_key(connection: Connection, workspace: int) -> str:
    with connection.transaction():
        return create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)


@pytest.fixture
def browser_key(connection: Connection, workspace: int) -> str:
    with connection.transaction():
        return create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.BROWSER, now=NOON)


@pytest.fixture
def serve(dsn: str, tmp_path: Path) -> Iterator[Serve]:
    """Lend a function that serves with faults and settings, and returns the address."""
    running = []

    def start(*faults: Fault, **settings: object) -> tuple[str, Faulty]:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        # The tests' own vault opens what this server seals.
        (tmp_path / "dangol.key").write_bytes(bytes(range(32)))
        given = {"database_url": dsn, "data_folder": tmp_path, "base_url": address, **settings}
        app = Faulty(create_app(Settings(**given)))
        app.faults.extend(faults)
        opened = on_thread(app, port=port)
        opened.__enter__()
        running.append(opened)
        return address, app

    yield start
    for opened in running:
        opened.__exit__(None, None, None)


@contextmanager
def on_thread(app: Faulty, *, port: int) -> Iterator[None]:
    """Serve on a loop of its own, so that clients may block."""
    loop = asyncio.new_event_loop()
    server: list[Server] = []

    async def run() -> None:
        made = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
        server.append(made)
        await made.serve()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    wait_until_well(f"http://127.0.0.1:{port}/health")
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server[0].stop)
        thread.join(PATIENCE_SECONDS)
        loop.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_until_well(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"nobody answers at {address}")


@pytest.fixture(scope="session")
def spark(must: bool) -> OnSpark:  # noqa: FBT001 - a fixture is asked for by name
    """Start Spark once for all tests."""
    for needed, there in {"pyspark": find_spec("pyspark"), "java": shutil.which("java")}.items():
        if not there:
            assert not must, f"{needed} is missing"
            pytest.skip(f"{needed} is missing; see docs/guides/scale.md")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(Path(__file__).parent / "spark"))
        # A process of a minute is better off without the compiler that thinks long.
        patch.setenv("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        computing = OnSpark("local[1]")
        _ = start(computing)
    return computing
