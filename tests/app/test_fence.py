"""A restored or copied installation sends nothing until somebody says that it may."""

import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import POST, allowed_message, mail_server, message_state

from dangol.app.clock import start_clock
from dangol.app.delivery import deliver
from dangol.app.fence import BEHIND, COPIED, MOVED, STRANGER, UNREADABLE, Fence, open_fence, pause
from dangol.app.problem import ProblemError
from dangol.app.providers import SMTP
from dangol.app.sending_chores import delivery_chore
from dangol.app.sending_cli import ask, resume
from dangol.app.settings import Settings
from dangol.channels.overdue import count_overdue
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.store.connect import connect
from dangol.store.embedded import binaries
from dangol.store.vocabulary import Purpose

MACHINE = {"host": "shop-1", "machine": "6f1c"}


def fence_at(folder: Path, machine=MACHINE) -> Fence:
    return Fence(path=folder / "dangol.fence", machine=machine)


@pytest.fixture
def fence(connection, tmp_path):
    found = fence_at(tmp_path)
    found.meet(connection)
    return found


@pytest.fixture
def settings(connection, dsn, tmp_path):
    with connection.transaction():
        start_clock(connection, at=NOON)
    return Settings(database_url=dsn, data_folder=tmp_path, machine_name="shop-1")


def turn(connection, settings, server) -> bool:
    """One turn of the delivery loop as a worker of this installation makes it."""
    at = MailServer(host=server.host, port=server.port, connections=1, reply_seconds=5.0)
    chore = delivery_chore(
        SMTP, SmtpSender(at), settings=settings, vault=TEST_VAULT, fence=open_fence(settings)
    )
    return chore.do(connection)


def test_the_first_start_is_no_mismatch(connection, fence):
    assert fence.passes(connection)
    assert fence.why_closed(connection) == ""


def test_starting_again_and_a_second_process_change_nothing(connection, fence, tmp_path):
    before = fence.path.read_bytes()
    beside = fence_at(tmp_path)

    beside.meet(connection)

    assert beside.passes(connection)
    assert fence.passes(connection)
    assert before.split(b'"epoch"')[0] == fence.path.read_bytes().split(b'"epoch"')[0]


def test_nothing_passes_before_the_first_start(connection, tmp_path):
    assert not fence_at(tmp_path).passes(connection)


def test_a_machine_without_the_file_sends_nothing_and_stops_nobody_else(
    connection, fence, tmp_path
):
    other = fence_at(tmp_path / "other", {"host": "shop-2"})
    other.meet(connection)

    assert not other.passes(connection)
    assert other.why_closed(connection) == STRANGER
    assert fence.passes(connection)


def test_another_machine_is_let_in_and_both_send(connection, fence, tmp_path):
    other = fence_at(tmp_path / "other", {"host": "shop-2"})

    with connection.transaction():
        other.let_in(connection)

    assert other.passes(connection)
    assert fence.passes(connection)


def test_a_copied_folder_sends_nothing(connection, fence, tmp_path):
    shutil.copytree(tmp_path, tmp_path.with_name("copy"))

    copied = fence_at(tmp_path.with_name("copy"))

    assert copied.why_closed(connection) == COPIED
    assert fence.passes(connection)


def test_a_cloned_machine_is_known_by_what_it_calls_itself(connection, fence, tmp_path):
    assert fence.passes(connection)
    clone = fence_at(tmp_path, {"host": "shop-1-copy", "machine": "6f1c"})
    with_another_board = fence_at(tmp_path, {**MACHINE, "board": "not known before"})

    assert clone.why_closed(connection) == COPIED
    assert with_another_board.why_closed(connection) == ""


@pytest.mark.parametrize("content", [b"", b"{", b"\0" * 1024])
def test_a_file_that_cannot_be_read_lets_nothing_pass(connection, fence, content):
    fence.path.write_bytes(content)

    assert not fence.passes(connection)
    assert fence.why_closed(connection) == UNREADABLE


def test_a_database_put_back_in_its_own_place_is_found_out_by_what_was_called(connection, fence):
    fence.remember(7)

    assert not fence.passes(connection)
    assert fence.why_closed(connection) == BEHIND


def test_a_database_put_back_is_found_out_by_time_where_nothing_was_called(
    connection, fence, tmp_path
):
    assert fence.passes(connection)
    connection.execute("update installation set epoch = epoch - 1")
    connection.commit()

    assert fence_at(tmp_path).why_closed(connection) == BEHIND


