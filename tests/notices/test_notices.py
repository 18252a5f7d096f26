"""People are told what the law wants them told about their consents, once, and it is on record."""

import email
from datetime import timedelta
from email import policy

import pytest
from tests.app.test_every_channel import send
from tests.build import NOON, customer, open_shop, reach, suppress
from tests.channels.sending import deliver_to, mail_server
from tests.channels.vendors import Vendor

from dangol.app import notices
from dangol.consent.audit import mend_fold
from dangol.consent.ledger import record_entry, withdraw
from dangol.content.library import read_library
from dangol.content.lint import lint_template
from dangol.content.text_rules import LMS_BYTES, count_bytes
from dangol.guard.decide import decide_messages
from dangol.guard.law.duties import duty_values
from dangol.notices.tell import collect_results, plan_notices
from dangol.store.connect import connect
from dangol.store.crash import _handlers, handle_crashpoints
from dangol.store.vocabulary import Channel, ConsentAction, Purpose
from dangol.store.workspace import read_workspace

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEARS = timedelta(days=2 * 365)


def send_notices(connection, **values):
    """A turn where every channel has a vendor."""
    return notices.send_notices(connection, channels=Channel, **values)


def say(
    connection,
    workspace,
    customer_id,
    action,
    *,
    at=NOON,
    recorded_at=None,
    channel=Channel.EMAIL,
):
    with connection.transaction():
        record_entry(
            connection,
            workspace_id=workspace,
            customer_id=customer_id,
            channel=channel,
            purpose=Purpose.MARKETING,
            action=ConsentAction(action),
            source="sign-up form",
            occurred_at=at,
            now=recorded_at or at,
        )


def turn(connection, workspace, *, now):
    """What a worker does of it: notices, the guard, the delivery loop, and notices again."""
    send_notices(connection, workspace_id=workspace, now=now)
    with connection.transaction():
        decide_messages(connection, workspace_id=workspace, now=now, batch=100)
    with mail_server() as server:
        deliver_to(server, connection, workspace, now=now)
    send_notices(connection, workspace_id=workspace, now=now)
    return server.mails


def words_of(mail):
    """What the text part of a mail says."""
    message = email.message_from_bytes(mail.content, policy=policy.default)
    return message.get_body(("plain",)).get_content()


def entries(connection, action):
    rows = connection.execute(
        "select count(*) from consent_entry where action = %s", (action,)
    ).fetchone()
    connection.commit()
    return rows[0]


def open_notices(connection):
    (count,) = connection.execute(
        "select count(*) from consent_notice where ready_at is not null"
    ).fetchone()
    connection.commit()
    return count


@pytest.fixture
def minji(connection, workspace):
    return customer(connection, workspace)


def test_who_agrees_is_told_the_same_day_and_the_ledger_says_so(connection, workspace, minji):
    say(connection, workspace, minji, "grant")

    early = turn(connection, workspace, now=NOON + HOUR - timedelta(seconds=1))
    (mail,) = turn(connection, workspace, now=NOON + HOUR)
    again = turn(connection, workspace, now=NOON + 2 * DAY)

    assert (early, again) == ([], [])
    told = words_of(mail)
    assert "2027-03-02 이메일: 광고 수신에 동의하셨고" in told
    assert read_workspace(connection, workspace_id=workspace).sender_name in told
    assert entries(connection, "notice_sent") == 1
    assert connection.execute("select due_at - said_at from consent_notice").fetchall() == [
        (timedelta(days=14),)
    ]


def test_a_notice_is_a_message_like_all_others_and_the_guard_keeps_its_decision(
    connection, workspace, minji
):
    say(connection, workspace, minji, "refuse")

    turn(connection, workspace, now=NOON + HOUR)

    assert connection.execute(
        "select message.purpose, message.state, decision.verdict, journey.name,"
        " enrollment.state, enrollment.planned from message"
        " join decision on decision.message_id = message.id"
        " join journey on journey.id = message.journey_id"
        " join enrollment on enrollment.id = message.enrollment_id"
    ).fetchall() == [("informational", "handed", "allow", "consent-result", "ended", 1)]


