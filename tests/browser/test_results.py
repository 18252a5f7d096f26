"""The page of results, as somebody uses it who has only a keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Served
from tests.browser.test_guard import enter, press

from dangol.store.connect import Connection, connect


@pytest.fixture
def database(served: Served) -> Iterator[Connection]:
    connection = connect(served.dsn)
    yield connection
    connection.close()


def test_results_of_days_are_told_and_kept_in_the_address(page: Page):
    # This server's clock is the machine's, and the shop's year another.
    enter(page, "/results?first=2027-03-01&last=2027-03-02")
    figures = page.get_by_role("list", name="win-back").get_by_role("listitem")
    expect(figures).to_contain_text("note")
    expect(figures).to_contain_text("사람이 열람1")
    expect(figures).to_contain_text("수신 거부0")
    expect(page.get_by_text("전환이 광고 덕분인지 알 수 없어요")).to_be_visible()

    page.get_by_label("첫날").fill("2027-02-01")
    page.get_by_label("마지막 날").fill("2027-02-02")
    press(page, "보기")

    expect(page).to_have_url("/results?first=2027-02-01&last=2027-02-02")
    expect(page.get_by_text("이 기간에 보낸 메시지가 없어요")).to_be_visible()


def test_the_table_is_one_press_away(page: Page):
    enter(page, "/results?first=2027-03-01&last=2027-03-02")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV 내려받기").press("Enter")

    assert waiting.value.suggested_filename == "results-2027-03-01-2027-03-02.csv"
    assert "win-back,note,1" in waiting.value.path().read_text("utf-8-sig")


def test_a_price_is_taken_back_by_one_press(page: Page, database: Connection):
    asked = "select kind, price::float from provider_price order by kind"
    enter(page, "/results")
    field = page.get_by_label("SOLAPI · 알림톡", exact=True)
    field.fill("7.5")
    field.press("Enter")
    expect(page.get_by_text("SOLAPI · 알림톡: 한 통에 7.5원으로 저장했어요.")).to_be_visible()
    assert database.execute(asked).fetchall() == [("alimtalk", 7.5)]
    database.rollback()

    press(page, "되돌리기")

    expect(page.get_by_text("SOLAPI · 알림톡: 단가를 지웠어요.")).to_be_visible()
    assert database.execute(asked).fetchall() == []
