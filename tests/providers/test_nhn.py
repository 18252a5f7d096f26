"""What NHN Cloud answers, repeats and tells, and what we then know."""

import asyncio
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.build import NOON

from dangol.app.clock import machine_time
from dangol.providers.nhn.callback import is_genuine, read_judgements, read_reports
from dangol.providers.nhn.codes import CARRIER, KAKAO
from dangol.providers.nhn.fake import APP_KEY, REFUSED_NUMBER, SECRET, SIGNATURE, FakeNhn
from dangol.providers.nhn.sender import NhnAccount, NhnSender
from dangol.providers.vendor import (
    AlimtalkNote,
    BrandNote,
    Button,
    Fate,
    FaultKind,
    Note,
    Outcome,
    Outgoing,
    ReportKind,
    TextNote,
)
from dangol.providers.wire.fake import Mishap
from dangol.store.vocabulary import Targeting, TemplateState

ALIMTALK = AlimtalkNote(template_code="ORDER_1", variables={"name": "민지"}, text="민지님, 안녕")
AD = "(광고)단골 상점 새 소식 무료수신거부 080-123-4567"


@pytest.fixture
def fake() -> Iterator[FakeNhn]:
    with FakeNhn(clock=machine_time) as running:
        yield running


def account(fake: FakeNhn, **changes: object) -> NhnAccount:
    made = NhnAccount(
        kakao_app_key=APP_KEY,
        kakao_secret=SECRET,
        sms_app_key=APP_KEY,
        sms_secret=SECRET,
        kakao_url=fake.url,
        sms_url=fake.url,
        seconds=2.0,
        number="02-120-1234",
        sender_key="s" * 40,
        opt_out_number="080-123-4567",
    )
    return replace(made, **changes)


def message(number: int, recipient: str, content: Note | bytes = ALIMTALK) -> Outgoing:
    return Outgoing(
        delivery_id=number,
        vendor_id=f"key-{number}",
        sender="",
        recipient=recipient,
        content=content,
    )


def send(fake: FakeNhn, *messages: Outgoing, **changes: object) -> dict[int, Outcome]:
    outcomes = asyncio.run(NhnSender(account(fake, **changes)).send(messages))
    assert len(outcomes) == len(messages)
    return {one.delivery_id: one for one in outcomes}


def told(fake: FakeNhn) -> list:
    return [
        report
        for body in fake.due
        for report in read_reports(json.dumps(body).encode(), received_at=machine_time())
    ]


def test_an_alimtalk_is_taken_and_named_by_request_and_place(fake):
    outcomes = send(fake, message(1, "+821012345678"), message(2, REFUSED_NUMBER))

    assert outcomes[1].fate is Fate.ACCEPTED
    assert outcomes[1].vendor_id in fake.messages
    assert (outcomes[2].fate, outcomes[2].fault) == (Fate.REJECTED, FaultKind.CONTENT)
    (sent,) = fake.messages.values()
    assert sent["templateCode"] == "ORDER_1"
    assert sent["recipientList"] == [
        {"recipientNo": "01012345678", "recipientGroupingKey": "key-1",
         "templateParameter": {"name": "민지"}, "resendParameter": {"isResend": False}}
    ]  # fmt: skip


def test_a_brand_message_names_the_080_number(fake):
    button = Button(kind="WL", name="보기", mobile_url="https://shop.example/")

    send(fake, message(1, "+821012345678", BrandNote(text="새 소식", buttons=[button])))

    (sent,) = fake.messages.values()
    assert (sent["content"], sent["unsubscribeNo"]) == ("새 소식", "080-123-4567")
    (to,) = sent["recipientList"]
    assert (to["targeting"], to["resendParameter"]) == ("I", {"isResend": False})
    assert sent["buttons"] == [{"name": "보기", "type": "WL", "linkMo": "https://shop.example/"}]


@pytest.mark.parametrize(
    ("text", "title", "path"),
    [
        ("안녕", "", "sms"),
        ("가" * 46, "", "mms"),
        (AD, "", "ad-sms"),
        (AD, "소식", "ad-mms"),
    ],
)
def test_an_advertisement_goes_the_way_of_advertisements(fake, text, title, path):
    outcome = send(fake, message(1, "+821012345678", TextNote(text=text, title=title)))[1]

    assert outcome.fate is Fate.ACCEPTED
    assert fake.calls[0][1].endswith(f"/sender/{path}")


def test_an_advertisement_without_its_way_out_is_refused(fake):
    outcome = send(fake, message(1, "+821012345678", TextNote(text="(광고)단골 상점 새 소식")))[1]

    assert (outcome.fate, outcome.fault, outcome.code) == (
        Fate.REJECTED, FaultKind.CONTENT, "-6003",
    )  # fmt: skip


