"""Mail by services that take it as JSON over HTTP, through the one loop, and what they tell."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from litestar.testing import TestClient
from standardwebhooks import Webhook
from tests.app.phones import consents
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import POST, allowed_message, delivery_states, message_state

from dangol.app.chores import make_chores
from dangol.app.clock import freeze_clock, machine_time
from dangol.app.delivery import Delivered, deliver
from dangol.app.doctor_services import examine_services
from dangol.app.http import create_app
from dangol.app.problem import ProblemError
from dangol.app.providers import Provider, keyed_providers, providers_of
from dangol.app.settings import Settings, convert
from dangol.app.vendor_callbacks import callback_path
from dangol.feedback.told import take_told
from dangol.providers.each import Pace
from dangol.providers.http_mail.fake import (
    KEY,
    SIGNING_KEY,
    FakeMailService,
    FakePostmark,
    FakeResend,
    FakeSendGrid,
)
from dangol.providers.http_mail.fields import find
from dangol.providers.http_mail.proof import is_genuine
from dangol.providers.http_mail.sender import HttpMailSender, MailAccount
from dangol.providers.http_mail.service import (
    READY_MADE,
    BadService,
    Proof,
    Service,
    read_service,
    ready_made,
)
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing
from dangol.providers.wire.fake import Mishap
from dangol.store.connect import Connection

SERVICES = {fake.name: fake for fake in (FakeResend, FakePostmark, FakeSendGrid)}
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=SERVICES)
def fake(request) -> Iterator[FakeMailService]:
    with SERVICES[request.param](clock=machine_time) as running:
        yield running


@pytest.fixture
def resend() -> Iterator[FakeResend]:
    with FakeResend(clock=machine_time) as running:
        yield running


def settings_of(fake: FakeMailService, **more: object) -> Settings:
    given = {name.removeprefix("DANGOL_").lower(): at for name, at in fake.settings().items()}
    return convert({**given, **more})


def entry(settings: Settings) -> Provider:
    return providers_of(settings)[-1]


def hand_over(
    connection: Connection, workspace: int, fake: FakeMailService, *, minutes: int = 1
) -> Delivered:
    settings = settings_of(fake)
    provider = entry(settings)
    sender = provider.open(settings)
    assert sender is not None
    return deliver(
        connection,
        sender,
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: NOON + minutes * MINUTE,
        provider=provider,
    )


def test_a_mail_leaves_with_all_that_belongs_to_it(connection, workspace, fake):
    message = allowed_message(connection, workspace)

    delivered = hand_over(connection, workspace, fake)

    (taken,) = fake.received(10)
    written = json.dumps(taken, ensure_ascii=False)
    assert (delivered.claimed, delivered.accepted) == (1, 1)
    assert delivery_states(connection, message) == ["accepted"]
    assert find(taken, fake.to_path) == "minji@shop.example"
    # The way out, the mark and our own links are in it as in any mail.
    for part in ("List-Unsubscribe=One-Click", "https://dangol.example/u/", "(광고)"):
        assert part in written
    (named,) = connection.execute("select provider_message_id from delivery").fetchone()
    assert named in fake.messages


@pytest.mark.parametrize(("who", "state"), [("bounce", "failed"), ("minji", "handed")])
def test_what_the_service_tells_is_about_our_message(
    dsn, tmp_path, connection, workspace, fake, who, state
):
    message = allowed_message(connection, workspace, name=who)
    hand_over(connection, workspace, fake)

    answers = [tell(dsn, tmp_path, connection, workspace, fake) for _ in range(2)]
    take(connection, workspace)

    assert answers == [(200, 1), (200, 0)]
    assert message_state(connection, message) == state
    kinds = connection.execute("select kind from receipt").fetchall()
    assert kinds == [("bounced" if who == "bounce" else "delivered",)]


def test_a_complaint_withdraws_before_the_service_is_answered(
    dsn, tmp_path, connection, workspace, fake
):
    message = allowed_message(connection, workspace, name="complain")
    hand_over(connection, workspace, fake)

    assert tell(dsn, tmp_path, connection, workspace, fake) == (200, 1)

    (who,) = connection.execute(
        "select customer_id from message where id = %s", (message,)
    ).fetchone()
    assert consents(connection, who) == {"email": "withdrawn"}


def test_what_does_not_prove_to_be_the_services_is_refused(
    dsn, tmp_path, connection, workspace, fake
):
    allowed_message(connection, workspace)
    hand_over(connection, workspace, fake)

    assert tell(dsn, tmp_path, connection, workspace, fake, forged=True)[0] == 401
    assert tell(dsn, tmp_path, connection, workspace, fake, secret="")[0] == 401
    assert connection.execute("select count(*) from vendor_report").fetchone() == (0,)


def tell(
    dsn, tmp_path, connection, workspace: int, fake: FakeMailService, *, forged=False, **more: str
) -> tuple[int, int]:
    """Post what is due; return the status, and how many reports were new."""
    (tmp_path / "dangol.key").write_bytes(bytes(range(32)))
    with connection.transaction():
        freeze_clock(connection, at=NOON + 2 * MINUTE)
    given = {"mail_service_callback_secret": more["secret"]} if "secret" in more else {}
    settings = settings_of(fake, database_url=dsn, data_folder=str(tmp_path), **given)
    body = json.dumps(fake.due[-1]).encode()
    headers = dict(fake.hook_headers(body))
    if forged:
        headers = {name: value[:-4] + "AAAA" for name, value in headers.items()}
    path = callback_path(TEST_VAULT, vendor=fake.name, workspace_id=workspace)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        answer = client.post(path, content=body, headers=headers)
    return answer.status_code, answer.json().get("recorded", 0)


def take(connection: Connection, workspace: int) -> None:
    with connection.transaction():
        take_told(
            connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON + 2 * MINUTE, batch=10
        )


def test_a_call_whose_answer_was_lost_is_one_mail_where_the_service_knows_our_key(
    connection, workspace, resend
):
    message = allowed_message(connection, workspace)
    resend.mishaps.append(Mishap.LOST)

    first = hand_over(connection, workspace, resend)
    second = hand_over(connection, workspace, resend, minutes=20)

    assert (first.unknown, second.accepted) == (1, 1)
    assert len(resend.received(10)) == 1
    assert delivery_states(connection, message) == ["retryable", "accepted"]


def test_a_call_whose_answer_was_lost_is_never_repeated_where_it_knows_none(connection, workspace):
    message = allowed_message(connection, workspace)
    with FakePostmark(clock=machine_time) as fake:
        fake.mishaps.append(Mishap.LOST)
        hand_over(connection, workspace, fake)
        again = hand_over(connection, workspace, fake, minutes=20)

    assert again.claimed == 0
    assert delivery_states(connection, message) == ["unknown"]


def test_only_a_service_that_knows_our_key_may_be_called_again(resend):
    with FakeSendGrid(clock=machine_time) as other:
        without_key = keyed_providers(providers_of(settings_of(other)))

    assert keyed_providers(providers_of(settings_of(resend)))["resend"] == timedelta(hours=24)
    assert "sendgrid" not in without_key


def outgoing(recipient: str) -> Outgoing:
    head = "From: =?utf-8?b?66+87KeA?= <hello@shop.example>\r\nSubject: hi\r\n"
    return Outgoing(
        delivery_id=1,
        vendor_id="<token-1@shop.example>",
        sender="b+token@shop.example",
        recipient=recipient,
        content=f"{head}MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello\r\n".encode(),
    )


def send(account: MailAccount, recipient: str) -> Outcome:
    (outcome,) = asyncio.run(HttpMailSender(account).send([outgoing(recipient)]))
    return outcome


def account_of(fake: FakeMailService, *, secret: str = KEY) -> MailAccount:
    return MailAccount(
        service=ready_made(fake.name),
        secret=secret,
        url=f"{fake.url}{fake.path}",
        pace=Pace(seconds=2.0),
    )


@pytest.mark.parametrize(
    ("name", "recipient", "fate", "fault"),
    [
        ("resend", "status-400@x", Fate.REJECTED, FaultKind.CONTENT),
        ("resend", "status-403-validation_error@x", Fate.RETRYABLE, FaultKind.CONFIGURATION),
        ("resend", "status-409-invalid_idempotent_request@x", Fate.ACCEPTED, None),
        (
            "resend",
            "status-409-concurrent_idempotent_requests@x",
            Fate.RETRYABLE,
            FaultKind.TRANSIENT,
        ),
        ("resend", "status-429-daily_quota_exceeded@x", Fate.RETRYABLE, FaultKind.CONFIGURATION),
        ("resend", "status-429-rate_limit_exceeded@x", Fate.RETRYABLE, FaultKind.THROTTLED),
        ("resend", "status-500@x", Fate.UNKNOWN, None),
        ("resend", "status-503@x", Fate.RETRYABLE, FaultKind.TRANSIENT),
        ("postmark", "status-422-300@x", Fate.REJECTED, FaultKind.CONTENT),
        ("postmark", "status-422-405@x", Fate.RETRYABLE, FaultKind.CONFIGURATION),
        ("postmark", "status-422-406@x", Fate.REJECTED, FaultKind.UNREACHABLE),
        ("sendgrid", "status-400@x", Fate.REJECTED, FaultKind.CONTENT),
        ("sendgrid", "status-418@x", Fate.REJECTED, FaultKind.CONTENT),
    ],
)
def test_a_no_is_told_by_its_status_and_its_code(name, recipient, fate, fault):
    with SERVICES[name](clock=machine_time) as fake:
        outcome = send(account_of(fake), recipient)

    assert (outcome.fate, outcome.fault) == (fate, fault)


@pytest.mark.parametrize(
    ("mishap", "fate"),
    [
        (Mishap.THROTTLED, Fate.RETRYABLE),
        (Mishap.REFUSED, Fate.RETRYABLE),
        (Mishap.BAD_GATEWAY, Fate.UNKNOWN),
        (Mishap.LOST, Fate.UNKNOWN),
        (Mishap.GARBLED, Fate.UNKNOWN),
        (Mishap.DRIPPING, Fate.UNKNOWN),
    ],
)
def test_what_goes_wrong_on_the_way_is_not_taken_for_a_no(resend, mishap, fate):
    resend.mishaps.append(mishap)

    assert send(account_of(resend), "minji@shop.example").fate is fate


def test_a_wrong_key_is_ours_to_mend_and_stands_in_no_text(fake):
    outcome = send(account_of(fake, secret="a-secret"), "minji@shop.example")  # noqa: S106

    assert outcome.fault is FaultKind.CONFIGURATION
    assert "a-secret" not in f"{outcome} {account_of(fake, secret='a-secret')}"  # noqa: S106


def test_an_address_inside_our_own_network_is_not_called(resend):
    inside = replace(account_of(resend), url="https://10.0.0.7/emails")

    outcome = send(inside, "minji@shop.example")

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.CONFIGURATION)


def test_a_name_with_quotes_stays_one_name(resend):
    mail = outgoing("minji@shop.example")
    odd = replace(mail, content=mail.as_mail().replace(b"=?utf-8?b?66+87KeA?=", b'"A, \\"B\\""'))

    asyncio.run(HttpMailSender(account_of(resend)).send([odd]))

    (taken,) = resend.received(1)
    assert taken["from"] == '"A, \\"B\\"" <hello@shop.example>'


def test_a_signature_is_that_of_standard_webhooks():
    body = b'{"type": "email.delivered"}'
    secret = "whsec_c2l4dGVlbiBieXRlcyBvciBtb3Jl"  # noqa: S105 - of the fake
    signed = Webhook(secret).sign("msg_1", NOON, body.decode())
    headers = {
        "svix-id": "msg_1",
        "svix-timestamp": str(int(NOON.timestamp())),
        "svix-signature": f"v1,AAAA {signed}",
    }

    def check(now=NOON, key=secret, said=body, **changed: str) -> bool:
        return is_genuine({**headers, **changed}, said, proof=Proof.SVIX, secret=key, now=now)

    assert b64encode(SIGNING_KEY).decode() == secret.removeprefix("whsec_")
    assert check()
    assert not check(now=NOON + 6 * MINUTE)
    assert not check(said=body + b" ")
    assert not check(key="whsec_???")
    assert not check(**{"svix-timestamp": "x"})


@pytest.mark.parametrize("name", READY_MADE)
def test_every_description_that_ships_can_be_used_and_names_its_source(name):
    service = ready_made(name)

    assert service.source
    assert service.url.startswith("https://")
    assert service.reports is not None


def described(**changed: object) -> bytes:
    said: dict[str, object] = {
        "url": "https://mail.shop.example/send",
        "headers": {"X-Key": "{{secret}}"},
        "body": {"to": "{{to}}", "subject": "{{subject}}", "html": "{{html}}"},
        "answer": {"id": "result.id"},
    }
    return json.dumps({**said, **changed}).encode()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"body": {"to": "{{recipient}}"}}, "recipient"),
        ({"key_hours": 24}, "key"),
        ({"key_hours": -1}, "key_hours"),
        ({"answer": {"id": "id", "faults": {"400": "bad"}}}, "bad"),
        ({"url": 7}, "url"),
        ({"colour": "red"}, "colour"),
        (
            {
                "reports": {
                    "proof": "basic",
                    "kind": ["k"],
                    "kinds": {"b": "failed"},
                    "event_id": ["i"],
                    "occurred_at": ["t"],
                }
            },
            "failed",
        ),
    ],
)
def test_a_description_that_cannot_be_used_says_where(changed, why):
    with pytest.raises(BadService, match=why):
        read_service(described(**changed))


def test_a_service_of_ones_own_is_described_by_a_file(tmp_path):
    file = tmp_path / "own.json"
    file.write_bytes(described())

    provider = entry(Settings(mail_service=str(file)))

    assert (provider.name, provider.repeats_within) == ("mail_service", None)
    assert isinstance(read_service(file.read_bytes()), Service)
    file.write_text("{")
    with pytest.raises(ProblemError, match="mail_service"):
        providers_of(Settings(mail_service=str(file)))
    with pytest.raises(ProblemError, match="resend"):
        providers_of(Settings(mail_service="nobody"))


def test_the_doctor_says_what_is_missing(resend):
    def told(**changed: object) -> str:
        (found,) = examine_services(settings_of(resend, **changed))
        return found[2]

    assert told() == ""
    assert "DANGOL_MAIL_SERVICE_KEY" in told(mail_service_key="")
    assert "CALLBACK_SECRET" in told(mail_service_callback_secret="")
    assert "resend" in told(mail_service="nobody")


def test_a_description_is_read_once_for_all_that_a_worker_does(
    dsn, tmp_path, connection, monkeypatch
):
    file = tmp_path / "service.json"
    file.write_bytes(msgspec.json.encode(ready_made("resend")))
    read: list[bytes] = []

    def reading(text: bytes) -> Service:
        read.append(text)
        return read_service(text)

    monkeypatch.setattr("dangol.app.mail_service.read_service", reading)
    settings = Settings(database_url=dsn, data_folder=tmp_path, mail_service=str(file))

    chores = {chore.name: chore for chore in make_chores(settings)}
    file.unlink()
    chores["tidy"].do(connection)

    assert "deliver by mail_service" in chores
    assert len(read) == 1
