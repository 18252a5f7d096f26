"""The opt-out page: looking changes nothing, one press stops the mail, one press brings it back."""

import json
import re
from hashlib import sha256

import pytest
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import allowed_message, claim

from dangol.consent.evidence import open_evidence
from dangol.content.tokens import TokenPurpose, sign_message
from dangol.pages.texts import TEXTS, WORDING_VERSION

BROWSER = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/605", "Accept-Language": "ko-KR,ko;q=0.9"}


@pytest.fixture
def link(connection, workspace) -> str:
    """The opt-out link of a message that a worker holds."""
    message = allowed_message(connection, workspace)
    claim(connection, workspace)
    return link_of(workspace, message)


def link_of(workspace: int, message: int) -> str:
    token = sign_message(
        TEST_VAULT, TokenPurpose.UNSUBSCRIBE, workspace_id=workspace, message_id=message
    )
    return f"/u/{token}"


def consents(connection) -> list[str]:
    rows = connection.execute("select state from consent order by customer_id").fetchall()
    connection.commit()
    return [row[0] for row in rows]


def entries(connection) -> list[tuple[str, str]]:
    rows = connection.execute("select action, source from consent_entry order by id").fetchall()
    connection.commit()
    return rows


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(client, connection, link, method):
    answer = client.request(method, link, headers=BROWSER)

    assert answer.status_code == 200
    assert consents(connection) == ["granted"]
    assert len(entries(connection)) == 1


def test_the_page_asks_first_and_offers_one_button(client, link):
    page = client.get(link, headers=BROWSER).text

    assert "광고 메일을 그만 받으시겠어요?" in page
    assert page.count("<button") == 1
    assert 'class="notice"' not in page
    assert "<script" not in page
    assert '<html lang="ko">' in page
    assert 'name="viewport"' in page


def test_the_button_stops_the_mail_and_shows_that_it_has(client, connection, link):
    pressed = client.post(link, data={"action": "unsubscribe"}, headers=BROWSER)
    page = client.get(pressed.headers["Location"], headers=BROWSER).text

    assert pressed.status_code == 303
    assert consents(connection) == ["withdrawn"]
    assert "광고 메일을 보내지 않아요" in page
    assert "2027년 3월 2일 12:00에 처리했어요." in page
    assert connection.execute("select kind from receipt").fetchall() == [("unsubscribed",)]


