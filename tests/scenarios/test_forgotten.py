"""Somebody lives a whole life with a shop, is forgotten, and is then looked for everywhere."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
from litestar.testing import TestClient
from psycopg import sql
from tests.build import NOON
from tests.conftest import MASTER_KEY
from tests.ingest.shops.words import cafe24_order, connect_shop
from tests.scenarios.story import Story

from dangol.app.demo_report import find_violations
from dangol.app.forget import make_tools, remember
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.consent.ledger import rebuild
from dangol.content.library import install_library
from dangol.ingest.keys import create_api_key
from dangol.providers.smtp.fake import FakeMailServer
from dangol.rights.erasure import erase
from dangol.store.connect import Connection, connect, connect_bare
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.lake import Lake
from dangol.store.migrate import ensure_event_partitions, migrate
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyKind
from dangol.store.workspace import create_workspace

CART = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: note, kind: message, template: winback_note, expires_after: 9 days}
  - {name: patience, kind: wait, for: 3 days}
  - {name: second, kind: message, template: winback_second_note, expires_after: 9 days}
"""
# Their id, name, e-mail, a note of theirs, and a telephone number, each unmistakable.
WHO = "qzxwvminji"
NOTE = "qzxwvnote"
PHONE = "+821098987676"
PLAIN = [WHO, NOTE, PHONE.removeprefix("+"), "9898-7676"]
SEALED = [f"{WHO}@shop.example", PHONE]


@contextmanager
def running(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres.start(folder, durable=False)
    try:
        yield server
    finally:
        server.stop()


def settings_of(server: EmbeddedPostgres, folder: Path) -> Settings:
    return Settings(database_url=server.dsn, data_folder=folder, pool_size=4)


@contextmanager
def shop(server: EmbeddedPostgres, folder: Path) -> Iterator[Story]:
    """A shop with a journey, a platform that posts, and its own mail server."""
    folder.mkdir(exist_ok=True)
    (folder / "dangol.key").write_bytes(MASTER_KEY)
    with connect_bare(server.dsn) as bare:
        migrate(bare)
    with connect(server.dsn) as connection:
        workspace = create_workspace(
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
        install_library(connection, workspace_id=workspace, locale="ko", now=NOON)
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)
        connection.commit()
        app = create_app(settings_of(server, folder))
        with TestClient(app) as client, FakeMailServer() as mails:
            yield Story(
                connection=connection,
                workspace=workspace,
                vault=Vault(MASTER_KEY),
                lake=Lake(folder / "lake"),
                client=client,
                key=key,
                server=mails,
            )


def live(story: Story) -> None:
    """Sign up, look, buy, get mail, open and refuse it, let it bounce, order at the shop."""
    story.runs(CART).at("2027-03-02 11:00").joins(WHO).joins("jiwoo")
    story.post(
        "/v1/identify",
        {"userId": WHO, "anonymousId": f"{WHO}-phone", "traits": {"phone": PHONE, "city": NOTE}},
    )
    story.event(WHO, "Cart Viewed", note=NOTE).event("jiwoo", "Cart Viewed").look_back()
    cafe24 = connect_shop(story.connection, story.client, story.workspace, "cafe24")
    ordered = cafe24_order(member_id=WHO, buyer_email=f"{WHO}@shop.example", buyer_name=WHO)
    assert cafe24.post(ordered).status_code == 200
    story.buys(WHO).settle()
    story.unsubscribes(WHO).bounces(WHO).settle()
    # Still under way: one message planned, one event in the inbox, one not even read.
    story.event(WHO, "Visited", note=f"{NOTE} again").settle()
    story.event(WHO, "Visited", note=f"{NOTE} unread")


def rows_with(connection: Connection, words: list[str]) -> dict[str, int]:
    """Count, table by table, the rows whose text has one of the words."""
    tables = connection.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind = 'r' order by relname"
    ).fetchall()
    query = sql.SQL("select count(*) from {} as row where lower(row::text) like any(%s)")
    found = {
        name: connection.execute(
            query.format(sql.Identifier(name)), ([f"%{word}%" for word in words],)
        ).fetchone()[0]
        for (name,) in tables
    }
    connection.commit()
    return {name: count for name, count in found.items() if count}


