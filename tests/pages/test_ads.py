"""The consent to advertising elsewhere is a switch of its own, where the shop advertises there."""

import re
from datetime import timedelta
from html import unescape

import pytest
from tests.build import NOON, give_consent, one, reach
from tests.channels.sending import allowed_message, claim
from tests.pages.test_choices import BROWSER, ENGLISH, link_of, press, undo

from dangol.audiences.audience import Plan, create_audience, remove_audience
from dangol.pages.nights import PLACES
from dangol.store.connect import Connection
from dangol.store.vocabulary import AdNetwork, Channel

DATA_LINK = re.compile(r'href="(/p/data/[^"]+)"')
EMAIL, SMS = PLACES[Channel.EMAIL], PLACES[Channel.SMS]


def advertise(connection: Connection, workspace: int) -> None:
    """The shop has an audience at Meta, of mail addresses."""
    connection.execute(
        "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
        " values (%s, 'regulars', '단골', 'Regulars', %s)",
        (workspace, NOON),
    )
    plan = Plan(
        name="regulars",
        segment="regulars",
        network=AdNetwork.META,
        network_ref="1",
        most=10,
        ends_at=NOON + timedelta(days=30),
    )
    create_audience(connection, plan, workspace_id=workspace, now=NOON)
    connection.commit()


@pytest.fixture
def link(connection, workspace) -> str:
    """The page of somebody who gets advertising by mail and has a telephone."""
    message = allowed_message(connection, workspace)
    claim(connection, workspace)
    who = one(connection, "select customer_id from message")
    reach(connection, workspace, customer_id=who, channel="sms")
    connection.commit()
    return link_of(workspace, message)


def said(connection: Connection) -> list[tuple[str, ...]]:
    rows = connection.execute(
        "select channel::text, action::text, wording, locale, source, source_kind::text"
        " from consent_entry where purpose = 'ad_audience' order by id"
    ).fetchall()
    connection.commit()
    return rows


def test_one_press_gives_the_address_away_and_another_takes_it_back(
    client, connection, workspace, link
):
    advertise(connection, workspace)

    page = press(client, link, action="ads-on", value=EMAIL)

    assert "이메일 주소: 이제 다른 곳에서도 광고를 보실 수 있어요." in page
    (entry,) = said(connection)
    assert entry[:2] == ("email", "grant")
    # What was agreed to is what was read.
    assert entry[2] in unescape(client.get(link, headers=BROWSER).text)
    assert "Meta(페이스북, 인스타그램)와 Google" in entry[2]
    assert entry[3:] == ("ko", "preference page", "page")

    page = undo(client, page)

    assert "이미 제공한 곳에서는 빼고 있어요" in page
    assert [one[1] for one in said(connection)] == ["grant", "withdraw"]


def test_where_the_shop_advertises_nowhere_nobody_is_asked(client, connection, workspace, link):
    assert "ads-on" not in client.get(link, headers=BROWSER).text
    press(client, link, action="ads-on", value=EMAIL)
    assert said(connection) == []

    advertise(connection, workspace)
    page = client.get(link, headers=BROWSER).text
    # Of telephone numbers the shop has no audience.
    assert page.count('value="ads-on"') == 1
    press(client, link, action="ads-on", value=SMS)
    assert said(connection) == []


def test_what_was_agreed_to_can_be_taken_back_when_the_shop_has_stopped(
    client, connection, workspace, link
):
    advertise(connection, workspace)
    press(client, link, action="ads-on", value=EMAIL)
    remove_audience(connection, workspace_id=workspace, name="regulars", now=NOON)
    connection.commit()

    assert 'value="ads-off"' in client.get(link, headers=BROWSER).text
    press(client, link, action="ads-off", value=EMAIL)

    assert 'value="ads-on"' not in client.get(link, headers=BROWSER).text
    assert [one[1] for one in said(connection)] == ["grant", "withdraw"]


def test_the_same_again_is_no_second_word_and_looking_is_none(client, connection, workspace, link):
    advertise(connection, workspace)

    assert "gives it to Meta" in client.get(link, headers=ENGLISH).text
    press(client, link, action="ads-off", value=EMAIL)
    assert said(connection) == []

    press(client, link, action="ads-on", value=EMAIL)
    press(client, link, action="ads-on", value=EMAIL)
    assert len(said(connection)) == 1


def test_everything_off_takes_this_back_too(client, connection, workspace, link):
    who = one(connection, "select customer_id from message")
    for channel in ("email", "sms"):
        give_consent(connection, workspace, customer_id=who, channel=channel, purpose="ad_audience")
    connection.commit()

    press(client, link, action="all-off")

    states = connection.execute(
        "select channel::text, state::text from consent where purpose = 'ad_audience' order by 1"
    ).fetchall()
    assert states == [("email", "withdrawn"), ("sms", "withdrawn")]


def test_the_mail_may_be_stopped_without_that(client, connection, workspace, link):
    advertise(connection, workspace)
    press(client, link, action="ads-on", value=EMAIL)

    press(client, link, action="mail-off")

    assert [one[1] for one in said(connection)] == ["grant"]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (BROWSER, "연락처를 광고 회사에 제공하는 데 동의하셨어요"),
        (ENGLISH, "You agreed to your address being given to ad networks"),
    ],
)
def test_the_page_of_their_data_tells_it_apart_from_the_messages(
    client, connection, workspace, link, headers, words
):
    advertise(connection, workspace)
    press(client, link, action="ads-on", value=EMAIL)
    data = DATA_LINK.search(client.get(link, headers=BROWSER).text)

    assert data is not None
    assert words in unescape(client.get(data[1], headers=headers).text)
