"""Every way SOLAPI may answer, and what we then know about each message."""

import asyncio
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from dangol.app.clock import machine_time
from dangol.providers.solapi.account import SolapiAccount, SolapiError
from dangol.providers.solapi.callback import is_genuine, read_reports
from dangol.providers.solapi.codes import CODES, read_code
from dangol.providers.solapi.fake import HOOK_SECRET, KEY, SECRET, FakeSolapi
from dangol.providers.solapi.poll import SETTLED, SolapiAsker, poll_denials, poll_reports
from dangol.providers.solapi.sender import SolapiSender
from dangol.providers.solapi.templates import SolapiTemplates
from dangol.providers.vendor import (
    AlimtalkNote,
    Asked,
    BrandNote,
    Button,
    Fate,
    FaultKind,
    Note,
    Outcome,
    Outgoing,
    PushNote,
    ReportKind,
    TextNote,
)
from dangol.providers.wire.codes import fate_of
from dangol.providers.wire.fake import Mishap
from dangol.store.vocabulary import Targeting, TemplateState

OTHER = "not-the-secret"
ALIMTALK = AlimtalkNote(template_code="KA01TP1", variables={"name": "민지"}, text="민지님, 안녕")


@pytest.fixture
def fake() -> Iterator[FakeSolapi]:
    with FakeSolapi(clock=machine_time) as running:
        yield running


def account(fake: FakeSolapi, **changes: object) -> SolapiAccount:
    made = SolapiAccount(
        key=KEY,
        secret=SECRET,
        clock=machine_time,
        url=fake.url,
        seconds=2.0,
        number="02-120-1234",
        channel="KA01PF1",
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


def send(fake: FakeSolapi, *messages: Outgoing, **changes: object) -> dict[int, Outcome]:
    outcomes = asyncio.run(SolapiSender(account(fake, **changes)).send(messages))
    assert sorted(one.delivery_id for one in outcomes) == sorted(
        one.delivery_id for one in messages
    )
    return {one.delivery_id: one for one in outcomes}


def kept(fake: FakeSolapi) -> dict[str, object]:
    (only,) = fake.messages.values()
    return only


def test_an_alimtalk_arrives_with_its_template_and_never_falls_back_by_itself(fake):
    outcome = send(fake, message(1, "+821012345678"))[1]

    sent = kept(fake)
    assert (outcome.fate, outcome.vendor_id) == (Fate.ACCEPTED, sent["messageId"])
    assert (sent["type"], sent["to"], sent["country"]) == ("ATA", "01012345678", "82")
    assert sent["customFields"] == {"deliveryId": "key-1"}
    assert sent["kakaoOptions"] == {
        "pfId": "KA01PF1",
        "templateId": "KA01TP1",
        "variables": {"#{name}": "민지"},
        "disableSms": True,
    }


def test_a_brand_message_carries_its_targeting_and_buttons(fake):
    button = Button(kind="WL", name="보러가기", mobile_url="https://shop.example/")
    note = BrandNote(text="새 소식", targeting=Targeting.CONSENTED, buttons=[button])

    send(fake, message(1, "+821012345678", note))

    sent = kept(fake)
    assert sent["type"] == "BMS_FREE"
    assert sent["kakaoOptions"]["disableSms"] is True
    assert sent["kakaoOptions"]["bms"] == {
        "targeting": "M",
        "chatBubbleType": "TEXT",
        "content": "새 소식",
        "buttons": [{"linkType": "WL", "name": "보러가기", "linkMobile": "https://shop.example/"}],
    }


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        (TextNote(text="가" * 45), "SMS"),
        (TextNote(text="가" * 45 + "a"), "LMS"),
        (TextNote(text="short", title="안내"), "LMS"),
    ],
)
def test_a_text_of_ninety_bytes_without_a_title_is_an_sms(fake, note, kind):
    send(fake, message(1, "+821012345678", note))

    assert (kept(fake)["type"], kept(fake)["from"]) == (kind, "021201234")


@pytest.mark.parametrize(
    "note", [b"mail", PushNote(title="t", body="b"), BrandNote(
        text="t", targeting=Targeting.CONSENTED_AND_FRIENDS)]
)  # fmt: skip
def test_what_solapi_cannot_carry_is_rejected_before_a_call(fake, note):
    outcome = send(fake, message(1, "+821012345678", note))[1]

    assert (outcome.fate, outcome.fault, outcome.code) == (
        Fate.REJECTED, FaultKind.CONTENT, "unfit",
    )  # fmt: skip
    assert not fake.calls


