"""The night is a switch of its own where the law asks for one, and only there."""

from html import unescape

import pytest
from tests.build import give_consent, one
from tests.channels.sending import allowed_message, claim
from tests.pages.test_choices import BROWSER, ENGLISH, link_of, press, undo

from dangol.guard.law.terms import liftable_nights
from dangol.pages.nights import PLACES
from dangol.store.vocabulary import Channel

SMS = PLACES[Channel.SMS]
KOREAN = dict.fromkeys((Channel.SMS, Channel.PUSH, Channel.INAPP), ("21:00", "08:00"))


@pytest.fixture
def link(connection, workspace) -> str:
    """The page of somebody in Korea who gets advertising by mail and by text message."""
    message = allowed_message(connection, workspace)
    claim(connection, workspace)
    who = one(connection, "select customer_id from message")
    for channel in ("sms", "kakao_brand"):
        give_consent(connection, workspace, customer_id=who, channel=channel)
    connection.commit()
    return link_of(workspace, message)


def said(connection) -> list[tuple[str, ...]]:
    rows = connection.execute(
        "select action::text, wording, locale, source, source_kind::text from consent_entry"
        " where channel = 'sms' and action <> 'grant' order by id"
    ).fetchall()
    connection.commit()
    return rows


def night(connection) -> bool:
    (found,) = connection.execute("select night from consent where channel = 'sms'").fetchone()
    connection.commit()
    return bool(found)


def test_one_press_opens_the_night_and_another_closes_it(client, connection, link):
    page = press(client, link, action="night-on", value=SMS)

    assert night(connection)
    assert "문자: 이제 밤에도 광고를 보낼 수 있어요." in page
    (entry,) = said(connection)
    assert entry[0] == "night_grant"
    assert entry[1] in unescape(client.get(link, headers=BROWSER).text)
    assert "21:00~08:00" in entry[1]
    assert entry[2:] == ("ko", "preference page", "page")

    page = undo(client, page)

    assert not night(connection)
    assert "문자: 이제 밤에는 광고를 보내지 않아요." in page
    assert [action for action, *_ in said(connection)] == ["night_grant", "night_withdraw"]


def test_the_same_again_is_no_second_word(client, connection, link):
    press(client, link, action="night-off", value=SMS)
    assert said(connection) == []

    press(client, link, action="night-on", value=SMS)
    press(client, link, action="night-on", value=SMS)

    assert len(said(connection)) == 1


def test_looking_opens_no_night(client, connection, link):
    page = client.get(link, headers=ENGLISH).text

    assert "Text message: I get promotions of" in page
    assert not night(connection)
    assert said(connection) == []


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ("update customer set country = 'kr'", True),
        ("update customer set country = 'JP'", True),
        ("update customer set country = 'DE'", False),
        ("update customer set country = 'US'", False),
        ("update workspace set country = 'FR'", False),
        ("update consent set state = 'withdrawn' where channel = 'sms'", False),
        ("delete from consent where channel = 'sms'", False),
    ],
)
def test_it_is_shown_only_where_the_law_has_it_and_they_agreed(
    client, connection, link, change, shown
):
    connection.execute(change)
    connection.commit()

    page = client.get(link, headers=BROWSER).text

    assert ('value="night-on"' in page) is shown


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.KAKAO_BRAND, Channel.PUSH])
def test_what_is_not_asked_changes_nothing(client, connection, link, channel):
    """E-mail needs no such consent, nothing lifts Kakao's night, and push they never agreed to."""
    before = one(connection, "select count(*) from consent_entry")

    page = press(client, link, action="night-on", value=PLACES[channel])

    assert one(connection, "select count(*) from consent_entry") == before
    assert 'class="said"' not in page


def test_the_law_says_where_a_consent_lifts_the_night():
    assert liftable_nights("KR", shop_country="US") == KOREAN
    assert (
        liftable_nights(None, shop_country="KR")
        == KOREAN
        == liftable_nights("JP", shop_country="KR")
    )
    assert liftable_nights(None, shop_country="JP") == {}
    assert liftable_nights("us", shop_country="KR") == {}
