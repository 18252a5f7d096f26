"""The page of choices: one press changes one thing, says so once it holds, and can be undone."""

import re
from datetime import timedelta

import pytest
from tests.build import NOON, TEST_VAULT, one
from tests.channels.sending import allowed_message, claim

from dangol.consent.purposes import install_purposes
from dangol.consent.topics import save_topic
from dangol.content.tokens import TokenPurpose, sign_message, sign_page

BROWSER = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/605", "Accept-Language": "ko-KR,ko;q=0.9"}
ENGLISH = {**BROWSER, "Accept-Language": "en"}


@pytest.fixture
def message(connection, workspace) -> int:
    """A message that a worker holds; the shop has two topics."""
    found = allowed_message(connection, workspace)
    claim(connection, workspace)
    for name, korean, english in (
        ("new-arrivals", "신상품", "new arrivals"),
        ("coupons", "쿠폰과 행사", "coupons and events"),
    ):
        save_topic(
            connection,
            workspace_id=workspace,
            name=name,
            title_ko=korean,
            title_en=english,
            now=NOON,
        )
    connection.commit()
    return found


def link_of(workspace: int, message: int, *, now=NOON) -> str:
    token = sign_page(
        TEST_VAULT, TokenPurpose.PREFERENCES, workspace_id=workspace, message_id=message, now=now
    )
    return f"/p/{token}"


@pytest.fixture
def link(workspace, message) -> str:
    return link_of(workspace, message)


def topic_id(connection, name: str = "new-arrivals") -> int:
    found = one(connection, "select id from topic where name = %(name)s", name=name)
    connection.commit()
    return found


def chosen(connection) -> dict[str, object]:
    """Everything a customer's choices consist of."""
    state = connection.execute("select state from consent").fetchall()
    refused = connection.execute(
        "select name from topic_refusal inner join topic on topic_id = topic.id order by name"
    ).fetchall()
    row = connection.execute("select snoozed_until, weekly_messages from preference").fetchone()
    connection.commit()
    until, weekly = row or (None, None)
    return {
        "mail": [found for (found,) in state],
        "refused": [name for (name,) in refused],
        "until": until,
        "weekly": weekly,
    }


def press(client, path: str, **fields: object) -> str:
    """Press a button, and return the page it leads to."""
    pressed = client.post(path, data=fields, headers=BROWSER)
    assert pressed.status_code == 303
    return client.get(pressed.headers["Location"], headers=BROWSER).text


def undo(client, page: str) -> str:
    """Press the button that takes the last change back."""
    said = re.search(r'<div class="said".*?</div>', page, re.DOTALL)[0]
    path = re.search(r'action="([^"]+)"', said)[1]
    value = re.search(r'name="value" value="([^"]*)"', said)[1]
    action = re.search(r'<button name="action" value="([^"]+)"', said)[1]
    return press(client, path, action=action, value=value)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(client, connection, link, method):
    before = chosen(connection)

    answer = client.request(method, link, headers=BROWSER)

    assert answer.status_code == 200
    assert chosen(connection) == before
    assert before["mail"] == ["granted"]


def test_the_page_shows_every_choice_and_a_masked_address(client, link):
    page = client.get(link, headers=BROWSER).text

    for said in (
        "m•••i@shop.example",
        "메일로 그만 받기",
        "신상품",
        "쿠폰과 행사",
        "30일 동안 쉬기",
    ):
        assert said in page
    assert "minji@" not in page
    assert "<script" not in page


def test_one_press_stops_a_topic_and_another_undoes_it(client, connection, link):
    page = press(client, link, action="topic-off", value=topic_id(connection))

    assert chosen(connection)["refused"] == ["new-arrivals"]
    assert "이제 신상품 소식을 보내지 않아요." in page

    page = undo(client, page)

    assert chosen(connection)["refused"] == []
    assert "이제 신상품 소식을 보내 드려요." in page


