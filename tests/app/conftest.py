"""A server that keeps what it confirms: the commands refuse any other."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import fresh_database

from dangol.app.database import prepare_database
from dangol.store.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="dangol-test-"))
    server = EmbeddedPostgres.start(folder / "pg")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def durable_url(durable_postgres: EmbeddedPostgres) -> Iterator[str]:
    """Name an empty database on it, as settings want it."""
    for dsn in fresh_database(durable_postgres, template="template0"):
        yield as_url(dsn)


@pytest.fixture
def migrated_url(durable_url: str) -> str:
    prepare_database(durable_url)
    return durable_url


def as_url(dsn: str) -> str:
    """Write libpq's key=value form as a URL."""
    parts = dict(part.split("=", 1) for part in dsn.split())
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


@pytest.fixture
def free_listener() -> Iterator[int]:
    """Listen on a port, so that nobody else can, and name it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
