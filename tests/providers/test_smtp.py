"""Every way a mail server may answer, and what we then know about the message."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from dangol.providers.smtp.codes import Reply, fate_of, is_address_gone
from dangol.providers.smtp.fake import FakeMailServer, Hangup, Script
from dangol.providers.smtp.line import Line, stuff_dots
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer, Security, parse_server
from dangol.providers.smtp.talk import Talk
from dangol.providers.vendor import Fate, Outcome, Outgoing

CONTENT = b"Subject: hello\r\n\r\nHow are you?\r\n"


@pytest.fixture
def server() -> Iterator[FakeMailServer]:
    with FakeMailServer() as running:
        yield running


def mail(number: int, recipient: str, *, content: bytes = CONTENT) -> Outgoing:
    return Outgoing(
        delivery_id=number,
        vendor_id=f"<{number}@shop.example>",
        sender="b+token@shop.example",
        recipient=recipient,
        content=content,
    )


def send(server: FakeMailServer, *mails: Outgoing, connections: int = 1) -> list[Outcome]:
    at = MailServer(host=server.host, port=server.port, connections=connections, reply_seconds=2.0)
    return asyncio.run(SmtpSender(at).send(mails))


def scripted(server: FakeMailServer, script: Script) -> None:
    """Let the server fail for ``odd@`` and accept everybody else."""
    server.script = lambda recipient: script if recipient.startswith("odd@") else Script()


def test_an_accepted_mail_arrives_as_it_was_written(server):
    content = b"Subject: dots\r\n\r\n.one dot\r\n..two dots\r\nend\r\n"

    outcomes = send(server, mail(1, "minji@shop.example", content=content))

    assert [outcome.fate for outcome in outcomes] == [Fate.ACCEPTED]
    assert server.mails[0].content == content
    assert server.mails[0].sender == "b+token@shop.example"


def test_many_mails_share_few_connections_and_none_is_lost(server):
    mails = [mail(number, f"customer-{number}@shop.example") for number in range(200)]

    outcomes = send(server, *mails, connections=3)

    assert {outcome.delivery_id for outcome in outcomes} == set(range(200))
    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED}
    assert len(server.mails) == 200


def test_a_refused_mailbox_is_rejected_and_its_address_gone(server):
    scripted(server, Script(recipient="550 5.1.1 <odd@shop.example> is unknown"))

    odd, even = send(server, mail(1, "odd@shop.example"), mail(2, "even@shop.example"))

    assert (odd.fate, odd.code, odd.address_gone) == (Fate.REJECTED, "5.1.1", True)
    assert "odd@shop.example" not in odd.detail
    assert even.fate is Fate.ACCEPTED


def test_a_temporary_refusal_is_retryable(server):
    scripted(server, Script(recipient="451 4.7.1 Greylisted"))

    odd, even = send(server, mail(1, "odd@shop.example"), mail(2, "even@shop.example"))

    assert (odd.fate, odd.code, odd.address_gone) == (Fate.RETRYABLE, "4.7.1", False)
    assert even.fate is Fate.ACCEPTED


def test_refused_content_is_rejected_but_its_address_is_not_gone(server):
    scripted(server, Script(content="554 5.7.1 Looks like spam"))

    (odd,) = send(server, mail(1, "odd@shop.example"))

    assert (odd.fate, odd.address_gone) == (Fate.REJECTED, False)
    assert server.mails == []


@pytest.mark.parametrize("hangup", [Hangup.AFTER_STORING, Hangup.BEFORE_STORING])
def test_a_connection_lost_after_the_final_dot_leaves_the_outcome_unknown(server, hangup):
    scripted(server, Script(hangup=hangup))

    odd, even = send(server, mail(1, "odd@shop.example"), mail(2, "even@shop.example"))

    assert odd.fate is Fate.UNKNOWN
    assert even.fate is Fate.ACCEPTED


def test_a_connection_lost_before_the_content_is_retryable(server):
    scripted(server, Script(hangup=Hangup.AT_RECIPIENT))

    odd, even = send(server, mail(1, "odd@shop.example"), mail(2, "even@shop.example"))

    assert odd.fate is Fate.RETRYABLE
    assert even.fate is Fate.ACCEPTED


def test_a_server_that_says_goodbye_is_called_again_for_the_next_mail(server):
    scripted(server, Script(recipient="421 4.3.2 Shutting down"))

    odd, even = send(server, mail(1, "odd@shop.example"), mail(2, "even@shop.example"))

    assert odd.fate is Fate.RETRYABLE
    assert even.fate is Fate.ACCEPTED


def test_an_unreachable_server_makes_every_mail_retryable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = MailServer(host="127.0.0.1", port=taken.getsockname()[1])

        outcomes = asyncio.run(
            SmtpSender(nobody).send([mail(1, "a@b.example"), mail(2, "c@d.example")])
        )

    assert [outcome.fate for outcome in outcomes] == [Fate.RETRYABLE, Fate.RETRYABLE]
    assert "cannot be reached" in outcomes[0].detail


def test_a_server_that_never_answers_is_given_up_in_time():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mute = MailServer(host="127.0.0.1", port=silent.getsockname()[1], reply_seconds=0.2)

        outcomes = asyncio.run(SmtpSender(mute).send([mail(1, "a@b.example")]))

    assert [outcome.fate for outcome in outcomes] == [Fate.RETRYABLE]


def test_no_mail_is_begun_once_the_batch_is_over(server):
    over = MailServer(host=server.host, port=server.port, batch_seconds=0.0)

    outcomes = asyncio.run(SmtpSender(over).send([mail(1, "a@b.example")]))

    assert [(outcome.fate, outcome.code) for outcome in outcomes] == [(Fate.RETRYABLE, "not_begun")]
    assert server.mails == []


def test_an_address_that_would_smuggle_a_command_never_reaches_the_server(server):
    outcomes = send(server, mail(1, "a@b.example>\r\nRCPT TO:<other@b.example"))

    assert outcomes[0].fate is Fate.REJECTED
    assert server.mails == []


def test_a_password_never_travels_unprotected(server):
    far = MailServer(host="192.0.2.1", port=25, user="shop", password="secret")  # noqa: S106

    with pytest.raises(Exception, match="password"):
        asyncio.run(greet_pretending(far, server))


async def greet_pretending(server: MailServer, real: FakeMailServer) -> None:
    """Greet the fake as if it were the far server."""
    loop = asyncio.get_running_loop()
    transport, talk = await loop.create_connection(Talk, real.host, real.port)
    try:
        await Line(talk, server).greet()
    finally:
        transport.close()


def test_dots_that_begin_a_line_are_doubled_and_the_end_is_a_line_break():
    assert stuff_dots(b".a\r\n.b\r\nc.") == b"..a\r\n..b\r\nc.\r\n"


@pytest.mark.parametrize(
    ("code", "status", "fate"),
    [
        (250, "2.0.0", Fate.ACCEPTED),
        (421, "4.7.0", Fate.RETRYABLE),
        (452, "4.2.2", Fate.RETRYABLE),
        (535, "5.7.8", Fate.RETRYABLE),
        (550, "5.7.26", Fate.RETRYABLE),
        (550, "5.1.1", Fate.REJECTED),
        (552, "5.3.4", Fate.REJECTED),
        (554, "", Fate.REJECTED),
    ],
)
def test_a_reply_decides_the_fate(code, status, fate):
    assert fate_of(Reply(code=code, status=status, text="")) is fate


@pytest.mark.parametrize(
    ("code", "status", "to_recipient", "gone"),
    [
        (550, "5.1.1", True, True),
        (550, "5.2.1", True, True),
        (550, "5.7.1", True, False),
        (552, "5.2.2", True, False),
        (550, "", True, True),
        (550, "", False, False),
        (451, "4.1.1", True, False),
    ],
)
def test_only_a_dead_mailbox_condemns_its_address(code, status, to_recipient, gone):
    reply = Reply(code=code, status=status, text="")

    assert is_address_gone(reply, to_recipient=to_recipient) is gone


def test_a_server_url_is_read_with_its_usual_port():
    server = parse_server("smtps://shop:p%40ss@mail.example")

    assert (server.host, server.port, server.security) == ("mail.example", 465, Security.TLS)
    assert (server.user, server.password) == ("shop", "p@ss")


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://host:port", "mail"])
def test_a_wrong_server_url_is_refused_with_the_right_form(url):
    with pytest.raises(ValueError, match="smtp://host:25"):
        parse_server(url)
