"""Devices come with events, are reached by push, and are found gone: the loop and FCM's fake."""

import base64
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from tests.app.devices import (
    HOUR,
    LATER,
    lose,
    notify,
    push_by,
    reached_at,
    says,
    settle,
    states,
    take,
    written,
)
from tests.build import NOON, TEST_VAULT
from tests.ingest.words import owner
from tests.rights.words import rows_about, tools

from dangol.app.push import PushSender
from dangol.app.rotation import reseal
from dangol.feedback.devices import RENEWAL
from dangol.guard.stop_loss import STATEMENTS as GUARD_STATEMENTS
from dangol.ingest.calls import Envelope
from dangol.ingest.merging import merge_customers
from dangol.ingest.payload import Reader, Reception
from dangol.ingest.plain import open_plain
from dangol.ingest.sure import open_sure
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.vendor import Fate, FaultKind, Outcome
from dangol.rights.erasure import erase
from dangol.rights.gather import Subject
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.statements import load_statements
from dangol.store.vocabulary import ApiKeyKind


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fake:
        yield fake


@pytest.fixture
def sender(tmp_path: Path, fcm: FakeFcm) -> PushSender:
    return push_by(fcm, tmp_path)


def opt_outs(connection: Connection, workspace: int, *, at: datetime) -> list[tuple[int, int]]:
    """Of each watched message, how many got it and how many count as gone, as stop-loss sees it."""
    values = {"workspace_id": workspace, "now": at, "month": NOON.replace(day=1)}
    [asked] = connection.execute(GUARD_STATEMENTS["has_opt_outs"], values).fetchone()
    rows = connection.execute(GUARD_STATEMENTS["count_opt_outs"], values).fetchall()
    assert asked == bool(rows)
    return [(row[4], row[5]) for row in rows]


def unaccounted(connection: Connection, workspace: int) -> list[tuple[object, ...]]:
    statement = load_statements("dangol.app")["find_unaccounted"]
    return connection.execute(statement, {"workspace_id": workspace}).fetchall()


# A device's life ---------------------------------------------------------------------------------


def test_an_app_that_is_gone_counts_against_the_last_notification(
    connection, workspace, sender, fcm, monkeypatch
):
    says(connection, workspace, "tok-1")
    assert notify(connection, workspace, sender).accepted == 1
    assert [message.token for message in fcm.messages] == ["tok-1"]

    lose(monkeypatch, "tok-1")
    assert notify(connection, workspace, sender, entry="second", at=NOON + HOUR).rejected == 1

    assert states(connection) == [("android", "suspected")]
    assert reached_at(connection) is None
    assert connection.execute("select count(*) from suppression").fetchone() == (0,)
    # The same token again is no news.
    says(connection, workspace, "tok-1", at=NOON + 2 * HOUR)
    assert states(connection) == [("android", "suspected")]
    assert settle(connection, workspace, at=NOON + RENEWAL) == 0
    assert opt_outs(connection, workspace, at=NOON + RENEWAL) == []

    assert [settle(connection, workspace, at=LATER) for _ in range(2)] == [1, 0]

    assert states(connection) == [("android", "uninstalled")]
    assert opt_outs(connection, workspace, at=LATER) == [(1, 1)]
    assert written(connection) == ["App Uninstalled"]
    take(connection, workspace, at=LATER)
    assert connection.execute(
        "select count from activity where event_name = 'App Uninstalled' and customer_id = %s",
        (owner(connection, "external", "minji"),),
    ).fetchone() == (1,)
    assert unaccounted(connection, workspace) == []


def test_a_new_token_within_a_day_is_no_uninstall(connection, workspace, sender, fcm, monkeypatch):
    says(connection, workspace, "tok-1")
    lose(monkeypatch, "tok-1")
    notify(connection, workspace, sender)
    assert states(connection) == [("android", "suspected")]

    says(connection, workspace, "tok-2", at=NOON + HOUR)

    assert settle(connection, workspace, at=LATER) == 0
    assert written(connection) == []
    assert notify(connection, workspace, sender, entry="second", at=LATER).accepted == 1
    assert [message.token for message in fcm.messages] == ["tok-2"]


def test_a_token_after_an_uninstall_is_a_reinstall(connection, workspace, sender, monkeypatch):
    says(connection, workspace, "tok-1")
    lose(monkeypatch, "tok-1")
    notify(connection, workspace, sender)
    settle(connection, workspace, at=LATER)

    says(connection, workspace, "tok-2", at=LATER + HOUR)

    assert written(connection) == ["App Uninstalled", "App Reinstalled"]
    assert (states(connection), reached_at(connection)) == ([("android", "active")], "tok-2")


def test_of_two_devices_the_newest_that_lives_is_reached(
    connection, workspace, sender, monkeypatch
):
    says(connection, workspace, "tok-1")
    says(connection, workspace, "0f" * 32, device="tablet", kind=None, at=NOON + HOUR)
    says(connection, workspace, "tok-3", device="phone-2", at=NOON + 2 * HOUR)
    # Said again, the first stays the oldest.
    says(connection, workspace, "tok-1", at=NOON + 3 * HOUR)
    assert reached_at(connection) == "tok-3"

    lose(monkeypatch, "tok-3")
    notify(connection, workspace, sender, at=NOON + 4 * HOUR)

    assert states(connection) == [
        ("android", "active"),
        ("ios", "active"),
        ("android", "suspected"),
    ]
    assert reached_at(connection) == "0f" * 32
    assert unaccounted(connection, workspace) == []


