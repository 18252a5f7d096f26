"""The database of this installation: the one that was named, or our own in the data folder."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from psycopg import IsolationLevel

from dangol.app.clock import STATEMENTS
from dangol.app.settings import Settings
from dangol.store.connect import Connection, StoreError, check_server, connect, connect_bare
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import is_current, migrate


@contextmanager
def open_database(settings: Settings) -> Generator[str, None, None]:
    """Yield the URL of the database; our own server runs as long as this lasts.

    Raises:
        StoreError: it cannot be reached or started, or does not keep what it confirms.
    """
    if settings.database_url:
        yield settings.database_url
        return
    server = EmbeddedPostgres.start(postgres_folder(settings))
    try:
        yield url_of(server)
    finally:
        server.stop()


def postgres_folder(settings: Settings) -> Path:
    """Return where our own server keeps its files."""
    return settings.data_folder / "postgres"


def url_of(server: EmbeddedPostgres) -> str:
    """Return the server's address as a URL, the form settings are given in."""
    return f"postgresql://postgres@/postgres?host={quote(str(server.sockets), safe='')}"


def prepare_database(dsn: str) -> list[str]:
    """Check the server and bring its schema up to date; return the migrations applied."""
    with connect_bare(dsn) as connection:
        check_server(connection)
        connection.commit()
        return migrate(connection)


def check_database(dsn: str) -> None:
    """Refuse a server that is unfit or not migrated.

    Raises:
        StoreError: with the remedy.
    """
    with connect_bare(dsn) as connection:
        check_server(connection)
        connection.commit()
        if not is_current(connection):
            raise StoreError("The database is not up to date. Run `dangol migrate` against it.")


def list_workspaces(connection: Connection) -> list[int]:
    """Return the ids of all workspaces."""
    with connection.transaction():
        return [row[0] for row in connection.execute(STATEMENTS["list_workspaces"])]


@contextmanager
def one_moment(connection: Connection) -> Generator[None, None, None]:
    """Let everything inside see the same rows."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction():
            yield
    finally:
        connection.isolation_level = None


__all__ = [
    "check_database",
    "connect",
    "list_workspaces",
    "one_moment",
    "open_database",
    "postgres_folder",
    "prepare_database",
    "url_of",
]
