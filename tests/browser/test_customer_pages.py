"""The customer pages in a real browser: without script, at 320 pixels, by keyboard, for axe."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import Browser, Page
from tests.browser.conftest import Served
from tests.browser.test_accessible import LANGUAGES, axe, look_at  # noqa: F401 - a fixture
from tests.build import TEST_VAULT, give_consent, one, reach

from dangol.app.clock import machine_time
from dangol.content.tokens import TokenPurpose, sign_page
from dangol.pages.visit import PATHS

NARROW = {"width": 320, "height": 640}
# How wide the page is beyond its window.
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module", autouse=True)
def texted(served: Served) -> None:
    """Somebody who gets text messages and Kakao, too, whose night is their own to choose."""
    with psycopg.connect(served.dsn) as connection:
        who = one(
            connection, "select customer_id from message where id = %(sent)s", sent=served.shop.sent
        )
        for channel in ("sms", "kakao_brand"):
            reach(connection, served.workspace, customer_id=who, channel=channel)
            # The server goes by the machine's clock: what is said now comes after it.
            give_consent(
                connection,
                served.workspace,
                customer_id=who,
                channel=channel,
                now=machine_time() - timedelta(days=1),
            )


def path_of(served: Served, purpose: TokenPurpose) -> str:
    token = sign_page(
        TEST_VAULT,
        purpose,
        workspace_id=served.workspace,
        message_id=served.shop.sent,
        now=machine_time(),
    )
    return f"{PATHS[purpose]}/{token}"


@pytest.fixture
def narrow(browser: Browser, served: Served) -> Iterator[Page]:
    """A small window without script."""
    context = browser.new_context(
        base_url=served.address, locale="ko-KR", viewport=NARROW, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_customer_pages_keep_nobody_out(
    browser: Browser,
    axe: str,  # noqa: F811 - the fixture
    served: Served,
    language: str,
    width: int,
    scheme: str,
):
    context = browser.new_context(
        base_url=served.address,
        locale=language,
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    wrong: list[str] = []
    for purpose, path in PATHS.items():
        page.goto(path_of(served, purpose))
        assert page.locator("html").get_attribute("lang") == language
        wrong += look_at(page, axe, path)
    page.goto(path_of(served, TokenPurpose.PREFERENCES))
    page.locator("button[value=weekly]").click()
    wrong += look_at(page, axe, "a change")
    page.locator("[aria-labelledby=nights] button").click()
    page.wait_for_selector(".said")
    wrong += look_at(page, axe, "the night")
    page.locator("[aria-labelledby=ways] button").last.click()
    page.wait_for_selector(".said")
    wrong += look_at(page, axe, "a channel")
    page.goto(path_of(served, TokenPurpose.ERASE))
    page.locator("#email").fill("somebody@shop.example")
    page.locator("input[type=checkbox]").check()
    page.locator("button[value=erase]").click()
    assert page.locator(".wrong").is_visible()
    wrong += look_at(page, axe, "a wrong address")
    context.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("purpose", list(PATHS))
def test_nothing_hangs_over_the_edge_of_a_small_window(
    browser: Browser, served: Served, purpose: TokenPurpose
):
    context = browser.new_context(base_url=served.address, locale="en", viewport=NARROW)
    page = context.new_page()
    page.goto(path_of(served, purpose))
    over = page.evaluate(OVERHANG)
    context.close()

    assert over <= 0


def test_every_choice_can_be_made_without_script(narrow: Page, served: Served):
    narrow.goto(path_of(served, TokenPurpose.PREFERENCES))

    narrow.locator("button[value=rest]").click()

    assert "광고를 쉬어요" in narrow.locator(".said").inner_text()
    narrow.locator(".said button").click()
    assert "다시 소식을 보내 드려요" in narrow.locator(".said").inner_text()


def test_a_channel_is_stopped_and_had_again_without_script(narrow: Page, served: Served):
    narrow.goto(path_of(served, TokenPurpose.PREFERENCES))
    stopped = narrow.get_by_role("button", name="카카오톡으로 받기")
    if stopped.count():
        stopped.click()

    narrow.get_by_role("button", name="카카오톡으로 그만 받기").click()

    assert "카카오톡으로 보내지 않아요" in narrow.locator(".said").inner_text()
    narrow.locator(".said button").click()
    assert "카카오톡으로 보내 드려요" in narrow.locator(".said").inner_text()
    assert narrow.get_by_role("button", name="카카오톡으로 그만 받기").is_visible()


def test_the_night_is_opened_and_closed_without_script(narrow: Page, served: Served):
    narrow.goto(path_of(served, TokenPurpose.PREFERENCES))
    if narrow.locator("button[value=night-off]").count():
        narrow.locator("button[value=night-off]").click()

    narrow.get_by_role("button", name="문자: 밤에도 받기").click()

    assert "밤에도 광고를 보낼 수 있어요" in narrow.locator(".said").inner_text()
    narrow.locator(".said button").click()
    assert "밤에는 광고를 보내지 않아요" in narrow.locator(".said").inner_text()


def test_by_keyboard_a_change_is_made_and_undone_where_the_reader_is_led(
    browser: Browser, served: Served
):
    context = browser.new_context(base_url=served.address, locale="ko-KR")
    page = context.new_page()
    page.goto(path_of(served, TokenPurpose.PREFERENCES))
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "rest":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".said")

    # The confirmation has the focus, and its button comes next.
    assert page.evaluate("document.activeElement.className") == "said"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*done=wake*")
    said = page.locator(".said").inner_text()
    context.close()

    assert "쉬는 기간을 마쳤어요" in said
