"""Every way Apple may answer, and what we then know about the message."""

import asyncio
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.build import NOON
from tests.providers.pushing import CALM, Clock, pace_for, push

from dangol.providers.apns.fake import HANG_UP, SILENT, FakeApns
from dangol.providers.apns.sender import TOKEN_LASTS, ApnsSender, Apple
from dangol.providers.each import DOUBTS_MAX
from dangol.providers.jwt import read_private_key
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Iterator[FakeApns]:
    with FakeApns(clock=clock) as running:
        yield running


def apple_of(fake: FakeApns) -> Apple:
    return Apple(
        key=read_private_key(fake.key_pem),
        key_id=fake.key_id,
        team_id=fake.team_id,
        topic=fake.topic,
        url=fake.url,
        loopback=True,
        trust=fake.trust,
        pace=CALM,
    )


def send(apple: Apple, clock: Clock, *messages: Outgoing) -> dict[int, Outcome]:
    outcomes = asyncio.run(ApnsSender(apple, clock=clock).send(messages))
    assert len(outcomes) == len(messages)
    return {outcome.delivery_id: outcome for outcome in outcomes}


def test_an_accepted_note_arrives_as_it_was_written(fake, clock):
    outcome = send(apple_of(fake), clock, push(1, fake.device(7), data={"cart": "7"}))[1]

    (note,) = fake.notes
    payload = json.loads(note.payload)
    assert outcome.fate is Fate.ACCEPTED
    assert outcome.vendor_id == note.headers["apns-id"]
    assert payload["aps"]["alert"]["title"] == "(광고) 단골가게"
    assert (payload["cart"], payload["url"]) == ("7", "https://shop.example/cart")
    assert note.headers["apns-expiration"] == str(int((NOON + timedelta(days=1)).timestamp()))
    assert note.headers["apns-push-type"] == "alert"


def test_many_notes_share_a_connection(fake, clock):
    outcomes = send(
        apple_of(fake), clock, *(push(number, fake.device(number)) for number in range(300))
    )

    assert {outcome.fate for outcome in outcomes.values()} == {Fate.ACCEPTED}
    assert len({note.headers["apns-id"] for note in fake.notes}) == 300
    assert fake.connections <= 2


@pytest.mark.parametrize(
    ("script", "fate", "fault", "gone"),
    [
        ("e1", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("e2", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("e3", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("e4", Fate.RETRYABLE, FaultKind.TRANSIENT, False),
        ("e5", Fate.RETRYABLE, FaultKind.TRANSIENT, False),
        ("e6", Fate.RETRYABLE, FaultKind.TRANSIENT, False),
        ("e7", Fate.REJECTED, FaultKind.CONTENT, False),
        ("e8", Fate.REJECTED, FaultKind.PERMANENT, True),
        (SILENT, Fate.UNKNOWN, None, False),
    ],
)
def test_an_answer_says_what_follows(fake, clock, script, fate, fault, gone):
    apple = replace(apple_of(fake), pace=pace_for(script))

    outcomes = send(apple, clock, push(1, fake.device(1, script=script)), push(2, fake.device(2)))

    odd = outcomes[1]
    assert (odd.fate, odd.fault, odd.address_gone) == (fate, fault, gone)
    assert outcomes[2].fate is Fate.ACCEPTED


def test_a_connection_lost_after_the_note_was_taken_leaves_the_outcome_unknown(fake, clock):
    outcome = send(apple_of(fake), clock, push(1, fake.device(1, script=HANG_UP)))[1]

    assert outcome.fate is Fate.UNKNOWN
    assert len(fake.notes) == 1


def test_a_dead_token_tells_since_when(fake, clock):
    fake.gone_at = NOON - timedelta(hours=3)

    outcome = send(apple_of(fake), clock, push(1, fake.device(1, script="e1")))[1]

    assert outcome.gone_at == NOON - timedelta(hours=3)


def test_a_wrong_environment_condemns_the_setting_and_no_device(fake, clock):
    odd = [push(number, fake.device(number, script="e2")) for number in range(DOUBTS_MAX)]

    many = send(apple_of(fake), clock, *odd).values()
    one = send(apple_of(fake), clock, odd[0])[0]

    assert {(found.fate, found.fault, found.address_gone) for found in many} == {
        (Fate.RETRYABLE, FaultKind.CONFIGURATION, False)
    }
    assert (one.fault, one.address_gone) == (FaultKind.UNREACHABLE, False)


@pytest.mark.parametrize(
    "wrong", [{"team_id": "TEAM000002"}, {"key_id": "KEY0000002"}, {"topic": "example.other"}]
)
def test_a_wrong_name_of_the_account_lets_everything_wait(fake, clock, wrong):
    outcomes = send(replace(apple_of(fake), **wrong), clock, push(1, fake.device(1)))

    assert (outcomes[1].fate, outcomes[1].fault) == (Fate.RETRYABLE, FaultKind.CONFIGURATION)


def test_a_signature_serves_for_a_while_and_is_renewed_before_apple_calls_it_old(fake, clock):
    sender = ApnsSender(apple_of(fake), clock=clock)

    for _ in range(8):
        (outcome,) = asyncio.run(sender.send([push(1, fake.device(1))]))
        assert outcome.fate is Fate.ACCEPTED
        clock.turn(timedelta(minutes=15))

    # Two hours: no younger than 20 minutes when it is replaced, no older than 60 when it is used.
    assert len(fake.signatures) == 3
    assert timedelta(minutes=20) < TOKEN_LASTS < timedelta(minutes=60)


@pytest.mark.parametrize("recipient", ["../../etc", "abc", "a" * 201, ""])
def test_what_is_no_token_becomes_no_address(fake, clock, recipient):
    outcome = send(apple_of(fake), clock, push(1, recipient))[1]

    assert (outcome.fate, outcome.fault) == (Fate.REJECTED, FaultKind.PERMANENT)
    assert fake.connections == 0


@pytest.mark.parametrize("note", [{"body": "가" * 1_400}, {"data": {"aps": "x"}}])
def test_a_note_that_apple_would_refuse_never_leaves(fake, clock, note):
    outcome = send(apple_of(fake), clock, push(1, fake.device(1), **note))[1]

    assert (outcome.fate, outcome.fault) == (Fate.REJECTED, FaultKind.CONTENT)
    assert fake.connections == 0


def test_a_place_nobody_listens_at_took_nothing(fake, clock):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"https://127.0.0.1:{taken.getsockname()[1]}"

        outcome = send(replace(apple_of(fake), url=nobody), clock, push(1, fake.device(1)))[1]

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.TRANSIENT)