def test_a_token_of_another_project_is_dead_but_nobody_uninstalled(
    connection, workspace, sender, monkeypatch
):
    says(connection, workspace, "tok-1")
    # Once accepted, so that the token is at fault and not the setting.
    assert notify(connection, workspace, sender).accepted == 1
    lose(monkeypatch, "tok-1", code="SENDER_ID_MISMATCH")
    notify(connection, workspace, sender, entry="second")

    assert reached_at(connection) is None
    assert settle(connection, workspace, at=LATER) == 0
    assert written(connection) == []


@pytest.mark.parametrize(
    ("gone_at", "state"), [(NOON - HOUR, "active"), (NOON + HOUR, "suspected")]
)
def test_who_registered_after_the_app_was_gone_has_it(connection, workspace, gone_at, state):
    class Apple:
        async def send(self, messages):
            return [
                Outcome(
                    delivery_id=message.delivery_id,
                    fate=Fate.REJECTED,
                    fault=FaultKind.PERMANENT,
                    code="Unregistered",
                    detail="",
                    gone_at=gone_at,
                )
                for message in messages
            ]

    says(connection, workspace, "0f" * 32, kind="ios")
    notify(connection, workspace, Apple(), at=NOON + 2 * HOUR)

    assert states(connection) == [("ios", state)]


# Whose it is -------------------------------------------------------------------------------------


def test_a_token_is_the_one_who_said_it_last(connection, workspace):
    says(connection, workspace, "tok-1")
    says(connection, workspace, "tok-1", user="jiwoo", at=NOON + HOUR)
    assert (reached_at(connection), reached_at(connection, "jiwoo")) == (None, "tok-1")

    # Another device id, the same token: a browser whose visitor logged out.
    says(connection, workspace, "tok-1", user="haneul", device=None, at=NOON + 2 * HOUR)

    assert (reached_at(connection, "jiwoo"), reached_at(connection, "haneul")) == (None, "tok-1")
    assert len(states(connection)) == 1


def test_a_browser_is_known_by_its_subscription(connection, workspace):
    subscription = '{"endpoint":"https://push.example/1","keys":{"p256dh":"a","auth":"b"}}'
    says(connection, workspace, subscription, device=None, kind=None)
    assert (states(connection), reached_at(connection)) == ([("web", "active")], subscription)


def test_who_is_merged_is_reached_at_the_newest_device_of_both(
    connection, workspace, sender, monkeypatch
):
    says(connection, workspace, "tok-1")
    says(connection, workspace, "tok-2", user="jiwoo", device="other", at=NOON + HOUR)
    minji, jiwoo = (owner(connection, "external", name) for name in ("minji", "jiwoo"))
    with connection.transaction():
        merge_customers(
            connection,
            workspace_id=workspace,
            one_id=minji,
            other_id=jiwoo,
            now=NOON + HOUR,
        )
    assert reached_at(connection) == "tok-2"
    lose(monkeypatch, "tok-2")

    notify(connection, workspace, sender, at=NOON + 2 * HOUR)

    assert reached_at(connection) == "tok-1"
    assert unaccounted(connection, workspace) == []


# What is held ------------------------------------------------------------------------------------


def test_devices_are_told_to_whom_they_belong_and_forgotten_with_them(
    connection, workspace, lake: Lake, tmp_path
):
    says(connection, workspace, "tok-1")
    says(connection, workspace, "tok-2", user="jiwoo", device="other")
    minji, jiwoo = (owner(connection, "external", name) for name in ("minji", "jiwoo"))
    subject = Subject(
        connection=connection,
        lake=lake,
        vault=TEST_VAULT,
        workspace_id=workspace,
        customer_id=minji,
        explain=lambda _: ("", ""),
    )
    with connection.transaction():
        rows = list(subject.rows("devices"))
    assert rows == [("android", "tok-1", "active", NOON, NOON)]

    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    assert set(rows_about(connection, minji).values()) == {0}
    assert rows_about(connection, jiwoo)["device"] == 1
    assert connection.execute("select count(*) from event").fetchone() == (1,)


def test_nothing_in_the_database_holds_a_token_in_the_clear(connection, workspace):
    says(connection, workspace, "tok-in-the-clear")
    for table in ("event", "device", "address", "identifier", "identity_link", "customer"):
        rows = connection.execute(f"select t::text from {table} as t".encode()).fetchall()  # noqa: S608
        assert not any("tok-in-the-clear" in text for (text,) in rows)


# The edge ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("escaped", [False, True])
def test_a_call_with_a_token_is_for_the_careful_reader(escaped):
    name = "to\\u006ben" if escaped else "token"
    body = (
        '{"batch":[{"type":"track","event":"Visited","userId":"minji","messageId":"m",'
        '"context":{"device":{"' + name + '":"tok-1"}}}]}'
    ).encode()
    [call] = open_plain(body, path_type=None).batch
    assert not call.context.is_quiet()
    assert open_sure(body, path_type=None) is None


@pytest.mark.parametrize("device", [{"token": 7}, {"token": ""}, {"token": "x" * 5000}, ["token"]])
def test_a_token_that_is_none_refuses_no_event(device):
    body = msgspec.json.encode(
        {"type": "identify", "userId": "minji", "context": {"device": device}}
    )
    reception = Reception(
        vault=TEST_VAULT, workspace_id=1, key_kind=ApiKeyKind.SERVER, received_at=NOON
    )
    reader = Reader(envelope=Envelope(), body=body, path_type=None, reception=reception)
    assert reader.read(0, body).contacts == []


def test_a_token_keeps_its_device_when_the_master_key_changes():
    sealed = base64.b64encode(TEST_VAULT.seal(1, "push", "tok-1")).decode()
    contact = {"kind": "push", "key": "k", "sealed": sealed, "device": "d", "platform": "ios"}

    [fresh] = msgspec.json.decode(reseal(TEST_VAULT, 1, [contact]) or "[]")

    assert fresh.pop("sealed") != contact.pop("sealed")
    assert fresh == contact
