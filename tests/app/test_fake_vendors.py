"""The fakes in one process: where they are, what they took, what they are told to do."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from tests.app.phones import NUMBER
from tests.providers.pushing import push

from dangol.app.ad_networks import open_networks
from dangol.app.clock import machine_time
from dangol.app.fake_vendors import lines_of, open_fakes
from dangol.app.problem import ProblemError
from dangol.app.push import open_push
from dangol.app.settings import load_settings
from dangol.app.vendors import ses_account, solapi_account
from dangol.providers.audience import Change
from dangol.providers.fake_http import SLOW_SECONDS
from dangol.providers.ses.sender import SesSender
from dangol.providers.solapi.sender import SolapiSender
from dangol.providers.vendor import Fate, Outgoing, TextNote
from dangol.store.vocabulary import Channel


@pytest.fixture
def opened() -> Iterator:
    with ExitStack() as stack:
        yield open_fakes(stack, port=0)


def printed(fakes, front) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines_of(fakes, front) if not line.startswith("#"))


def text(number: str = NUMBER) -> Outgoing:
    return Outgoing(
        delivery_id=1, vendor_id="key-1", sender="", recipient=number, content=TextNote(text="hi")
    )


def test_the_settings_it_prints_lead_to_the_fakes(opened, tmp_path):
    fakes, front = opened

    settings = load_settings(printed(fakes, front), folder=tmp_path)
    account = solapi_account(settings)
    (outcome,) = asyncio.run(SolapiSender(account).send([text()]))

    assert outcome.fate is Fate.ACCEPTED
    received = httpx.get(f"{front.url}/received", params={"vendor": "solapi"}).json()
    assert [one["to"] for one in received["solapi"]] == ["01012345678"]
    assert "01012345678" in httpx.get(front.url).text


def test_a_mishap_befalls_the_next_call(opened, tmp_path):
    fakes, front = opened
    account = solapi_account(load_settings(printed(fakes, front), folder=tmp_path))

    httpx.post(f"{front.url}/solapi/mishap", json={"mishap": "throttled"}).raise_for_status()
    outcomes = [asyncio.run(SolapiSender(account).send([text()]))[0].fate for _ in range(2)]

    assert outcomes == [Fate.RETRYABLE, Fate.ACCEPTED]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("solapi/mishap", {"mishap": "other"}),
        ("nobody/mishap", {"mishap": "lost"}),
        ("solapi/hook", {"url": "ftp://x"}),
        ("solapi/person", {"act": "dance", "who": "1"}),
    ],
)
def test_what_it_does_not_know_it_refuses(opened, path, body):
    _, front = opened

    assert httpx.post(f"{front.url}/{path}", json=body).status_code == 400


def test_a_person_calls_080(opened):
    fakes, front = opened

    done = httpx.post(
        f"{front.url}/solapi/person", json={"act": "call-080", "who": "01012345678"}
    ).raise_for_status()

    assert done.json() == {"done": "call-080"}
    assert [one["recipientNumber"] for one in fakes[0].denials] == ["01012345678"]


def test_a_taken_port_is_named(opened):
    _, front = opened

    with ExitStack() as stack, pytest.raises(ProblemError, match=str(front.port)):
        open_fakes(stack, port=front.port)


def test_every_vendor_is_served(opened):
    _, front = opened

    received = httpx.get(f"{front.url}/received").json()

    assert set(received) == {
        "solapi", "nhn", "bizgo", "kakao", "resend", "postmark", "sendgrid", "ses",
        "fcm", "apns", "webpush", "meta", "google",
    }  # fmt: skip


def test_the_settings_it_prints_push_to_all_three_services(opened, tmp_path, monkeypatch):
    fakes, front = opened
    lines = printed(fakes, front)
    monkeypatch.setenv("SSL_CERT_FILE", lines.pop("SSL_CERT_FILE"))
    sender = open_push(load_settings(lines, folder=tmp_path), clock=machine_time)
    devices = ("phone", f"{1:062x}00", front.stands["webpush"].hint.partition(" is a browser")[0])

    outcomes = asyncio.run(
        sender.send([push(number, device) for number, device in enumerate(devices)])
    )

    assert [one.fate for one in outcomes] == [Fate.ACCEPTED] * 3
    received = httpx.get(f"{front.url}/received").json()
    assert [len(received[name]) for name in ("fcm", "apns", "webpush")] == [1, 1, 1]
    assert "장바구니" in received["webpush"][0]["plain"]
    assert "장바구니" in httpx.get(front.url).text


def test_slow_push_services_are_waited_for(opened, tmp_path, monkeypatch):
    fakes, front = opened
    lines = printed(fakes, front)
    monkeypatch.setenv("SSL_CERT_FILE", lines.pop("SSL_CERT_FILE"))
    sender = open_push(load_settings(lines, folder=tmp_path), clock=machine_time)
    browser = front.stands["webpush"].hint.partition(" is a browser")[0]
    devices = ("phone-SLOW", f"{1:062x}f3", browser.replace("/push/browser", "/push/browser-SLOW"))
    began = time.monotonic()

    outcomes = asyncio.run(
        sender.send([push(number, device) for number, device in enumerate(devices)])
    )

    assert [one.fate for one in outcomes] == [Fate.ACCEPTED] * 3
    assert time.monotonic() - began >= SLOW_SECONDS


def test_of_mail_services_that_stand_for_one_another_one_is_set(opened):
    fakes, front = opened

    lines = lines_of(fakes, front)

    assert [line for line in lines if line.startswith("DANGOL_MAIL_SERVICE=")] == [
        "DANGOL_MAIL_SERVICE=resend"
    ]
    assert "# ses, instead of resend" in lines
    assert "#   DANGOL_MAIL_SERVICE=postmark" in lines


def test_the_settings_it_prints_reach_the_audiences_of_both_networks(opened, tmp_path):
    fakes, front = opened
    names = ("DANGOL_META", "DANGOL_GOOGLE")
    lines = {name: at for name, at in printed(fakes, front).items() if name.startswith(names)}
    networks = open_networks(load_settings(lines, folder=tmp_path))

    for network in networks.values():
        hashed = network.write(Channel.EMAIL, "minji@shop.example")
        synced = asyncio.run(network.change("regulars", [hashed], change=Change.ADD))
        assert (synced.taken, synced.fault) == (1, None)

    received = httpx.get(f"{front.url}/received").json()
    assert [received[name][0]["audience"] for name in ("meta", "google")] == ["regulars"] * 2


def test_the_ends_of_tokens_script_what_becomes_of_a_push(opened, tmp_path):
    fakes, front = opened
    lines = printed(fakes, front)
    settings = load_settings(
        {
            name: value
            for name, value in lines.items()
            if name.startswith(("DANGOL_FCM", "DANGOL_EG"))
        },
        folder=tmp_path,
    )
    sender = open_push(settings, clock=machine_time)

    (outcome,) = asyncio.run(sender.send([push(1, "phone-UNREGISTERED")]))

    assert outcome.fate is Fate.REJECTED
    assert outcome.address_gone


def test_mail_and_audiences_are_kept_and_shown(opened, tmp_path):
    _, front = opened
    found = ses_account(load_settings(front.fakes["ses"].settings(), folder=tmp_path))
    by = SesSender(*found, clock=machine_time)
    mail = Outgoing(
        delivery_id=1,
        vendor_id="<token@shop.example>",
        sender="b@shop.example",
        recipient="minji@shop.example",
        content=b"Subject: hello\r\n\r\nHow are you?\r\n",
    )
    (outcome,) = asyncio.run(by.send([mail]))

    received = httpx.get(f"{front.url}/received").json()
    assert outcome.fate is Fate.ACCEPTED
    assert received["ses"][0]["Destination"] == {"ToAddresses": ["minji@shop.example"]}
    assert httpx.post(f"{front.stands['meta'].url}/a/users").json()["error"]["code"] == 190
    assert httpx.post(f"{front.stands['google'].url}/v1/audienceMembers:ingest").status_code == 401


def test_its_keys_are_for_its_owner_only(opened):
    fakes, front = opened
    lines = printed(fakes, front)

    modes = {Path(lines[name]).stat().st_mode & 0o077 for name in lines if "_FILE" in name}

    assert modes == {0}
