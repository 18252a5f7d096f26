"""A report that no webhook ever brought is asked for, and counts once whichever way it comes."""

import json
from datetime import timedelta

import pytest
from tests.app.test_korean_delivery import VENDORS, hand_over, waiting
from tests.build import TEST_VAULT, open_shop

from dangol.app.amazon import Amazon
from dangol.app.clock import machine_time
from dangol.app.lost_reports import QUESTION, ask_reports, report_turns
from dangol.app.sending_chores import report_chores
from dangol.app.settings import Settings
from dangol.app.vendor_chores import asked_until, note_asked, take_all_told
from dangol.app.vendor_desks import DESKS, Posted
from dangol.feedback.vendor_reports import take_reports


def settings_of(name: str, fake) -> Settings:
    return Settings(
        **{field: value.format(url=fake.url) for field, value in VENDORS[name][1].items()}
    )


def ask_for(connection, name: str, fake) -> int:
    answered = ask_reports(connection, report_turns(settings_of(name, fake), vault=TEST_VAULT))
    take_all_told(connection, vault=TEST_VAULT)
    return answered


def receipts(connection) -> list[tuple]:
    with connection.transaction():
        return connection.execute("select kind::text from receipt order by id").fetchall()


def kept(connection) -> list[tuple]:
    with connection.transaction():
        return connection.execute(
            "select workspace_id, count(*) from vendor_report group by 1 order by 1"
        ).fetchall()


@pytest.mark.parametrize("channel", ["sms", "kakao_alimtalk"])
@pytest.mark.parametrize("name", VENDORS)
def test_a_report_that_never_came_is_asked_for_once(connection, workspace, name, channel):
    waiting(connection, workspace, channel=channel, name="minji", number="+821012345678")

    with VENDORS[name][0](clock=machine_time) as fake:
        hand_over(connection, workspace, name, fake)
        for _ in range(2):
            assert ask_for(connection, name, fake) == 1

    assert receipts(connection) == [("delivered",)]


@pytest.mark.parametrize("name", VENDORS)
def test_what_a_webhook_has_brought_is_not_counted_again(connection, workspace, name):
    waiting(connection, workspace, channel="sms", name="minji", number="+821012345678")

    with VENDORS[name][0](clock=machine_time) as fake:
        hand_over(connection, workspace, name, fake)
        body = json_body(fake)
        desk = DESKS[name]
        posted = Posted(
            settings=Settings(), headers={}, body=body, now=machine_time(), amazon=Amazon()
        )
        with connection.transaction():
            take_reports(
                connection,
                desk.told(name, desk.read(posted)),
                workspace_id=workspace,
                vault=TEST_VAULT,
                now=machine_time(),
            )
        ask_for(connection, name, fake)

    assert receipts(connection) == [("delivered",)]
    assert kept(connection) == [(workspace, 1)]


def json_body(fake) -> bytes:
    """What the vendor would post first."""
    return json.dumps(fake.due[0]).encode()


def test_a_report_counts_in_the_workspace_whose_message_it_is_about(connection, workspace):
    open_shop(connection, name="other")
    waiting(connection, workspace, channel="sms", name="minji", number="+821012345678")

    with VENDORS["nhn"][0](clock=machine_time) as fake:
        hand_over(connection, workspace, "nhn", fake)
        ask_for(connection, "nhn", fake)

    assert kept(connection) == [(workspace, 1)]


def test_what_another_system_sent_by_the_same_account_is_left_alone(connection, workspace):
    waiting(connection, workspace, channel="sms", name="minji", number="+821012345678")

    with VENDORS["solapi"][0](clock=machine_time) as fake:
        hand_over(connection, workspace, "solapi", fake)
        (message,) = fake.messages.values()
        fake.messages["M4V-OTHER"] = {**message, "messageId": "M4V-OTHER", "customFields": {}}
        ask_for(connection, "solapi", fake)

    assert kept(connection) == [(workspace, 1)]


@pytest.mark.parametrize("name", ["solapi", "nhn"])
def test_after_days_away_all_of_them_are_asked_for(connection, workspace, name):
    waiting(connection, workspace, channel="sms", name="minji", number="+821012345678")
    long_ago = machine_time() - timedelta(days=3)
    note_asked(connection, provider=name, question=QUESTION, until=long_ago)

    with VENDORS[name][0](clock=machine_time) as fake:
        fake.clock = lambda: long_ago + timedelta(hours=1)
        if name == "solapi":
            fake.ahead = timedelta(days=3) - timedelta(hours=1)
        hand_over(connection, workspace, name, fake)
        ask_for(connection, name, fake)

    assert receipts(connection) == [("delivered",)]
    asked = asked_until(connection, provider=name, question=QUESTION)
    assert asked is not None
    assert machine_time() - asked < timedelta(minutes=1)


@pytest.mark.parametrize("name", VENDORS)
def test_a_vendor_that_does_not_answer_is_asked_the_same_again(connection, workspace, name):
    waiting(connection, workspace, channel="sms", name="minji", number="+821012345678")

    with VENDORS[name][0](clock=machine_time) as fake:
        hand_over(connection, workspace, name, fake)
        fake.stop()
        assert ask_for(connection, name, fake) == 0
        assert asked_until(connection, provider=name, question=QUESTION) is None
        fake.start()
        assert ask_for(connection, name, fake) == 1

    assert receipts(connection) == [("delivered",)]


@pytest.mark.usefixtures("workspace")
def test_who_answered_stop_is_heard_in_every_workspace(connection):
    open_shop(connection, name="other")

    with VENDORS["bizgo"][0](clock=machine_time) as fake:
        fake.do("reply-stop", "01012345678")
        ask_for(connection, "bizgo", fake)
        assert not fake.due

    assert [count for _, count in kept(connection)] == [1, 1]


def test_the_working_process_asks(connection, workspace):
    waiting(connection, workspace, channel="sms", name="minji", number="+821012345678")

    with VENDORS["solapi"][0](clock=machine_time) as fake:
        hand_over(connection, workspace, "solapi", fake)
        (chore,) = report_chores(settings_of("solapi", fake), vault=TEST_VAULT)
        chore.do(connection)

    assert kept(connection) == [(workspace, 1)]