@pytest.mark.parametrize("code", [code for code in sorted(CODES) if code[0] in "12"])
def test_each_code_of_reception_settles_its_message_and_no_other(fake, code):
    if code == "2000":
        return
    outcomes = send(fake, message(1, f"0100000{code}"), message(2, "+821012345678"))

    fault = read_code(code).fault
    assert outcomes[1].code == code
    assert (outcomes[1].fault, outcomes[1].fate) == (fault, fate_of(fault))
    assert outcomes[1].address_gone == (fault is FaultKind.PERMANENT)
    assert outcomes[2].fate is Fate.ACCEPTED


def test_a_code_nobody_knows_is_judged_by_its_family(fake):
    refused = send(fake, message(1, "01000001999"))[1]

    assert (refused.fate, refused.fault) == (Fate.REJECTED, FaultKind.CONTENT)
    assert read_code("3999").fault is FaultKind.TRANSIENT


def test_the_same_recipient_twice_goes_in_two_calls(fake):
    outcomes = send(fake, message(1, "+821012345678"), message(2, "+821012345678"))

    assert {one.fate for one in outcomes.values()} == {Fate.ACCEPTED}
    assert len(fake.calls) == 2


def test_too_fast_is_retryable_and_says_for_how_long(fake):
    fake.mishaps.append(Mishap.THROTTLED)

    outcome = send(fake, message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.THROTTLED)
    assert outcome.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("mishap", "taken"),
    [
        (Mishap.LOST, 1),
        (Mishap.DRIPPING, 1),
        (Mishap.GARBLED, 1),
        (Mishap.BAD_GATEWAY, 1),
        (Mishap.CUT, 0),
        (Mishap.REFUSED, 0),
    ],
)
def test_a_call_without_an_answer_stays_unknown_and_is_never_repeated(fake, mishap, taken):
    fake.mishaps.append(mishap)

    outcome = send(fake, message(1, "+821012345678"), seconds=0.4)[1]

    assert outcome.fate is Fate.UNKNOWN
    assert (len(fake.messages), len(fake.calls)) == (taken, 1)


def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    nobody = FakeSolapi(clock=machine_time, port=port)

    outcome = send(nobody, message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.code) == (Fate.RETRYABLE, "connection")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "other"}, "InvalidAPIKey"),
        ({"secret": "other"}, "SignatureDoesNotMatch"),
        ({"clock": lambda: machine_time() - timedelta(minutes=16)}, "RequestTimeTooSkewed"),
    ],
)
def test_an_account_that_is_not_ours_is_a_fault_of_configuration(fake, changes, code):
    outcome = send(fake, message(1, "+821012345678"), **changes)[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.CONFIGURATION)
    assert outcome.code == code


def test_a_used_up_balance_is_a_fault_of_configuration(fake):
    fake.balance = 0

    outcome = send(fake, message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.CONFIGURATION)


def test_one_message_that_spoils_its_call_stops_no_other(fake):
    good = [message(number, f"+8210{number:08}") for number in range(20, 40)]

    outcomes = send(fake, *good, message(1, "nobody"))

    assert (outcomes[1].fate, outcomes[1].fault) == (Fate.REJECTED, FaultKind.CONTENT)
    assert {outcomes[one.delivery_id].fate for one in good} == {Fate.ACCEPTED}
    assert len(fake.messages) == 20


def test_a_message_the_answer_is_silent_about_is_unknown(fake):
    fake.take = lambda asked: type(fake).take(fake, replace(asked, raw=without_list(asked.raw)))

    outcome = send(fake, message(1, "+821012345678"))[1]

    assert (outcome.fate, outcome.code) == (Fate.UNKNOWN, "unnamed")


def without_list(raw: bytes) -> bytes:
    return json.dumps({**json.loads(raw), "showMessageList": False}).encode()


@pytest.mark.parametrize("count", [3, 60])
def test_a_lost_call_is_found_by_our_key_or_known_never_to_have_come(fake, count):
    fake.mishaps.append(Mishap.LOST)
    sent = [message(number, f"+8210{number:08}") for number in range(count)]
    send(fake, *sent)
    called = machine_time()
    asked = [
        Asked(
            delivery_id=one.delivery_id,
            vendor_id=one.vendor_id,
            recipient=one.recipient,
            called_at=called,
        )
        for one in (*sent, message(999, "+821099999999"))
    ]

    now = asyncio.run(SolapiAsker(account(fake)).ask(asked))
    clock = lambda: machine_time() + SETTLED  # noqa: E731
    fake.ahead = SETTLED
    later = asyncio.run(SolapiAsker(account(fake, clock=clock)).ask(asked))

    assert {one.delivery_id for one in now} == set(range(count))
    assert {one.fate for one in now} == {Fate.ACCEPTED}
    assert {one.vendor_id for one in now} == set(fake.messages)
    missing = {one.delivery_id: one.fate for one in later if one.fate is not Fate.ACCEPTED}
    assert missing == {999: Fate.RETRYABLE}


