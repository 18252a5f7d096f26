"""Every way Firebase may answer, and what we then know about the message."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.providers.pushing import CALM, Clock, pace_for, push

from dangol.providers.each import DOUBTS_MAX, Pace
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.fcm.sender import FcmSender, Firebase
from dangol.providers.google import read_account
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing


@pytest.fixture(scope="module")
def running() -> Iterator[FakeFcm]:
    with FakeFcm() as fake:
        yield fake


@pytest.fixture
def fake(running: FakeFcm) -> FakeFcm:
    running.messages.clear()
    running.signed_in = 0
    running.refuses_sign_in = False
    return running


def open_sender(fake: FakeFcm, *, clock: Clock | None = None, pace: Pace = CALM) -> FcmSender:
    firebase = Firebase(
        account=read_account(fake.account_file), url=fake.url, loopback=True, pace=pace
    )
    return FcmSender(firebase, clock=clock or Clock())


def send(fake: FakeFcm, *messages: Outgoing, pace: Pace = CALM) -> dict[int, Outcome]:
    outcomes = asyncio.run(open_sender(fake, pace=pace).send(messages))
    assert len(outcomes) == len(messages)
    return {outcome.delivery_id: outcome for outcome in outcomes}


def test_an_accepted_note_arrives_as_it_was_written(fake):
    outcome = send(fake, push(1, "phone", data={"cart": "7"}))[1]

    (message,) = fake.messages
    assert outcome.fate is Fate.ACCEPTED
    assert outcome.vendor_id.startswith("projects/shop/messages/")
    assert (message.token, message.notification.title) == ("phone", "(광고) 단골가게")
    assert message.notification.image == "https://shop.example/cart.png"
    assert message.data == {
        "cart": "7",
        "url": "https://shop.example/cart",
        "dangol_message": "message-1",
    }
    assert bytes(message.android["ttl"]) == b'"86400s"'


@pytest.mark.parametrize(
    ("word", "fate", "fault", "gone"),
    [
        ("UNREGISTERED", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("INVALID_ARGUMENT", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("SENDER_ID_MISMATCH", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("UNAVAILABLE", Fate.RETRYABLE, FaultKind.TRANSIENT, False),
        ("INTERNAL", Fate.RETRYABLE, FaultKind.TRANSIENT, False),
        ("GATEWAY", Fate.UNKNOWN, None, False),
        ("HANG_UP", Fate.UNKNOWN, None, False),
        ("SILENT", Fate.UNKNOWN, None, False),
        ("MALFORMED", Fate.ACCEPTED, None, False),
    ],
)
def test_an_answer_says_what_follows(fake, word, fate, fault, gone):
    outcomes = send(fake, push(1, f"odd-{word}"), push(2, "even"), pace=pace_for(word))

    odd = outcomes[1]
    assert (odd.fate, odd.fault, odd.address_gone) == (fate, fault, gone)
    assert "odd-" not in odd.detail
    assert outcomes[2].fate is Fate.ACCEPTED


def test_too_fast_halts_the_batch_and_says_for_how_long(fake):
    pace = replace(CALM, at_once=1)

    first, second = asyncio.run(
        open_sender(fake, pace=pace).send([push(1, "odd-QUOTA_EXCEEDED"), push(2, "even")])
    )

    assert (first.fate, first.fault, first.retry_after) == (
        Fate.RETRYABLE,
        FaultKind.THROTTLED,
        timedelta(seconds=60),
    )
    assert (second.code, second.fate, second.fault) == (
        "not_begun",
        Fate.RETRYABLE,
        FaultKind.THROTTLED,
    )
    assert fake.messages == []


def test_a_missing_apns_key_of_the_project_is_ours_to_mend(fake):
    outcome = send(fake, push(1, "odd-THIRD_PARTY_AUTH_ERROR"))[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.CONFIGURATION)


@pytest.mark.parametrize(
    "note",
    [
        push(1, "phone", body="가" * 1_400),
        push(1, "phone", data={"google.key": "x"}),
        push(1, "phone", data={"from": "x"}),
    ],
)
def test_a_note_that_fcm_would_refuse_never_leaves(fake, note):
    outcome = send(fake, note)[1]

    assert (outcome.fate, outcome.fault, outcome.address_gone) == (
        Fate.REJECTED,
        FaultKind.CONTENT,
        False,
    )
    assert fake.signed_in == 0


def test_a_project_that_is_not_there_condemns_no_token(fake):
    account = replace(read_account(fake.account_file), project="other")
    sender = FcmSender(
        Firebase(account=account, url=fake.url, loopback=True, pace=CALM), clock=Clock()
    )

    (outcome,) = asyncio.run(sender.send([push(1, "phone")]))

    assert (outcome.fate, outcome.fault, outcome.address_gone) == (
        Fate.RETRYABLE,
        FaultKind.CONFIGURATION,
        False,
    )


def test_tokens_of_another_project_condemn_the_account_while_nothing_was_accepted(fake):
    odd = [push(number, f"{number}-SENDER_ID_MISMATCH") for number in range(DOUBTS_MAX)]

    many = send(fake, *odd).values()
    one = send(fake, odd[0])[0]

    assert {(found.fate, found.fault, found.address_gone) for found in many} == {
        (Fate.RETRYABLE, FaultKind.CONFIGURATION, False)
    }
    assert (one.fate, one.fault, one.address_gone) == (
        Fate.REJECTED,
        FaultKind.UNREACHABLE,
        False,
    )


def test_one_sign_in_serves_many_messages_until_the_token_ages(fake):
    clock = Clock()
    sender = open_sender(fake, clock=clock)

    for _ in range(2):
        assert len(asyncio.run(sender.send([push(n, f"phone{n}") for n in range(20)]))) == 20
    assert fake.signed_in == 1
    clock.turn(timedelta(minutes=56))
    _ = asyncio.run(sender.send([push(1, "phone")]))

    assert fake.signed_in == 2
    assert len(fake.messages) == 41


def test_a_token_revoked_before_its_time_is_replaced(fake):
    sender = open_sender(fake)
    _ = asyncio.run(sender.send([push(1, "phone")]))
    fake.revoke()

    (outcome,) = asyncio.run(sender.send([push(2, "phone")]))

    assert outcome.fate is Fate.ACCEPTED
    assert len(fake.messages) == 2


def test_a_refused_service_account_lets_everything_wait(fake):
    fake.refuses_sign_in = True

    outcomes = send(fake, push(1, "phone"), push(2, "phone"))

    assert {(found.fate, found.fault) for found in outcomes.values()} == {
        (Fate.RETRYABLE, FaultKind.CONFIGURATION)
    }


def test_a_place_nobody_listens_at_took_nothing(fake):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        sender = open_sender(fake)
        sender._firebase = replace(sender._firebase, url=nobody)  # noqa: SLF001 - signed in elsewhere

        (outcome,) = asyncio.run(sender.send([push(1, "phone")]))

    assert (outcome.fate, outcome.fault, outcome.code) == (
        Fate.RETRYABLE,
        FaultKind.TRANSIENT,
        "connection",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [(b"{", "no service account file"), (b'{"project_id": "x"}', "private_key_id")],
)
def test_a_file_that_is_no_account_says_what_to_give(text, words):
    with pytest.raises(ValueError, match=words):
        read_account(text)
