"""What a bubble of a Brand Message does not hold is named before Kakao refuses it."""

import json
from dataclasses import replace

import pytest
from tests.content.test_note_lint import NEWS, TEXT, must_be_mended, shop, with_buttons
from tests.pictures import jpeg, png

from dangol.content.library import parse_template
from dangol.content.lint import lint_template
from dangol.content.picture import read_picture, write_picture
from dangol.content.template import Draft
from dangol.store.vocabulary import BubbleKind, Targeting

__all__ = ["shop"]

LINK = {"kind": "WL", "name": "보러가기", "mobile_url": "https://shop.example/"}
COUPON = {
    "title": "1000원 할인 쿠폰",
    "description": "이번 주까지",
    "mobile_url": "https://shop.example/k",
}
GOODS = {"title": "니트", "regular_price": 39_000}


def bubble(kind: str, *, text: str = "새 옷", picture: bytes = b"", **parts: object) -> Draft:
    """A Brand Message of this kind, with a picture where it needs one."""
    shown = picture or (b"" if kind == "text" else jpeg(800, 600))
    draft = replace(
        NEWS,
        body_text=text,
        bubble=BubbleKind(kind),
        picture=write_picture(read_picture(shown)) if shown else "",
        bubble_parts=json.dumps(parts),
    )
    return with_buttons(draft, LINK)


FINE = [
    bubble("text", coupon=COUPON),
    bubble("image", text="가" * 400, image_url="https://shop.example/", coupon=COUPON),
    bubble("wide", text="가" * 37 + "\n" + "가" * 38, coupon={**COUPON, "description": "가" * 18}),
    bubble("commerce", text="", commerce=GOODS),
    bubble("commerce", text="무료 배송", coupon=COUPON,
           commerce={**GOODS, "discount_price": 35_100, "discount_rate": 10}),
    bubble("commerce", commerce={**GOODS, "discount_price": 0, "discount_fixed": 39_000}),
]  # fmt: skip


@pytest.mark.parametrize("draft", FINE)
def test_what_a_bubble_holds_has_no_fault(shop, draft):
    assert must_be_mended(draft, shop) == []


@pytest.mark.parametrize(
    ("draft", "field", "problem"),
    [
        (bubble("image", text="가" * 401), "body_text", "it has 401 letters"),
        (bubble("image", text="가\n" * 30 + "가"), "body_text", "it has 31 lines"),
        (bubble("wide", text="가" * 77), "body_text", "it has 77 letters"),
        (bubble("wide", text="가\n나\n다"), "body_text", "it has 3 lines"),
        (bubble("commerce", text="가" * 35, commerce=GOODS), "body_text", "it has 35 letters"),
        (bubble("text", text=""), "body_text", "it is empty"),
        (with_buttons(bubble("text", coupon=COUPON), *[LINK] * 5), "buttons", "there are 5"),
        (with_buttons(bubble("wide"), *[LINK] * 3), "buttons", "there are 3"),
        (with_buttons(bubble("wide"), {**LINK, "name": "가" * 9}), "buttons", "has 9 letters"),
        (
            with_buttons(bubble("wide"), {"kind": "AC", "name": "채널 추가"}),
            "buttons",
            "no kind 'AC'",
        ),
        (with_buttons(bubble("commerce", commerce=GOODS)), "buttons", "there is none"),
        (bubble("text", coupon={**COUPON, "title": "쿠폰"}), "coupon", "its title is '쿠폰'"),
        (bubble("text", coupon={**COUPON, "title": "0원 할인 쿠폰"}), "coupon", "its title"),
        (bubble("text", coupon={**COUPON, "description": "가" * 13}), "coupon", "13 letters"),
        (bubble("wide", coupon={**COUPON, "description": "가" * 19}), "coupon", "19 letters"),
        (bubble("text", coupon={**COUPON, "mobile_url": ""}), "coupon", "leads nowhere"),
        (bubble("text", coupon={"title": "x"}), "bubble", "missing required field"),
        (bubble("image", image_url="shop.example"), "image_url", "no web address"),
        (bubble("commerce"), "commerce", "there is none"),
        (bubble("image", commerce=GOODS), "commerce", "only a commerce bubble"),
        (bubble("commerce", commerce={**GOODS, "title": "가" * 31}), "commerce", "31 letters"),
        (
            bubble("commerce", commerce={**GOODS, "regular_price": 100_000_000}),
            "commerce",
            "regular_price is 100,000,000",
        ),
        (
            bubble("commerce", commerce={**GOODS, "discount_price": 1, "discount_rate": 0}),
            "commerce",
            "discount_rate is 0",
        ),
        (
            bubble("commerce", commerce={**GOODS, "discount_price": 1}),
            "commerce",
            "not said in one way",
        ),
        (
            bubble("commerce", commerce={**GOODS, "discount_rate": 10}),
            "commerce",
            "not said in one way",
        ),
        (replace(bubble("image"), picture=""), "image", "an image bubble needs one"),
        (bubble("text", picture=jpeg()), "image", "a text bubble shows none"),
        (bubble("wide", picture=png(600, 800)), "image", "600 by 800 pixels"),
        (replace(TEXT, bubble=BubbleKind.IMAGE), "bubble", "sms has no bubbles"),
        (replace(TEXT, bubble_parts='{"image_url":""}'), "bubble", "sms has no bubbles"),
        (
            replace(TEXT, picture=write_picture(read_picture(png()))),
            "image",
            "it is PNG",
        ),
        (
            replace(TEXT, picture=write_picture(read_picture(jpeg())), subject="제" * 21),
            "subject",
            "title of at most 40 bytes",
        ),
    ],
)
def test_what_a_bubble_or_a_text_does_not_hold_is_named(shop, draft, field, problem):
    (found,) = must_be_mended(draft, shop)

    assert (found.field, problem in found.problem) == (field, True), found
    assert found.remedy


