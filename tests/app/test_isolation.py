"""Whatever one vendor does, the others go on, and nobody is skipped or doubled."""

import contextlib
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
from dangol.console.fates import count_fates
from dangol.providers.smtp.fake import FakeMailServer, Script
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.providers.vendor import Fate, FaultKind
from dangol.store.connect import connect
from dangol.store.crash import _handlers, handle_crashpoints

TURNS = 60
STORM = "421 4.7.0 Too much"


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


def mail_until_done(connection, workspace, server, messages, *, over=("accepted",)) -> None:
    """Turn after turn, ten minutes apart, as long as a message waits."""
    for turn in range(1, TURNS):
        if all(delivery_states(connection, message)[-1] in over for message in messages):
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


class Dripping:
    """A mail server that greets a letter at a time, and never to the end."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.letters = 0
        self.over = threading.Event()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while not self.over.is_set():
            found, _ = self.listener.accept()
            threading.Thread(target=self.drip, args=(found,), daemon=True).start()

    def drip(self, found: socket.socket) -> None:
        with contextlib.suppress(OSError), found:
            found.sendall(b"220-")
            while not self.over.wait(0.05):
                found.sendall(b"x")
                self.letters += 1


def test_a_mail_server_that_drips_is_given_up_and_holds_up_no_other_vendor(
    connection, workspace, dsn, mails
):
    texts = [waiting(connection, workspace, name=f"text {number}") for number in range(5)]
    connection.commit()
    dripping = Dripping()
    with dripping.listener, connect(dsn) as other:
        turns = []
        stuck = threading.Thread(
            target=lambda: turns.append(
                mail_to(other, workspace, dripping.port, reply_seconds=2.0)
            ),
            daemon=True,
        )
        stuck.start()
        delivered = send(connection, workspace, Vendor())
        assert stuck.is_alive()
        assert delivered.accepted == len(texts)
        # Letters that come do not buy it any time.
        stuck.join(timeout=20)
        dripping.over.set()
    assert dripping.letters
    assert [(turn.claimed, turn.accepted, turn.unknown) for turn in turns] == [(len(mails), 0, 0)]

    with FakeMailServer() as server:
        mail_until_done(connection, workspace, server, mails)
    assert Counter(mail.recipient for mail in server.mails) == {
        f"n{number}@shop.example": 1 for number in range(9)
    }


@pytest.fixture
def dies_at_second_write():
    written = []

    def die(passed):
        if passed == "send.after_accept":
            written.append(passed)
            if len(written) == 2:
                raise KeyboardInterrupt

    handle_crashpoints(die)
    yield lambda: _handlers.__delitem__(slice(1, None))
    del _handlers[1:]


def test_a_worker_killed_in_the_middle_of_a_storm_skips_and_doubles_nobody(
    connection, workspace, dies_at_second_write
):
    names = [f"n{number}" for number in range(48)]
    messages = {
        f"{name}@shop.example": allowed_message(connection, workspace, name=name) for name in names
    }
    connection.commit()
    hit = set(list(messages)[::3])
    with FakeMailServer() as server:
        server.script = lambda to: Script(recipient="452 4.3.1 Full") if to in hit else Script()
        with pytest.raises(KeyboardInterrupt):
            mail_to(connection, workspace, server.port)
        before = Counter(mail.recipient for mail in server.mails)
        dies_at_second_write()
        server.script = lambda _: Script()
        connection.rollback()
        mail_until_done(
            connection, workspace, server, messages.values(), over=("accepted", "unknown")
        )

    assert 0 < len(before) < len(messages) - len(hit)
    taken = Counter(mail.recipient for mail in server.mails)
    last = {who: delivery_states(connection, found)[-1] for who, found in messages.items()}
    unknown = {who for who, state in last.items() if state == "unknown"}
    assert set(taken.values()) == {1}
    # Whoever was not written to was under way when it died, and is shown as such.
    assert set(messages) - set(taken) <= unknown
    assert 0 < len(unknown) < len(messages) / 2


def test_progress_adds_up_to_the_audience_while_a_storm_goes_on(connection, workspace, dsn, mails):
    seen = []
    with connect(dsn) as other, FakeMailServer() as server:

        def look(_: str) -> Script:
            with other.transaction():
                fates = count_fates(other, workspace_id=workspace)
            states = Counter()
            for fate in fates:
                states[fate.state] += fate.messages
            seen.append(states)
            is_hit = len(seen) < len(mails) and len(seen) % 2
            return Script(recipient=STORM) if is_hit else Script()

        server.script = look
        mail_to(connection, workspace, server.port)
        mail_until_done(connection, workspace, server, mails)

    assert {states.total() for states in seen} == {len(mails)}
    assert len({tuple(sorted(states.items())) for states in seen}) > 1
    assert Counter(mail.recipient for mail in server.mails).total() == len(mails)
