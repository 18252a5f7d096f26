"""Templates of text and Kakao messages are read before carriers, Kakao and the law do."""

import json
from dataclasses import replace

import pytest

from dangol.content.lint import Fault, lint_template
from dangol.content.template import Draft
from dangol.store.workspace import read_workspace

ORDER = Draft(
    name="order_received",
    channel="kakao_alimtalk",
    purpose="informational",
    locale="ko",
    subject="",
    body_text="#{이름}님, 주문 #{주문번호}을 받았어요.",
    body_html="",
    vendor_code="ORDER_1",
)
WEB = {"kind": "WL", "name": "주문 보기", "mobile_url": "https://shop.example/#{주문번호}"}
APP = {"kind": "AL", "name": "앱", "android_url": "shop://orders", "ios_url": "shop://orders"}
NEWS = replace(
    ORDER,
    channel="kakao_brand",
    purpose="marketing",
    body_text="새 옷이 들어왔어요.",
    vendor_code="",
)
KEPT = replace(NEWS, body_text="#{이름}님, 새 옷이 들어왔어요.")
TEXT = replace(ORDER, channel="sms", purpose="marketing", body_text="새 옷이 들어왔어요.")


@pytest.fixture
def shop(connection, workspace):
    connection.execute("update workspace set opt_out_phone = '080-123-4567'")
    return read_workspace(connection, workspace_id=workspace)


def problems(draft: Draft, shop) -> list[str]:
    return [fault.problem for fault in must_be_mended(draft, shop)]


def must_be_mended(draft: Draft, shop) -> list[Fault]:
    return [fault for fault in lint_template(draft, workspace=shop) if not fault.is_advice]


def with_buttons(draft: Draft, *buttons: dict[str, str]) -> Draft:
    return replace(draft, buttons=json.dumps(buttons))


@pytest.mark.parametrize(
    "draft",
    [
        ORDER,
        with_buttons(ORDER, WEB, APP),
        with_buttons(NEWS, APP),
        with_buttons(ORDER, {**APP, "ios_url": "", "mobile_url": "https://shop.example/"}),
        replace(ORDER, emphasis_title="주문 #{주문번호}", emphasis_subtitle="단골 상점"),
        NEWS,
        KEPT,
        TEXT,
    ],
)
def test_what_all_will_take_has_no_fault(shop, draft):
    assert must_be_mended(draft, shop) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("가" * 1_001, "it has 1,001 letters"),
        ("{{ customer.name }}님", "it holds {{ or {%"),
        ("(광고) 새 소식", "Alimtalk carries no advertising"),
        ("할인 쿠폰을 드려요", "'할인' promotes"),
        ("".join(f"#{{a{number}}}" for number in range(41)), "it has 41 gaps"),
        ("#{이름님", "not written as #{name}"),
        ("# {이름}님", "not written as #{name}"),
        ("#{traits.name}님", "holds a space or a dot"),
        ("#{ 이름 }님", "holds a space or a dot"),
    ],
)
def test_what_kakao_refuses_in_an_alimtalk_is_named(shop, text, problem):
    (found,) = problems(replace(ORDER, body_text=text), shop)

    assert problem in found


@pytest.mark.parametrize(
    ("button", "problem"),
    [
        ({**WEB, "name": "가" * 15}, "its name has 15 letters"),
        ({**WEB, "name": ""}, "its name has 0 letters"),
        ({**WEB, "name": "#{이름}님"}, "its name has a gap"),
        ({"kind": "WL", "name": "보기"}, "it leads nowhere"),
        ({**WEB, "mobile_url": "shop.example"}, "is no web address"),
        ({**WEB, "mobile_url": "https://shop.example/" + "a" * 480}, "an address has 501"),
        ({"kind": "AL", "name": "앱"}, "it leads to too few places"),
        ({**APP, "ios_url": ""}, "it leads to too few places"),
        ({**APP, "android_url": "orders"}, "is no address of an app"),
        ({**APP, "ios_url": "shop://" + "a" * 500}, "an address has 507"),
        ({**APP, **WEB}, "only an app link leads into an app"),
        ({"kind": "XX", "name": "앱"}, "there is no kind 'XX'"),
        ({"kind": "AC", "name": "친구 추가"}, "added elsewhere"),
    ],
)
@pytest.mark.parametrize("draft", [ORDER, NEWS])
def test_what_kakao_refuses_in_a_button_is_named(shop, draft, button, problem):
    (found,) = problems(with_buttons(draft, button), shop)

    assert found.startswith("button 1: ")
    assert problem in found