def test_a_question_without_an_answer_makes_nothing_sure(fake):
    asked = Asked(
        delivery_id=1,
        vendor_id="key-1",
        recipient="+821012345678",
        called_at=machine_time() - 2 * SETTLED,
    )

    assert asyncio.run(SolapiAsker(account(fake, secret=OTHER)).ask([asked])) == []


@pytest.mark.parametrize("wrapped", [True, False])
def test_reports_say_what_became_of_a_message_in_both_shapes(fake, wrapped):
    fake.wraps_reports = wrapped
    send(fake, message(1, "+821012345678"), message(2, "01000003104"), message(3, "01000003047"))

    told = [
        report
        for body in fake.due
        for report in read_reports(json.dumps(body).encode(), received_at=machine_time())
    ]

    assert [(one.our_id, one.kind, one.fault, one.code) for one in told] == [
        ("key-1", ReportKind.DELIVERED, None, "4000"),
        ("key-2", ReportKind.FAILED, FaultKind.UNREACHABLE, "3104"),
        ("key-3", ReportKind.FAILED, FaultKind.OPT_OUT, "3047"),
    ]
    assert told[0].recipient == "+821012345678"
    assert len({one.event_id for one in told}) == 3


def test_what_is_not_over_and_what_is_no_message_is_passed_over():
    body = json.dumps(
        [
            {"messageId": "M1", "statusCode": "3000"},
            {"groupId": "G1", "status": "COMPLETE"},
            "text",
            {"data": {"messageId": "M2", "statusCode": "4000"}},
        ]
    ).encode()

    told = read_reports(body, received_at=machine_time())

    assert [one.vendor_id for one in told] == ["M2"]


def test_a_body_that_is_no_json_is_refused():
    with pytest.raises(ValueError, match="no JSON"):
        read_reports(b"<html>", received_at=machine_time())


def test_only_who_knows_the_secret_is_genuine(fake):
    headers = {name.lower(): value for name, value in fake.hook_headers(b"").items()}

    assert is_genuine(headers, secret=HOOK_SECRET)
    assert is_genuine({"x-solapi-secret": HOOK_SECRET}, secret=HOOK_SECRET)
    assert not is_genuine(headers, secret=OTHER)
    assert not is_genuine({}, secret=HOOK_SECRET)
    assert not is_genuine({"x-solapi-secret": ""}, secret="")
    assert not is_genuine({"x-solapi-secret": "열쇠"}, secret=HOOK_SECRET)


def test_polling_tells_what_was_never_posted(fake):
    send(fake, message(1, "+821012345678"), message(2, "01000003010"))

    told = asyncio.run(
        poll_reports(
            account(fake), since=machine_time() - timedelta(minutes=15), until=machine_time()
        )
    )

    assert {(one.our_id, one.fault) for one in told} == {
        ("key-1", None),
        ("key-2", FaultKind.PERMANENT),
    }


def test_polling_names_everybody_who_called_the_080_number_once(fake):
    for number in range(1_100):
        fake.deny(f"0101{number:07}")

    told = asyncio.run(poll_denials(account(fake), since=None, until=machine_time()))

    assert len({one.event_id for one in told}) == 1_100
    assert (told[0].kind, told[0].recipient) == (ReportKind.OPTED_OUT, "+821010000000")
    later = machine_time() + timedelta(seconds=1)
    assert asyncio.run(poll_denials(account(fake), since=later, until=later)) == []


def test_the_account_tells_its_balance(fake):
    assert asyncio.run(account(fake).read_balance()) == 1_000_000


def test_a_state_nobody_knows_stops_a_template_and_is_named(fake):
    fake.shelf.put("KA01TP1", {"name": "환영", "content": "#{name}님"})
    fake.do("stop", "KA01TP1")

    (template,) = asyncio.run(SolapiTemplates(account(fake)).list_templates())

    assert template.state is TemplateState.STOPPED
    assert "SUSPENDED" in template.comment


def test_an_account_that_is_refused_says_what_to_look_at(fake):
    with pytest.raises(SolapiError, match=r"InvalidAPIKey.*DANGOL_SOLAPI_KEY"):
        asyncio.run(account(fake, key="other").read_balance())