def test_who_finds_a_restored_database_stops_everybody(connection, fence, tmp_path):
    other = fence_at(tmp_path / "other", {"host": "shop-2"})
    with connection.transaction():
        other.let_in(connection)
    fence.remember(7)

    assert other.passes(connection)
    assert not fence.passes(connection)
    assert not other.passes(connection)


def test_after_a_restore_every_machine_is_asked(connection, fence, tmp_path):
    other = fence_at(tmp_path / "other", {"host": "shop-2"})
    with connection.transaction():
        other.let_in(connection)
    fence.remember(7)
    assert not fence.passes(connection)

    with connection.transaction():
        fence.let_in(connection)

    assert fence.passes(connection)
    assert other.why_closed(connection) == STRANGER


def test_what_was_claimed_is_remembered_before_anybody_is_called(connection, workspace, fence):
    allowed_message(connection, workspace)
    connection.commit()
    called_at = []

    class Looking:
        async def send(self, messages):
            called_at.append((messages[0].delivery_id, fence.path.read_bytes()))
            return []

    deliver(
        connection,
        Looking(),
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: NOON,
        remember=fence.remember,
    )

    [(number, remembered)] = called_at
    assert f'"delivery_id":{number}}}'.encode() in remembered


def test_a_restored_dump_calls_nobody_until_it_is_resumed(
    connection, workspace, settings, postgres, dsn, tmp_path
):
    fence = open_fence(settings)
    fence.meet(connection)
    messages = [allowed_message(connection, workspace, name=name) for name in ("minji", "jiwoo")]
    connection.commit()
    dump = tmp_path / "shop.dump"
    subprocess.run(  # noqa: S603 - PostgreSQL's own
        [binaries() / "pg_dump", "--format=custom", f"--file={dump}", f"--dbname={dsn}"], check=True
    )
    with mail_server() as server:
        assert turn(connection, settings, server)
        assert len(server.mails) == 2

        name = "restored_shop"
        with psycopg.connect(postgres.dsn, autocommit=True) as admin:
            admin.execute(f"drop database if exists {name} with (force)")
            admin.execute(f"create database {name} template template0")
        restored_dsn = postgres.dsn_of(name)
        subprocess.run(  # noqa: S603 - PostgreSQL's own
            [binaries() / "pg_restore", "--no-owner", f"--dbname={restored_dsn}", dump], check=True
        )
        restored = Settings(database_url=restored_dsn, data_folder=tmp_path, machine_name="shop-1")
        with connect(restored_dsn) as copy:
            fence.meet(copy)
            assert [turn(copy, restored, server) for _ in range(3)] == [False] * 3
            # Nor by somebody who asks no fence at all: the database itself gives nothing out.
            assert deliver_bare(copy, workspace, server).claimed == 0
            assert open_fence(restored).why_closed(copy) == MOVED
            assert len(server.mails) == 2

            with pytest.raises(ProblemError, match="--overdue"):
                ask(count_overdue(copy, now=NOON))
            assert not turn(copy, restored, server)

            resume(copy, restored, dropped=[Purpose.MARKETING])
            turn(copy, restored, server)
            assert len(server.mails) == 2
            assert [message_state(copy, message) for message in messages] == ["skipped"] * 2
            assert copy.execute("select distinct reason::text from decision").fetchall() == [
                ("expired",)
            ]
            later = allowed_message(copy, workspace, name="soyeon")
            copy.commit()
            turn(copy, restored, server)
            assert message_state(copy, later) == "handed"
            assert len(server.mails) == 3
        with psycopg.connect(postgres.dsn, autocommit=True) as admin:
            admin.execute(f"drop database {name} with (force)")


def deliver_bare(connection, workspace, server):
    at = MailServer(host=server.host, port=server.port, connections=1, reply_seconds=5.0)
    return deliver(
        connection,
        SmtpSender(at),
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: NOON,
    )


def test_what_is_due_may_be_sent_all_the_same(connection, workspace, settings):
    open_fence(settings).meet(connection)
    message = allowed_message(connection, workspace)
    connection.commit()
    with mail_server() as server:
        pause(connection, because="we move")
        assert not turn(connection, settings, server)
        resume(connection, settings, dropped=[])
        assert turn(connection, settings, server)

    assert message_state(connection, message) == "handed"


def test_a_pause_by_hand_has_a_reason_that_stands(connection, fence):
    pause(connection, because="we move")
    pause(connection, because="another")

    assert fence.why_closed(connection) == "we move"
    assert not fence.passes(connection)