def test_one_click_answers_at_once_without_a_redirect(client, connection, link):
    answer = client.post(
        link,
        content=b"List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert (answer.status_code, answer.text) == (200, "Unsubscribed.")
    assert consents(connection) == ["withdrawn"]
    assert entries(connection)[-1] == ("withdraw", "one-click unsubscribe (RFC 8058)")


def test_one_click_as_multipart_works_too(client, connection, link):
    answer = client.post(link, files={"List-Unsubscribe": (None, "One-Click")})

    assert answer.status_code == 200
    assert consents(connection) == ["withdrawn"]


@pytest.mark.parametrize("body", [b"", b"action=", b"\xff\xfe", b"anything=else", b"{}"])
def test_whatever_else_is_posted_stops_the_mail(client, connection, link, body):
    client.post(link, content=body)

    assert consents(connection) == ["withdrawn"]


def test_stopping_twice_is_one_receipt(client, connection, link):
    client.post(link, data={"action": "unsubscribe"})
    client.post(link, data={"action": "unsubscribe"})

    assert connection.execute("select count(*) from receipt").fetchone() == (1,)


def test_subscribing_again_records_where_and_in_which_words(client, connection, link):
    client.post(link, data={"action": "unsubscribe"}, headers=BROWSER)
    pressed = client.post(link, data={"action": "subscribe"}, headers=BROWSER)
    page = client.get(pressed.headers["Location"], headers=BROWSER).text

    assert consents(connection) == ["granted"]
    assert connection.execute(
        "select action, source, wording, locale, wording_version from consent_entry"
        " order by id desc limit 1"
    ).fetchone() == (
        "grant",
        "unsubscribe page: subscribe again",
        "단골 상점의 광고 메일을 다시 받겠습니다.",
        "ko",
        WORDING_VERSION,
    )
    assert "다시 소식을 보내 드릴게요" in page


def test_who_changes_the_sentence_gives_it_another_name():
    said = "\n".join(words.wording for words in TEXTS.values())

    assert (WORDING_VERSION, sha256(said.encode()).hexdigest()[:16]) == (
        "stop-1",
        "7ddbd5b66539e76c",
    )


@pytest.mark.parametrize("reason", ["unsubscribed", "complained", "bounced"])
def test_who_wants_mail_again_is_written_to_unless_the_address_is_dead(
    client, connection, link, reason
):
    client.post(link, data={"action": "unsubscribe"}, headers=BROWSER)
    connection.execute(
        "insert into suppression (workspace_id, channel, address_key, reason, since)"
        " select workspace_id, channel, key, %s::suppression_reason, %s from address",
        (reason, NOON),
    )
    connection.commit()

    client.post(link, data={"action": "subscribe"}, headers=BROWSER)

    left = [("bounced",)] if reason == "bounced" else []
    assert connection.execute("select reason::text from suppression").fetchall() == left


@pytest.mark.parametrize(
    ("posted", "kind"),
    [
        ({"action": "unsubscribe"}, "page"),
        ({"action": "subscribe"}, "page"),
        ({"List-Unsubscribe": "One-Click"}, "one_click"),
    ],
)
def test_from_where_somebody_acted_is_kept_under_their_key(
    client, connection, workspace, link, posted, kind
):
    client.post(link, data=posted, headers=BROWSER)

    found, evidence, wrapped = connection.execute(
        "select source_kind, evidence, wrapped from consent_entry join customer_key"
        " using (customer_id) order by id desc limit 1"
    ).fetchone()
    opened = json.loads(open_evidence(TEST_VAULT, workspace, evidence, wrapped))
    assert found == kind
    assert opened["program"] == BROWSER["User-Agent"]
    assert opened["address"] == "testclient"
    assert b"Mozilla" not in evidence


def test_whoever_shares_the_address_gets_no_more_mail_either(client, connection, workspace, link):
    other = allowed_message(connection, workspace, name="jiwoo")
    connection.execute(
        "update address set key = (select key from address order by customer_id limit 1)"
    )
    connection.commit()

    client.post(link, data={"action": "unsubscribe"})

    assert other
    assert consents(connection) == ["withdrawn", "withdrawn"]


@pytest.mark.parametrize(
    ("accepted", "query", "said"),
    [
        ("en-GB,en;q=0.8,ko;q=0.5", "", "Stop these promotional e-mails?"),
        ("fr,ko;q=0.2,en;q=0.9", "", "Stop these promotional e-mails?"),
        ("de", "", "그만 받으시겠어요?"),
        ("", "", "그만 받으시겠어요?"),
        ("ko", "?lang=en", "Stop these promotional e-mails?"),
        ("en;q=x", "?lang=zz", "Stop these promotional e-mails?"),
    ],
)
def test_the_page_speaks_the_readers_language(client, link, accepted, query, said):
    page = client.get(f"{link}{query}", headers={"Accept-Language": accepted}).text

    assert said in page


def test_the_chosen_language_stays_through_the_button(client, link):
    page = client.get(f"{link}?lang=en", headers=BROWSER).text
    action = re.search(r'action="([^"]+)"', page)[1]

    pressed = client.post(action, data={"action": "unsubscribe"}, headers=BROWSER)

    assert "No more promotional" in client.get(pressed.headers["Location"], headers=BROWSER).text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_tampered_link_changes_nothing_and_says_what_to_do(client, connection, link, method):
    forged = link[:-8] + ("AAAAAAAA" if not link.endswith("AAAAAAAA") else "BBBBBBBB")

    answer = client.request(method, forged, headers=BROWSER)

    assert answer.status_code == 404
    assert "받으신 메일의 링크를 다시 눌러 주세요" in answer.text
    assert "<button" not in answer.text
    assert consents(connection) == ["granted"]


@pytest.mark.usefixtures("link")
def test_a_token_of_another_purpose_changes_nothing(client, connection, workspace):
    (message,) = connection.execute("select id from message").fetchone()
    connection.commit()
    for purpose in (TokenPurpose.OPEN, TokenPurpose.MESSAGE):
        token = sign_message(TEST_VAULT, purpose, workspace_id=workspace, message_id=message)

        assert client.post(f"/u/{token}").status_code == 404

    assert consents(connection) == ["granted"]


def test_a_link_to_a_message_that_never_was_is_broken(client, workspace):
    assert client.get(link_of(workspace, 4711)).status_code == 404
    assert client.post(link_of(workspace, 4711)).status_code == 404


def test_the_page_holds_no_personal_data(client, connection, link):
    address_key = connection.execute("select key from address").fetchone()[0]
    connection.commit()

    page = client.get(link).text

    assert "minji" not in page
    assert address_key not in page


def test_the_page_is_kept_private_by_its_headers(client, link):
    headers = client.get(link).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_notice_of_a_demonstration_is_shown(client, connection, link):
    connection.execute("update workspace set notice_ko = '연습용 주소입니다'")
    connection.commit()

    assert "연습용 주소입니다" in client.get(link, headers=BROWSER).text


def test_the_name_of_a_shop_is_text(client, connection, link):
    connection.execute("update workspace set sender_name = '<b>{title} & Co'")
    connection.commit()

    page = client.get(link, headers=BROWSER).text

    assert "&lt;b&gt;{title} &amp; Co" in page
