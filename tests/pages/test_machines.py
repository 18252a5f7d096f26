"""Programs that look into mail are told from people, by requests such as they make."""

from datetime import timedelta

import pytest
from tests.build import NOON
from tests.channels.sending import allowed_message, deliver_to, mail_server
from tests.pages.test_hits import click_of, new_link, open_of, whys

from dangol.feedback.hits import TRAP_LINK
from dangol.feedback.outcomes import write_outcomes
from dangol.store.migrate import ensure_event_partitions

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Mobile/15E148"
)
PICTURES = "image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
PAGES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
APPLE = {"User-Agent": "Mozilla/5.0", "Accept": PICTURES, "Accept-Encoding": "gzip, deflate, br"}
GMAIL = {
    "User-Agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com"
    " GoogleImageProxy)",
    "Accept": "image/*,*/*;q=0.8",
}
YAHOO = {"User-Agent": "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"}
PERSON = {
    "User-Agent": IPHONE,
    "Accept": PAGES,
    "Accept-Language": "ko-KR,ko;q=0.9",
    "Sec-Fetch-Mode": "navigate",
}
BROWSER = {"User-Agent": CHROME, "Accept": PAGES, "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def message(connection, workspace) -> int:
    """A mail that arrived an hour ago, of a shop that wants to know what became of it."""
    made = allowed_message(connection, workspace)
    with mail_server() as server:
        deliver_to(server, connection, workspace)
    arrive(connection, seconds_ago=3_600)
    connection.execute("update workspace set message_events = true")
    ensure_event_partitions(connection, days=[NOON.date()])
    connection.commit()
    return made


def arrive(connection, *, seconds_ago: int) -> None:
    at = NOON - timedelta(seconds=seconds_ago)
    connection.execute("update delivery set settled_at = %s", (at,))
    connection.commit()


def events(connection, workspace) -> list[str]:
    """What journeys hear of it a minute later."""
    with connection.transaction():
        write_outcomes(
            connection, workspace_id=workspace, now=NOON + timedelta(minutes=1), batch=100
        )
    rows = connection.execute("select name from event order by id").fetchall()
    connection.commit()
    return [name for (name,) in rows]


@pytest.mark.parametrize(
    ("headers", "why", "heard"),
    [
        (APPLE, ("privacy_proxy", 0.1), []),
        (GMAIL, ("image_proxy", 1.0), ["Message Opened"]),
        (YAHOO, ("image_proxy", 1.0), ["Message Opened"]),
        ({"User-Agent": IPHONE, "Accept": PICTURES}, ("person", 1.0), ["Message Opened"]),
        ({"User-Agent": "Barracuda Sentinel (EE)", "Accept": "*/*"}, ("scanner", 0.0), []),
        ({"User-Agent": "", "Accept": "*/*"}, ("privacy_proxy", 0.1), []),
    ],
    ids=["apple", "gmail", "yahoo", "iphone", "barracuda", "nameless"],
)
def test_a_picture_is_fetched_by_whom_it_seems(
    client, connection, workspace, message, headers, why, heard
):
    client.get(open_of(workspace, message), headers=headers)

    assert whys(connection) == [why]
    assert events(connection, workspace) == heard


@pytest.mark.parametrize(
    ("method", "headers", "why"),
    [
        ("HEAD", BROWSER, ("head", 0.0)),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Mimecast/1.0)"}, ("scanner", 0.0)),
        ("GET", {"User-Agent": CHROME.replace("Chrome", "HeadlessChrome")}, ("scanner", 0.0)),
        ("GET", {"User-Agent": "python-requests/2.32.3", "Accept": "*/*"}, ("scanner", 0.0)),
        ("GET", {"User-Agent": "facebookexternalhit/1.1 (preview)"}, ("scanner", 0.0)),
    ],
    ids=["head", "mimecast", "headless", "python", "preview"],
)
def test_a_link_is_followed_by_a_program(
    client, connection, workspace, message, method, headers, why
):
    url = click_of(workspace, message, new_link(connection, workspace))

    client.request(method, url, headers=headers, follow_redirects=False)

    assert whys(connection) == [why]
    assert events(connection, workspace) == []


def test_a_gateway_that_says_it_is_a_browser_is_found_by_its_haste(
    client, connection, workspace, message
):
    arrive(connection, seconds_ago=2)

    client.get(
        click_of(workspace, message, new_link(connection, workspace)),
        headers=BROWSER,
        follow_redirects=False,
    )

    assert whys(connection) == [("too_soon", 0.1)]
    assert events(connection, workspace) == []


def test_a_gateway_that_says_it_is_a_browser_is_found_by_following_everything(
    client, connection, workspace, message
):
    for name in ("new", "sale", "cart", "help"):
        link = new_link(connection, workspace, f"https://shop.example/{name}")
        client.get(click_of(workspace, message, link), headers=BROWSER, follow_redirects=False)

    assert {why for why, _ in whys(connection)} == {"burst"}
    assert events(connection, workspace) == []


def test_a_gateway_that_takes_its_time_is_found_by_the_link_nobody_sees(
    client, connection, workspace, message
):
    client.get(open_of(workspace, message), headers=BROWSER)
    client.get(click_of(workspace, message, TRAP_LINK), headers=BROWSER)
    client.get(
        click_of(workspace, message, new_link(connection, workspace)),
        headers=BROWSER,
        follow_redirects=False,
    )

    assert {why for why, _ in whys(connection)} == {"trap"}
    assert events(connection, workspace) == []


def test_a_person_who_clicks_after_the_machines_is_heard(client, connection, workspace, message):
    link = click_of(workspace, message, new_link(connection, workspace))
    client.get(open_of(workspace, message), headers=APPLE)
    client.head(link, headers=BROWSER, follow_redirects=False)

    client.get(link, headers=PERSON, follow_redirects=False)

    assert whys(connection) == [("privacy_proxy", 0.1), ("head", 0.0), ("person", 1.0)]
    assert events(connection, workspace) == ["Message Link Clicked"]
