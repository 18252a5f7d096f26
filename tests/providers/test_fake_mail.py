"""The stand-ins of mail services: a recipient's name is the script of what is told of a mail."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from dangol.app.amazon import fake_of
from dangol.app.settings import Settings
from dangol.providers.http_mail.callback import read_reports
from dangol.providers.http_mail.fake import KEY, FakePostmark, FakeResend, FakeSendGrid
from dangol.providers.http_mail.sender import HttpMailSender, MailAccount
from dangol.providers.http_mail.service import ready_made
from dangol.providers.ses import callback as ses
from dangol.providers.ses.fake import (
    ACCESS_KEY,
    CONFIGURATION_SET,
    SECRET_KEY,
    TOPIC,
    FakeSes,
)
from dangol.providers.ses.sender import Place, SesSender
from dangol.providers.ses.sign import Account
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing, Report
from dangol.providers.wire.fake import FakeVendor

NOW = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
ACCOUNT = Account(access_key=ACCESS_KEY, secret_key=SECRET_KEY, region="ap-northeast-2")
FAKES = {fake.name: fake for fake in (FakeResend, FakePostmark, FakeSendGrid, FakeSes)}


@pytest.fixture(params=FAKES)
def fake(request) -> Iterator[FakeVendor]:
    with FAKES[request.param](clock=lambda: NOW) as running:
        yield running


@pytest.fixture
def amazon() -> Iterator[FakeSes]:
    with FakeSes(clock=lambda: NOW) as running:
        yield running


def send(
    fake: FakeVendor, name: str, *, account: Account = ACCOUNT, place: str = CONFIGURATION_SET
) -> Outcome:
    mail = Outgoing(
        delivery_id=1,
        vendor_id=f"<token-{name}@shop.example>",
        sender="b+token@shop.example",
        recipient=f"{name}@shop.example",
        content=b"From: hi@shop.example\r\nSubject: hi\r\nContent-Type: text/plain\r\n\r\nHi\r\n",
    )
    if isinstance(fake, FakeSes):
        there = Place(endpoint=fake.url, configuration_set=place)
        sender = SesSender(account, there, clock=lambda: NOW)
    else:
        url = fake.settings()["DANGOL_MAIL_SERVICE_URL"]
        sender = HttpMailSender(MailAccount(service=ready_made(fake.name), secret=KEY, url=url))
    (outcome,) = asyncio.run(sender.send([mail]))
    return outcome


def told(fake: FakeVendor) -> list[Report]:
    bodies = [json.dumps(one).encode() for one in fake.due]
    if isinstance(fake, FakeSes):
        return [report for body in bodies for report in ses.read_reports(body)]
    form = ready_made(fake.name).reports
    return [report for body in bodies for report in read_reports(body, form=form, received_at=NOW)]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("minji", "delivered"),
        ("bounce", "failed"),
        ("bounce.minji", "failed"),
        ("soft-2", "failed"),
        ("defer", "deferred delivered"),
        ("complain", "delivered complained"),
        ("mute", ""),
    ],
)
def test_a_recipients_name_is_the_script_of_what_is_told(fake, name, kinds):
    outcome = send(fake, name)

    reports = told(fake)
    assert outcome.fate is Fate.ACCEPTED
    assert [report.kind for report in reports] == kinds.split()
    assert {report.our_id for report in reports} <= {f"token-{name}"}
    assert {report.recipient for report in reports} <= {f"{name}@shop.example"}


def test_what_passes_is_told_from_what_does_not(fake):
    for name in ("bounce", "soft"):
        send(fake, name)

    hard, soft = told(fake)
    assert hard.fault is FaultKind.PERMANENT
    assert soft.fault in {FaultKind.TRANSIENT, FaultKind.UNREACHABLE}


def test_a_way_out_is_told_by_those_who_offer_one(fake):
    send(fake, "unsubscribe")

    expected = ["delivered"] if fake.name == "resend" else ["delivered", "opted_out"]
    assert [report.kind for report in told(fake)] == expected


def test_opens_and_clicks_are_posted_and_only_amazons_are_read(fake):
    send(fake, "click")

    expected = ["delivered", "opened", "clicked"] if fake.name == "ses" else ["delivered"]
    assert len(fake.due) == 3
    assert [report.kind for report in told(fake)] == expected


def test_a_refusal_is_asked_for_by_its_status(fake):
    outcome = send(fake, "status-429")

    assert (outcome.fate, outcome.fault) == (Fate.RETRYABLE, FaultKind.THROTTLED)
    assert not fake.due


def test_no_two_events_have_the_same_name(fake):
    for name in ("complain", "complain.again"):
        send(fake, name)

    assert len({report.event_id for report in told(fake)}) == 4


def test_the_newest_goes_first_where_that_is_asked_for(amazon):
    posted: list[object] = []
    amazon.post = posted.append
    amazon.confirmed = True
    send(amazon, "complain")
    first, second = amazon.due

    amazon.post_reports(backwards=True)

    assert posted == [second, first]


@pytest.mark.parametrize(
    "changed",
    [{"access_key": "another"}, {"secret_key": "another"}],
)
def test_amazons_stand_in_checks_who_signs(amazon, changed):
    known = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "region": "ap-northeast-2"}

    outcome = send(amazon, "minji", account=Account(**{**known, **changed}))

    assert (outcome.fault, amazon.mails) == (FaultKind.CONFIGURATION, [])


def test_amazons_stand_in_takes_no_old_signature(amazon):
    amazon.clock = lambda: NOW + timedelta(minutes=16)

    assert send(amazon, "minji").fault is FaultKind.CONFIGURATION


def test_without_a_configuration_set_amazon_tells_nothing(amazon):
    send(amazon, "bounce", place="")

    assert (len(amazon.mails), told(amazon)) == (1, [])


def test_nothing_is_told_before_the_topic_is_confirmed(amazon):
    posted: list[dict] = []
    amazon.post = posted.append
    amazon.listen_at("http://127.0.0.1:1/")
    send(amazon, "bounce")

    amazon.post_reports()
    amazon.post_reports()
    before = [one["Type"] for one in posted]
    httpx.get(posted[0]["SubscribeURL"]).raise_for_status()
    amazon.post_reports()

    assert before == ["SubscriptionConfirmation"]
    assert [one["Type"] for one in posted] == ["SubscriptionConfirmation", "Notification"]


def test_a_stand_in_is_believed_where_it_is_and_nowhere_else(amazon):
    send(amazon, "bounce")
    body = json.dumps(amazon.due[0]).encode()
    headers = amazon.hook_headers(body)

    def read(fake_at: str) -> str:
        opened = ses.open_envelope(
            headers,
            body,
            topic_arn=TOPIC,
            read_certificate=lambda url: httpx.get(url).content,
            fake_at=fake_at,
        )
        return opened.Type

    assert read(amazon.url) == "Notification"
    for elsewhere in ("", "http://127.0.0.1:1", amazon.url[:-1]):
        with pytest.raises(ses.BadCallback, match="SigningCertURL"):
            read(elsewhere)


@pytest.mark.parametrize(
    ("url", "believed"),
    [
        ("http://127.0.0.1:8798", True),
        ("", False),
        ("https://email.ap-northeast-2.amazonaws.com", False),
        ("http://ses.example", False),
    ],
)
def test_only_a_stand_in_on_this_machine_may_sign(url, believed):
    assert bool(fake_of(Settings(ses_url=url))) is believed
