"""Notes in a real browser, on a page of the shop that allows as little as a page can."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import environment, fill_shop, serve
from tests.browser.test_accessible import axe, look_at  # noqa: F401 - a fixture
from tests.build import journey, one, plan_message
from tests.conftest import fresh_database

from dangol.app.clock import machine_time
from dangol.ingest.keys import create_api_key
from dangol.providers.fake_http import FakeServer, Reply
from dangol.store.connect import Connection, connect
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.vocabulary import ApiKeyKind

DARK_CARD = "rgb(40, 35, 32)"
EVIL = '<img src=x onerror="document.title=1">'


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A server that gives notes, and the shop's database."""

    address: str
    connection: Connection
    workspace: int
    key: str

    def wait_for(
        self, *, name: str = "민지", locale: str = "ko", shop: str = "https://shop.example"
    ) -> str:
        """Let a note wait for a new visitor; return the id of their browser."""
        browser_id = str(uuid4())
        now = machine_time()
        made = one(
            self.connection,
            "insert into customer (workspace_id, first_seen_at, last_seen_at, traits)"
            " values (%(workspace)s, %(now)s, %(now)s, jsonb_build_object('name', %(name)s::text))"
            " returning id",
            workspace=self.workspace,
            now=now,
            name=name,
        )
        self.connection.execute(
            "insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)"
            " values (%s, 'anonymous', %s, %s, %s)",
            (self.workspace, browser_id, made, now),
        )
        template = one(
            self.connection,
            "insert into template (workspace_id, name, channel, purpose, locale, subject,"
            " body_text, body_html, created_at) values (%(workspace)s, %(name)s, 'inapp',"
            " 'informational', %(locale)s, 'Your cart', %(body)s, '', %(now)s) returning id",
            workspace=self.workspace,
            name=browser_id,
            locale=locale,
            body=f"{{{{ customer.name }}}}: two things wait.\n[See them]({shop}/cart)",
            now=now,
        )
        _ = plan_message(
            self.connection,
            self.workspace,
            customer_id=made,
            journey_id=journey(
                self.connection, self.workspace, name=browser_id, template_id=template
            ),
            template_id=template,
            state="allowed",
            now=now,
        )
        return browser_id

    def told(self, browser_id: str) -> list[str]:
        """Say what came back about a visitor's note."""
        rows = self.connection.execute(
            "select receipt.kind::text from receipt join identifier using (customer_id)"
            " where identifier.key = %(id)s union all select event.name from event"
            " join identifier using (customer_id) where identifier.key = %(id)s"
            " and event.name = 'Note Dismissed'",
            {"id": browser_id},
        ).fetchall()
        self.connection.commit()
        return [row[0] for row in rows]


