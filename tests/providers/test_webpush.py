"""Every way a push service may answer, and what we then know about the message."""

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.providers.pushing import CALM, Clock, pace_for, push

from dangol.providers.jwt import from_base64url
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing
from dangol.providers.webpush.fake import FakePushService
from dangol.providers.webpush.sealing import PLAIN_MAX, point_of, seal, unseal
from dangol.providers.webpush.sender import Vapid, WebPushSender

KEY = ec.generate_private_key(ec.SECP256R1())
VAPID = Vapid(key=KEY, contact="mailto:ops@shop.example", loopback=True, pace=CALM)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Iterator[FakePushService]:
    with FakePushService(clock=clock, application_key=VAPID.public_key) as running:
        yield running


def send(clock: Clock, *messages: Outgoing, vapid: Vapid = VAPID) -> dict[int, Outcome]:
    outcomes = asyncio.run(WebPushSender(vapid, clock=clock).send(messages))
    assert len(outcomes) == len(messages)
    return {outcome.delivery_id: outcome for outcome in outcomes}


def test_only_the_browser_reads_what_was_sent(fake, clock):
    outcome = send(clock, push(1, fake.subscribe("firefox"), data={"cart": "7"}))[1]

    (pushed,) = fake.messages
    said = json.loads(pushed.plain)
    assert outcome.fate is Fate.ACCEPTED
    assert outcome.vendor_id.startswith(f"{fake.url}/message/")
    assert (said["title"], said["data"]) == ("(광고) 단골가게", {"cart": "7"})
    assert (said["url"], said["message"]) == ("https://shop.example/cart", "message-1")
    assert (pushed.ttl, pushed.urgency, len(pushed.topic)) == (86_400, "normal", 32)
    assert "장바구니".encode() not in pushed.sealed


def test_the_example_of_the_standard_is_sealed_as_the_standard_says():
    """RFC 8291, section 5."""
    ours = ec.derive_private_key(
        int.from_bytes(from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")),
        ec.SECP256R1(),
    )
    browser = ec.derive_private_key(
        int.from_bytes(from_base64url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")),
        ec.SECP256R1(),
    )
    auth = from_base64url("BTBZMqHH6r4Tts7J_aSIgg")

    sealed = seal(
        b"When I grow up, I want to be a watermelon",
        public=browser.public_key(),
        auth=auth,
        key=ours,
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAm"
        "S6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_"
        "Qulcy4a-fN"
    )
    assert unseal(sealed, key=browser, auth=auth).startswith(b"When I grow up")


@pytest.mark.parametrize("size", [0, 1, 100, PLAIN_MAX])
def test_another_library_opens_what_we_seal(size):
    browser, auth, plain = ec.generate_private_key(ec.SECP256R1()), b"a" * 16, b"x" * size

    sealed = seal(
        plain,
        public=browser.public_key(),
        auth=auth,
        key=ec.generate_private_key(ec.SECP256R1()),
        salt=b"s" * 16,
    )

    opened = http_ece.decrypt(sealed, private_key=browser, auth_secret=auth, version="aes128gcm")
    assert opened == plain


def test_what_was_sealed_for_another_browser_stays_closed():
    browser, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    sealed = http_ece.encrypt(
        b"hello",
        private_key=KEY,
        dh=point_of(browser.public_key()),
        auth_secret=b"a" * 16,
        version="aes128gcm",
    )

    assert unseal(sealed, key=browser, auth=b"a" * 16) == b"hello"
    with pytest.raises(ValueError, match="another key"):
        unseal(sealed, key=other, auth=b"a" * 16)


@pytest.mark.parametrize(
    ("word", "fate", "fault", "gone"),
    [
        ("404", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("410", Fate.REJECTED, FaultKind.PERMANENT, True),
        # Ours is good for another subscription, so this one was made with another key.
        ("401", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("403", Fate.REJECTED, FaultKind.PERMANENT, True),
        ("413", Fate.REJECTED, FaultKind.CONTENT, False),
        ("500", Fate.RETRYABLE, FaultKind.TRANSIENT, False),
        ("503", Fate.RETRYABLE, FaultKind.TRANSIENT, False),
        ("GATEWAY", Fate.UNKNOWN, None, False),
        ("HANG_UP", Fate.UNKNOWN, None, False),
        ("SILENT", Fate.UNKNOWN, None, False),
    ],
)
def test_an_answer_says_what_follows(fake, clock, word, fate, fault, gone):
    odd_one, even = fake.subscribe(f"odd-{word}"), fake.subscribe("even")

    outcomes = send(
        clock, push(1, odd_one), push(2, even), vapid=replace(VAPID, pace=pace_for(word))
    )

    odd = outcomes[1]
    assert (odd.fate, odd.fault, odd.address_gone) == (fate, fault, gone)
    assert outcomes[2].fate is Fate.ACCEPTED


def test_too_fast_says_for_how_long_to_rest(fake, clock):
    outcome = send(clock, push(1, fake.subscribe("odd-429")))[1]

    assert (outcome.fault, outcome.retry_after) == (FaultKind.THROTTLED, timedelta(minutes=2))


def test_another_key_than_the_pages_condemns_the_setting_and_no_browser(fake, clock):
    stranger = replace(VAPID, key=ec.generate_private_key(ec.SECP256R1()))
    messages = [push(number, fake.subscribe(f"browser{number}")) for number in range(6)]

    outcomes = send(clock, *messages, vapid=stranger)

    assert {(found.fate, found.fault, found.address_gone) for found in outcomes.values()} == {
        (Fate.RETRYABLE, FaultKind.CONFIGURATION, False)
    }


def test_a_signature_is_renewed_before_it_ends(fake, clock):
    sender = WebPushSender(VAPID, clock=clock)

    for _ in range(4):
        (outcome,) = asyncio.run(sender.send([push(1, fake.subscribe("firefox"))]))
        assert outcome.fate is Fate.ACCEPTED
        clock.turn(timedelta(hours=7))


def test_the_largest_note_arrives_and_a_larger_one_never_leaves(fake, clock):
    small = send(clock, push(1, fake.subscribe("probe"), body=""))[1]
    room = PLAIN_MAX - len(fake.messages[0].plain)

    fits = send(clock, push(2, fake.subscribe("firefox"), body="x" * room))[2]
    large = send(clock, push(3, fake.subscribe("firefox"), body="x" * (room + 1)))[3]

    assert small.fate is Fate.ACCEPTED
    assert fits.fate is Fate.ACCEPTED
    assert len(fake.messages[1].sealed) == 4_096
    assert (large.fate, large.fault) == (Fate.REJECTED, FaultKind.CONTENT)


@pytest.mark.parametrize(
    "subscription",
    [
        "",
        "{}",
        '{"endpoint": "https://push.example/1", "keys": {"p256dh": "AAAA", "auth": "AAAA"}}',
    ],
)
def test_what_is_no_subscription_is_rejected(clock, subscription):
    outcome = send(clock, push(1, subscription))[1]

    assert (outcome.fate, outcome.address_gone) == (Fate.REJECTED, True)


def test_a_subscription_that_leads_into_our_network_is_never_called(fake, clock):
    subscription = fake.subscribe("router")

    outcome = send(clock, push(1, subscription), vapid=replace(VAPID, loopback=False))[1]

    assert (outcome.fate, outcome.address_gone) == (Fate.REJECTED, True)
    assert fake.messages == []