def test_stopping_a_topic_twice_keeps_since_when(client, connection, link):
    press(client, link, action="topic-off", value=topic_id(connection))
    first = connection.execute("select since from topic_refusal").fetchone()
    connection.commit()

    press(client, link, action="topic-off", value=topic_id(connection))

    assert connection.execute("select since from topic_refusal").fetchone() == first


def test_how_often_is_undone_to_what_it_was(client, connection, link):
    press(client, link, action="weekly", value=3)
    page = press(client, link, action="weekly", value=1)
    assert chosen(connection)["weekly"] == 1
    assert "일주일에 1통까지만" in page

    page = undo(client, page)
    assert chosen(connection)["weekly"] == 3

    page = press(client, link, action="weekly", value=0)
    assert chosen(connection)["weekly"] is None
    assert undo(client, page)
    assert chosen(connection)["weekly"] == 3


def test_a_rest_is_thirty_days_and_can_be_ended(client, connection, link):
    page = press(client, link, action="rest")
    until = chosen(connection)["until"]

    assert timedelta(days=30) <= until - NOON < timedelta(days=30, minutes=1)
    assert "2027년 4월 1일까지 광고를 쉬어요." in page

    undo(client, page)

    assert chosen(connection)["until"] is None


def test_a_rest_keeps_how_often(client, connection, link):
    press(client, link, action="weekly", value=2)
    press(client, link, action="rest")

    assert chosen(connection)["weekly"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"action": "everything"},
        {"action": "weekly", "value": "99"},
        {"action": "way-off", "value": "0"},
        {"action": "way-off", "value": "7"},
        {"action": "all-on", "value": "127"},
        {"action": "topic-off", "value": "4711"},
        {"action": "topic-off", "value": "-1"},
        {"action": "topic-off", "value": "9" * 40},
        {"action": "topic-off", "value": "\N{ARABIC-INDIC DIGIT ONE}"},
    ],
)
def test_what_no_button_asks_for_changes_nothing(client, connection, link, fields):
    before = chosen(connection)

    answer = client.post(link, data=fields, headers=BROWSER)

    assert answer.status_code == 303
    assert chosen(connection) == before


def test_a_topic_of_another_shop_cannot_be_switched(client, connection, link):
    other = one(
        connection,
        "insert into workspace (name, time_zone, default_locale, sender_name, sender_email,"
        " sender_postal, sender_phone, quiet_from, quiet_until, cap_messages, cap_days,"
        " created_at) select 'other', time_zone, default_locale, sender_name, sender_email,"
        " sender_postal, sender_phone, quiet_from, quiet_until, cap_messages, cap_days,"
        " created_at from workspace returning id",
    )
    theirs = save_topic(
        connection, workspace_id=other, name="t", title_ko="남의", title_en="theirs", now=NOON
    )
    connection.commit()

    press(client, link, action="topic-off", value=theirs.id)

    assert chosen(connection)["refused"] == []


@pytest.mark.parametrize(
    "done",
    [
        "topic-off.1.0",
        "all-off.0.0",
        "way-off.1.0",
        "way-on.2.0",
        "rest.0.0",
        "weekly.2.0",
        "nonsense",
        "<b>.0.0",
        "slow.x",
    ],
)
def test_an_address_cannot_claim_what_does_not_hold(client, link, done):
    page = client.get(link, params={"done": done}, headers=BROWSER).text

    assert 'class="said"' not in page
    assert "<b>" not in page


def test_the_page_speaks_english_too(client, connection, link):
    pressed = client.post(
        f"{link}?lang=en", data={"action": "topic-off", "value": topic_id(connection)}
    )
    page = client.get(pressed.headers["Location"], headers=BROWSER).text

    assert "From now on you hear nothing about new arrivals." in page
    assert '<html lang="en">' in page