def test_a_mail_shows_no_picture_of_its_own(shop):
    mail = replace(
        TEXT,
        channel="email",
        subject="소식",
        body_html="<p>소식</p>",
        picture=write_picture(read_picture(jpeg())),
    )

    (found,) = must_be_mended(mail, shop)

    assert (found.field, found.problem) == ("image", "email shows none")


def test_who_goes_beyond_friends_is_told_what_kakao_asks(shop):
    beyond = replace(bubble("text"), targeting=Targeting.CONSENTED)

    (found,) = lint_template(beyond, workspace=shop)

    assert (found.is_advice, found.field) == (True, "targeting")
    assert "50,000 friends" in found.remedy


HEAD = """name: sale
channel: kakao_brand
purpose: marketing
locale: ko
subject: 할인
"""
BODY = "---\n새 옷\n---\n"


def parsed(*lines: str) -> Draft:
    return parse_template(HEAD + "".join(f"{line}\n" for line in lines) + BODY, show=str.upper)


def test_a_file_says_how_its_bubble_looks():
    draft = parsed(
        "image: sale.jpg",
        "bubble: commerce",
        "targeting: consented",
        "image_url: https://shop.example/",
        f"coupon: {json.dumps(COUPON)}",
        f"commerce: {json.dumps(GOODS)}",
    )

    assert draft.picture == "SALE.JPG"
    assert (draft.bubble, draft.targeting) == (BubbleKind.COMMERCE, Targeting.CONSENTED)
    assert json.loads(draft.bubble_parts) == {
        "image_url": "https://shop.example/",
        "coupon": COUPON,
        "commerce": GOODS,
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bubble: carousel", "bubble is 'carousel'; write text or image or wide or commerce"),
        ("targeting: all", "targeting is 'all'; write friends or"),
        ("coupon: 10%", "coupon is no JSON"),
        ("picture: sale.jpg", "a field 'picture', which there is not"),
    ],
)
def test_what_a_file_cannot_say_is_named(line, said):
    with pytest.raises(ValueError, match=said):
        parsed(line)


def test_friendtalk_is_refused_with_what_took_its_place():
    with pytest.raises(ValueError, match="ended on 31 December 2025; write channel: kakao_brand"):
        parse_template((HEAD + BODY).replace("kakao_brand", "friendtalk"))


def test_what_comes_with_dangol_shows_no_picture():
    with pytest.raises(ValueError, match="template apply"):
        parse_template(HEAD + "image: sale.jpg\n" + BODY)
