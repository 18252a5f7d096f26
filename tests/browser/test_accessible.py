"""Every page as axe sees it, which knows what keeps people from using a page."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Served
from tests.browser.test_console import sign_in
from tests.browser.test_segments import add
from tests.build import TEST_VAULT

from dangol.content.tokens import TokenPurpose, sign_message

WEB = Path(__file__).resolve().parents[2] / "web"
AXE = WEB / "node_modules/axe-core/axe.min.js"
# Where each of the console's routes is looked at.
PLACES = {
    "/": "/",
    "/customers": "/customers",
    "/customers/:id": "/customers/{minji}",
    "/customers/:id/why": "/customers/{minji}/why",
    "/segments": "/segments",
    "/segments/new": "/segments/new",
    "/segments/:name": "/segments/lapsed",
    "/segments/:name/edit": "/segments/lapsed/edit",
    "/lists": "/lists",
    "/data": "/data",
    "/guard": "/guard",
    "/guard/limits": "/guard/limits",
    "/guard/privacy": "/guard/privacy",
    "/guard/law": "/guard/law",
    "/sending": "/sending",
    "/sending/receivers": "/sending/receivers",
    "/sending/dead": "/sending/dead",
    "/mailbox": "/mailbox",
    "/mailbox/:id": "/mailbox/{mail}",
    "/results": "/results?first=2027-03-01&last=2027-03-02",
    "/webhooks": "/webhooks",
    "/audiences": "/audiences",
    "*": "/nowhere",
}
LANGUAGES = pytest.mark.parametrize(
    ("language", "width"), [("ko", 1280), ("en", 390)], ids=["ko, wide", "en, phone"]
)
OF_LANDMARKS = ("region", "landmark-unique", "landmark-no-duplicate-banner")
Look = Callable[..., list[str]]
# What still moves is half transparent, and would be taken for pale.
SETTLED = """
Promise.allSettled(
    document.getAnimations()
        .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished)
)
"""
# What opens over a page fades in.
ALL_OPEN = """
() => [...document.querySelectorAll("[role=dialog], [role=menu], [role=listbox]")]
    .every((one) => getComputedStyle(one).opacity === "1")
"""
# One mail of the mailbox that every test's shop has.
MAIL = "00000001-abcdef12"


@pytest.fixture(scope="session")
def axe(must: bool) -> str:  # noqa: FBT001  a fixture is asked for by name
    """The script that looks, or a skip where the console's packages are not installed."""
    if not AXE.is_file():
        assert not must, f"{AXE} is missing: run `make setup`"
        pytest.skip("axe-core is missing: run `make setup`")
    return AXE.read_text("utf-8")


@pytest.fixture
def look(page: Page, axe: str) -> Look:
    """Look at the page as it is now."""
    return partial(look_at, page, axe)


def look_at(page: Page, axe: str, what: str, *, over: bool = False) -> list[str]:
    """Tell what is wrong with a page as it is now, and where.

    What opens ``over`` a page belongs to none of its landmarks, and brings its own.
    """
    page.wait_for_function(ALL_OPEN)
    page.evaluate(SETTLED)
    page.evaluate(axe)
    rules = {rule: {"enabled": not over} for rule in OF_LANDMARKS}
    found = page.evaluate("rules => axe.run({resultTypes: ['violations'], rules})", rules)
    return [
        f"{what}: {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_every_route_of_the_console_is_looked_at():
    routes = re.findall(r'path: "(.*?)"', (WEB / "src/routes.tsx").read_text("utf-8"))

    assert routes
    assert set(routes) == set(PLACES)


@LANGUAGES
def test_the_console_keeps_nobody_out(
    page: Page, look: Look, served: Served, language: str, width: int
):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wrong = look("signing in")
    sign_in(page)
    expect(page).to_have_title("흐름 · 단골")
    page.evaluate("language => localStorage.setItem('dangol.locale', language)", language)
    for place in PLACES.values():
        page.goto(place.format(minji=served.shop.minji, mail=MAIL))
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true], .mantine-Loader-root")).to_have_count(0)
        wrong += look(f"{place}, {language}")
    assert not wrong, "\n".join(wrong)


