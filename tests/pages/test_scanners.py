"""Programs that open every link and send every form by GET change nothing at all."""

import re
from html import unescape
from urllib.parse import urlsplit

from tests.build import NOON, TEST_VAULT, open_shop
from tests.channels.sending import allowed_message, deliver_to, mail_server
from tests.content.test_tokens import flipped
from tests.photograph import photograph
from tests.rights.words import choose

from dangol.content.tokens import TokenPurpose, sign_message, sign_page
from dangol.pages.visit import PATHS

HREF = re.compile(r'href="([^"]+)"')
FORM = re.compile(r'<form method="(\w+)" action="([^"]+)">(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')
MOST_PAGES = 300


def links_of(page: str, *, at: str) -> set[str]:
    """Every address a page leads to, and every one its forms would make by GET."""
    found = {unescape(href) for href in HREF.findall(page)}
    for method, action, inside in FORM.findall(page):
        assert method == "post"
        path = unescape(action)
        for name, value in FIELD.findall(inside):
            found.add(f"{path}{'&' if '?' in path else '?'}{name}={value}")
        fields = "&".join(f"{name}={value}" for name, value in FIELD.findall(inside))
        found.add(f"{path}{'&' if '?' in path else '?'}{fields}")
    return {f"{at}{link}" if link.startswith("?") else link for link in found}


def starts(workspace: int, message: int) -> list[str]:
    names = {"workspace_id": workspace, "message_id": message}
    return [
        f"/u/{sign_message(TEST_VAULT, TokenPurpose.UNSUBSCRIBE, **names)}",
        *(
            f"{path}/{sign_page(TEST_VAULT, purpose, **names, now=NOON)}"
            for purpose, path in PATHS.items()
        ),
    ]


def sent_message(connection, workspace: int) -> int:
    message = allowed_message(connection, workspace)
    with mail_server() as server:
        deliver_to(server, connection, workspace)
    return message


def test_a_scanner_that_follows_everything_changes_nothing(client, connection, workspace, dsn):
    message = sent_message(connection, workspace)
    (minji,) = connection.execute("select id from customer").fetchone()
    choose(connection, workspace, customer_id=minji)
    before = photograph(dsn)

    waiting, seen = starts(workspace, message), set()
    while waiting and len(seen) < MOST_PAGES:
        link = waiting.pop()
        if link in seen:
            continue
        seen.add(link)
        client.app.state.page_limiter.names.clear()
        client.head(link)
        answer = client.get(link)
        if answer.headers["Content-Type"].startswith("text/html"):
            waiting += links_of(answer.text, at=urlsplit(link).path) - seen

    assert len(seen) > 30
    assert {path for path in PATHS.values() if any(link.startswith(path) for link in seen)}
    assert photograph(dsn) == before


def test_no_link_with_a_bit_turned_does_anything(client, connection, workspace, dsn):
    message = sent_message(connection, workspace)
    before = photograph(dsn)
    body = {"action": "all-off", "email": "minji@shop.example", "sure": "yes"}

    for start in starts(workspace, message):
        path, _, token = start.rpartition("/")
        # Every byte once; tests/content/test_tokens.py turns every bit.
        for forged in flipped(token)[::9]:
            if not forged.isprintable() or set(forged) & set("/?#%\\"):
                continue
            client.app.state.page_limiter.names.clear()
            assert client.post(f"{path}/{forged}", data=body).status_code in (404, 405), forged

    assert photograph(dsn) == before


def test_a_link_to_another_shops_message_does_nothing(client, connection, workspace, dsn):
    message = sent_message(connection, workspace)
    other = open_shop(connection, name="other")
    before = photograph(dsn)
    body = {"action": "all-off", "email": "minji@shop.example", "sure": "yes"}

    for start in starts(other, message):
        assert client.get(start).status_code == 404
        assert client.post(start, data=body).status_code in (404, 405)

    assert photograph(dsn) == before
