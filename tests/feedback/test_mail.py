"""Mail that comes back: a bounce silences the address, a refusal by mail counts as one."""

import pytest
from psycopg import sql
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import allowed_message, deliver_to, mail_server
from tests.providers import returned

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


def token_of(mail: Mail) -> str:
    return mail.sender.partition("+")[2].partition("@")[0]


def refusal_of(connection, workspace) -> str:
    (message,) = connection.execute("select id from message").fetchone()
    return sign_message(
        TEST_VAULT, TokenPurpose.UNSUBSCRIBE, workspace_id=workspace, message_id=message
    )


def standing(connection) -> tuple[list[str], list[str], list[str]]:
    """Receipts, suppressions and consents, in a word each."""
    rows = [
        [row[0] for row in connection.execute(query).fetchall()]
        for query in (
            "select kind from receipt",
            "select reason from suppression",
            "select state from consent",
        )
    ]
    connection.commit()
    return rows[0], rows[1], rows[2]


@pytest.mark.parametrize("blackened", [False, True])
def test_a_complaint_ends_all_mail_to_that_address(connection, workspace, sent, blackened):
    raw = returned.complaint(
        token_of(sent), refusal=refusal_of(connection, workspace), blackened=blackened
    )

    received = receive(connection, workspace, raw)

    assert received is not None
    assert received.subscription is not None
    assert standing(connection) == (["complained"], ["complained"], ["withdrawn"])


def test_the_same_complaint_twice_is_one(connection, workspace, sent):
    raw = returned.complaint(token_of(sent))

    receive(connection, workspace, raw)
    receive(connection, workspace, raw)

    assert standing(connection) == (["complained"], ["complained"], ["withdrawn"])


def test_who_takes_a_mail_out_of_the_spam_folder_does_not_complain(connection, workspace, sent):
    assert (
        receive(connection, workspace, returned.complaint(token_of(sent), kind="not-spam")) is None
    )
    assert standing(connection) == ([], [], ["granted"])


def test_a_complaint_about_nobodys_mail_changes_nothing(connection, workspace, sent):
    forged = token_of(sent)[:-4] + "AAAA"

    assert receive(connection, workspace, returned.complaint(forged)) is None
    assert standing(connection) == ([], [], ["granted"])


def test_an_answer_is_a_receipt(connection, workspace, sent):
    received = receive(connection, workspace, returned.answer("고마워요!", token_of(sent)))

    assert received is not None
    assert received.kind is ReceiptKind.REPLIED
    assert standing(connection) == (["replied"], [], ["granted"])
    assert connection.execute("select reply, detail from receipt").fetchall() == [("thanks", "")]


def test_a_complaint_after_thanks_is_heard_and_the_same_mail_twice_is_one(
    connection, workspace, sent
):
    for text in ("고마워요!", "고마워요!", "다시 보니 파손됐어요"):
        receive(connection, workspace, returned.answer(text, token_of(sent)))

    assert connection.execute("select reply from receipt order by id").fetchall() == [
        ("thanks",),
        ("complaint",),
    ]


def test_an_answer_that_asks_to_stop_is_an_opt_out(connection, workspace, sent):
    received = receive(connection, workspace, returned.answer("수신거부", token_of(sent)))

    assert received is not None
    assert received.subscription is not None
    assert standing(connection) == (["unsubscribed"], [], ["withdrawn"])


def test_an_out_of_office_changes_nothing(connection, workspace, sent):
    raw = returned.answer("부재중", token_of(sent), headers="Auto-Submitted: auto-replied\n")

    assert receive(connection, workspace, raw) is None
    assert standing(connection) == ([], [], ["granted"])


def test_one_address_of_several_that_failed_is_no_bounce(connection, workspace, sent):
    received = receive(connection, workspace, returned.expanded(token_of(sent)))

    assert received is not None
    assert standing(connection) == ([], [], ["granted"])
