"""Mail that comes back: a bounce silences the address, a refusal by mail counts as one."""

import pytest
from psycopg import sql
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import allowed_message, deliver_to, mail_server

from dangol.content.tokens import TokenPurpose, sign_message
from dangol.feedback.mail import receive_mail
from dangol.providers.smtp.fake import Mail, make_bounce
from dangol.store.vocabulary import ReceiptKind


@pytest.fixture
def sent(connection, workspace) -> Mail:
    """A mail that was accepted, as its server got it."""
    allowed_message(connection, workspace)
    with mail_server() as server:
        deliver_to(server, connection, workspace)
    return server.mails[0]


def receive(connection, workspace, raw: bytes):
    with connection.transaction():
        return receive_mail(connection, workspace_id=workspace, vault=TEST_VAULT, raw=raw, now=NOON)


def count(connection, table: str) -> int:
    (found,) = connection.execute(
        sql.SQL("select count(*) from {}").format(sql.Identifier(table))
    ).fetchone()
    return found


def test_a_permanent_bounce_suppresses_the_address(connection, workspace, sent):
    received = receive(connection, workspace, make_bounce(sent))

    assert received is not None
    assert (received.kind, received.is_new) == (ReceiptKind.BOUNCED, True)
    assert connection.execute(
        "select reason, receipt_id is not null from suppression"
    ).fetchall() == [("bounced", True)]
    assert connection.execute("select state from address").fetchall() == [("bounced",)]


def test_the_same_bounce_twice_is_one_receipt(connection, workspace, sent):
    receive(connection, workspace, make_bounce(sent))

    again = receive(connection, workspace, make_bounce(sent))

    assert again is not None
    assert not again.is_new
    assert count(connection, "receipt") == 1
    assert count(connection, "suppression") == 1


def test_a_full_mailbox_is_a_receipt_without_suppression(connection, workspace, sent):
    receive(connection, workspace, make_bounce(sent, status="5.2.2"))

    assert count(connection, "receipt") == 1
    assert count(connection, "suppression") == 0


def test_a_delay_changes_nothing(connection, workspace, sent):
    received = receive(connection, workspace, make_bounce(sent, status="4.4.7", action="delayed"))

    assert received is not None
    assert not received.is_new
    assert count(connection, "receipt") == 0


def test_a_bounce_whose_return_path_was_rewritten_is_found_by_its_message_id(
    connection, workspace, sent
):
    raw = make_bounce(sent).replace(sent.sender.encode(), b"postmaster@shop.example", 1)

    assert receive(connection, workspace, raw) is not None


def test_a_forged_bounce_suppresses_nobody(connection, workspace, sent):
    token = sent.sender.partition("+")[2].partition("@")[0]
    raw = make_bounce(sent).replace(token.encode(), (token[:-4] + "AAAA").encode())

    assert receive(connection, workspace, raw) is None
    assert count(connection, "suppression") == 0


def test_a_bounce_of_another_workspace_is_not_ours(connection, workspace, sent):
    assert receive(connection, workspace + 1, make_bounce(sent)) is None


@pytest.mark.usefixtures("sent")
def test_a_mail_to_the_refusal_address_withdraws_consent(connection, workspace):
    (message,) = connection.execute("select id from message").fetchone()
    token = sign_message(
        TEST_VAULT, TokenPurpose.UNSUBSCRIBE, workspace_id=workspace, message_id=message
    )

    received = receive(
        connection, workspace, f"To: <u+{token}@bounce.shop.example>\r\n\r\nstop\r\n".encode()
    )

    assert received is not None
    assert received.kind is ReceiptKind.UNSUBSCRIBED
    assert received.subscription is not None
    assert connection.execute("select state from consent").fetchall() == [("withdrawn",)]


@pytest.mark.usefixtures("sent")
def test_an_opening_token_cannot_refuse(connection, workspace):
    (message,) = connection.execute("select id from message").fetchone()
    token = sign_message(TEST_VAULT, TokenPurpose.OPEN, workspace_id=workspace, message_id=message)

    assert receive(connection, workspace, f"To: u+{token}@x.example\n\nstop".encode()) is None


def test_ordinary_mail_is_left_alone(connection, workspace):
    assert receive(connection, workspace, b"To: hello@shop.example\n\nHello") is None
