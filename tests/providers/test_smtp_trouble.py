"""Servers that hang up, put off, dawdle or storm: nobody else waits, and nobody is lost."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from dangol.providers.smtp.codes import Reply, fault_of
from dangol.providers.smtp.fake import FakeMailServer, Hangup, Script
from dangol.providers.smtp.sender import STORM, SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing

CONTENT = b"Subject: hello\r\n\r\nHow are you?\r\n"


@pytest.fixture
def server() -> Iterator[FakeMailServer]:
    with FakeMailServer() as running:
        yield running


def mails(*names: str) -> list[Outgoing]:
    return [
        Outgoing(
            delivery_id=number,
            vendor_id=f"<{number}@shop.example>",
            sender="b+token@shop.example",
            recipient=f"{name}@shop.example",
            content=CONTENT,
        )
        for number, name in enumerate(names)
    ]


def sender(server: FakeMailServer) -> SmtpSender:
    return SmtpSender(
        MailServer(host=server.host, port=server.port, connections=1, reply_seconds=2.0)
    )


def send(by: SmtpSender, *names: str) -> list[Outcome]:
    outcomes = asyncio.run(by.send(mails(*names)))
    return sorted(outcomes, key=lambda outcome: outcome.delivery_id)


def fates(outcomes: list[Outcome]) -> list[str]:
    return [outcome.fate.value for outcome in outcomes]


def test_a_connection_serves_one_turn_after_another(server):
    by = sender(server)

    for _ in range(3):
        assert fates(send(by, "minji", "jiwoo")) == ["accepted", "accepted"]

    assert server.connections == 1
    assert len(server.mails) == 6


def test_a_server_that_hung_up_between_turns_costs_nobody_an_attempt(server):
    by = sender(server)
    send(by, "minji")
    server.drop_connections()

    assert fates(send(by, "minji", "jiwoo")) == ["accepted", "accepted"]
    assert (server.connections, len(server.mails)) == (2, 3)


@pytest.mark.parametrize("hangup", [Hangup.AFTER_STORING, Hangup.BEFORE_STORING])
def test_of_a_mail_whose_envelope_left_early_nothing_is_lost(server, hangup):
    server.script = lambda name: Script(hangup=hangup) if name.startswith("odd") else Script()

    outcomes = send(sender(server), "minji", "odd", "jiwoo", "suji")

    assert fates(outcomes) == ["accepted", "unknown", "accepted", "accepted"]
    arrived = Counter(mail.recipient.partition("@")[0] for mail in server.mails)
    assert (arrived["minji"], arrived["jiwoo"], arrived["suji"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("421 4.3.2 Closing", FaultKind.THROTTLED),
        ("451 4.3.0 Try again later", FaultKind.TRANSIENT),
        ("452 4.2.2 Mailbox full", FaultKind.TRANSIENT),
        ("454 4.7.0 Temporary authentication failure", FaultKind.THROTTLED),
        ("550 5.1.1 No such mailbox", FaultKind.PERMANENT),
        ("552 5.2.2 Mailbox full", FaultKind.UNREACHABLE),
    ],
)
def test_a_poisonous_recipient_holds_nobody_up(server, said, fault):
    server.script = lambda name: Script(recipient=said) if name.startswith("odd") else Script()

    outcomes = send(sender(server), "minji", "odd", "jiwoo", "odd", "suji")

    assert fates(outcomes)[::2] == ["accepted", "accepted", "accepted"]
    assert [outcome.fault for outcome in outcomes] == [None, fault, None, fault, None]


def test_in_a_storm_the_rest_waits_and_everybody_has_an_outcome(server):
    server.script = lambda _: Script(recipient="451 4.7.0 Slow down")

    outcomes = send(sender(server), *(f"customer-{number}" for number in range(5 * STORM)))

    assert set(fates(outcomes)) == {"retryable"}
    assert {outcome.delivery_id for outcome in outcomes} == set(range(5 * STORM))
    begun = [outcome for outcome in outcomes if outcome.code != "not_begun"]
    assert STORM <= len(begun) <= STORM + 1
    assert {outcome.fault for outcome in outcomes} == {FaultKind.THROTTLED}


def test_a_storm_that_is_over_stops_nobody(server):
    server.script = lambda name: (
        Script() if name.startswith("minji") else Script(recipient="451 4.7.0 Slow down")
    )
    names = (["odd"] * (STORM - 1) + ["minji"]) * 2

    outcomes = send(sender(server), *names)

    assert "not_begun" not in {outcome.code for outcome in outcomes}
    assert fates(outcomes).count("accepted") == 2


def test_a_server_that_drips_its_answers_is_given_up_in_time():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()
        dripping = threading.Thread(target=drip, args=(listening, stop))
        dripping.start()
        at = MailServer(
            host="127.0.0.1", port=listening.getsockname()[1], connections=1, reply_seconds=0.3
        )

        outcomes = send(SmtpSender(at), "minji", "jiwoo")

        stop.set()
        dripping.join()
    assert fates(outcomes) == ["retryable", "retryable"]
    assert outcomes[0].fault is FaultKind.TRANSIENT


def drip(listening: socket.socket, stop: threading.Event) -> None:
    """Greet at once, then say a byte of the answer now and then, for ever."""
    peer, _ = listening.accept()
    with peer:
        peer.sendall(b"220 slow\r\n")
        while not stop.wait(0.05):
            try:
                peer.sendall(b"2")
            except OSError:
                return


def test_a_server_that_answers_without_end_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        flooding = threading.Thread(target=flood, args=(listening,))
        flooding.start()
        at = MailServer(host="127.0.0.1", port=listening.getsockname()[1], connections=1)

        outcomes = send(SmtpSender(at), "minji")

        flooding.join()
    assert fates(outcomes) == ["retryable"]
    assert "does not end" in outcomes[0].detail


def flood(listening: socket.socket) -> None:
    peer, _ = listening.accept()
    with peer:
        peer.sendall(b"220-more\r\n" * 200)
        _ = peer.recv(1)


@pytest.mark.parametrize(
    ("code", "status", "to_recipient", "fault"),
    [
        (250, "2.0.0", False, None),
        (535, "5.7.8", False, FaultKind.CONFIGURATION),
        (550, "5.7.26", False, FaultKind.CONFIGURATION),
        (552, "5.3.4", False, FaultKind.CONTENT),
        (554, "5.6.0", False, FaultKind.CONTENT),
        (554, "5.7.1", False, FaultKind.CONTENT),
        (550, "5.7.1", True, FaultKind.UNREACHABLE),
        (450, "4.2.1", True, FaultKind.THROTTLED),
    ],
)
def test_a_reply_says_what_must_follow(code, status, to_recipient, fault):
    reply = Reply(code=code, status=status, text="")

    assert fault_of(reply, to_recipient=to_recipient) is fault


def test_an_address_that_is_none_is_refused_alone(server):
    outcomes = send(sender(server), "minji", "no address@", "jiwoo")

    assert [outcome.fate for outcome in outcomes] == [Fate.ACCEPTED, Fate.REJECTED, Fate.ACCEPTED]
