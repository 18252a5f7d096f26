"""Delivery reports from other servers."""

import pytest
from tests.providers import returned
from tests.providers.returned import NAMED

from dangol.providers.smtp.bounce import parse_report
from dangol.providers.smtp.complaint import read_complaint
from dangol.providers.smtp.fake import Mail, Mailbox, make_bounce
from dangol.providers.smtp.post import read_letter
from dangol.providers.smtp.reply import Answer, judge_answer

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


@pytest.mark.parametrize(
    ("raw", "action", "status", "gone"),
    [
        (returned.postfix(), "failed", "5.1.1", True),
        (returned.postfix(status="4.4.1", action="delayed"), "delayed", "4.4.1", False),
        (returned.postfix(status="5.7.1"), "failed", "5.7.1", False),
        (returned.exim(), "failed", "5.1.1", True),
        (returned.exchange(), "failed", "5.1.10", True),
        (returned.gmail(), "failed", "5.1.1", True),
        (returned.gmail(full=True), "delayed", "4.2.2", False),
        (returned.naver(), "failed", "5.1.1", True),
        (returned.daum(), "failed", "5.1.1", True),
        (returned.qmail(), "failed", "5.7.1", False),
        (returned.expanded(), "relayed", "2.0.0", False),
    ],
    ids=[
        "postfix",
        "postfix-delayed",
        "postfix-policy",
        "exim",
        "exchange",
        "gmail",
        "gmail-full",
        "naver",
        "daum",
        "qmail",
        "expanded",
    ],
)
def test_every_servers_report_says_the_same_to_us(raw, action, status, gone):
    report = parse_report(raw)

    assert report is not None
    assert (report.action, report.status, report.address_gone) == (action, status, gone)
    assert NAMED in report.tokens
    assert "minji" not in report.diagnostic


@pytest.mark.parametrize(
    ("kind", "against_us"),
    [("abuse", True), ("fraud", True), ("opt-out", True), ("other", True), ("not-spam", False)],
)
def test_a_complaint_says_what_it_is_against(kind, against_us):
    complaint = read_complaint(read_letter(returned.complaint(kind=kind)))

    assert complaint is not None
    assert (complaint.kind, complaint.is_against_us) == (kind, against_us)
    assert complaint.tokens[0] == NAMED
    assert complaint.feedback_id == "3:1:marketing:dangol"


def test_a_blackened_complaint_still_names_the_way_out():
    complaint = read_complaint(read_letter(returned.complaint(blackened=True)))

    assert complaint is not None
    assert (complaint.tokens, complaint.refusals) == ((), (NAMED,))


QUOTED = "\n\n2027년 3월 2일 (화) 단골님이 작성:\n> 무료 수신거부를 눌러 주세요\n> unsubscribe here"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("사이즈 교환 되나요?" + QUOTED, Answer.HUMAN),
        ("Where is my order?\n\nOn Tue, Mar 2, 2027, Shop wrote:\n> unsubscribe", Answer.HUMAN),
        ("취소하고 싶은 주문이 있어요", Answer.HUMAN),
        ("수신거부" + QUOTED, Answer.REFUSAL),
        ("수신 거부 부탁드립니다.", Answer.REFUSAL),
        ("광고 메일 그만 보내세요", Answer.REFUSAL),
        ("더 이상 받고 싶지 않습니다", Answer.REFUSAL),
        ("구독 해지해 주세요", Answer.REFUSAL),
        ("STOP", Answer.REFUSAL),
        ("Please remove me from this list", Answer.REFUSAL),
        ("Don't email me again!", Answer.REFUSAL),
        ("> 수신거부", Answer.HUMAN),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "euc-kr"])
def test_what_people_answer_is_told_from_what_they_quote(text, expected, charset):
    letter = read_letter(returned.answer(text, charset=charset))

    assert judge_answer(letter) is expected


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Re: News", "Auto-Submitted: auto-replied\n"),
        ("Re: News", "Precedence: auto_reply\n"),
        ("Re: News", "X-Autoreply: yes\n"),
        ("Automatic reply: News", ""),
        ("Out of Office: News", ""),
        ("자동응답: 휴가 중입니다", ""),
        ("부재중 알림", ""),
    ],
)
def test_an_out_of_office_is_nobodys_answer_and_no_bounce(subject, headers):
    raw = returned.answer("수신거부 unsubscribe", subject=subject, headers=headers)

    assert judge_answer(read_letter(raw)) is Answer.AUTOMATIC
    assert parse_report(raw) is None


def test_an_out_of_office_to_the_return_path_is_no_bounce():
    raw = returned.answer(
        "I am away until 550 people have left. Mail 5.1.1 to my colleague.",
        headers=f"X-Envelope-To: b+{NAMED}@bounce.shop.example\nAuto-Submitted: auto-replied\n",
    )

    assert parse_report(raw) is None