def test_what_opens_over_a_page_keeps_nobody_out(page: Page, look: Look, served: Served):
    sign_in(page)
    expect(page).to_have_title("흐름 · 단골")
    page.get_by_role("button", name="내 계정").click()
    expect(page.get_by_role("menu")).to_be_visible()
    wrong = look("the member's menu", over=True)
    page.goto("/segments")
    page.get_by_role("button", name="준비된 것에서 고르기").click()
    expect(page.get_by_role("dialog").get_by_role("link").first).to_be_visible()
    wrong += look("the gallery", over=True)
    page.goto("/lists")
    page.get_by_role("button", name="CSV 올리기").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    wrong += look("uploading a list", over=True)
    page.goto("/segments/new")
    page.get_by_role("button", name="조건 추가").click()
    expect(page.get_by_role("menu")).to_be_visible()
    wrong += look("what can be added", over=True)
    page.goto(f"/customers/{served.shop.minji}")
    page.get_by_role("button", name="모두 내려받기").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    wrong += look("what a copy is for", over=True)
    page.goto(f"/customers/{served.shop.minji}/why")
    page.get_by_role("button", name="왜 들어오지 않았나요?").first.click()
    page.get_by_role("button", name="자세히").first.click()
    expect(page.get_by_text("들어오기 전에 이렇게 확인해요")).to_be_visible()
    expect(page.get_by_text("판단과 발송 기록")).to_be_visible()
    wrong += look("reasons in full", over=True)
    page.goto("/webhooks")
    page.get_by_role("button", name="웹훅 더하기").click()
    page.get_by_label("고른 것만").check()
    expect(page.get_by_role("checkbox").first).to_be_visible()
    wrong += look("adding a webhook", over=True)
    page.get_by_label("모두").check()
    page.get_by_role("dialog").get_by_label("이름").fill("desk")
    page.get_by_label("받을 주소").fill("https://desk.example/in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="비밀 키")).to_be_visible()
    wrong += look("a secret", over=True)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="desk 시험 호출").click()
    page.get_by_role("button", name="호출 기록: desk").click()
    expect(page.get_by_role("list", name="desk 호출 기록").get_by_role("listitem")).to_be_visible()
    wrong += look("calls", over=True)
    page.goto("/audiences")
    page.get_by_role("button", name="대상 만들기").click()
    expect(page.get_by_role("dialog").get_by_label("최대 주소 수")).to_be_visible()
    wrong += look("a new audience", over=True)
    assert not wrong, "\n".join(wrong)


def test_every_condition_a_form_can_make_keeps_nobody_out(page: Page, look: Look):
    sign_in(page)
    expect(page).to_have_title("흐름 · 단골")
    page.goto("/segments/new")
    page.get_by_role("button", name="조건 추가").click()
    # Reading them all does not wait for the menu to open.
    expect(page.get_by_role("menuitem").first).to_be_visible()
    kinds = [item.inner_text().splitlines()[0] for item in page.get_by_role("menuitem").all()]
    page.keyboard.press("Escape")
    for kind in kinds:
        add(page, kind)
    # The last menu fades away.
    expect(page.locator(".mantine-Menu-dropdown")).to_have_count(0)
    wrong = look("all conditions")

    page.get_by_role("button", name="발행하기").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    wrong += look("what is wrong")
    assert not wrong, "\n".join(wrong)


@LANGUAGES
def test_the_opt_out_page_keeps_nobody_out(
    browser: Browser, axe: str, served: Served, language: str, width: int
):
    token = sign_message(
        TEST_VAULT,
        TokenPurpose.UNSUBSCRIBE,
        workspace_id=served.workspace,
        message_id=served.shop.sent,
    )
    context = browser.new_context(
        base_url=served.address, locale=language, viewport={"width": width, "height": 844}
    )
    page = context.new_page()
    wrong: list[str] = []
    for path in (f"/u/{token}", "/u/nothing"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        wrong += look_at(page, axe, path)
    page.goto(f"/u/{token}")
    for _ in range(2):
        # It stops the mail, and then brings it back; beside that it asks for the reason.
        page.get_by_role("button").first.click()
        wrong += look_at(page, axe, page.inner_text("main"))
    context.close()
    assert not wrong, "\n".join(wrong)
