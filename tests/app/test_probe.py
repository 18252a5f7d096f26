"""Apps that were long silent are asked for, unseen; who is gone is found without a message."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.app.devices import lose, notify, push_by, reached_at, says, settle, states, written
from tests.build import NOON, TEST_VAULT, give_consent
from tests.ingest.words import owner
from tests.providers.pushing import Clock

from dangol.app.doctor_push import examine_devices
from dangol.app.probe import ask_silent, probe_chores
from dangol.app.push import PushSender, Service
from dangol.app.settings import Settings
from dangol.channels.probes import count_devices, read_probe_days, set_probe_days
from dangol.feedback.devices import RENEWAL
from dangol.providers.apns.fake import FakeApns
from dangol.providers.apns.sender import ApnsSender, Apple
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.jwt import read_private_key
from dangol.store.connect import Connection

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
LATER = NOON + WEEK


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fake:
        yield fake


@pytest.fixture
def sender(tmp_path: Path, fcm: FakeFcm) -> PushSender:
    return push_by(fcm, tmp_path)


def ask(
    connection: Connection,
    workspace: int,
    sender: PushSender,
    *,
    at: datetime = LATER,
    batch: int = 500,
) -> int:
    connection.commit()
    return ask_silent(
        connection,
        sender,
        workspace_id=workspace,
        vault=TEST_VAULT,
        clock=lambda _: at,
        batch=batch,
    )


def asked(fcm: FakeFcm) -> list[str]:
    return sorted(message.token for message in fcm.messages if "dangol_probe" in message.data)


def test_who_was_silent_for_a_week_is_asked_for_once_and_sees_nothing(
    connection, workspace, sender, fcm
):
    says(connection, workspace, "tok-1")

    known = [ask(connection, workspace, sender, at=LATER + n * HOUR) for n in (-1, 0, 1)]

    assert known == [0, 1, 0]
    (message,) = fcm.messages
    assert asked(fcm) == ["tok-1"]
    assert message.data == {"dangol_probe": "1"}
    assert (message.notification.title, message.notification.body) == ("", "")
    apple = json.loads(bytes(message.apns["headers"]))
    assert (apple["apns-push-type"], apple["apns-priority"]) == ("background", "5")
    assert json.loads(bytes(message.apns["payload"])) == {"aps": {"content-available": 1}}
    assert json.loads(bytes(message.android["priority"])) == "NORMAL"
    assert connection.execute("select count(*) from message").fetchone() == (0,)
    assert ask(connection, workspace, sender, at=LATER + WEEK) == 1


def test_an_app_that_is_gone_is_found_without_a_message(connection, workspace, sender, monkeypatch):
    says(connection, workspace, "tok-1")
    # Another app's token lives, so that the account is not in doubt.
    at = NOON + timedelta(minutes=1)
    says(connection, workspace, "tok-2", user="jiwoo", device="phone-2", at=at)
    lose(monkeypatch, "tok-1")

    assert ask(connection, workspace, sender, at=LATER + HOUR) == 2

    assert states(connection) == [("android", "suspected"), ("android", "active")]
    assert (reached_at(connection), reached_at(connection, "jiwoo")) == (None, "tok-2")
    assert settle(connection, workspace, at=LATER + RENEWAL) == 0
    assert settle(connection, workspace, at=LATER + RENEWAL + HOUR) == 1
    assert written(connection) == ["App Uninstalled"]


def test_a_token_renewed_after_it_was_asked_for_is_no_uninstall(
    connection, workspace, sender, monkeypatch
):
    says(connection, workspace, "tok-1")
    lose(monkeypatch, "tok-1")
    ask(connection, workspace, sender)

    says(connection, workspace, "tok-2", at=LATER + HOUR)

    assert settle(connection, workspace, at=LATER + RENEWAL + HOUR) == 0
    assert states(connection) == [("android", "active")]
    # What is new has been heard of.
    assert ask(connection, workspace, sender, at=LATER + 2 * HOUR) == 0


def test_a_notification_that_was_taken_is_a_word_of_it(connection, workspace, sender, fcm):
    says(connection, workspace, "tok-1")
    assert notify(connection, workspace, sender, at=NOON + 3 * HOUR).accepted == 1

    assert ask(connection, workspace, sender) == 0
    assert ask(connection, workspace, sender, at=LATER + 2 * HOUR) == 0
    assert asked(fcm) == []
    assert ask(connection, workspace, sender, at=LATER + 3 * HOUR) == 1


@pytest.mark.parametrize("state", ["withdrawn", "refused"])
def test_who_refuses_notifications_is_left_alone(connection, workspace, sender, fcm, state):
    says(connection, workspace, "tok-1")
    give_consent(
        connection,
        workspace,
        customer_id=owner(connection, "external", "minji"),
        channel="push",
    )
    connection.execute("update consent set state = %s", (state,))

    assert ask(connection, workspace, sender) == 0
    assert fcm.messages == []
    assert states(connection) == [("android", "active")]


def test_who_agreed_or_never_said_anything_is_asked_for(connection, workspace, sender, fcm):
    for number, name in enumerate(("minji", "jiwoo")):
        says(connection, workspace, f"tok-{number}", user=name, device=name)
    give_consent(
        connection,
        workspace,
        customer_id=owner(connection, "external", "minji"),
        channel="push",
    )

    assert ask(connection, workspace, sender) == 2
    assert asked(fcm) == ["tok-0", "tok-1"]


def test_browsers_are_never_sent_what_shows_nothing(connection, workspace, sender, fcm):
    subscription = '{"endpoint":"https://push.example/1","keys":{"p256dh":"a","auth":"b"}}'
    says(connection, workspace, subscription, device=None, kind=None)
    says(connection, workspace, "tok-of-a-page", user="jiwoo", device="page", kind="web")

    assert ask(connection, workspace, sender) == 0
    assert fcm.messages == []
    assert not sender.reaches_unseen(subscription)


def test_a_shop_may_turn_it_off_or_wait_longer(connection, workspace, sender):
    says(connection, workspace, "tok-1")
    set_probe_days(connection, workspace_id=workspace, days=0)
    assert ask(connection, workspace, sender, at=NOON + 10 * WEEK) == 0

    set_probe_days(connection, workspace_id=workspace, days=14)
    assert read_probe_days(connection, workspace_id=workspace) == 14
    assert [ask(connection, workspace, sender, at=NOON + n * WEEK) for n in (1, 2)] == [0, 1]
    with pytest.raises(ValueError, match="91 days"):
        set_probe_days(connection, workspace_id=workspace, days=91)


@pytest.mark.parametrize(
    "pause",
    [
        "update workspace set sending_paused = true",
        "update installation set paused_at = now(), paused_because = 'a copy'",
        "insert into provider_state (name, paused_at, paused_because) values ('push', now(), 'x')",
        "insert into provider_state (name, rests_until) values ('push', '2027-12-31')",
    ],
)
def test_where_nothing_is_sent_nobody_is_asked_for(connection, workspace, sender, fcm, pause):
    says(connection, workspace, "tok-1")
    connection.execute(
        "insert into installation (identity) values (gen_random_uuid()) on conflict do nothing"
    )
    connection.execute(pause)

    assert ask(connection, workspace, sender) == 0
    assert fcm.messages == []


def test_what_a_vendor_cannot_say_is_asked_again_in_an_hour(
    connection, workspace, sender, fcm, monkeypatch
):
    says(connection, workspace, "tok-1")
    lose(monkeypatch, "tok-1", "UNAVAILABLE")
    assert ask(connection, workspace, sender) == 0
    monkeypatch.undo()

    assert ask(connection, workspace, sender, at=LATER + HOUR / 2) == 0
    assert ask(connection, workspace, sender, at=LATER + HOUR) == 1
    assert asked(fcm) == ["tok-1"]
    assert states(connection) == [("android", "active")]


def test_a_turn_asks_for_the_longest_silent_first_and_no_more_than_it_may(
    connection, workspace, sender, fcm
):
    for number in range(3):
        at = NOON - number * HOUR
        says(connection, workspace, f"tok-{number}", user=f"u{number}", device=f"d{number}", at=at)

    assert ask(connection, workspace, sender, batch=2) == 2
    assert asked(fcm) == ["tok-1", "tok-2"]


def test_after_a_crash_nobody_is_asked_for_twice(connection, workspace, sender, fcm, monkeypatch):
    says(connection, workspace, "tok-1")

    def crash(name: str) -> None:
        raise KeyboardInterrupt(name)

    with monkeypatch.context() as patch:
        patch.setattr("dangol.app.probe.crashpoint", crash)
        with pytest.raises(KeyboardInterrupt):
            ask(connection, workspace, sender)

    assert ask(connection, workspace, sender, at=LATER + HOUR) == 0
    assert fcm.messages == []
    assert ask(connection, workspace, sender, at=LATER + WEEK) == 1


@pytest.fixture
def apple() -> Iterator[FakeApns]:
    with FakeApns(clock=Clock(LATER)) as fake:
        yield fake


def push_to(fake: FakeApns) -> PushSender:
    account = Apple(
        key=read_private_key(fake.key_pem),
        key_id=fake.key_id,
        team_id=fake.team_id,
        topic=fake.topic,
        url=fake.url,
        loopback=True,
        trust=fake.trust,
    )
    return PushSender({Service.APNS: ApnsSender(account, clock=Clock(LATER))})


def test_apple_is_asked_in_the_background(connection, workspace, apple):
    says(connection, workspace, apple.device(1), kind="ios")
    gone = apple.device(2, script="e1")
    says(connection, workspace, gone, user="jiwoo", device="phone-2", kind="ios")
    apple.gone_at = NOON + HOUR

    assert ask(connection, workspace, push_to(apple)) == 2

    (note,) = apple.notes
    assert (note.headers["apns-push-type"], note.headers["apns-priority"]) == ("background", "5")
    assert json.loads(note.payload) == {"aps": {"content-available": 1}, "dangol_probe": "1"}
    assert sorted(states(connection)) == [("ios", "active"), ("ios", "suspected")]


def test_who_registered_after_apple_lost_sight_of_the_app_has_it(connection, workspace, apple):
    says(connection, workspace, apple.device(2, script="e1"), kind="ios")
    apple.gone_at = NOON - HOUR

    assert ask(connection, workspace, push_to(apple)) == 1
    assert states(connection) == [("ios", "active")]


def test_counts_say_who_waits_and_who_was_asked_for(connection, workspace, sender, monkeypatch):
    for number, name in enumerate(("minji", "jiwoo", "haneul")):
        says(connection, workspace, f"tok-{number}", user=name, device=name)
    says(connection, workspace, "tok-page", user="page", device="page", kind="web")
    lose(monkeypatch, "tok-2")

    def counts() -> list[tuple[str, str, int, int, int]]:
        found = count_devices(connection, workspace_id=workspace, now=LATER)
        return [(one.platform, one.state, one.devices, one.silent, one.asked) for one in found]

    assert counts() == [("android", "active", 3, 3, 0), ("web", "active", 1, 0, 0)]
    ask(connection, workspace, sender)

    assert counts() == [
        ("android", "active", 2, 0, 2),
        ("android", "suspected", 1, 0, 1),
        ("web", "active", 1, 0, 0),
    ]
    ((check, found, remedy),) = examine_devices(connection)
    assert (check, remedy) == ("devices", "")
    assert "3 active, 1 suspected to be gone, 0 uninstalled" in found


def test_without_push_there_is_no_such_chore(tmp_path):
    assert probe_chores(Settings(data_folder=tmp_path), vault=TEST_VAULT, fence=None) == []
