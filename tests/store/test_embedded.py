"""The server that comes with Dangol."""

import os
import signal
import time

import psycopg
import pytest

from dangol.store import embedded
from dangol.store.connect import StoreError, check_server, connect, connect_bare
from dangol.store.embedded import EmbeddedPostgres, read_pid


def test_a_fresh_folder_gets_a_durable_server(tmp_path):
    server = EmbeddedPostgres.start(tmp_path / "pg")
    try:
        with connect_bare(server.dsn) as connection:
            check_server(connection)
            version = connection.info.server_version // 10000
    finally:
        server.stop()

    assert version == 18
    assert server.pid is None


def test_a_second_starter_joins_the_running_server(tmp_path):
    first = EmbeddedPostgres.start(tmp_path / "pg", durable=False)
    try:
        second = EmbeddedPostgres.start(tmp_path / "pg", durable=False)
        second.stop()

        assert second.pid == first.pid
        assert first.answers()
    finally:
        first.stop()


def test_what_was_committed_survives_a_killed_server(tmp_path):
    server = EmbeddedPostgres.start(tmp_path / "pg")
    with psycopg.connect(server.dsn) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('단골')")

    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    restarted = EmbeddedPostgres.start(tmp_path / "pg")

    try:
        with psycopg.connect(restarted.dsn) as connection:
            assert connection.execute("select word from kept").fetchone() == ("단골",)
    finally:
        restarted.stop()


def test_a_server_that_cannot_finish_is_ended_and_keeps_what_was_committed(tmp_path, monkeypatch):
    # The server itself ends a child that does not heed it, after five seconds.
    monkeypatch.setattr(embedded, "STOP_SECONDS", 10)
    server = EmbeddedPostgres.start(tmp_path / "pg")
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("create table kept (word text)")
        # It hears of no request to finish, and the server waits for it.
        os.kill(connection.info.backend_pid, signal.SIGSTOP)

        server.stop()

    assert server.pid is None
    restarted = EmbeddedPostgres.start(tmp_path / "pg")
    try:
        with psycopg.connect(restarted.dsn) as connection:
            assert connection.execute("select count(*) from kept").fetchone() == (0,)
    finally:
        restarted.stop()


def test_nothing_is_left_behind_by_who_is_interrupted_while_it_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(EmbeddedPostgres, "answers", interrupt)

    with pytest.raises(KeyboardInterrupt):
        EmbeddedPostgres.start(tmp_path / "pg")

    assert read_pid(tmp_path / "pg") is None


def interrupt(server: EmbeddedPostgres) -> bool:
    """Be interrupted as soon as the server is at work."""
    while server.pid is None:
        time.sleep(0.01)
    raise KeyboardInterrupt


def test_a_server_that_may_lose_confirmed_rows_is_refused(postgres):
    with (
        connect_bare(postgres.dsn) as connection,
        pytest.raises(StoreError, match=r"fsync = off.*Set fsync = on"),
    ):
        check_server(connection)


def test_an_unreachable_server_says_what_to_do():
    with pytest.raises(StoreError, match=r"cannot be reached.*unset it to use the embedded server"):
        connect_bare("postgresql://127.0.0.1:9/nowhere")


def test_an_unreadable_address_says_how_to_write_it():
    with pytest.raises(StoreError, match="Write it as postgresql://"):
        connect_bare("this is no address")


def test_an_unmigrated_database_says_how_to_migrate(empty_dsn):
    with pytest.raises(StoreError, match="dangol migrate"):
        connect(empty_dsn)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StoreError, match="DANGOL_DATA_FOLDER"):
        EmbeddedPostgres.start(tmp_path / "file" / "pg")
