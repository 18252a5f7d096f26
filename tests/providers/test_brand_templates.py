"""Brand Message templates at the vendor that keeps them: put there, changed, blocked, sent by."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.providers.test_templates import at_bizgo, at_solapi

from dangol.app.clock import machine_time
from dangol.providers.bizgo.fake import FakeBizgo
from dangol.providers.nhn.brand_templates import NhnBrandTemplates
from dangol.providers.nhn.fake import APP_KEY, SECRET, FakeNhn
from dangol.providers.nhn.sender import NhnAccount, NhnSender
from dangol.providers.nhn.templates import NhnTemplates
from dangol.providers.solapi.fake import FakeSolapi
from dangol.providers.template_desk import Wording
from dangol.providers.vendor import (
    BrandNote,
    Button,
    Fate,
    FaultKind,
    Outgoing,
    Targeting,
    VendorError,
)
from dangol.store.vocabulary import TemplateState

URL = "https://shop.example/#{상품}"
NEWS = Wording(
    code="",
    name="new_coats",
    text="#{이름}님, 새 코트가 들어왔어요.",
    buttons=(
        Button(kind="AC", name="채널 추가"),
        Button(kind="WL", name="보기", mobile_url=URL, desktop_url=URL),
        Button(kind="AL", name="앱", android_url="shop://o", ios_url="shop://o"),
    ),
)


@pytest.fixture
def fake() -> Iterator[FakeNhn]:
    with FakeNhn(clock=machine_time) as running:
        yield running


def account(fake: FakeNhn) -> NhnAccount:
    return NhnAccount(
        kakao_app_key=APP_KEY, kakao_secret=SECRET, kakao_url=fake.url, sender_key="channel"
    )


def put(fake: FakeNhn, wording: Wording = NEWS) -> str:
    return asyncio.run(NhnBrandTemplates(account(fake)).submit(wording, is_new=not wording.code))


def message(number: int, code: str, **gaps: str) -> Outgoing:
    note = BrandNote(text="글", template_code=code, variables=gaps, targeting=Targeting.CONSENTED)
    return Outgoing(
        delivery_id=number,
        vendor_id=f"key-{number}",
        sender="",
        recipient=f"+82101234567{number}",
        content=note,
    )


def test_what_is_put_there_is_kept_letter_by_letter_and_may_be_sent_at_once(fake):
    code = put(fake)

    (found,) = asyncio.run(NhnBrandTemplates(account(fake)).list_templates())

    assert (found.code, found.name, found.text, found.buttons) == (
        code,
        NEWS.name,
        NEWS.text,
        NEWS.buttons,
    )
    assert found.state is TemplateState.APPROVED


def test_a_template_is_written_as_the_vendor_documents_it(fake):
    code = put(fake)

    assert fake.brand.kept[code].said == {
        "templateName": "new_coats",
        "chatBubbleType": "TEXT",
        "adult": False,
        "content": NEWS.text,
        "buttons": [
            {"name": "채널 추가", "type": "AC"},
            {"name": "보기", "type": "WL", "linkMo": URL, "linkPc": URL},
            {"name": "앱", "type": "AL", "schemeAndroid": "shop://o", "schemeIos": "shop://o"},
        ],
    }


def test_it_can_be_changed_under_its_code(fake):
    code = put(fake)

    again = put(fake, replace(NEWS, code=code, text="다른 글"))

    (found,) = asyncio.run(NhnBrandTemplates(account(fake)).list_templates())
    assert (again, found.code, found.text) == (code, code, "다른 글")
    with pytest.raises(VendorError, match="refuses"):
        put(fake, replace(NEWS, code="nobody"))


def test_alimtalks_and_brand_messages_are_listed_apart(fake):
    put(fake)

    assert asyncio.run(NhnTemplates(account(fake)).list_templates()) == []


def test_everybody_of_a_call_has_gaps_of_their_own_until_the_template_is_blocked(fake):
    code = put(fake)
    people = [message(number, code, 이름=f"손님{number}", 상품="A-7") for number in range(3)]

    outcomes = asyncio.run(NhnSender(account(fake)).send(people))
    assert fake.do("stop", code)
    (blocked,) = asyncio.run(NhnSender(account(fake)).send([message(4, code)]))

    assert [one.fate for one in outcomes] == [Fate.ACCEPTED] * 3
    said = fake.received(3)
    assert {one["templateCode"] for one in said} == {code}
    assert [one["recipientList"][0]["templateParameter"]["이름"] for one in reversed(said)] == [
        "손님0",
        "손님1",
        "손님2",
    ]
    assert blocked.fate is Fate.REJECTED
    assert len([one for one in fake.calls if one[1].endswith("/basic-messages")]) == 2


@pytest.mark.parametrize(("make", "connect"), [(FakeSolapi, at_solapi), (FakeBizgo, at_bizgo)])
def test_a_vendor_that_keeps_none_refuses_before_anything_is_called(make, connect):
    with make(clock=machine_time) as other:
        _, sender = connect(other.url)

        (outcome,) = asyncio.run(sender.send([message(1, "BM1")]))

        assert (outcome.fate, outcome.fault) == (Fate.REJECTED, FaultKind.CONTENT)
        assert not other.calls
