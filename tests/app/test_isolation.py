"""Whatever one vendor does, the others go on, and nobody is skipped or doubled."""

import socket
import threading
from collections import Counter
from datetime import timedelta

import pytest
from tests.app.test_every_channel import send, waiting
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import LEASE, POST, allowed_message, delivery_states, message_state
from tests.channels.vendors import Vendor, outcome

from dangol.app.delivery import deliver
from dangol.channels.claim import recover_claims
from dangol.providers.smtp.fake import FakeMailServer, Script
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.providers.vendor import Fate, FaultKind
from dangol.store.connect import connect

TURNS = 60


def mail_to(connection, workspace, port, *, now=NOON, reply_seconds=5.0):
    at = MailServer(host="127.0.0.1", port=port, connections=2, reply_seconds=reply_seconds)
    return deliver(
        connection,
        SmtpSender(at),
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: now,
    )


@pytest.fixture
def mails(connection, workspace):
    found = [allowed_message(connection, workspace, name=f"n{number}") for number in range(9)]
    connection.commit()
    return found


def mail_until_done(connection, workspace, server, messages) -> None:
    """Turn after turn, ten minutes apart, as long as a message waits."""
    for turn in range(1, TURNS):
        if all(delivery_states(connection, message)[-1:] == ["accepted"] for message in messages):
            return
        now = NOON + turn * timedelta(minutes=10)
        with connection.transaction():
            recover_claims(connection, workspace_id=workspace, now=now)
        mail_to(connection, workspace, server.port, now=now)
    pytest.fail("somebody still waits")


def test_a_mail_server_that_never_answers_holds_up_no_other_vendor(
    connection, workspace, dsn, mails
):
    texts = [waiting(connection, workspace, name=f"text {number}") for number in range(5)]
    connection.commit()
    with socket.socket() as silent, connect(dsn) as other:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        stuck = threading.Thread(
            target=lambda: mail_to(other, workspace, port, reply_seconds=3.0), daemon=True
        )
        stuck.start()
        vendor = Vendor()
        delivered = send(connection, workspace, vendor)
        assert stuck.is_alive()
        assert delivered.accepted == len(texts)
        stuck.join()

    with FakeMailServer() as server:
        mail_until_done(connection, workspace, server, mails)
    assert Counter(mail.recipient for mail in server.mails) == {
        f"n{number}@shop.example": 1 for number in range(9)
    }


@pytest.mark.parametrize("reply", ["421 4.7.0 Too much", "452 4.3.1 Full", "454 4.7.0 Later"])
def test_a_storm_puts_off_whom_it_hits_and_afterwards_everybody_has_one(
    connection, workspace, mails, reply
):
    hit = {f"n{number}@shop.example" for number in range(0, 9, 3)}
    with FakeMailServer() as server:
        server.script = lambda to: Script(recipient=reply) if to in hit else Script()
        mail_to(connection, workspace, server.port)
        assert {mail.recipient for mail in server.mails}.isdisjoint(hit)
        assert server.mails
        server.script = lambda _: Script()
        mail_until_done(connection, workspace, server, mails)

    assert Counter(mail.recipient for mail in server.mails) == {
        f"n{number}@shop.example": 1 for number in range(9)
    }


def test_a_vendor_that_asks_for_patience_holds_up_no_other_vendor(connection, workspace, mails):
    texts = [waiting(connection, workspace, name=f"text {number}") for number in range(5)]
    connection.commit()
    patience = timedelta(minutes=5)

    def too_many(message):
        return outcome(
            message, Fate.RETRYABLE, fault=FaultKind.THROTTLED, code="429", retry_after=patience
        )

    vendor = Vendor(answer=too_many)
    put_off = send(connection, workspace, vendor)
    with FakeMailServer() as server:
        delivered = mail_to(connection, workspace, server.port)
    vendor.answer = outcome
    early = send(connection, workspace, vendor, now=NOON + patience - timedelta(seconds=1))
    for turn in range(5):
        send(connection, workspace, vendor, now=NOON + patience * (turn + 2))

    assert put_off.retryable == len(texts)
    assert delivered.accepted == len(mails)
    assert early.claimed == 0
    assert Counter(note.recipient for note in vendor.taken).most_common(1)[0][1] == 1
    assert [message_state(connection, message) for message in texts] == ["handed"] * len(texts)


def test_a_worker_that_dies_before_it_calls_skips_and_doubles_nobody(connection, workspace, mails):
    class Dying(SmtpSender):
        def open_stream(self):
            raise KeyboardInterrupt

    with FakeMailServer() as server:
        at = MailServer(host=server.host, port=server.port, connections=2)
        with pytest.raises(KeyboardInterrupt):
            deliver(
                connection,
                Dying(at),
                workspace_id=workspace,
                vault=TEST_VAULT,
                post=POST,
                worker="worker-1",
                clock=lambda _: NOON,
            )
        with connection.transaction():
            assert recover_claims(
                connection, workspace_id=workspace, now=NOON + LEASE * 2
            ).released == len(mails)
        mail_until_done(connection, workspace, server, mails)

    assert set(Counter(mail.recipient for mail in server.mails).values()) == {1}
    assert len(server.mails) == len(mails)