def test_a_link_opens_for_sixty_days_and_then_says_so(client, connection, workspace, message):
    before = chosen(connection)
    fresh = link_of(workspace, message, now=NOON - timedelta(days=59))
    old = link_of(workspace, message, now=NOON - timedelta(days=60))

    assert client.get(fresh, headers=BROWSER).status_code == 200
    answer = client.get(old, headers=BROWSER)
    pressed = client.post(old, data={"action": "all-off"}, headers=BROWSER)

    assert (answer.status_code, pressed.status_code) == (404, 404)
    assert "이 링크는 기한이 지났어요" in answer.text
    assert chosen(connection) == before


def test_a_link_to_unsubscribe_opens_no_choices(client, connection, workspace, message):
    token = sign_message(
        TEST_VAULT, TokenPurpose.UNSUBSCRIBE, workspace_id=workspace, message_id=message
    )

    assert client.post(f"/p/{token}", data={"action": "all-off"}).status_code == 404
    assert chosen(connection)["mail"] == ["granted"]


def test_who_was_forgotten_has_no_page(client, connection, link):
    connection.execute("update customer set state = 'erased'")
    connection.commit()

    assert client.get(link, headers=BROWSER).status_code == 404


def test_too_many_requests_with_one_link_are_asked_to_wait(client, link):
    answers = [client.get(link, headers=BROWSER) for _ in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {200}
    assert answers[60].status_code == 429
    assert answers[60].headers["Retry-After"] == "1"
    assert "잠시 뒤에 다시 열어 주세요" in answers[60].text


def test_whoever_guesses_links_is_slowed_down(client, link):
    answers = [client.get(f"/p/guess{number}", headers=BROWSER) for number in range(31)]

    assert answers[29].status_code == 404
    assert answers[30].status_code == 429
    assert client.get(link, headers=BROWSER).status_code == 200


@pytest.mark.parametrize("action", ["way-off", "way-on", "all-off"])
def test_a_change_of_consent_keeps_from_where_it_came(client, connection, link, action):
    client.post(link, data={"action": action, "value": "1"}, headers=BROWSER)

    said = connection.execute(
        "select source_kind::text, evidence is not null from consent_entry order by id desc limit 1"
    ).fetchone()

    assert said == ("page", True)


def test_one_press_lets_collect_and_one_stops_it_and_deletes(client, connection, workspace, link):
    with connection.transaction():
        install_purposes(connection, workspace_id=workspace, preset="strict", now=NOON)
    behaviour = one(connection, "select id from collection_purpose where name = 'behaviour'")
    connection.commit()
    before = client.get(link, headers=BROWSER).text
    assert "어떤 화면과 상품을 보셨는지 기록해서" in before
    assert "collect-erase" not in before

    page = press(client, link, action="collect-on", value=behaviour)

    assert "동의하셨어요: 이용 기록 수집." in page
    assert collected(connection) == [("behaviour", "granted", "page")]

    page = press(client, link, action="collect-erase", value=behaviour)

    assert "지금까지 모은 것도 지우고 있어요: 이용 기록 수집." in page
    assert collected(connection) == [("behaviour", "withdrawn", "page")]
    assert one(connection, "select count(*) from collection_erasure where done_at is null") == 1


def test_a_purpose_by_contract_is_no_choice_and_another_shops_is_none(
    client, connection, workspace, link
):
    with connection.transaction():
        install_purposes(connection, workspace_id=workspace, preset="strict", now=NOON)
    orders = one(connection, "select id from collection_purpose where name = 'orders'")
    connection.commit()

    for value in (orders, 999):
        page = press(client, link, action="collect-off", value=value)
        assert 'class="said"' not in page

    assert collected(connection) == []


def collected(connection) -> list[tuple[str, str, str]]:
    found = connection.execute(
        "select purpose_name, state::text, source_kind::text from collection_consent"
        " inner join consent_entry on entry_id = consent_entry.id order by purpose_name"
    ).fetchall()
    connection.commit()
    return found
