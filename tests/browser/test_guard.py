"""The pages about reasons and limits, as somebody uses them who has only a keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Served
from tests.browser.test_console import sign_in
from tests.build import NOON
from tests.journeys.test_kinds import run

from dangol.store.connect import Connection, connect


@pytest.fixture
def database(served: Served) -> Iterator[Connection]:
    connection = connect(served.dsn)
    yield connection
    connection.close()


def enter(page: Page, place: str) -> None:
    sign_in(page)
    expect(page).to_have_title("흐름 · 단골")
    page.goto(place)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_why_a_customer_is_not_in_a_journey_is_one_press_away(
    page: Page, served: Served, database: Connection
):
    steps = "steps:\n  - {name: note, kind: message, template: note}\n"
    run(database, served.workspace, f"entry: {{event: Cart Viewed}}\n{steps}")
    enter(page, f"/customers/{served.shop.jiwoo}")
    page.get_by_role("link", name="받은 이유와 못 받은 이유").click()

    press(page, "왜 들어오지 않았나요?: 장바구니")

    expect(page.get_by_text("이벤트가 이 고객에게는 한 번도 없었어요")).to_be_visible()
    expect(page.get_by_text("광고 수신에 동의하지 않았어요").first).to_be_visible()


def test_reasons_are_told_of_each_journey_and_sum_up(page: Page):
    enter(page, "/guard")
    table = page.get_by_role("table", name="이유별 메시지 수")

    expect(table.get_by_role("row").last).to_contain_text("3100%")
    page.get_by_role("combobox", name="여정").click()
    page.get_by_role("option", name="win-back (3통)").click()

    expect(page).to_have_url("/guard?journey=win-back")
    expect(table.get_by_role("row").last).to_contain_text("3100%")


def test_a_limit_that_was_removed_comes_back_by_one_press(page: Page):
    enter(page, "/guard/limits")
    caps = page.get_by_role("list", name="따로 둔 한도")
    press(page, "한도 더하기")
    expect(caps.get_by_role("listitem")).to_have_text(["모든 채널 · 모든 주제 · 7일에 1통까지빼기"])

    press(page, "모든 채널 · 모든 주제 · 7일에 1통까지 빼기")
    expect(caps).to_have_count(0)
    press(page, "되돌리기")

    expect(caps.get_by_role("listitem")).to_have_count(1)


def test_limits_are_saved_and_say_so(page: Page, database: Connection):
    enter(page, "/guard/limits")
    page.get_by_role("textbox", name="하루에 모든 채널을 합친 수").fill("1")
    page.get_by_label("쉬기 시작").fill("20:30")

    press(page, "저장")

    expect(page.get_by_text("저장했어요.")).to_be_visible()
    asked = "select daily_messages, quiet_from::text from workspace"
    assert database.execute(asked).fetchone() == (1, "20:30:00")


def test_a_stopped_message_goes_on_after_a_question(
    page: Page, served: Served, database: Connection
):
    database.execute(
        "insert into journey_stop (workspace_id, journey_id, template_id, sent, opt_outs,"
        " share_at_least, opt_out_limit, stopped_at)"
        " select %s, journey.id, template.id, 200, 9, 0.021, 0.01, %s from journey, template"
        " where journey.name = 'win-back'",
        (served.workspace, NOON),
    )
    database.commit()
    enter(page, "/guard/limits")
    press(page, "다시 보내기: note (win-back)")
    page.get_by_role("dialog").get_by_role("button", name="다시 보내기").click()

    expect(page.get_by_text("“note (win-back)” 메시지를 다시 보내요.")).to_be_visible()
    expect(page.get_by_text("멈춘 메시지가 없어요")).to_be_visible()


def test_an_owner_sees_who_saw_whose_data(page: Page, served: Served):
    enter(page, f"/customers/{served.shop.hana}")
    expect(page.get_by_role("heading", name="hana")).to_be_visible()
    assert page.request.get("/api/segments/lapsed/members").ok
    page.goto("/guard/privacy")
    expect(page.get_by_text("“lapsed” 세그먼트의 고객")).to_be_visible()
    page.get_by_label("누구의 정보를").fill("user:hana")
    page.keyboard.press("Enter")

    log = page.get_by_role("table", name="열람 기록")
    expect(log.get_by_role("row").last).to_contain_text("고객 화면")
    expect(log.get_by_role("link", name=f"고객 {served.shop.hana}").first).to_be_visible()
    page.get_by_label("누구의 정보를").fill("nobody@shop.example")
    press(page, "찾기")
    expect(page.get_by_role("alert")).to_contain_text("그런 고객이 없어요")


def test_the_law_is_printed_without_what_belongs_to_the_screen(page: Page):
    enter(page, "/guard/law")
    expect(page.get_by_role("heading", name="대한민국")).to_be_visible()
    expect(page.get_by_text("법률 자문이 아니에요")).to_be_visible()

    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="인쇄하기")).to_be_hidden()
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_text("법률 자문이 아니에요")).to_be_visible()
