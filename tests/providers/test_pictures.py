"""Every vendor in Korea is given pictures its own way, and knows what a message shows."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from tests.pictures import jpeg, png

from dangol.app.clock import machine_time
from dangol.providers.bizgo.fake import KEY as BIZGO_KEY
from dangol.providers.bizgo.fake import FakeBizgo
from dangol.providers.bizgo.sender import BizgoAccount, BizgoSender
from dangol.providers.nhn.fake import APP_KEY, FakeNhn
from dangol.providers.nhn.fake import SECRET as NHN_SECRET
from dangol.providers.nhn.sender import NhnAccount, NhnSender
from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi
from dangol.providers.solapi.sender import SolapiSender
from dangol.providers.vendor import (
    BrandNote,
    Button,
    Commerce,
    Coupon,
    Fate,
    FaultKind,
    Note,
    Outcome,
    Outgoing,
    PictureDesk,
    Shown,
    TextNote,
    VendorError,
)
from dangol.store.vocabulary import BubbleKind, PictureUse, Targeting

Sender = SolapiSender | NhnSender | BizgoSender
USES = {
    BubbleKind.IMAGE: PictureUse.BRAND,
    BubbleKind.WIDE: PictureUse.BRAND_WIDE,
    BubbleKind.COMMERCE: PictureUse.BRAND,
}
BUTTON = Button(
    kind="WL",
    name="보러가기",
    mobile_url="https://shop.example/c",
    desktop_url="https://shop.example/c",
)
COUPON = Coupon(
    title="1000원 할인 쿠폰", description="이번 주까지", mobile_url="https://shop.example/k"
)
GOODS = Commerce(title="니트", regular_price=39_000, discount_price=35_100, discount_rate=10)
# Whom each vendor's account may reach without anybody's leave; Bizgo knows no other.
REACH = {"solapi": Targeting.FRIENDS, "nhn": Targeting.FRIENDS,
         "bizgo": Targeting.CONSENTED_AND_FRIENDS}  # fmt: skip
REFUSALS = {"solapi": ("1011", "1011"), "nhn": ("-2004", "-1023"), "bizgo": ("A217", "A513")}


def open_solapi(fake: FakeSolapi, **changes: str) -> SolapiSender:
    named = {"key": KEY, "number": "02-120-1234", "channel": "KA01PF1", **changes}
    return SolapiSender(SolapiAccount(secret=SECRET, url=fake.url, clock=machine_time, **named))


def open_nhn(fake: FakeNhn) -> NhnSender:
    return NhnSender(
        NhnAccount(
            kakao_app_key=APP_KEY,
            kakao_secret=NHN_SECRET,
            sms_app_key=APP_KEY,
            sms_secret=NHN_SECRET,
            kakao_url=fake.url,
            sms_url=fake.url,
            number="021201234",
            sender_key="f" * 40,
        )
    )


def open_bizgo(fake: FakeBizgo) -> BizgoSender:
    return BizgoSender(
        BizgoAccount(key=BIZGO_KEY, url=fake.url, number="021201234", sender_key="channel")
    )


VENDORS = {
    "solapi": (FakeSolapi, open_solapi),
    "nhn": (FakeNhn, open_nhn),
    "bizgo": (FakeBizgo, open_bizgo),
}


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Iterator[tuple[str, Sender, FakeSolapi]]:
    fake, opener = VENDORS[request.param]
    with fake(clock=machine_time) as running:
        yield request.param, opener(running), running


def upload(sender: Sender, use: PictureUse, content: bytes = b"", name: str = "a.jpg") -> Shown:
    kept = asyncio.run(sender.upload(content or jpeg(), name=name, use=use))
    return Shown(hash="0" * 64, use=use, file_id=kept.file_id)


def send(sender: Sender, note: Note) -> Outcome:
    message = Outgoing(
        delivery_id=1, vendor_id="key-1", sender="", recipient="+821012345678", content=note
    )
    (outcome,) = asyncio.run(sender.send([message]))
    return outcome


def brand(name: str, bubble: BubbleKind, picture: Shown | None, **parts: object) -> BrandNote:
    text = "무료 배송" if bubble is BubbleKind.COMMERCE else "새 옷이 들어왔어요."
    return BrandNote(
        text=text, bubble=bubble, picture=picture, targeting=REACH[name], buttons=[BUTTON], **parts
    )


def test_every_vendor_takes_pictures(vendor):
    assert isinstance(vendor[1], PictureDesk)


def test_a_text_with_a_picture_leaves_as_an_mms(vendor):
    name, sender, fake = vendor
    shown = upload(sender, PictureUse.MMS)

    outcome = send(sender, TextNote(text="새 옷", title="소식", picture=shown))

    assert (outcome.fate, outcome.detail) == (Fate.ACCEPTED, "")
    assert shown.file_id in str(fake.received(1))
    written = {"solapi": "'type': 'MMS'", "nhn": "attachFileIdList", "bizgo": "fileKey"}
    assert written[name] in str(fake.received(1))


def test_an_advertisement_with_a_picture_goes_the_way_of_advertisements():
    with FakeNhn(clock=machine_time) as fake:
        sender = open_nhn(fake)
        shown = upload(sender, PictureUse.MMS)
        text = "(광고)단골 상점\n새 옷\n무료수신거부 080-123-4567"

        outcome = send(sender, TextNote(text=text, picture=shown))

        assert outcome.fate is Fate.ACCEPTED
        assert fake.calls[-1][1].endswith("/sender/ad-mms")


@pytest.mark.parametrize("place", [0, 1])
def test_a_picture_that_is_not_there_is_refused_by_the_vendors_code(vendor, place):
    name, sender, _ = vendor
    shown = Shown(hash="0" * 64, use=PictureUse.MMS, file_id="404")
    note = (TextNote(text="새 옷", picture=shown), brand(name, BubbleKind.IMAGE, shown))[place]

    outcome = send(sender, note)

    assert (outcome.code, outcome.fault) == (REFUSALS[name][place], FaultKind.CONTENT)


@pytest.mark.parametrize("bubble", USES)
def test_each_bubble_shows_a_picture_that_was_given_for_it(vendor, bubble):
    name, sender, fake = vendor
    shown = upload(sender, USES[bubble], png(), name="a.png")
    goods = GOODS if bubble is BubbleKind.COMMERCE else None

    outcome = send(sender, brand(name, bubble, shown, coupon=COUPON, commerce=goods))

    assert (outcome.fate, outcome.detail) == (Fate.ACCEPTED, "")
    (taken,) = fake.received(1)
    for written in (shown.file_id, COUPON.title, COUPON.mobile_url, BUTTON.name):
        assert written in str(taken)
    assert (": 39000" in str(taken)) == (bubble is BubbleKind.COMMERCE)


def test_a_text_bubble_carries_a_coupon(vendor):
    name, sender, fake = vendor

    outcome = send(sender, brand(name, BubbleKind.TEXT, None, coupon=COUPON))

    assert outcome.fate is Fate.ACCEPTED
    assert COUPON.description in str(fake.received(1))


def test_a_picture_for_another_use_is_none(vendor):
    name, sender, _ = vendor
    shown = upload(sender, PictureUse.BRAND)

    outcome = send(sender, brand(name, BubbleKind.WIDE, shown))

    assert outcome.fault is FaultKind.CONTENT


@pytest.mark.parametrize(
    ("content", "name"), [(png(), "a.png"), (b"GIF89a", "a.jpg"), (jpeg(size=310_000), "a.jpg")]
)
def test_what_no_text_message_shows_is_not_taken(vendor, content, name):
    with pytest.raises(VendorError):
        upload(vendor[1], PictureUse.MMS, content, name)


def closed(opener: Callable[[FakeSolapi], Sender], fake: type[FakeSolapi]) -> Sender:
    """A sender whose vendor has gone."""
    with fake(clock=machine_time) as running:
        return opener(running)


@pytest.mark.parametrize("use", PictureUse)
@pytest.mark.parametrize("name", VENDORS)
def test_a_vendor_that_does_not_answer_is_named(name, use):
    sender = closed(VENDORS[name][1], VENDORS[name][0])

    with pytest.raises(VendorError, match="does not answer"):
        upload(sender, use)


def test_bizgo_says_how_long_it_keeps_a_picture():
    with FakeBizgo(clock=machine_time) as fake:
        kept = asyncio.run(open_bizgo(fake).upload(jpeg(), name="a.jpg", use=PictureUse.MMS))

    assert kept.until is not None
    assert kept.until > machine_time()
