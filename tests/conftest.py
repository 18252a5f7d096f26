"""What every test may ask for: a real PostgreSQL, a workspace, a vault, a lake."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.build import NOON

from dangol.store.connect import Connection, connect, connect_bare
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.lake import Lake
from dangol.store.migrate import ensure_event_partitions, migrate
from dangol.store.vault import Vault
from dangol.store.workspace import create_workspace

REPOSITORY = Path(__file__).resolve().parents[1]
MASTER_KEY = bytes(range(32))
MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder of our own in it is used
ROOM = 8 * 2**30


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """Start one server for each test process; what tests write need not survive a power cut."""
    folder = Path(tempfile.mkdtemp(prefix="dangol-test-", dir=fast_folder()))
    server = EmbeddedPostgres.start(folder / "pg", durable=False)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def fast_folder() -> Path | None:
    """Return where files live in memory, if there is room; None: the usual place.

    A test's own database is made of a thousand small files.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return None


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedPostgres) -> str:
    """Migrate one database that every test's own is then copied from."""
    with psycopg.connect(postgres.dsn, autocommit=True) as admin:
        admin.execute("create database template_dangol")
    with connect_bare(postgres.dsn_of("template_dangol")) as connection:
        migrate(connection)
        ensure_event_partitions(connection, days=[NOON.date()])
    return "template_dangol"


@pytest.fixture
def empty_dsn(postgres: EmbeddedPostgres) -> Iterator[str]:
    """Name a database without any tables."""
    yield from fresh_database(postgres, template="template0")


@pytest.fixture
def dsn(postgres: EmbeddedPostgres, template_database: str) -> Iterator[str]:
    """Name a database of the test's own, with every table and no row."""
    yield from fresh_database(postgres, template=template_database)


def fresh_database(postgres: EmbeddedPostgres, *, template: str) -> Iterator[str]:
    name = f"test_{os.urandom(6).hex()}"
    # Files are copied as they are; by default each page goes through the log.
    create = sql.SQL("create database {} template {} strategy file_copy")
    drop = sql.SQL("drop database {} with (force)")
    with psycopg.connect(postgres.dsn, autocommit=True) as admin:
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        yield postgres.dsn_of(name)
        admin.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def connection(dsn: str) -> Iterator[Connection]:
    """Open a connection with the working tables, and an inbox for the day of the tests' noon."""
    opened = connect(dsn)
    yield opened
    opened.close()


@pytest.fixture
def workspace(connection: Connection) -> int:
    """Open a Korean shop: quiet from 21:00 to 08:00, three messages in seven days."""
    with connection.transaction():
        return create_workspace(
            connection,
            name="단골 상점",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="단골 상점",
            sender_email="hello@shop.example",
            sender_postal="서울특별시 중구 세종대로 110",
            sender_phone="02-120",
            now=NOON,
        )


@pytest.fixture
def vault() -> Vault:
    """Lend a vault with a key that only tests use."""
    return Vault(MASTER_KEY)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Name a lake that has never been written."""
    return Lake(tmp_path / "lake")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Name the folder of real data sets that lie beside the repository, or skip."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data sets are not beside the repository ({folder})")
    return folder


@pytest.fixture(scope="session")
def must() -> bool:
    """Tell whether this run may not skip what its machine lacks, as in CI."""
    return os.environ.get("DANGOL_CI_MUST") == "1"
