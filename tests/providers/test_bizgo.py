"""What Bizgo answers in its layers, repeats under a key and tells, and what we then know."""

import asyncio
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from dangol.app.clock import machine_time
from dangol.providers.bizgo.callback import is_genuine, message_key, read_reports
from dangol.providers.bizgo.codes import CODES
from dangol.providers.bizgo.fake import HOOK_SECRET, KEY, FakeBizgo
from dangol.providers.bizgo.poll import BizgoError, acknowledge, poll_reports
from dangol.providers.bizgo.sender import BizgoAccount, BizgoSender
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
from dangol.providers.wire.codes import fate_of
from dangol.providers.wire.fake import Mishap
from dangol.store.vocabulary import Targeting

BUTTON = Button(kind="WL", name="보기", mobile_url="https://shop.example/")
ALIMTALK = AlimtalkNote(
    template_code="T1", variables={"name": "민지"}, text="민지님, 안녕", buttons=[BUTTON]
)


@pytest.fixture
def fake() -> Iterator[FakeBizgo]:
    with FakeBizgo(clock=machine_time) as running:
        yield running


def account(fake: FakeBizgo, **changes: object) -> BizgoAccount:
    made = BizgoAccount(
        key=KEY,
        url=fake.url,
        seconds=2.0,
        number="02-120-1234",
        sender_key="SK",
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


def send(fake: FakeBizgo, *messages: Outgoing, **changes: object) -> dict[int, Outcome]:
    outcomes = asyncio.run(BizgoSender(account(fake, **changes)).send(messages))
    assert len(outcomes) == len(messages)
    return {one.delivery_id: one for one in outcomes}


def flow(fake: FakeBizgo) -> dict:
    (only,) = fake.messages.values()
    (message,) = only["messageFlow"]
    return message


def test_an_alimtalk_is_taken_alone_with_its_whole_text(fake):
    outcome = send(fake, message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.vendor_id in fake.messages) == (Fate.ACCEPTED, True)
    sent = flow(fake)["alimtalk"]
    assert (sent["templateCode"], sent["text"]) == ("T1", "민지님, 안녕")
    assert sent["attachment"]["button"][0]["urlMobile"] == "https://shop.example/"


@pytest.mark.parametrize(
    ("note", "kind"),
    [(TextNote(text="안녕"), "sms"), (TextNote(text="가" * 46), "mms"),
     (BrandNote(text="소식", targeting=Targeting.CONSENTED), "brandmessage")],
)  # fmt: skip
def test_each_kind_of_message_has_its_own_name(fake, note, kind):
    outcome = send(fake, message(1, "+821012345678", note))[1]

    assert (outcome.fate, outcome.detail) == (Fate.ACCEPTED, "")
    assert set(flow(fake)) == {kind}


@pytest.mark.parametrize("note", [b"mail", BrandNote(text="t", targeting=Targeting.FRIENDS)])
def test_what_bizgo_cannot_carry_is_rejected_before_a_call(fake, note):
    assert send(fake, message(1, "+821012345678", note))[1].code == "unfit"
    assert not fake.calls


@pytest.mark.parametrize("mishap", [Mishap.LOST, Mishap.GARBLED, Mishap.DRIPPING])
def test_a_call_without_an_answer_may_be_repeated_and_is_one_message(fake, mishap):
    fake.mishaps.append(mishap)

    outcomes = [send(fake, message(1, "+821012345678"), seconds=0.4)[1] for _ in range(2)]

    assert [one.fate for one in outcomes] == [Fate.UNKNOWN, Fate.ACCEPTED]
    assert outcomes[1].code == "A301"
    assert len(fake.messages) == 1


@pytest.mark.parametrize("code", sorted(code for code in CODES if code not in {"A000", "A301"}))
def test_each_code_of_a_message_means_what_the_table_says(fake, code):
    outcome = send(fake, message(1, f"01000000{code[1:]}"))[1]

    fault = CODES[code].fault
    assert (outcome.code, outcome.fault, outcome.fate) == (code, fault, fate_of(fault))


def test_too_fast_is_retryable_and_says_for_how_long(fake):
    fake.mishaps.append(Mishap.THROTTLED)

    outcome = send(fake, message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.THROTTLED)
    assert outcome.retry_after == timedelta(seconds=7)


def test_a_fault_of_the_server_leaves_it_unknown(fake):
    fake.mishaps.append(Mishap.BAD_GATEWAY)

    assert send(fake, message(1, "+821012345678"))[1].fate is Fate.UNKNOWN


def test_another_key_is_a_fault_of_configuration(fake):
    outcome = send(fake, message(1, "+821012345678"), key="other")[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.CONFIGURATION)


def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    outcome = send(FakeBizgo(clock=machine_time, port=port), message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.code) == (Fate.RETRYABLE, "connection")


def test_reports_and_replies_are_read(fake):
    send(fake, message(1, "+821012345678"), message(2, "01000003001"))
    fake.do("reply-stop", "01012345678")

    found = [
        report
        for body in fake.due
        for report in read_reports(json.dumps(body).encode(), received_at=machine_time())
    ]

    assert {(one.kind, one.our_id, one.fault) for one in found} == {
        (ReportKind.DELIVERED, "key-1", None),
        (ReportKind.FAILED, "key-2", FaultKind.TRANSIENT),
        (ReportKind.REPLIED, "", None),
    }
    assert (found[2].recipient, found[2].detail) == ("+821012345678", "수신거부")
    with pytest.raises(ValueError, match="msgKey"):
        read_reports(b"[]", received_at=machine_time())


def test_polled_reports_come_again_until_they_are_acknowledged(fake):
    send(fake, message(1, "+821012345678"))
    at = account(fake)

    first = asyncio.run(poll_reports(at, now=machine_time()))
    again = asyncio.run(poll_reports(at, now=machine_time()))
    asyncio.run(acknowledge(at, again))

    assert (first.id, [one.our_id for one in first.reports]) == (again.id, ["key-1"])
    assert asyncio.run(poll_reports(at, now=machine_time())).reports == []
    with pytest.raises(BizgoError, match="DANGOL_BIZGO_KEY"):
        asyncio.run(poll_reports(account(fake, key="other"), now=machine_time()))


def test_only_a_fresh_signature_is_genuine(fake):
    headers = {name.lower(): value for name, value in fake.hook_headers(b"").items()}
    now = machine_time()

    assert is_genuine(headers, secret=HOOK_SECRET, now=now)
    assert not is_genuine(headers, secret="other", now=now)  # noqa: S106 - that is the point
    assert not is_genuine(headers, secret=HOOK_SECRET, now=now + timedelta(minutes=6))
    assert not is_genuine({**headers, "x-ib-timestamp": "٣"}, secret=HOOK_SECRET, now=now)
    assert not is_genuine({}, secret=HOOK_SECRET, now=now)
    assert message_key(b'{"msgKey": "M1"}') == "M1"
