"""Others' clients for push, unchanged, find our stand-ins to be what they know."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush
from requests import Response

from dangol.providers.apns.fake import FakeApns
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.webpush.fake import FakePushService

CLIENTS = Path(__file__).parent / "clients"
NOTE = {"title": "단골가게", "body": "안녕하세요"}
PATIENCE_SECONDS = 20


def machine_clock() -> datetime:
    """Tell the time by which others' clients sign."""
    return datetime.now(UTC)  # noqa: TID251 - theirs asks the machine


def run(client: str, *words: object) -> list[object]:
    """Let a client send in a process of its own; return what it says of each message."""
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, str(CLIENTS / client), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_googles_client_signs_in_sends_and_knows_our_errors(tmp_path):
    file = tmp_path / "account.json"
    with FakeFcm() as fake:
        file.write_bytes(fake.account_file)

        named, *refused = run(
            "push_google.py",
            fake.url,
            file,
            "phone",
            "odd-UNREGISTERED",
            "odd-SENDER_ID_MISMATCH",
            "odd-THIRD_PARTY_AUTH_ERROR",
        )

        assert str(named).startswith("projects/shop/messages/")
        assert refused == [
            "UnregisteredError",
            "SenderIdMismatchError",
            "ThirdPartyAuthError",
        ]
        assert fake.signed_in > 0
        assert [message.data for message in fake.messages] == [{"cart": "7"}]


@pytest.fixture
def apple(tmp_path: Path) -> Iterator[FakeApns]:
    with FakeApns(clock=machine_clock) as fake:
        (tmp_path / "key.p8").write_bytes(fake.key_pem)
        (tmp_path / "trust.pem").write_bytes(fake.certificate)
        yield fake


def test_another_client_of_apples_finds_what_it_knows(apple, tmp_path):
    files = (tmp_path / "trust.pem", tmp_path / "key.p8")
    devices = [apple.device(1), apple.device(2, script="e1"), apple.device(3, script="e2")]

    good = run(
        "push_apple.py", apple.port, *files, apple.key_id, apple.team_id, apple.topic, *devices
    )
    forged = run("push_apple.py", apple.port, *files, apple.key_id, "TEAM9", apple.topic, *devices)

    assert good == [["200", None], ["410", "Unregistered"], ["400", "BadDeviceToken"]]
    assert forged == [["403", "InvalidProviderToken"]] * 3
    assert [json.loads(note.payload) for note in apple.notes] == [{"aps": {"alert": NOTE}}]


def deliver(fake: FakePushService, browser: str) -> Response:
    key = Vapid02()
    key.generate_keys()
    answer = webpush(
        json.loads(fake.subscribe(browser)),
        data=json.dumps(NOTE),
        vapid_private_key=key,
        vapid_claims={"sub": "mailto:ops@shop.example"},
        ttl=60,
        content_encoding="aes128gcm",
        timeout=10,
    )
    assert isinstance(answer, Response)
    return answer


def test_another_web_push_client_seals_what_our_browser_opens_and_knows_our_errors():
    with FakePushService(clock=machine_clock) as fake:
        answer = deliver(fake, "firefox")
        with pytest.raises(WebPushException) as gone:
            deliver(fake, "odd-410")

        assert answer.status_code == 201
        assert gone.value.response.status_code == 410
        assert [json.loads(pushed.plain) for pushed in fake.messages] == [NOTE]
        assert fake.messages[0].ttl == 60
