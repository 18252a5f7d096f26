"""The installation under attack: two servers, a worker, and a database of its own."""

import secrets
import socket
from dataclasses import dataclass
from datetime import time as clock_time
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql
from tests.crash.ingest.children import prepare_server, prepare_worker
from tests.crash.ingest.nursery import Nursery
from tests.crash.ingest.plan import SERVERS, WORKER

from dangol.app.clock import machine_time
from dangol.app.database import prepare_database, url_of
from dangol.app.keyfile import open_vault
from dangol.app.settings import Settings
from dangol.ingest.keys import create_api_key
from dangol.store.connect import Connection, connect
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.vocabulary import ApiKeyKind
from dangol.store.workspace import create_workspace

LOOPBACK = "127.0.0.1"
TICK_SECONDS = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One installation; everything in it can be killed and started again."""

    settings: Settings
    workspace_id: int
    key: str
    ports: tuple[int, ...]

    def connect(self) -> Connection:
        """Open a connection."""
        return connect(self.settings.database_url)

    def nurseries(self, *, mutant: str) -> dict[str, Nursery]:
        """Return who bears its servers and its worker, by name."""
        made = {WORKER: Nursery(prepare=prepare_worker, arguments=(self.settings, mutant))}
        for name, port in zip(SERVERS, self.ports, strict=True):
            settings = msgspec.structs.replace(self.settings, port=port)
            made[name] = Nursery(prepare=prepare_server, arguments=(settings, mutant))
        return made


def open_shop(folder: Path, *, server: EmbeddedPostgres) -> Shop:
    """Make an installation in a database of its own."""
    folder.mkdir()
    name = f"crash_{secrets.token_hex(4)}"
    with psycopg.connect(server.dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    url = url_of(server).replace("@/postgres?", f"@/{name}?")
    prepare_database(url)
    settings = Settings(
        database_url=url,
        data_folder=folder,
        host=LOOPBACK,
        base_url="https://dangol.example",
        tick_seconds=TICK_SECONDS,
    )
    open_vault(settings.key_path)
    with connect(url) as connection, connection.transaction():
        workspace_id = open_workspace(connection)
        key = create_api_key(
            connection, workspace_id=workspace_id, kind=ApiKeyKind.SERVER, now=machine_time()
        )
    return Shop(
        settings=settings,
        workspace_id=workspace_id,
        key=key,
        ports=tuple(free_port() for _ in SERVERS),
    )


def open_workspace(connection: Connection) -> int:
    return create_workspace(
        connection,
        name="단골 상점",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="단골 상점",
        sender_email="hello@shop.example",
        sender_postal="서울특별시 중구 세종대로 110",
        sender_phone="02-120",
        quiet_from=clock_time(0),
        quiet_until=clock_time(0),
        now=machine_time(),
    )


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        return listener.getsockname()[1]
