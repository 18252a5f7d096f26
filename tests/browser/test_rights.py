"""What a customer may ask an owner for, done in the console."""

from playwright.sync_api import expect
from tests.browser.test_console import faults, sign_in  # noqa: F401 - a fixture


def test_an_owner_forgets_somebody_after_typing_their_number(page, faults):  # noqa: F811
    sign_in(page)
    page.get_by_role("link", name="고객", exact=True).click()
    page.get_by_role("link", name="hana").click()
    expect(page).to_have_title("hana · 단골")
    number = page.url.rpartition("/")[2]

    page.get_by_role("button", name="완전히 삭제").click()
    expect(page.get_by_role("button", name="삭제하기")).to_be_disabled()
    page.get_by_label("확인을 위해").fill(number)
    page.get_by_role("button", name="삭제하기").click()

    expect(page.get_by_text("이제 아무것도 보내지 않아요")).to_be_visible()
    expect(page.get_by_role("button", name="완전히 삭제")).to_have_count(0)
    assert [fault for fault in faults if "401" not in fault] == []


def test_an_owner_downloads_what_is_held(page):
    sign_in(page)
    page.get_by_role("link", name="고객", exact=True).click()
    page.get_by_role("link", name="minji").click()

    page.get_by_role("button", name="모두 내려받기").click()
    page.get_by_role("button", name="내려받기", exact=True).click()
    expect(page.get_by_text("이유를 적어 주세요.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_label("이유").fill("고객이 전화로 요청")
        page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert download.value.suggested_filename.startswith("customer-")


def test_on_a_phone_the_last_button_is_not_under_the_bar(page):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page)
    page.get_by_role("link", name="고객", exact=True).click()
    page.get_by_role("link", name="minji").click()

    page.get_by_role("button", name="완전히 삭제").click()

    expect(page.get_by_role("button", name="삭제하기")).to_be_visible()