def test_messages_of_one_template_share_a_call_and_others_do_not(fake):
    other = replace(ALIMTALK, template_code="ORDER_2")

    send(fake, message(1, "+821011111111"), message(2, "+821022222222"),
         message(3, "+821033333333", other))  # fmt: skip

    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    "mishap", [Mishap.LOST, Mishap.GARBLED, Mishap.BAD_GATEWAY, Mishap.DRIPPING]
)
def test_a_call_without_an_answer_is_repeated_under_its_key_and_is_one_message(fake, mishap):
    fake.mishaps.append(mishap)

    outcome = send(fake, message(1, "+821012345678"), seconds=0.5)[1]

    assert (outcome.fate, outcome.code) == (Fate.ACCEPTED, "-1005")
    assert len(fake.messages) == 1


def test_a_call_that_is_never_answered_stays_unknown(fake):
    fake.mishaps.extend([Mishap.LOST, Mishap.CUT, Mishap.CUT])

    outcome = send(fake, message(1, "+821012345678"))[1]

    assert outcome.fate is Fate.UNKNOWN
    assert len(fake.messages) == 1


def test_too_fast_is_retryable_and_says_for_how_long(fake):
    fake.mishaps.append(Mishap.THROTTLED)

    outcome = send(fake, message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.THROTTLED)
    assert outcome.retry_after == timedelta(seconds=7)


def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    outcome = send(FakeNhn(clock=machine_time, port=port), message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.code) == (Fate.RETRYABLE, "connection")


@pytest.mark.parametrize("changes", [{"kakao_secret": "other"}, {"kakao_app_key": "other"}])
def test_an_account_that_is_not_ours_is_a_fault_of_configuration(fake, changes):
    outcome = send(fake, message(1, "+821012345678"), **changes)[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.CONFIGURATION)


@pytest.mark.parametrize(
    "note", [b"mail", BrandNote(text="t", targeting=Targeting.CONSENTED_AND_FRIENDS)]
)
def test_what_nhn_cannot_carry_is_rejected_before_a_call(fake, note):
    assert send(fake, message(1, "+821012345678", note))[1].code == "unfit"
    assert not fake.calls


@pytest.mark.parametrize(("note", "codes"), [(ALIMTALK, KAKAO), (TextNote(text="안녕"), CARRIER)])
def test_each_code_of_a_report_means_what_the_table_says(fake, note, codes):
    numbers = {code: message(int(code), f"0100000{code}", note) for code in codes}
    send(fake, *numbers.values())

    found = {report.code: report for report in told(fake)}

    assert {code: found[code].fault for code in codes} == {
        code: meaning.fault for code, meaning in codes.items()
    }
    assert found["1000"].kind is ReportKind.DELIVERED
    assert found["1000"].our_id == "key-1000"


def test_what_kakao_is_not_sure_of_is_neither_delivered_nor_failed(fake):
    send(fake, message(1, "01000003005"))

    (report,) = told(fake)
    assert (report.kind, report.fault) == (ReportKind.DEFERRED, None)


def test_a_call_to_080_is_an_opt_out_that_hides_the_number(fake):
    fake.do("call-080", "01012345678")

    (report,) = told(fake)

    assert (report.kind, report.recipient) == (ReportKind.OPTED_OUT, "+821012345678")
    assert "1012345678" not in report.event_id


def test_the_state_of_a_template_is_read_with_its_reason_and_time():
    state = {"templateCode": "T1", "status": "TSC04", "comments": [{"content": "광고"}]}
    told = {**state, "senderKey": "ours", "updateDate": "2027-03-02 12:00:00"}
    others = [{**told, "senderKey": "theirs"}, {**told, "status": "TSC99"}]
    body = {"event": "TEMPLATE_STATUS_UPDATE", "hooks": [told, *others]}
    raw = json.dumps(body).encode()

    (found,) = read_judgements(raw, sender_key="ours", received_at=NOON + timedelta(days=1))

    assert (found.code, found.state, found.comment) == ("T1", TemplateState.REJECTED, "광고")
    assert found.told_at == NOON
    assert read_reports(raw, received_at=NOON) == []


def test_only_who_shows_the_signature_is_genuine():
    assert is_genuine({"x-toast-webhook-signature": SIGNATURE}, secret=SIGNATURE)
    assert not is_genuine({"x-toast-webhook-signature": "guess"}, secret=SIGNATURE)
    assert not is_genuine({"x-toast-webhook-signature": ""}, secret="")
