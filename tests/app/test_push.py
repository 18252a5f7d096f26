"""Push is set up by settings, and each device's message goes to the service it belongs to."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.providers.pushing import Clock, push

from dangol.app.doctor_push import examine_push
from dangol.app.problem import ProblemError
from dangol.app.push import Service, open_push, service_of
from dangol.app.settings import Settings
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.vendor import Fate, FaultKind
from dangol.providers.webpush.fake import FakePushService
from dangol.providers.webpush.sender import Vapid


def write_key(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    return str(path)


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fake:
        yield fake


@pytest.fixture
def settings(tmp_path: Path, fcm: FakeFcm) -> Settings:
    account = tmp_path / "account.json"
    account.write_bytes(fcm.account_file)
    return Settings(
        fcm_account_file=str(account),
        fcm_url=fcm.url,
        webpush_key_file=write_key(tmp_path / "key.pem", ec.generate_private_key(ec.SECP256R1())),
        webpush_contact="mailto:ops@shop.example",
        egress_loopback=True,
    )


@pytest.mark.parametrize(
    ("token", "service"),
    [
        ("0f" * 32, Service.APNS),
        ("c9XqU1:APA91bE-token_of_firebase", Service.FCM),
        ("abcdef", Service.FCM),
        ('{"endpoint": "https://push.example/1"}', Service.WEBPUSH),
    ],
)
def test_a_token_tells_by_its_form_whose_it_is(token, service):
    assert service_of(token) is service


def test_each_device_is_reached_through_its_own_service(settings, fcm):
    clock = Clock()
    sender = open_push(settings, clock=clock)
    assert sender is not None

    with FakePushService(clock=clock) as browsers:
        outcomes = asyncio.run(
            sender.send(
                [push(1, "android"), push(2, browsers.subscribe("firefox")), push(3, "0f" * 32)]
            )
        )

        assert [message.token for message in fcm.messages] == ["android"]
        assert len(browsers.messages) == 1
    fates = {outcome.delivery_id: (outcome.fate, outcome.fault) for outcome in outcomes}
    assert fates == {
        1: (Fate.ACCEPTED, None),
        2: (Fate.ACCEPTED, None),
        # Nobody set Apple up: the message waits, and the rest of the channel goes on.
        3: (Fate.RETRYABLE, FaultKind.TRANSIENT),
    }


def test_without_any_service_there_is_no_push():
    assert open_push(Settings(), clock=Clock()) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fcm_account_file": "nowhere.json"}, "fcm_account_file names nowhere.json"),
        ({"apns_key_file": "key.p8"}, "apns_key_id is empty"),
        (
            {"apns_key_file": "no.p8", "apns_key_id": "K", "apns_team_id": "T", "apns_topic": "a"},
            "apns_key_file names no.p8",
        ),
        ({"webpush_key_file": "key.pem"}, "webpush_contact is ''"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(given, words):
    with pytest.raises(ProblemError, match=words):
        open_push(Settings(**given), clock=Clock())


def test_a_key_of_another_kind_is_named(tmp_path):
    path = write_key(tmp_path / "rsa.pem", rsa.generate_private_key(65_537, 2_048))
    settings = Settings(webpush_key_file=path, webpush_contact="mailto:ops@shop.example")

    with pytest.raises(ProblemError, match="is an RSA key"):
        open_push(settings, clock=Clock())


def test_the_doctor_signs_in_and_says_with_what_pages_subscribe(settings, fcm):
    found = {check: (said, remedy) for check, said, remedy in examine_push(settings)}

    assert fcm.signed_in == 1
    assert found["fcm"] == ("lets us in for project shop", "")
    said, remedy = found["web push"]
    assert said.startswith("pages subscribe with B")
    assert remedy == ""


def test_the_doctor_tells_a_refused_account_and_a_missing_setting(settings, fcm):
    fcm.refuses_sign_in = True
    apple = {"apns_key_file": "key.p8"}

    (refused, *_) = examine_push(settings)
    (missing,) = examine_push(Settings(**apple))

    assert refused[1] == "does not let us in"
    assert "new key" in refused[2]
    assert missing[:2] == ("apns", "not usable")
    assert "DANGOL_APNS_KEY_ID" in missing[2]


def test_the_public_key_is_what_a_browser_wants():
    vapid = Vapid(key=ec.derive_private_key(1, ec.SECP256R1()), contact="mailto:a@b.example")

    # The generator of P-256, uncompressed, in base64url.
    assert vapid.public_key == (
        "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
    )
