"""The page of ad audiences, as somebody uses it who has only a keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Served
from tests.browser.test_guard import enter, press

from dangol.store.connect import Connection, connect

MAKE = """
insert into audience (workspace_id, name, segment_id, network, network_ref, channels, most, ends_at,
    created_at, due_at, synced_at, left_out, fault)
select workspace_id, %s, id, 'meta', '2385', '{email}', 100, created_at + interval '100 years',
    created_at, created_at, created_at, '{"no_consent": 2}', %s from segment
"""


@pytest.fixture
def database(served: Served) -> Iterator[Connection]:
    connection = connect(served.dsn)
    yield connection
    connection.execute("delete from audience")
    connection.commit()
    connection.close()


def make(database: Connection, name: str, *, fault: str = "") -> None:
    database.execute(MAKE, (name, fault))
    database.commit()


def test_whoever_is_left_out_is_told_by_why(page: Page, database: Connection):
    make(database, "regulars", fault="configuration 190 the token has expired")
    enter(page, "/audiences")

    audience = page.get_by_role("region", name="regulars")
    expect(audience).to_contain_text("외부 광고에 동의하지 않음2개")
    expect(audience).to_contain_text("토큰이 만료되지 않았는지 확인해 주세요")
    expect(audience).to_contain_text("the token has expired")
    expect(page.get_by_text("DANGOL_META_TOKEN")).to_be_visible()


def test_an_audience_is_paused_and_goes_on(page: Page, database: Connection):
    make(database, "regulars")
    enter(page, "/audiences")

    press(page, "regulars 잠시 멈추기")
    expect(page.get_by_text("regulars: 새로 넣지 않아요.")).to_be_visible()
    asked = "select paused_at is null from audience"
    assert database.execute(asked).fetchone() == (False,)
    database.rollback()
    press(page, "regulars 다시 넣기")

    expect(page.get_by_text("regulars: 1분 안에 다시 넣기 시작해요.")).to_be_visible()
    assert database.execute(asked).fetchone() == (True,)


def test_an_audience_goes_after_it_is_said_what_that_does(page: Page, database: Connection):
    make(database, "regulars")
    enter(page, "/audiences")
    press(page, "regulars 지우기")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Meta에서 주소 0개를 모두 빼내고")

    dialog.get_by_role("button", name="지우기").press("Enter")

    expect(page.get_by_text("regulars: 모두 빼내고 있어요.")).to_be_visible()
    expect(page.get_by_role("list", name="지운 대상")).to_contain_text("regulars")


def test_an_audience_is_made_of_a_segment(page: Page, database: Connection):
    enter(page, "/audiences")
    press(page, "대상 만들기")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("이름").fill("lapsed-ads")
    dialog.get_by_role("combobox", name="세그먼트").click()
    page.get_by_role("option", name="뜸해진 단골").click()
    dialog.get_by_label("네트워크의 대상 번호").fill("2385")
    page.keyboard.press("Enter")

    expect(page.get_by_text("lapsed-ads: 만들었어요.")).to_be_visible()
    row = database.execute("select name, network_ref, most from audience").fetchone()
    assert row == ("lapsed-ads", "2385", 50_000)