@pytest.mark.parametrize(
    ("title", "subtitle", "problem"),
    [
        ("주문 완료", "", "one of its two parts is missing"),
        ("", "단골 상점", "one of its two parts is missing"),
        ("가" * 51, "단골 상점", "it has 51 letters"),
        ("주문 완료", "가" * 51, "it has 51 letters"),
        ("주문 #{번호", "단골 상점", "not written as #{name}"),
        ("(광고) 주문", "단골 상점", "Alimtalk carries no advertising"),
    ],
)
def test_what_cannot_stand_above_an_alimtalk_is_named(shop, title, subtitle, problem):
    shown = replace(ORDER, emphasis_title=title, emphasis_subtitle=subtitle)

    (found,) = must_be_mended(shown, shop)

    assert found.field == "emphasis_title"
    assert problem in found.problem


@pytest.mark.parametrize("draft", [NEWS, TEXT, replace(TEXT, channel="email", subject="새 옷")])
def test_only_an_alimtalk_has_something_above_its_text(shop, draft):
    shown = replace(draft, emphasis_title="새 옷", emphasis_subtitle="단골 상점")

    assert [one.field for one in must_be_mended(shown, shop)] == ["emphasis_title"]


def test_the_button_that_adds_the_channel_stands_first_and_costs_letters(shop):
    add = {"kind": "AC", "name": "채널 추가"}

    assert problems(with_buttons(ORDER, add, WEB), shop) == []
    assert "added elsewhere" in problems(with_buttons(ORDER, WEB, add), shop)[0]
    assert problems(with_buttons(replace(ORDER, body_text="가" * 961), add), shop) == [
        "it has 961 letters"
    ]


def test_there_are_five_buttons_at_most(shop):
    assert problems(with_buttons(ORDER, *[WEB] * 6), shop) == ["there are 6"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#{이름}님, {{ shop.name }} 소식이에요.", "it holds {{ or {%"),
        ("#{이름}님, #{traits.size} 코트예요.", "holds a space or a dot"),
        ("#{이름}님 " + "가" * 1_300, "it has 1,307 letters"),
        ("(광고) #{이름}님", "Kakao puts the mark in front by itself"),
    ],
)
def test_what_cannot_be_in_a_brand_message_that_a_vendor_keeps_is_named(shop, text, problem):
    (found,) = problems(replace(NEWS, body_text=text), shop)

    assert problem in found


def test_a_brand_message_with_gaps_must_be_registered(shop):
    (found,) = lint_template(KEPT, workspace=shop)

    assert (found.field, found.is_advice) == ("vendor_code", True)
    assert "--channel kakao_brand" in found.remedy


def test_delivery_tracking_is_for_alimtalk_only(shop):
    track = {"kind": "DS", "name": "배송 조회"}

    assert problems(with_buttons(ORDER, track), shop) == []
    assert "no kind 'DS'" in problems(with_buttons(NEWS, track), shop)[0]


@pytest.mark.parametrize(
    "draft", [replace(ORDER, purpose="marketing"), replace(NEWS, purpose="informational")]
)
def test_each_kakao_channel_carries_one_purpose(shop, draft):
    assert [fault.field for fault in must_be_mended(draft, shop)] == ["purpose"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("가" * 1_301, "it has 1,301 letters"),
        ("가\n" * 100, "it has 101 lines"),
        ("(광고) 새 옷", "Kakao puts the mark in front by itself"),
    ],
)
def test_what_a_text_bubble_does_not_hold_is_named(shop, text, problem):
    (found,) = problems(replace(NEWS, body_text=text), shop)

    assert problem in found


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("새 옷 👕", "body_text", "cannot carry 👕"),
        ("가" * 1_001, "body_text", "bytes: shorten it"),
        ("", "body_text", "it is empty"),
        ("{{ customer.name }}님", "body_text", "may be unknown"),
    ],
)
def test_what_no_text_message_can_be_is_named(shop, text, field, problem):
    (found,) = must_be_mended(replace(TEXT, body_text=text), shop)

    assert (found.field, problem in found.problem) == (field, True)


def test_a_long_text_has_a_short_title(shop):
    long = replace(TEXT, body_text="가" * 60, subject="제" * 21)

    assert [fault.field for fault in must_be_mended(long, shop)] == ["subject"]
    assert must_be_mended(replace(long, subject="제" * 20), shop) == []


def test_a_shop_without_a_free_number_is_advised_to_have_one(connection, workspace):
    shop = read_workspace(connection, workspace_id=workspace)

    (found,) = lint_template(TEXT, workspace=shop)

    assert (found.is_advice, found.field) == (True, "workspace")


def test_an_alimtalk_that_no_vendor_keeps_is_advised_to_be_registered(shop):
    (found,) = lint_template(replace(ORDER, vendor_code=""), workspace=shop)

    assert found.is_advice
    assert "template register order_received" in found.remedy


def test_buttons_that_are_none_are_said_to_be(shop):
    (found,) = lint_template(replace(ORDER, buttons="[{}]"), workspace=shop)

    assert found.field == "buttons"
