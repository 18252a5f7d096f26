"""What every benchmark runs on: a durable PostgreSQL of its own, and a workspace in it."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dangol.store.connect import Connection, connect_bare
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import migrate
from dangol.store.workspace import create_workspace


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running PostgreSQL with Dangol's tables, and a folder for all else; both go at the end."""

    postgres: EmbeddedPostgres
    folder: Path


@contextmanager
def lend_server() -> Generator[Server]:
    """Start a durable PostgreSQL in a new folder and migrate it."""
    folder = Path(tempfile.mkdtemp(prefix="dangol-bench-"))
    postgres = EmbeddedPostgres.start(folder / "pg", durable=True)
    try:
        with connect_bare(postgres.dsn) as connection:
            _ = migrate(connection)
        yield Server(postgres=postgres, folder=folder)
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def open_workspace(connection: Connection, *, now: datetime) -> int:
    """Make a Korean shop; return its workspace."""
    return create_workspace(
        connection,
        name="bench",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="bench",
        sender_email="hello@shop.example",
        sender_postal="-",
        sender_phone="-",
        now=now,
    )
