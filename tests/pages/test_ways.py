"""Each channel has a switch of its own: one press stops it or lets it come, and nothing else."""

from hashlib import sha256
from html import unescape

import pytest
from tests.build import NOON, address, customer, give_consent, one, reach
from tests.channels.sending import allowed_message, claim
from tests.pages.test_choices import BROWSER, ENGLISH, link_of, press, undo

from dangol.pages.choices_texts import CHOICE_TEXTS, WORDING_VERSION
from dangol.pages.nights import PLACES
from dangol.store.vocabulary import Channel

EMAIL, SMS, BRAND, PUSH = (
    PLACES[channel] for channel in (Channel.EMAIL, Channel.SMS, Channel.KAKAO_BRAND, Channel.PUSH)
)
# Of every sentence somebody agrees to here. Changed? Then name another WORDING_VERSION, too.
WORDINGS = ("choices-2", "a366edcaa40f0b2a")


@pytest.fixture
def who(connection, workspace) -> int:
    """Somebody who gets advertising by mail, whom text messages and Kakao would reach, too."""
    allowed_message(connection, workspace)
    claim(connection, workspace)
    found = one(connection, "select customer_id from message")
    for channel in ("sms", "kakao_brand"):
        reach(connection, workspace, customer_id=found, channel=channel)
    connection.commit()
    return found


@pytest.fixture
def link(connection, workspace, who) -> str:  # noqa: ARG001  they come with the message
    return link_of(workspace, one(connection, "select id from message"))


def states(connection, who) -> dict[str, str]:
    """What the customer allows, by channel."""
    found = connection.execute(
        "select channel::text, state::text from consent where customer_id = %s", (who,)
    ).fetchall()
    connection.commit()
    return dict(found)


def last_word(connection) -> tuple:
    found = connection.execute(
        "select channel::text, action::text, wording, wording_version, locale, source,"
        " source_kind::text, evidence is not null from consent_entry order by id desc limit 1"
    ).fetchone()
    connection.commit()
    return found


def places_shown(page: str) -> set[int]:
    """The channels that have a switch."""
    ways = page.split('aria-labelledby="ways"')[1].split("</section>", maxsplit=1)[0]
    return {int(part.split('"')[0]) for part in ways.split('name="value" value="')[1:]}


def test_every_channel_that_would_reach_them_has_a_switch(client, link):
    page = client.get(link, headers=BROWSER).text

    assert places_shown(page) == {EMAIL, SMS, BRAND}
    assert "단골 상점의 혜택과 새 소식을 카카오톡으로 받습니다." in unescape(page)


def test_a_channel_without_a_vendor_has_none(client, link):
    client.app.state.channels = frozenset({Channel.EMAIL, Channel.KAKAO_ALIMTALK})

    assert places_shown(client.get(link, headers=BROWSER).text) == {EMAIL}


def test_what_they_agreed_to_can_always_be_taken_back(client, connection, workspace, who, link):
    """Even where nobody sends there today, or their address is unknown."""
    client.app.state.channels = frozenset()
    give_consent(connection, workspace, customer_id=who, channel="push")

    assert places_shown(client.get(link, headers=BROWSER).text) == {EMAIL, PUSH}
    page = press(client, link, action="way-off", value=PUSH)

    assert states(connection, who)["push"] == "withdrawn"
    assert "이제 단골 상점의 광고를 앱 알림으로 보내지 않아요." in page


def test_alimtalk_carries_no_advertising_and_has_no_switch(
    client, connection, workspace, who, link
):
    reach(connection, workspace, customer_id=who, channel="kakao_alimtalk")
    connection.commit()
    place = PLACES[Channel.KAKAO_ALIMTALK]

    assert place not in places_shown(client.get(link, headers=BROWSER).text)
    press(client, link, action="way-on", value=place)

    assert states(connection, who) == {"email": "granted"}


def forbid_texts(connection, reason: str) -> None:
    connection.execute(
        "insert into suppression (workspace_id, channel, address_key, reason, since)"
        " select workspace_id, channel, key, %s::suppression_reason, %s from address"
        " where channel = 'sms'",
        (reason, NOON),
    )
    connection.commit()


@pytest.mark.parametrize("reason", ["bounced", "manual"])
def test_an_address_nobody_may_write_to_is_not_offered(client, connection, link, reason):
    forbid_texts(connection, reason)

    assert places_shown(client.get(link, headers=BROWSER).text) == {EMAIL, BRAND}


