import re

import pytest
from playwright.sync_api import Page, expect
from tests.console.shop import EMAIL, PASSWORD

expect.set_options(timeout=20_000)


def sign_in(page: Page, *, password: str = PASSWORD) -> None:
    page.goto("/")
    page.get_by_label("이메일").fill(EMAIL)
    page.get_by_label("비밀번호", exact=True).fill(password)
    page.get_by_role("button", name="로그인").click()


@pytest.fixture
def faults(page: Page) -> list[str]:
    """Collect what the page complains about in the browser's console."""
    said: list[str] = []
    page.on(
        "console",
        lambda line: (
            said.append(f"{line.text} {line.location['url']}") if line.type == "error" else None
        ),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_a_marketer_sees_the_flow_and_why_somebody_got_nothing(page, faults):
    sign_in(page)
    expect(page).to_have_title("흐름 · 단골")
    expect(page.get_by_test_id("stage-customers")).to_have_text("3")
    expect(page.get_by_test_id("stage-decisions")).to_have_text("3")

    page.get_by_role("link", name="광고 수신에 동의하지 않았어요").click()
    page.get_by_role("link", name="jiwoo").click()
    expect(page).to_have_title("jiwoo · 단골")
    page.get_by_role("button", name="왜 못 받았나요?").click()

    expect(page.get_by_text("동의하지 않았거나")).to_be_visible()
    expect(page.get_by_text("네, 그래서 멈췄어요")).to_be_visible()
    # Nobody was signed in at first, and the browser notes that answer.
    assert [fault for fault in faults if "401" not in fault] == []


def test_who_got_a_message_can_be_found_and_understood(page):
    sign_in(page)
    page.get_by_role("link", name="고객", exact=True).click()
    page.get_by_label("고객 찾기").fill("MINJI@shop.example")
    page.get_by_role("button", name="찾기").click()
    page.get_by_role("link", name="minji").click()

    page.get_by_role("button", name="왜 받았나요?").click()

    expect(page.get_by_text("막는 이유가 없었어요")).to_be_visible()
    expect(page.get_by_text("m•••i@shop.example").first).to_be_visible()


def test_the_language_switches_everywhere_and_is_remembered(page):
    sign_in(page)
    page.get_by_text("English").click()
    expect(page.get_by_role("heading", name="Flow")).to_be_visible()

    page.reload()

    expect(page).to_have_title("Flow · Dangol")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not re.search("[가-힣]", page.locator("main").inner_text().replace("뜸해진 단골", ""))


def test_the_data_page_tells_which_names_come_as_two_kinds(page, faults):
    sign_in(page)
    page.get_by_role("link", name="데이터", exact=True).click()

    expect(page).to_have_title("데이터 · 단골")
    traits = page.get_by_role("region", name="고객의 특성")
    grade = traits.get_by_role("listitem").filter(has_text="grade")
    expect(grade).to_contain_text("글 1,200")
    expect(grade).to_contain_text("숫자 1,200")
    expect(grade).to_contain_text("종류가 섞였어요")
    expect(page.get_by_text("너무 긴 이름이나 값 7개")).to_be_visible()
    assert [fault for fault in faults if "401" not in fault] == []


def test_a_mail_is_read_without_running_anything_it_brings(page):
    sign_in(page)
    page.get_by_role("link", name="메일함").click()
    page.get_by_role("link", name="(광고) 오랜만이에요").first.click()

    body = page.frame_locator("iframe[title='메일 본문']")

    expect(body.get_by_role("heading", name="잘 지내셨나요?")).to_be_visible()
    assert body.owner.element_handle().content_frame().title() != "stolen"


def test_the_keyboard_alone_reaches_and_works_the_pages(page):
    sign_in(page)
    expect(page).to_have_title("흐름 · 단골")
    page.reload()
    expect(page.get_by_test_id("stage-customers")).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="본문으로 건너뛰기")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_title("고객 · 단골")


def test_a_wrong_password_is_answered_with_what_to_do(page):
    sign_in(page, password="not the password")  # noqa: S106  nobody's

    expect(page.get_by_role("alert")).to_contain_text("다시 확인해 주세요")


def test_signing_out_leaves_nothing_on_the_screen(page):
    sign_in(page)
    page.get_by_role("button", name="내 계정").click()
    page.get_by_role("menuitem", name="로그아웃").click()
    expect(page.get_by_role("heading", name="다시 만나서 반가워요")).to_be_visible()

    page.goto("/customers")

    expect(page).to_have_title("로그인 · 단골")


def test_on_a_phone_nothing_sticks_out(page):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page)

    for path in ("/", "/customers", "/data", "/mailbox"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, path
