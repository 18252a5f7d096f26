"""The page of webhooks, as somebody uses it who has only a keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Served
from tests.browser.test_guard import enter, press
from tests.build import NOON

from dangol.store.connect import Connection, connect


@pytest.fixture
def database(served: Served) -> Iterator[Connection]:
    connection = connect(served.dsn)
    yield connection
    connection.close()


def add(page: Page, name: str, url: str = "https://desk.example/in") -> None:
    press(page, "웹훅 더하기")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("이름").fill(name)
    dialog.get_by_label("받을 주소").fill(url)
    dialog.get_by_label("받을 주소").press("Enter")


def add_well(page: Page, name: str) -> None:
    """Add a webhook and put its secret away."""
    add(page, name)
    secret = page.get_by_role("textbox", name="비밀 키")
    expect(secret).to_be_visible()
    page.keyboard.press("Escape")
    expect(secret).to_have_count(0)


def test_a_webhook_is_added_and_its_secret_shown_once(page: Page):
    enter(page, "/webhooks")
    expect(page.get_by_text("Standard Webhooks 규격으로 서명해요")).to_be_visible()
    add(page, "once", "https://10.0.0.1/in")
    expect(page.get_by_role("alert")).to_contain_text("인터넷에 공개된 주소")
    page.get_by_role("dialog").get_by_label("받을 주소").fill("https://desk.example/in")
    page.keyboard.press("Enter")

    secret = page.get_by_role("textbox", name="비밀 키")
    expect(secret).to_be_visible()
    assert secret.input_value().startswith("whsec_")
    page.keyboard.press("Escape")

    expect(secret).to_have_count(0)
    expect(page.get_by_role("region", name="once")).to_contain_text("https://desk.example/in")


def test_a_header_is_set_and_never_shown(page: Page):
    enter(page, "/webhooks")
    add_well(page, "sealed")
    page.get_by_role("button", name="sealed 설정").press("Enter")
    page.get_by_role("menuitem", name="헤더 바꾸기").press("Enter")
    page.get_by_label("헤더 이름").fill("X-Api-Key")
    page.get_by_role("textbox", name="값").fill("canary-4711")
    page.keyboard.press("Enter")

    expect(page.get_by_text("X-Api-Key 헤더를 저장했어요.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="sealed")).to_contain_text("X-Api-Key")
    assert "canary-4711" not in page.content()


def test_a_failed_call_is_sent_again_by_one_press(page: Page, database: Connection):
    enter(page, "/webhooks")
    add_well(page, "late")
    database.execute(
        "insert into webhook_call (workspace_id, endpoint_id, kind, occurred_at, data, state,"
        " attempts, due_at, settled_at, status, answer) select workspace_id, id, 'message.sent',"
        " %s, '{}', 'failed', 8, null, %s, 500, 'out of order' from webhook_endpoint"
        " where name = 'late'",
        (NOON, NOON),
    )
    database.commit()
    page.reload()
    press(page, "호출 기록: late")
    calls = page.get_by_role("list", name="late 호출 기록").get_by_role("listitem")
    expect(calls).to_contain_text("out of order")

    calls.get_by_role("button").press("Enter")

    expect(page.get_by_text("호출 1개를 다시 보내요.")).to_be_visible()
    expect(calls).to_contain_text("기다림")


def test_a_webhook_goes_after_a_question(page: Page):
    enter(page, "/webhooks")
    add_well(page, "gone")
    page.get_by_role("button", name="gone 설정").press("Enter")
    page.get_by_role("menuitem", name="지우기").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="지우기").press("Enter")

    expect(page.get_by_text("gone 웹훅을 지웠어요.")).to_be_visible()
    expect(page.get_by_role("region", name="gone")).to_have_count(0)
