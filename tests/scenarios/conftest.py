"""A shop that is open: its HTTP server, its mail server, its workspace, and a story about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.build import NOON
from tests.scenarios.story import Story

from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.content.library import install_library
from dangol.ingest.keys import create_api_key
from dangol.providers.smtp.fake import FakeMailServer
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyKind

MASTER_KEY = bytes(range(32))


@pytest.fixture
def settings(tmp_path: Path, dsn: str) -> Settings:
    """Point an installation at the test's database, with the key all tests use."""
    (tmp_path / "dangol.key").write_bytes(MASTER_KEY)
    return Settings(database_url=dsn, data_folder=tmp_path, pool_size=4)


@pytest.fixture
def key(connection: Connection, workspace: int) -> str:
    """Make the key the shop's own server writes with."""
    with connection.transaction():
        return create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)


@pytest.fixture
def story(
    connection: Connection, workspace: int, vault: Vault, lake: Lake, settings: Settings, key: str
) -> Iterator[Story]:
    """Begin a story in the shop; it has the templates that come with Dangol."""
    with connection.transaction():
        install_library(connection, workspace_id=workspace, locale="ko", now=NOON)
    with TestClient(create_app(settings)) as client, FakeMailServer() as server:
        yield Story(
            connection=connection,
            workspace=workspace,
            vault=vault,
            lake=lake,
            client=client,
            key=key,
            server=server,
        )