@pytest.fixture(scope="module")
def site(
    postgres: EmbeddedPostgres, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("inbox")
    with contextmanager(fresh_database)(postgres, template=template_database) as dsn:
        workspace, _ = fill_shop(dsn)
        connection = connect(dsn)
        key = create_api_key(
            connection, workspace_id=workspace, kind=ApiKeyKind.BROWSER, now=machine_time()
        )
        connection.commit()
        with serve(environment(dsn, folder=folder), log=folder / "serve.log") as address:
            yield Site(address=address, connection=connection, workspace=workspace, key=key)
        connection.close()


@pytest.fixture(scope="module")
def shop(site: Site) -> Iterator[str]:
    """The shop's own server; its pages allow our script, our server and nothing else."""
    policy = (
        f"default-src 'none'; script-src {site.address}; connect-src {site.address}; "
        "require-trusted-types-for 'script'"
    )
    body = (
        "<!doctype html><html lang=ko><title>가게</title><link rel=icon href=data:,><main>"
        "<h1>가게</h1><p><a href=/more id=more>더 보기</a> <input id=word aria-label=찾기></p>"
        f'</main><script src="{site.address}/inbox.js" data-key="{site.key}" defer></script>'
    )
    reply = Reply(
        body=body.encode(),
        kind="text/html; charset=utf-8",
        headers={"Content-Security-Policy": f"{policy}; img-src data:"},
    )
    with FakeServer(lambda _: reply) as server:
        yield server.url


@pytest.fixture
def shop_page(browser: Browser, shop: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=shop, locale="ko-KR", viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


def visit(page: Page, browser_id: str, *, path: str = "") -> None:
    """Come to a page as a browser that its analytics client knows by an id."""
    page.add_init_script(f"localStorage.setItem('ajs_anonymous_id', '\"{browser_id}\"')")
    page.goto(f"/{path}")


def look(page: Page) -> None:
    page.evaluate("dangolInbox.look()")


def until_told(page: Page, site: Site, browser_id: str, *, what: list[str]) -> None:
    """Wait until all this came back."""
    for _ in range(100):
        if sorted(site.told(browser_id)) == sorted(what):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"came back: {site.told(browser_id)}")


def test_a_note_appears_under_a_strict_policy_and_escape_sends_it_away(site, shop_page, axe):  # noqa: F811
    faults: list[str] = []
    shop_page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    browser_id = site.wait_for()
    visit(shop_page, browser_id)

    look(shop_page)

    note = shop_page.get_by_role("dialog", name="Your cart")
    expect(note).to_be_visible()
    expect(note).to_contain_text("민지: two things wait.")
    expect(note.get_by_role("button", name="닫기")).to_be_visible()
    assert look_at(shop_page, axe, "a note", over=True) == []
    until_told(shop_page, site, browser_id, what=["opened"])
    shop_page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    until_told(shop_page, site, browser_id, what=["opened", "Note Dismissed"])
    assert faults == []


def test_the_focus_stays_and_one_tab_leads_to_the_note(site, shop_page):
    visit(shop_page, site.wait_for(locale="en"))
    look(shop_page)
    note = shop_page.get_by_role("dialog", name="Your cart")
    expect(note).to_be_visible()

    assert shop_page.evaluate("document.activeElement === document.body")
    shop_page.keyboard.press("Tab")
    expect(note.get_by_role("link", name="See them")).to_be_focused()
    shop_page.keyboard.press("Tab")
    expect(note.get_by_role("button", name="Close")).to_be_focused()
    shop_page.keyboard.press("Enter")
    expect(note).to_have_count(0)


def test_what_a_visitor_is_called_is_text_and_nothing_else(site, shop_page):
    visit(shop_page, site.wait_for(name=EVIL))

    look(shop_page)

    expect(shop_page.get_by_role("dialog")).to_contain_text(EVIL)
    assert shop_page.title() == "가게"


def test_a_screen_reader_is_told(site, shop_page):
    visit(shop_page, site.wait_for())

    look(shop_page)

    expect(shop_page.get_by_role("status")).to_have_text("Your cart. 민지: two things wait.")


def test_a_note_is_dark_where_the_visitor_likes_it_dark(site, shop_page):
    shop_page.emulate_media(color_scheme="dark")
    visit(shop_page, site.wait_for())

    look(shop_page)

    expect(shop_page.get_by_role("dialog")).to_have_css("background-color", DARK_CARD)


def test_nobody_is_disturbed_while_typing_nor_where_they_pay(site, shop_page):
    browser_id = site.wait_for()
    visit(shop_page, browser_id, path="checkout")
    look(shop_page)
    visit(shop_page, browser_id)
    shop_page.locator("#word").focus()
    look(shop_page)
    expect(shop_page.get_by_role("dialog")).to_have_count(0)

    shop_page.locator("#more").focus()
    look(shop_page)

    expect(shop_page.get_by_role("dialog")).to_be_visible()


def test_the_button_leads_on_and_the_click_comes_back(site, shop, shop_page):
    browser_id = site.wait_for(shop=shop)
    visit(shop_page, browser_id)
    look(shop_page)

    link = shop_page.get_by_role("link", name="See them").get_attribute("href")
    assert link is not None
    # Where this server believes to be reached; it was not told its port.
    shop_page.goto(site.address + link[link.index("/c/") :])

    assert shop_page.url == f"{shop}/cart"
    until_told(shop_page, site, browser_id, what=["opened", "clicked"])


def test_one_note_a_visit_also_on_the_next_page(site, shop_page):
    browser_id = site.wait_for()
    visit(shop_page, browser_id)
    look(shop_page)
    expect(shop_page.get_by_role("dialog")).to_be_visible()

    visit(shop_page, browser_id, path="next")
    look(shop_page)

    expect(shop_page.get_by_role("dialog")).to_have_count(0)