def test_caps_and_holdout_do_not_stop_what_the_law_asks(connection, workspace, minji):
    connection.execute("update workspace set holdout_permille = 1000, daily_messages = 1")
    say(connection, workspace, minji, "withdraw")

    assert len(turn(connection, workspace, now=NOON + HOUR)) == 1


def test_who_changes_their_mind_at_once_hears_of_the_last_word_once(connection, workspace, minji):
    for minutes, action in enumerate(("grant", "withdraw", "grant", "night_grant", "withdraw")):
        say(connection, workspace, minji, action, at=NOON + timedelta(minutes=minutes))

    (mail,) = turn(connection, workspace, now=NOON + 2 * HOUR)

    told = words_of(mail)
    assert told.count("철회하셨고") == 1
    assert "밤 9시부터" in told
    assert open_notices(connection) == 0
    # The ledger says once that they were told, not five times.
    assert entries(connection, "notice_sent") == 1


def test_nobody_is_told_twice_a_day(connection, workspace, minji):
    say(connection, workspace, minji, "grant")
    first = turn(connection, workspace, now=NOON + HOUR)
    say(connection, workspace, minji, "withdraw", at=NOON + 2 * HOUR)

    same_day = turn(connection, workspace, now=NOON + 4 * HOUR)
    next_day = turn(connection, workspace, now=NOON + 4 * HOUR + DAY)

    assert [len(mails) for mails in (first, same_day, next_day)] == [1, 0, 1]


def test_people_are_not_woken_for_it(connection, workspace, minji):
    evening = NOON + 9 * HOUR
    say(connection, workspace, minji, "grant", at=evening)

    at_night = turn(connection, workspace, now=evening + 2 * HOUR)
    in_the_morning = turn(connection, workspace, now=evening + 12 * HOUR)

    assert (len(at_night), len(in_the_morning)) == (0, 1)


def test_history_that_is_brought_along_is_not_told(connection, workspace, minji):
    say(connection, workspace, minji, "grant", at=NOON - timedelta(days=15), recorded_at=NOON)

    assert turn(connection, workspace, now=NOON + HOUR) == []
    assert connection.execute("select count(*) from consent_notice").fetchone() == (0,)


@pytest.mark.parametrize(("country", "mails"), [("KR", 1), ("US", 0), ("DE", 0)])
def test_the_law_of_the_customers_country_counts(connection, workspace, minji, country, mails):
    connection.execute("update customer set country = %s", (country,))
    say(connection, workspace, minji, "grant")

    assert len(turn(connection, workspace, now=NOON + HOUR)) == mails


def test_who_reads_english_is_told_in_english(connection, workspace, minji):
    connection.execute("update customer set locale = 'en-GB'")
    say(connection, workspace, minji, "withdraw")

    (mail,) = turn(connection, workspace, now=NOON + HOUR)

    assert "you took back your consent to advertising" in words_of(mail)


def test_who_cannot_be_reached_stays_due_and_is_told_once_they_can(connection, workspace, minji):
    suppress(connection, workspace, email="minji@shop.example")
    say(connection, workspace, minji, "withdraw")

    nowhere = turn(connection, workspace, now=NOON + HOUR)
    waiting = open_notices(connection)
    connection.execute("delete from suppression")
    reached = turn(connection, workspace, now=NOON + HOUR + DAY)

    assert (len(nowhere), waiting, len(reached)) == (0, 1, 1)


def test_what_a_mail_server_refused_is_tried_again(connection, workspace, minji):
    say(connection, workspace, minji, "grant")
    send_notices(connection, workspace_id=workspace, now=NOON + HOUR)
    connection.execute("update message set state = 'failed', act_at = null")

    send_notices(connection, workspace_id=workspace, now=NOON + 2 * HOUR)
    mails = turn(connection, workspace, now=NOON + 26 * HOUR)

    assert len(mails) == 1
    assert entries(connection, "notice_sent") == 1


def test_who_is_forgotten_is_told_nothing(connection, workspace, minji):
    say(connection, workspace, minji, "grant")
    collect_results(connection, workspace_id=workspace, duties=duty_values(NOON), batch=10)
    connection.execute("update customer set state = 'erased'")

    assert turn(connection, workspace, now=NOON + HOUR) == []
    assert open_notices(connection) == 0


