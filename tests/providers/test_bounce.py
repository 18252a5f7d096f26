"""Delivery reports from other servers."""

import pytest

from dangol.providers.smtp.bounce import parse_report
from dangol.providers.smtp.fake import Mail, Mailbox, make_bounce

NAMED = "AAAAAQAAAAAAAAABc2lnbmF0dXJlLXNpZ25hdA"
MAIL = Mail(
    sender=f"b+{NAMED}@shop.example",
    recipient="minji@shop.example",
    content=f"Subject: hi\r\nMessage-ID: <{NAMED}@shop.example>\r\n\r\nHello\r\n".encode(),
)


def test_a_report_names_the_message_by_return_path_and_by_message_id():
    report = parse_report(make_bounce(MAIL))

    assert report is not None
    assert report.tokens == (NAMED, NAMED)
    assert (report.failed, report.status, report.address_gone) == (True, "5.1.1", True)


def test_a_full_mailbox_does_not_condemn_the_address():
    report = parse_report(make_bounce(MAIL, status="5.2.2"))

    assert report is not None
    assert (report.failed, report.address_gone) == (True, False)


def test_a_delayed_mail_has_not_failed():
    report = parse_report(make_bounce(MAIL, status="4.4.7", action="delayed"))

    assert report is not None
    assert not report.failed


def test_the_diagnosis_keeps_no_address():
    raw = make_bounce(MAIL).replace(b"No such mailbox here", b"<minji@shop.example> unknown")

    report = parse_report(raw)

    assert report is not None
    assert "minji" not in report.diagnostic


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: out of office\n\nI am away.",
        b'Content-Type: multipart/report; boundary="x"\n\n--x\n',
        b"Content-Type: message/delivery-status\n\n",
    ],
)
def test_what_is_no_report_is_none(raw):
    assert parse_report(raw) is None


def test_a_mailbox_keeps_every_mail_whole_and_in_order(tmp_path):
    mailbox = Mailbox(tmp_path)

    mailbox.store(MAIL)
    Mailbox(tmp_path).store(MAIL)

    names = sorted(path.name[:8] for path in tmp_path.iterdir())
    assert names == ["00000001", "00000002"]
    assert next(tmp_path.glob("*.eml")).read_bytes().endswith(MAIL.content)