def files_with(folder: Path, words: list[str], *, without: str = "pg_wal") -> list[str]:
    """Return the files below a folder whose bytes have one of the words."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and without not in path.parts
        and any(word.encode() in path.read_bytes().lower() for word in words)
    )


def lake_files_with(folder: Path, words: list[str]) -> list[str]:
    """Return the data files of every version of the lake that hold one of the words, read out."""
    return [
        path.name
        for path in folder.rglob("*.parquet")
        if any(word in str(pq.ParquetFile(path).read().to_pylist()).lower() for word in words)
    ]


def fold(connection: Connection) -> list[tuple]:
    rows = connection.execute(
        "select customer_id, channel, purpose, state, since, entry_id from consent order by 1, 2, 3"
    ).fetchall()
    connection.commit()
    return rows


def forget(story: Story, settings: Settings) -> None:
    number = story.one(
        "select customer_id from identifier where kind = 'external' and key = %(who)s",
        {"who": WHO},
    )[0]
    tools = make_tools(settings, vault=story.vault, lake=story.lake)
    erase(
        story.connection,
        tools,
        workspace_id=story.workspace,
        customer_id=number,
        asked_by="command",
    )


def test_who_is_forgotten_is_found_nowhere_not_even_in_a_restored_backup(tmp_path, capfd):
    home, postgres, backup = tmp_path / "home", tmp_path / "postgres", tmp_path / "backup"
    with running(postgres) as server, shop(server, home) as story:
        live(story)
        before = fold(story.connection)
        assert {"customer", "event_20270302"} <= rows_with(story.connection, PLAIN).keys()
        assert lake_files_with(home / "lake", PLAIN) != []
        dump(server, story.connection, backup)
        shutil.copytree(home / "lake", backup / "lake")

        forget(story, settings_of(server, home))

        assert rows_with(story.connection, PLAIN) == {}
        assert fold(story.connection) == before
        assert rebuild(story.connection, workspace_id=story.workspace) == []
        assert find_violations(story.connection, workspace_id=story.workspace) == []
        story.connection.commit()
        sent = len(story.mails_to(WHO))
        story.at("2027-03-09 11:00").look_back()
        assert len(story.mails_to(WHO)) == sent
        assert rows_with(story.connection, PLAIN) == {}
        rewrite(server)
    assert files_with(postgres, PLAIN) == []
    assert lake_files_with(home / "lake", PLAIN) == []
    assert files_with(home, PLAIN) == []
    written = capfd.readouterr()
    assert [word for word in PLAIN if word in (written.out + written.err).lower()] == []

    restored = tmp_path / "restored"
    shutil.rmtree(home / "lake")
    shutil.copytree(backup / "lake", home / "lake")
    with running(restored) as server:
        restore(server, backup)
        with connect(server.dsn) as connection:
            assert {"customer", "event_20270302"} <= rows_with(connection, PLAIN).keys()

            remember(settings_of(server, home))

            assert rows_with(connection, PLAIN) == {}
            assert fold(connection) == before
            assert connection.execute("select count(*) from customer_key").fetchone() == (1,)
            connection.commit()
        rewrite(server)
    assert files_with(restored, PLAIN) == []
    assert lake_files_with(home / "lake", PLAIN) == []


def test_contact_data_is_never_on_the_disk_in_the_clear(tmp_path):
    home, postgres = tmp_path / "home", tmp_path / "postgres"
    with running(postgres) as server, shop(server, home) as story:
        story.at("2027-03-02 11:00").joins(WHO)
        story.post("/v1/identify", {"userId": WHO, "traits": {"phone": PHONE}})
        story.look_back()
        with psycopg.connect(server.dsn, autocommit=True) as admin:
            admin.execute("checkpoint")

    assert files_with(postgres, SEALED, without="nowhere") == []
    assert files_with(home, SEALED) == []


def dump(server: EmbeddedPostgres, connection: Connection, folder: Path) -> None:
    """Back every table up as text, as pg_dump does."""
    folder.mkdir()
    tables = connection.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p') and not relispartition"
    ).fetchall()
    for (name,) in tables:
        out = sql.SQL("copy (select * from {}) to stdout").format(sql.Identifier(name))
        with (folder / name).open("wb") as file, connection.cursor().copy(out) as rows:
            for block in rows:
                file.write(block)
    connection.commit()
    assert server.answers()


def restore(server: EmbeddedPostgres, folder: Path) -> None:
    """Read a backup into an empty server, without looking at what refers to what."""
    with connect_bare(server.dsn) as connection:
        migrate(connection)
        connection.execute("delete from migration")
        connection.execute("set session_replication_role = replica")
        ensure_event_partitions(connection, days=[date(2027, 3, day) for day in range(1, 11)])
        for path in sorted(one for one in folder.iterdir() if one.is_file()):
            into = sql.SQL("copy {} from stdin").format(sql.Identifier(path.name))
            with connection.cursor().copy(into) as rows:
                rows.write(path.read_bytes())


def rewrite(server: EmbeddedPostgres) -> None:
    """Write every table anew, as docs/guides/rights.md tells to where it must be certain today."""
    with psycopg.connect(server.dsn, autocommit=True) as admin:
        admin.execute("vacuum full")
        admin.execute("checkpoint")