def test_a_shop_whose_other_system_tells_them_tells_nothing(connection, workspace, minji):
    connection.execute("update workspace set consent_notices = false")
    say(connection, workspace, minji, "grant")

    assert turn(connection, workspace, now=NOON + HOUR) == []


def test_before_two_years_are_over_people_are_reminded_once_and_keep_their_consent(
    connection, workspace, minji
):
    say(connection, workspace, minji, "grant", at=NOON - YEARS, recorded_at=NOON - YEARS)
    connection.execute("truncate untold_entry")

    early = turn(connection, workspace, now=NOON - timedelta(days=31))
    (mail,) = turn(connection, workspace, now=NOON - timedelta(days=29))
    later = turn(connection, workspace, now=NOON - timedelta(days=27))

    assert (early, later) == ([], [])
    assert "2025-03-02" in words_of(mail)
    assert entries(connection, "reconfirm_sent") == 1
    assert connection.execute("select state, confirmed_at from consent").fetchall() == [
        ("granted", NOON - timedelta(days=29))
    ]


def test_after_a_reminder_two_years_begin_anew(connection, workspace, minji):
    say(connection, workspace, minji, "grant", at=NOON - YEARS, recorded_at=NOON - YEARS)
    connection.execute("truncate untold_entry")
    turn(connection, workspace, now=NOON - timedelta(days=29))

    in_a_year = turn(connection, workspace, now=NOON + timedelta(days=300))
    in_two = turn(connection, workspace, now=NOON + YEARS - timedelta(days=50))

    assert (len(in_a_year), len(in_two)) == (0, 1)


def test_who_withdraws_before_it_leaves_is_not_reminded(connection, workspace, minji):
    say(connection, workspace, minji, "grant", at=NOON - YEARS, recorded_at=NOON - YEARS)
    connection.execute("truncate untold_entry")
    now = NOON - timedelta(days=20)
    send_notices(connection, workspace_id=workspace, now=now)
    with connection.transaction():
        withdraw(
            connection,
            workspace_id=workspace,
            customer_id=minji,
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            source="phone",
            now=now,
        )

    mails = turn(connection, workspace, now=now + timedelta(minutes=1))

    assert mails == []
    assert connection.execute("select state from message").fetchall() == [("skipped",)]
    assert entries(connection, "reconfirm_sent") == 0


def test_each_shop_tells_its_own(connection, workspace, minji):
    other = open_shop(connection, name="other")
    jiwoo = customer(connection, other, name="jiwoo", email="jiwoo@shop.example")
    say(connection, workspace, minji, "grant")
    say(connection, other, jiwoo, "grant")

    mails = turn(connection, other, now=NOON + HOUR)

    assert [mail.recipient for mail in mails] == ["jiwoo@shop.example"]


def test_many_are_told_in_slices_and_nobody_twice(connection, workspace):
    for number in range(25):
        found = customer(connection, workspace, name=f"c{number}", email=f"c{number}@shop.example")
        say(connection, workspace, found, "grant")
    now = NOON + HOUR

    turns = [
        send_notices(connection, workspace_id=workspace, now=now, batch=10).planned
        for _ in range(4)
    ]

    assert turns == [10, 10, 5, 0]
    assert connection.execute(
        "select count(*), count(distinct customer_id) from message"
    ).fetchone() == (25, 25)


def test_who_dies_in_between_tells_nobody_twice(connection, workspace, minji, dsn):
    say(connection, workspace, minji, "grant")

    def die(name):
        if name == "notices.before_commit":
            raise KeyboardInterrupt

    handle_crashpoints(die)
    try:
        with pytest.raises(KeyboardInterrupt), connect(dsn) as doomed:
            send_notices(doomed, workspace_id=workspace, now=NOON + HOUR)
    finally:
        del _handlers[1:]

    assert len(turn(connection, workspace, now=NOON + HOUR)) == 1
    assert entries(connection, "notice_sent") == 1


