"""Kakao is asked who has blocked the channel: a post that was lost leaves nobody written to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.app.phones import (
    KAKAO_USER,
    consents,
    may_leave,
    phone_customer,
    phone_message,
)
from tests.build import NOON, TEST_VAULT, open_shop

from dangol.app.clock import machine_time
from dangol.app.kakao_relations import ask_relations, hours_between
from dangol.app.settings import Settings
from dangol.app.vendor_chores import asked_until, note_asked
from dangol.providers.kakao.fake import ADMIN_KEY, FakeKakao

HOUR = timedelta(hours=1)


@pytest.fixture
def kakao() -> Iterator[FakeKakao]:
    with FakeKakao(clock=lambda: NOON + HOUR) as running:
        yield running


def settings_of(kakao: FakeKakao, *, key: str = ADMIN_KEY) -> Settings:
    return Settings(kakao_admin_key=key, kakao_url=kakao.url)


def ask(connection, kakao: FakeKakao, *, key: str = ADMIN_KEY) -> bool:
    return ask_relations(connection, settings_of(kakao, key=key), vault=TEST_VAULT)


def asked(connection) -> datetime | None:
    return asked_until(connection, provider="kakao", question="relations")


def brand_customer(connection, workspace: int) -> int:
    return phone_customer(connection, workspace, channel="kakao_brand", kakao_user=KAKAO_USER)


def withdrawals(connection) -> int:
    statement = "select count(*) from consent_entry where source_kind = 'kakao_channel'"
    (number,) = connection.execute(statement).fetchone()
    connection.commit()
    return number


def test_a_block_that_was_never_posted_is_found(connection, workspace, kakao):
    minji = brand_customer(connection, workspace)
    message = phone_message(connection, workspace, customer_id=minji, channel="kakao_brand")
    assert may_leave(connection, workspace, message)

    kakao.change(KAKAO_USER, "blocked")
    assert ask(connection, kakao)

    assert not may_leave(connection, workspace, message)
    assert consents(connection, minji) == {"kakao_brand": "withdrawn"}
    assert withdrawals(connection) == 1


def test_it_holds_in_every_workspace(connection, workspace, kakao):
    here = brand_customer(connection, workspace)
    there = brand_customer(connection, open_shop(connection, name="other"))

    kakao.change(KAKAO_USER, "blocked")
    assert ask(connection, kakao)

    assert consents(connection, here) == consents(connection, there) == {"kakao_brand": "withdrawn"}


def test_who_added_the_channel_or_is_not_known_there_keeps_what_they_allowed(
    connection, workspace, kakao
):
    minji = brand_customer(connection, workspace)
    kakao.change(KAKAO_USER, "added")

    assert ask(connection, kakao)

    assert consents(connection, minji) == {"kakao_brand": "granted"}


def test_a_block_from_before_the_consent_does_not_undo_it(connection, workspace, kakao):
    minji = brand_customer(connection, workspace)
    kakao.change(KAKAO_USER, "blocked")
    before = "update consent set since = %s"
    _ = connection.execute(before, (NOON + 2 * HOUR,))
    connection.commit()

    assert ask(connection, kakao)

    assert consents(connection, minji) == {"kakao_brand": "granted"}


def test_everybody_is_asked_about_once_a_day_in_an_hour_of_their_own(connection, workspace, kakao):
    minji = brand_customer(connection, workspace)
    now = machine_time().replace(minute=0, second=0, microsecond=0)
    theirs = next(now - n * HOUR for n in range(24) if (now - n * HOUR).hour == minji % 24)

    note_asked(connection, provider="kakao", question="relations", until=theirs)
    assert ask(connection, kakao)
    assert list(kakao.asked_about) == []
    assert asked(connection) == now

    note_asked(connection, provider="kakao", question="relations", until=theirs - HOUR)
    assert ask(connection, kakao)
    assert ask(connection, kakao)
    assert list(kakao.asked_about) == [KAKAO_USER]


def test_a_refused_key_is_asked_again_for_the_same_hours(connection, workspace, kakao, caplog):
    minji = brand_customer(connection, workspace)
    kakao.change(KAKAO_USER, "blocked")

    assert not ask(connection, kakao, key="other")
    assert "was not asked" in caplog.text
    assert asked(connection) is None
    assert consents(connection, minji) == {"kakao_brand": "granted"}

    assert ask(connection, kakao)
    assert consents(connection, minji) == {"kakao_brand": "withdrawn"}


def test_one_whom_the_app_does_not_know_keeps_no_other_from_being_asked_about(
    connection, workspace, kakao
):
    stranger = phone_customer(
        connection,
        workspace,
        name="junho",
        number="+821099998888",
        channel="kakao_brand",
        kakao_user="404404",
    )
    minji = brand_customer(connection, workspace)
    kakao.strangers.add("404404")
    kakao.change(KAKAO_USER, "blocked")

    assert ask(connection, kakao)

    assert consents(connection, stranger) == {"kakao_brand": "granted"}
    assert consents(connection, minji) == {"kakao_brand": "withdrawn"}


def test_hours_of_the_day_are_each_counted_once():
    at = datetime(2026, 3, 3, 2, tzinfo=UTC)

    assert hours_between(at, at) == []
    assert hours_between(at - 3 * HOUR, at) == [2, 1, 0]
    assert sorted(hours_between(at - 300 * HOUR, at)) == list(range(24))
