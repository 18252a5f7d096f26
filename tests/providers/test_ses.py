"""Amazon SES: signed as its own client signs, called once, believed only if Amazon says it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from dangol.providers.each import Pace
from dangol.providers.ses.callback import (
    BadCallback,
    open_envelope,
    read_confirmation,
    read_reports,
)
from dangol.providers.ses.fake import CERTIFICATE_URL, FakeSes, FakeSns, Script
from dangol.providers.ses.sender import Place, SesSender
from dangol.providers.ses.sign import Account, sign_call
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing, ReportKind

ACCOUNT = Account(access_key="AKIDEXAMPLE", secret_key="wJalr/EXAMPLE", region="ap-northeast-2")  # noqa: S106
URL = "https://email.ap-northeast-2.amazonaws.com/v2/email/outbound-emails"
NOW = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
TOPIC = "arn:aws:sns:ap-northeast-2:123456789012:mail"
SNS = FakeSns(TOPIC)


def send(ses: FakeSes, *names: str) -> list[Outcome]:
    mails = [
        Outgoing(
            delivery_id=number,
            vendor_id=f"<token-{number}@shop.example>",
            sender="b+token@shop.example",
            recipient=f"{name}@shop.example",
            content=b"Subject: hello\r\n\r\nHow are you?\r\n",
        )
        for number, name in enumerate(names)
    ]
    by = SesSender(
        ACCOUNT, Place(endpoint=ses.url, pace=Pace(at_once=10, seconds=5.0)), clock=lambda: NOW
    )
    return sorted(asyncio.run(by.send(mails)), key=lambda one: one.delivery_id)


@pytest.mark.parametrize("session_token", ["", "passing/token"])
def test_a_call_is_signed_as_amazons_own_client_signs_it(session_token):
    body = '{"name": "민지"}'.encode()
    request = AWSRequest(
        method="POST", url=URL, data=body, headers={"Content-Type": "application/json"}
    )
    request.context["timestamp"] = "20270302T030000Z"
    signer = SigV4Auth(
        Credentials(ACCOUNT.access_key, ACCOUNT.secret_key, session_token or None),
        "ses",
        ACCOUNT.region,
    )
    account = Account(
        access_key=ACCOUNT.access_key,
        secret_key=ACCOUNT.secret_key,
        region=ACCOUNT.region,
        session_token=session_token,
    )

    ours = sign_call(
        account,
        service="ses",
        url=URL,
        headers={"content-type": "application/json"},
        body=body,
        now=NOW,
    )

    theirs = AWSRequest(method="POST", url=URL, data=body, headers={})
    for name, value in ours.items():
        if name not in ("authorization", "host"):
            theirs.headers[name] = value
    theirs.context["timestamp"] = "20270302T030000Z"
    signature = signer.signature(
        signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs
    )
    assert ours["authorization"].endswith(f"Signature={signature}")


def test_a_mail_is_taken_whole_and_carries_our_name():
    with FakeSes(clock=lambda: NOW) as ses:
        (outcome,) = send(ses, "minji")

    assert outcome.fate is Fate.ACCEPTED
    assert [outcome.vendor_id] == [*ses.messages]
    assert ses.mails[0]["Destination"] == {"ToAddresses": ["minji@shop.example"]}
    assert ses.mails[0]["EmailTags"] == [{"Name": "dangol", "Value": "token-0"}]
    assert "Credential=AKIDEXAMPLE/20270302" in ses.headers[0]["authorization"]


@pytest.mark.parametrize(
    ("script", "fate", "fault"),
    [
        (Script(status=400, error="MessageRejected"), Fate.REJECTED, FaultKind.CONTENT),
        (Script(status=429, error="TooManyRequestsException"), Fate.RETRYABLE, FaultKind.THROTTLED),
        (Script(status=429, error="Other"), Fate.RETRYABLE, FaultKind.THROTTLED),
        (
            Script(status=400, error="SendingPausedException"),
            Fate.RETRYABLE,
            FaultKind.CONFIGURATION,
        ),
        (Script(status=403, error="Other"), Fate.RETRYABLE, FaultKind.CONFIGURATION),
        (Script(status=503, error="Other"), Fate.RETRYABLE, FaultKind.TRANSIENT),
        (Script(status=500, error="InternalFailure"), Fate.UNKNOWN, FaultKind.TRANSIENT),
        (Script(hang_up=True), Fate.UNKNOWN, None),
    ],
)
def test_what_fails_for_one_is_tried_once_and_holds_nobody_up(script, fate, fault):
    with FakeSes(
        clock=lambda: NOW, script=lambda name: script if name.startswith("odd") else Script()
    ) as ses:
        first, odd, last = send(ses, "minji", "odd", "jiwoo")

    assert (odd.fate, odd.fault) == (fate, fault)
    assert {first.fate, last.fate} == {Fate.ACCEPTED}
    taken = [call["Destination"]["ToAddresses"][0] for call in ses.mails]
    assert taken.count("odd@shop.example") == (1 if script.hang_up else 0)


def test_how_long_to_wait_is_kept():
    with FakeSes(
        clock=lambda: NOW, script=lambda _: Script(status=429, error="Other", retry_after="7")
    ) as ses:
        (outcome,) = send(ses, "minji")

    assert outcome.retry_after == timedelta(seconds=7)


def test_where_nobody_listens_nothing_was_taken():
    with FakeSes(clock=lambda: NOW) as ses:
        url = ses.url
    gone = SesSender(ACCOUNT, Place(endpoint=url), clock=lambda: NOW)
    mail = Outgoing(delivery_id=1, vendor_id="<t@x>", sender="s", recipient="r@x", content=b"x")

    (outcome,) = asyncio.run(gone.send([mail]))

    assert (outcome.fate, outcome.code) == (Fate.RETRYABLE, "connection")


def event(kind: str, **said: object) -> dict[str, object]:
    mail = {
        "messageId": "ses-1",
        "timestamp": "2027-03-02T02:59:00.000Z",
        "destination": ["minji@shop.example"],
        "tags": {"dangol": ["token-0"]},
    }
    return {"eventType": kind, "mail": mail, **said}


def read(headers, body):
    open_envelope(headers, body, topic_arn=TOPIC, read_certificate=lambda _: SNS.certificate)
    return read_reports(body)


BOUNCED = {
    "bounceType": "Permanent",
    "bounceSubType": "General",
    "timestamp": "2027-03-02T03:00:00.000Z",
    "bouncedRecipients": [
        {"emailAddress": "minji@shop.example", "status": "5.1.1", "diagnosticCode": "smtp; 550"}
    ],
}


@pytest.mark.parametrize(
    ("told", "kind", "fault"),
    [
        (event("Bounce", bounce=BOUNCED), ReportKind.FAILED, FaultKind.PERMANENT),
        (
            event("Bounce", bounce={**BOUNCED, "bounceType": "Transient"}),
            ReportKind.FAILED,
            FaultKind.TRANSIENT,
        ),
        (
            event("Bounce", bounce={**BOUNCED, "bounceType": "Undetermined"}),
            ReportKind.FAILED,
            FaultKind.TRANSIENT,
        ),
        (event("Reject", reject={"reason": "Bad content"}), ReportKind.FAILED, FaultKind.CONTENT),
        (
            event("Delivery", delivery={"recipients": ["minji@shop.example"]}),
            ReportKind.DELIVERED,
            None,
        ),
        (event("DeliveryDelay", deliveryDelay={}), ReportKind.DEFERRED, None),
        (
            event("Complaint", complaint={"complaintFeedbackType": "abuse"}),
            ReportKind.COMPLAINED,
            None,
        ),
        (event("Open", open={"userAgent": "Mozilla/5.0"}), ReportKind.OPENED, None),
        (event("Click", click={"link": "https://shop.example/"}), ReportKind.CLICKED, None),
    ],
)
@pytest.mark.parametrize("version", ["1", "2"])
def test_every_event_is_a_report_about_our_mail(told, kind, fault, version):
    (report,) = read(*SNS.write(told, version=version))

    assert (report.kind, report.fault) == (kind, fault)
    assert (report.our_id, report.vendor_id) == ("token-0", "ses-1")
    assert report.recipient == "minji@shop.example"
    assert report.occurred_at.tzinfo is UTC


def test_the_same_event_told_twice_has_the_same_name():
    first, again = (read(*SNS.write(event("Open", open={})))[0] for _ in range(2))

    assert first.event_id == again.event_id


@pytest.mark.parametrize(
    "told",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        event("Complaint", complaint={"complaintFeedbackType": "not-spam"}),
        event("Send", send={}),
    ],
)
def test_what_says_nothing_of_a_mail_is_no_report(told):
    assert read(*SNS.write(told)) == []


def test_whatever_was_altered_is_refused():
    headers, body = SNS.write(event("Bounce", bounce=BOUNCED))

    with pytest.raises(BadCallback, match="signature"):
        read(headers, body.replace(b"minji", b"jiwoo"))


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.ap-northeast-2.amazonaws.com.evil.example/x.pem",
        "https://evil.example/sns.ap-northeast-2.amazonaws.com.pem",
        "http://sns.ap-northeast-2.amazonaws.com/x.pem",
        "https://user@sns.ap-northeast-2.amazonaws.com/x.pem",
        "https://s3.ap-northeast-2.amazonaws.com/x.pem",
    ],
)
def test_a_certificate_from_elsewhere_is_never_fetched(url):
    fetched: list[str] = []

    def fetch(asked: str) -> bytes:
        fetched.append(asked)
        return SNS.certificate

    headers, body = SNS.write(event("Open", open={}), SigningCertURL=url)
    with pytest.raises(BadCallback, match="SigningCertURL"):
        open_envelope(headers, body, topic_arn=TOPIC, read_certificate=fetch)
    assert fetched == []


def test_another_ones_topic_is_refused():
    other = FakeSns("arn:aws:sns:ap-northeast-2:999999999999:mail")

    with pytest.raises(BadCallback, match="not ours"):
        read(*other.write(event("Open", open={})))


def test_a_header_that_says_another_kind_is_refused():
    _, body = SNS.write(event("Open", open={}))

    with pytest.raises(BadCallback, match="x-amz-sns-message-type"):
        read({"x-amz-sns-message-type": "SubscriptionConfirmation"}, body)


def test_only_amazon_is_asked_to_confirm_a_topic():
    def confirm(**changed: str) -> str:
        _, body = SNS.write("You have chosen …", kind="SubscriptionConfirmation", **changed)
        return read_confirmation(body)

    assert confirm() == f"{CERTIFICATE_URL.rpartition('/')[0]}/?Action=Confirm"
    with pytest.raises(BadCallback, match="SubscribeURL"):
        confirm(SubscribeURL="https://evil.example/?Action=Confirm")
    assert read_confirmation(SNS.write(event("Open", open={}))[1]) == ""


def test_what_is_no_message_is_refused():
    with pytest.raises(BadCallback, match="no SNS message"):
        read({}, json.dumps({"hello": 1}).encode())