def test_two_workers_plan_a_notice_once(connection, workspace, minji, dsn):
    say(connection, workspace, minji, "grant")
    send_notices(connection, workspace_id=workspace, now=NOON + HOUR)
    connection.execute("truncate message, delivery, link, receipt cascade")
    connection.execute("update consent_notice set message_id = null, ready_at = said_at")
    connection.commit()
    now = {"now": NOON + 2 * HOUR, "batch": 10}

    with connect(dsn) as other:
        first = plan_notices(other, workspace_id=workspace, channels=Channel, **now)
        other.commit()
        second = plan_notices(connection, workspace_id=workspace, channels=Channel, **now)

    assert (first, second) == (1, 0)


def test_the_fold_agrees_with_the_ledger_afterwards(connection, workspace, minji):
    say(connection, workspace, minji, "grant")
    turn(connection, workspace, now=NOON + HOUR)

    assert mend_fold(connection, workspace_id=workspace) == 0


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_the_ready_made_notices_have_no_fault(connection, workspace, locale):
    shop = read_workspace(connection, workspace_id=workspace)

    drafts = read_library(locale=locale, folder_name="notices")

    assert {(draft.name, draft.channel) for draft in drafts} == {
        (f"consent_{kind}_{locale}", channel)
        for kind in ("reminder", "result")
        for channel in (Channel.EMAIL, Channel.SMS, Channel.PUSH)
    }
    assert [lint_template(draft, workspace=shop) for draft in drafts] == [[]] * 6


def texted(connection, workspace, *, channel="sms", **said) -> list:
    """What a person who cannot be mailed gets, told by the vendor of this channel."""
    who = customer(connection, workspace, name="jiwoo", email=None)
    reach(connection, workspace, customer_id=who, channel=channel, value="+821099998888")
    connection.commit()
    for action in said.pop("actions", ("grant",)):
        say(connection, workspace, who, action, channel=said.get("about", Channel.SMS))
    send_notices(connection, workspace_id=workspace, now=NOON + HOUR)
    with connection.transaction():
        decide_messages(connection, workspace_id=workspace, now=NOON + HOUR, batch=100)
    vendor = Vendor()
    send(connection, workspace, vendor, channel=Channel(channel), now=NOON + HOUR)
    send_notices(connection, workspace_id=workspace, now=NOON + HOUR)
    return [one.content for one in vendor.taken]


@pytest.mark.parametrize("about", [Channel.SMS, Channel.KAKAO_BRAND])
def test_who_has_no_mail_is_told_by_text_message(connection, workspace, about):
    (note,) = texted(connection, workspace, about=about, actions=("grant", "night_grant"))

    assert "광고 수신에 관해 말씀하신 대로 처리했어요." in note.text
    assert "동의" in note.text
    assert "밤 9시~아침 8시 동의" in note.text
    assert "/u/" in note.text
    assert "(광고)" not in note.text
    assert count_bytes(note.text) < LMS_BYTES
    told = connection.execute(
        "select channel::text, action::text from consent_entry where action = 'notice_sent'"
    ).fetchall()
    assert set(told) == {(about.value, "notice_sent")}


def test_who_has_an_app_alone_is_told_by_a_notification(connection, workspace):
    (note,) = texted(connection, workspace, channel="push", about=Channel.PUSH)

    assert note.title == "광고 수신에 관해 말씀하신 대로 처리했어요"
    assert "앱 알림: 동의" in note.body


def test_nothing_is_planned_for_a_channel_without_a_vendor(connection, workspace):
    who = customer(connection, workspace, name="jiwoo", email=None)
    reach(connection, workspace, customer_id=who)
    connection.commit()
    say(connection, workspace, who, "grant", channel=Channel.SMS)

    notices.send_notices(
        connection, workspace_id=workspace, channels=[Channel.EMAIL], now=NOON + HOUR
    )

    assert connection.execute("select count(*) from message").fetchone() == (0,)
    connection.commit()
    # Once there is one, they are told: everybody who cannot be reached is tried again a day later.
    send_notices(connection, workspace_id=workspace, now=NOON + 25 * HOUR)
    assert connection.execute("select channel::text from message").fetchall() == [("sms",)]
