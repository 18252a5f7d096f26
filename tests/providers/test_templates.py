"""Alimtalk templates at every vendor that keeps them: sent for inspection, judged, listed."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from dangol.app.clock import machine_time
from dangol.providers.bizgo.fake import KEY as BIZGO_KEY
from dangol.providers.bizgo.fake import FakeBizgo
from dangol.providers.bizgo.sender import BizgoAccount, BizgoSender
from dangol.providers.bizgo.templates import BizgoTemplates
from dangol.providers.nhn.fake import APP_KEY, FakeNhn
from dangol.providers.nhn.fake import SECRET as NHN_SECRET
from dangol.providers.nhn.sender import NhnAccount, NhnSender
from dangol.providers.nhn.templates import NhnTemplates
from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi
from dangol.providers.solapi.sender import SolapiSender
from dangol.providers.solapi.templates import SolapiTemplates
from dangol.providers.template_desk import TemplateDesk, VendorTemplate, Wording
from dangol.providers.vendor import (
    AlimtalkNote,
    BrandNote,
    Button,
    Fate,
    Outgoing,
    Sender,
    Targeting,
    VendorError,
)
from dangol.providers.wire.fake import FakeVendor
from dangol.store.vocabulary import TemplateState

URL = "https://shop.example/orders/#{주문번호}"
ORDER = Wording(
    code="ORDER_1",
    name="주문 안내",
    text="#{이름}님,\n주문 #{주문번호}을 받았어요.",
    buttons=(
        Button(kind="WL", name="주문 보기", mobile_url=URL, desktop_url=URL),
        Button(kind="DS", name="배송 조회"),
    ),
)


def at_solapi(url: str) -> tuple[TemplateDesk, Sender]:
    account = SolapiAccount(
        key=KEY, secret=SECRET, clock=machine_time, url=url, channel="KA01PF1", seconds=3.0
    )
    return SolapiTemplates(account), SolapiSender(account)


def at_nhn(url: str) -> tuple[TemplateDesk, Sender]:
    account = NhnAccount(
        kakao_app_key=APP_KEY,
        kakao_secret=NHN_SECRET,
        kakao_url=url,
        sender_key="channel",
        seconds=3.0,
    )
    return NhnTemplates(account), NhnSender(account)


def at_bizgo(url: str) -> tuple[TemplateDesk, Sender]:
    account = BizgoAccount(key=BIZGO_KEY, url=url, sender_key="channel", seconds=3.0)
    return BizgoTemplates(account), BizgoSender(account)


OPEN: Mapping[str, tuple[type[FakeVendor], Callable[[str], tuple[TemplateDesk, Sender]]]] = {
    "solapi": (FakeSolapi, at_solapi),
    "nhn": (FakeNhn, at_nhn),
    "bizgo": (FakeBizgo, at_bizgo),
}


@pytest.fixture(params=OPEN)
def vendor(request) -> Iterator[tuple[FakeVendor, TemplateDesk, Sender]]:
    make, connect = OPEN[request.param]
    with make(clock=machine_time) as fake:
        yield fake, *connect(fake.url)


def listed(desk: TemplateDesk) -> VendorTemplate:
    (found,) = asyncio.run(desk.list_templates())
    return found


def test_what_is_sent_for_inspection_is_kept_letter_by_letter(vendor):
    _, desk, _ = vendor

    code = asyncio.run(desk.submit(ORDER, is_new=True))

    found = listed(desk)
    assert (found.code, found.name, found.text, found.buttons) == (
        code,
        ORDER.name,
        ORDER.text,
        ORDER.buttons,
    )
    assert found.state is TemplateState.INSPECTING


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("approve", TemplateState.APPROVED),
        ("reject", TemplateState.REJECTED),
        ("stop", TemplateState.STOPPED),
    ],
)
def test_what_the_reviewer_says_is_listed(vendor, act, state):
    fake, desk, _ = vendor
    code = asyncio.run(desk.submit(ORDER, is_new=True))

    assert fake.do(act, code)

    assert listed(desk).state is state
    assert ("광고성" in listed(desk).comment) == (act == "reject")


def test_a_rejected_template_is_mended_and_inspected_again(vendor):
    fake, desk, _ = vendor
    code = asyncio.run(desk.submit(ORDER, is_new=True))
    fake.do("reject", code)

    again = asyncio.run(desk.submit(replace(ORDER, code=code, text="다른 글"), is_new=False))

    assert (again, listed(desk).text, listed(desk).state) == (
        code,
        "다른 글",
        TemplateState.INSPECTING,
    )


def test_an_approved_template_cannot_be_changed(vendor):
    fake, desk, _ = vendor
    code = asyncio.run(desk.submit(ORDER, is_new=True))
    fake.do("approve", code)

    with pytest.raises(VendorError, match="refuses"):
        asyncio.run(desk.submit(replace(ORDER, code=code), is_new=False))


def test_a_vendor_that_is_away_says_where_to_look(vendor):
    fake, desk, _ = vendor
    fake.stop()

    with pytest.raises(VendorError, match=r"does not answer.*Check DANGOL_"):
        asyncio.run(desk.list_templates())
    fake.start()


def test_only_an_approved_template_is_sent(vendor):
    fake, desk, sender = vendor
    code = asyncio.run(desk.submit(ORDER, is_new=True))
    note = AlimtalkNote(template_code=code, variables={}, text="")
    message = Outgoing(
        delivery_id=1, vendor_id="key-1", sender="", recipient="+821012345678", content=note
    )

    before = asyncio.run(sender.send([message]))[0].fate
    fake.do("approve", code)
    after = asyncio.run(sender.send([replace(message, vendor_id="key-2")]))[0].fate

    assert before is not Fate.ACCEPTED
    assert after is Fate.ACCEPTED


# What each vendor's documents write.
WIRE = {
    "solapi": {
        "channelId": "KA01PF1",
        "name": "주문 안내",
        "content": ORDER.text,
        "categoryCode": "999999",
        "messageType": "BA",
        "emphasizeType": "NONE",
        "buttons": [
            {"buttonType": "WL", "buttonName": "주문 보기", "linkMo": URL, "linkPc": URL},
            {"buttonType": "DS", "buttonName": "배송 조회"},
        ],
    },
    "nhn": {
        "templateCode": "ORDER_1",
        "templateName": "주문 안내",
        "templateContent": ORDER.text,
        "templateMessageType": "BA",
        "templateEmphasizeType": "NONE",
        "categoryCode": "999999",
        "buttons": [
            {"ordering": 1, "type": "WL", "name": "주문 보기", "linkMo": URL, "linkPc": URL},
            {"ordering": 2, "type": "DS", "name": "배송 조회"},
        ],
    },
    "bizgo": {
        "senderKey": "channel",
        "senderKeyType": "S",
        "templateCode": "ORDER_1",
        "templateName": "주문 안내",
        "templateMessageType": "BA",
        "templateEmphasizeType": "NONE",
        "text": ORDER.text,
        "categoryCode": "999999",
        "attachment": {
            "button": [
                {"type": "WL", "name": "주문 보기", "urlMobile": URL, "urlPc": URL},
                {"type": "DS", "name": "배송 조회"},
            ]
        },
    },
}


def test_a_template_is_written_as_the_vendor_documents_it(vendor):
    fake, desk, _ = vendor

    code = asyncio.run(desk.submit(ORDER, is_new=True))

    assert fake.shelf.kept[code].said == WIRE[fake.name]


def test_a_template_that_adds_the_channel_says_so(vendor):
    fake, desk, _ = vendor
    adding = replace(ORDER, buttons=(Button(kind="AC", name="채널 추가"),))

    code = asyncio.run(desk.submit(adding, is_new=True))

    said = fake.shelf.kept[code].said
    assert said.get("messageType", said.get("templateMessageType")) == "AD"


APP = Button(kind="AL", name="앱에서 보기", android_url="shop://o/#{주문번호}", ios_url="shop://o")
SHOWN = replace(ORDER, buttons=(APP,), title="주문 #{주문번호}", subtitle="단골 상점")
# What each vendor's documents write of the two.
EMPHASIS = {
    "solapi": {
        "emphasizeType": "TEXT",
        "emphasizeTitle": "주문 #{주문번호}",
        "emphasizeSubTitle": "단골 상점",
        "buttons": [
            {
                "buttonType": "AL",
                "buttonName": "앱에서 보기",
                "linkAnd": "shop://o/#{주문번호}",
                "linkIos": "shop://o",
            }
        ],
    },
    "nhn": {
        "templateEmphasizeType": "TEXT",
        "templateTitle": "주문 #{주문번호}",
        "templateSubtitle": "단골 상점",
        "buttons": [
            {
                "ordering": 1,
                "type": "AL",
                "name": "앱에서 보기",
                "schemeAndroid": "shop://o/#{주문번호}",
                "schemeIos": "shop://o",
            }
        ],
    },
    "bizgo": {
        "templateEmphasizeType": "TEXT",
        "title": "주문 #{주문번호}",
        "subTitle": "단골 상점",
        "attachment": {
            "button": [
                {
                    "type": "AL",
                    "name": "앱에서 보기",
                    "schemeAndroid": "shop://o/#{주문번호}",
                    "schemeIos": "shop://o",
                }
            ]
        },
    },
}


def test_emphasis_and_app_links_are_written_as_the_vendor_documents_them_and_read_back(vendor):
    fake, desk, _ = vendor

    code = asyncio.run(desk.submit(SHOWN, is_new=True))

    said, found = fake.shelf.kept[code].said, listed(desk)
    assert {name: said[name] for name in EMPHASIS[fake.name]} == EMPHASIS[fake.name]
    assert (found.title, found.subtitle, found.buttons) == (
        SHOWN.title,
        SHOWN.subtitle,
        SHOWN.buttons,
    )


def test_emphasis_without_its_small_line_is_refused(vendor):
    _, desk, _ = vendor

    with pytest.raises(VendorError, match="refuses"):
        asyncio.run(desk.submit(replace(SHOWN, subtitle=""), is_new=True))


def test_an_app_link_leaves_with_a_message_that_is_written_here(vendor):
    """SOLAPI and NHN fill what they keep; Bizgo is handed the whole, as Brand Messages are."""
    fake, _, sender = vendor
    who = {"delivery_id": 1, "sender": "", "recipient": "+821012345678"}
    named = replace(APP, android_url="shop://o/1")
    alimtalk = AlimtalkNote(
        template_code="T", variables={}, text="글", buttons=(named,), title="주문 1"
    )
    brand = BrandNote(text="글", buttons=(named,), targeting=Targeting.CONSENTED)

    for number, note in enumerate((alimtalk, brand)):
        asyncio.run(sender.send([Outgoing(vendor_id=f"key-{number}", content=note, **who)]))

    by_brand, by_alimtalk = (str(one) for one in fake.received(2))
    assert "shop://o/1" in by_brand
    if fake.name == "bizgo":
        assert "shop://o/1" in by_alimtalk
        assert "'title': '주문 1'" in by_alimtalk
