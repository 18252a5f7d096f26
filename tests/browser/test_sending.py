"""The pages about sending, as somebody uses them who has only a keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Served
from tests.browser.test_accessible import Look, axe, look  # noqa: F401 - fixtures
from tests.browser.test_console import EMAIL
from tests.browser.test_guard import enter, press
from tests.build import NOON
from tests.channels.test_dead import CONTENT, GONE, LOST, dead_letter

from dangol.app.clock import freeze_clock
from dangol.app.fence import open_fence
from dangol.app.settings import Settings
from dangol.store.connect import Connection, connect

VENDORS = "발송 업체"


@pytest.fixture
def database(served: Served) -> Iterator[Connection]:
    connection = connect(served.dsn)
    with connection.transaction():
        freeze_clock(connection, at=NOON)
    yield connection
    connection.rollback()
    with connection.transaction():
        for table in ("installation", "provider_state", "provider_domain", "provider_warm_up"):
            connection.execute(f"delete from {table}")  # noqa: S608 - of four tables
    (served.folder / "dangol.fence").unlink(missing_ok=True)
    connection.close()


@pytest.fixture
def started(database: Connection, served: Served) -> Connection:
    """An installation whose workers have been started once."""
    key = str(served.folder / "dangol.key")
    open_fence(Settings(data_folder=served.folder, key_file=key)).meet(database)
    return database


@pytest.fixture
def limited(database: Connection) -> Connection:
    """A mail server with a limit for one receiver, and another that rests."""
    database.execute(
        "insert into provider_domain (provider, domain, per_second, failures, rests_until)"
        " values ('smtp', 'naver.com', 20, 0, null),"
        " ('smtp', 'daum.net', null, 3, '2027-03-02 03:02Z')"
    )
    database.commit()
    return database


@pytest.mark.usefixtures("started")
def test_everything_is_paused_with_a_reason_and_resumed(page: Page, look: Look):  # noqa: F811
    enter(page, "/sending")
    press(page, "모두 멈추기")
    expect(page.get_by_role("dialog")).to_be_visible()
    wrong = look("why everything is paused", over=True)
    page.get_by_label("까닭").fill("서버를 옮겨요")
    page.keyboard.press("Enter")
    expect(page.get_by_text("아무것도 보내지 않고 있어요")).to_be_visible()
    expect(page.get_by_text(f"서버를 옮겨요 ({EMAIL})")).to_be_visible()

    press(page, "다시 보내기")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("쌓인 메시지가 없어요.")
    dialog.get_by_role("button", name="다시 보내기").click()

    expect(page.get_by_text("다시 보내고 있어요.")).to_be_visible()
    expect(page.get_by_text("보내고 있어요", exact=True)).to_be_visible()
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("started")
def test_what_a_copy_closed_says_what_to_do_and_has_no_button(page: Page, served: Served):
    (served.folder / "dangol.fence").unlink()

    enter(page, "/sending")

    expect(page.get_by_text("스스로 멈췄어요")).to_contain_text("dangol sending resume")
    expect(page.get_by_role("button", name="다시 보내기")).to_have_count(0)


def test_a_vendor_that_rests_is_called_again_by_one_press(page: Page, database: Connection):
    database.execute(
        "insert into provider_state (name, failures, rests_until)"
        " values ('solapi', 4, '2027-03-02 03:01Z')"
    )
    database.commit()
    enter(page, "/sending")
    vendors = page.get_by_role("list", name=VENDORS, exact=True)
    expect(vendors).to_contain_text("4번 잇달아 대답이 없어 12:01까지 쉬어요")

    press(page, "바로 다시 보내기: SOLAPI")

    expect(page.get_by_text("SOLAPI: 바로 다시 보내요.")).to_be_visible()
    expect(vendors).not_to_contain_text("쉬어요")


@pytest.mark.usefixtures("database")
def test_a_vendors_limit_is_changed_and_taken_back(page: Page):
    enter(page, "/sending")
    vendors = page.get_by_role("list", name=VENDORS, exact=True)
    press(page, "한도 바꾸기: SOLAPI")
    page.get_by_label("1초에 보낼 수 있는 수").fill("30")
    page.keyboard.press("Enter")
    expect(vendors).to_contain_text("1초에 30통까지")

    press(page, "되돌리기")

    expect(page.get_by_text("되돌렸어요.")).to_be_visible()
    expect(vendors).not_to_contain_text("1초에 30통까지")


def test_what_is_not_set_up_is_named_with_its_settings(page: Page):
    enter(page, "/sending")

    unset = page.get_by_role("list", name="설정하지 않은 업체")

    expect(unset).to_contain_text("DANGOL_SMTP_URL")
    expect(unset).to_contain_text("docs/guides/email.md")


@pytest.mark.usefixtures("limited")
def test_a_receivers_limit_is_set_removed_and_put_back(page: Page):
    enter(page, "/sending/receivers")
    receivers = page.get_by_role("list", name="메일 서버 (SMTP)로 받는 곳")
    expect(receivers).to_contain_text("12:02까지 쉬어요")
    press(page, "한도 두기")
    page.get_by_label("받는 곳", exact=True).fill("hanmail.net@")
    page.get_by_label("1초에 보낼 수 있는 수").fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("@ 뒤의 이름만 적어 주세요.")).to_be_visible()
    page.get_by_label("받는 곳", exact=True).fill("gmail.com")
    page.keyboard.press("Enter")
    expect(receivers.get_by_role("listitem")).to_have_count(3)

    press(page, "naver.com 한도 빼기")
    expect(receivers).not_to_contain_text("naver.com")
    press(page, "되돌리기")

    expect(receivers).to_contain_text("naver.com")
    expect(receivers).to_contain_text("1초에 20통까지")


def test_a_warm_up_that_was_ended_comes_back_as_it_stood(page: Page, limited: Connection):
    limited.execute(
        "insert into provider_warm_up (provider, start_at, growth, goal, day, days_before, taken)"
        " values ('smtp', 200, 1.5, 50000, '2027-03-02', 3, 612)"
    )
    limited.commit()
    enter(page, "/sending/receivers")
    expect(page.get_by_text("오늘 675통 가운데 612통을 보냈어요")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "90.66666666666667")

    press(page, "메일 서버 (SMTP) 워밍업 끝내기")
    expect(page.get_by_text("워밍업을 하지 않고 있어요.")).to_be_visible()
    press(page, "되돌리기")

    expect(page.get_by_text("14일 가운데 4일째")).to_be_visible()
    expect(page.get_by_text("오늘 675통 가운데 612통을 보냈어요")).to_be_visible()


@pytest.fixture
def letters(database: Connection, served: Served) -> Iterator[list[int]]:
    made = [
        dead_letter(database, served.workspace, script, name=name)
        for name, script in (("soyeon", CONTENT), ("yuna", GONE), ("dana", LOST))
    ]
    yield made
    # What is tried again waits for no other test.
    database.rollback()
    database.execute(
        "update message set state = 'failed', act_at = null where id = any(%s)", (made,)
    )
    database.commit()


def test_what_surely_did_not_arrive_is_tried_again_with_a_reason(
    page: Page,
    database: Connection,
    letters: list[int],
    look: Look,  # noqa: F811
):
    enter(page, "/sending/dead")
    found = page.get_by_role("list", name="도착하지 못한 메시지")
    expect(found.get_by_role("listitem")).to_have_count(3)
    expect(found).to_contain_text("이미 도착했을 수 있어서")
    found.get_by_role("button", name="자세히").last.click()
    expect(found).to_contain_text("Not this text")
    wrong = look("dead letters")

    press(page, "1통 다시 보내기")
    expect(page.get_by_role("dialog")).to_be_visible()
    wrong += look("why they are tried again", over=True)
    page.get_by_label("까닭").fill("내용을 고쳤어요")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1통을 다시 보내요.")).to_be_visible()
    expect(found.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_text("다시 보낼 수 있는 것은 없어요.")).to_be_visible()
    state = database.execute("select state from message where id = %s", (letters[0],)).fetchone()
    assert state == ("allowed",)
    assert not wrong, "\n".join(wrong)