@pytest.mark.parametrize("reason", ["unsubscribed", "complained"])
def test_who_refused_or_complained_may_want_it_again(client, connection, who, link, reason):
    forbid_texts(connection, reason)
    assert places_shown(client.get(link, headers=BROWSER).text) == {EMAIL, SMS, BRAND}

    press(client, link, action="way-on", value=SMS)

    assert states(connection, who)["sms"] == "granted"
    assert one(connection, "select count(*) from suppression") == 0


def test_one_press_agrees_and_the_ledger_has_the_sentence_they_read(client, connection, who, link):
    page = press(client, link, action="way-on", value=SMS)

    assert states(connection, who) == {"email": "granted", "sms": "granted"}
    assert "이제 단골 상점의 광고를 문자로 보내 드려요." in page
    sentence = "단골 상점의 혜택과 새 소식을 문자로 받습니다."
    assert sentence in unescape(client.get(link, headers=BROWSER).text)
    assert last_word(connection) == (
        "sms",
        "grant",
        sentence,
        WORDING_VERSION,
        "ko",
        "preference page",
        "page",
        True,
    )

    page = undo(client, page)

    assert states(connection, who) == {"email": "granted", "sms": "withdrawn"}
    assert "이제 단골 상점의 광고를 문자로 보내지 않아요." in page


@pytest.mark.parametrize("place", [EMAIL, BRAND])
def test_one_press_stops_one_channel_and_no_other(client, connection, workspace, who, link, place):
    for channel in ("sms", "kakao_brand"):
        give_consent(connection, workspace, customer_id=who, channel=channel)
    stopped = next(channel for channel, found in PLACES.items() if found == place)

    page = press(client, link, action="way-off", value=place)

    after = states(connection, who)
    assert after.pop(stopped) == "withdrawn"
    assert set(after.values()) == {"granted"}
    assert '<button name="action" value="all-off">' in page
    assert one(connection, "select count(*) from receipt") == (1 if place == EMAIL else 0)


def test_everything_off_is_every_channel_and_undone_to_what_was_on(
    client, connection, workspace, who, link
):
    give_consent(connection, workspace, customer_id=who, channel="sms")
    give_consent(connection, workspace, customer_id=who, channel="push")
    press(client, link, action="way-off", value=SMS)

    page = press(client, link, action="all-off")

    # Kakao, of which nobody ever said anything, is refused as well.
    assert set(states(connection, who).values()) == {"withdrawn"}
    assert set(states(connection, who)) == {"email", "sms", "push", "kakao_brand"}
    assert "이제 단골 상점의 광고를 보내지 않아요." in page
    assert 'value="all-off"' not in page

    page = undo(client, page)

    assert "이제 단골 상점의 광고를 다시 보내 드려요." in page
    assert states(connection, who) == {
        "email": "granted",
        "push": "granted",
        "sms": "withdrawn",
        "kakao_brand": "withdrawn",
    }


def test_an_address_made_up_grants_nothing_that_was_never_taken_back(client, connection, who, link):
    press(client, link, action="all-on", value=1 << BRAND | 1 << SMS)

    assert states(connection, who) == {"email": "granted"}


def test_everything_off_twice_offers_no_way_back_to_nothing(client, link):
    press(client, link, action="all-off")
    page = press(client, link, action="all-off")

    said = page.split('class="said"')[1].split("</div>")[0]
    assert "보내지 않아요" in said
    assert "<form" not in said


def test_who_shares_the_number_is_left_in_peace_as_well(client, connection, workspace, who, link):
    other = customer(connection, workspace, name="jiwoo", email=None)
    reach(connection, workspace, customer_id=other)
    address(connection, workspace, customer_id=other, email="jiwoo@shop.example")
    for one_of in (who, other):
        give_consent(connection, workspace, customer_id=one_of, channel="sms")
    give_consent(connection, workspace, customer_id=other)

    press(client, link, action="way-off", value=SMS)

    assert states(connection, other) == {"email": "granted", "sms": "withdrawn"}


def test_the_switches_speak_english(client, link):
    page = unescape(client.get(link, headers=ENGLISH).text)

    assert "I get offers and news of 단골 상점 by text message." in page
    assert 'aria-label="Get promotions on KakaoTalk"' in page


def test_a_wording_that_changes_is_another_version():
    """Read ``WORDINGS``: the ledger's versions say which sentence somebody read."""
    said = "\n".join(
        text
        for words in CHOICE_TEXTS.values()
        for text in (
            words.way_wording,
            *(f"{channel} {by}" for channel, by in words.ways_by.items()),
            words.night_body,
            words.night_wording_off,
        )
    )

    assert (WORDING_VERSION, sha256(said.encode()).hexdigest()[:16]) == WORDINGS
