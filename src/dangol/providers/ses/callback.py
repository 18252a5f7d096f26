"""Reads what SES tells by way of SNS: signed by Amazon, for a topic of ours, or refused."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dangol.providers.ses.codes import judge_bounce
from dangol.providers.vendor import FaultKind, Report, ReportKind

# Certificates and confirmations come from here and nowhere else.
HOST: Final = re.compile(r"sns\.[a-z0-9-]{4,30}\.amazonaws\.com(\.cn)?")
SIGNED: Final = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
    "UnsubscribeConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
DIGESTS: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "1": hashes.SHA1(),  # noqa: S303 - what Amazon signs with unless it is told otherwise
    "2": hashes.SHA256(),
}
KINDS: Final = {
    "Delivery": ReportKind.DELIVERED,
    "DeliveryDelay": ReportKind.DEFERRED,
    "Bounce": ReportKind.FAILED,
    "Reject": ReportKind.FAILED,
    "Rendering Failure": ReportKind.FAILED,
    "Complaint": ReportKind.COMPLAINED,
    "Open": ReportKind.OPENED,
    "Click": ReportKind.CLICKED,
    "Subscription": ReportKind.OPTED_OUT,
}
NOT_SPAM: Final = "not-spam"
DETAIL_MAX: Final = 200
# Returns the certificate (PEM) at an address; raises what it likes where it cannot be had.
ReadCertificate = Callable[[str], bytes]


class BadCallback(ValueError):  # noqa: N818 - it is the callback that is bad
    """What came is not from Amazon, not for us, or not understood; the text says which."""


class Envelope(msgspec.Struct, frozen=True):
    """What SNS puts around everything; names are Amazon's."""

    Type: str
    MessageId: str
    TopicArn: str
    Message: str
    Timestamp: str
    SignatureVersion: str
    Signature: str
    SigningCertURL: str
    Subject: str | None = None
    SubscribeURL: str = ""
    Token: str = ""


class Address(msgspec.Struct, frozen=True, rename="camel"):
    """One recipient of a bounce or a complaint."""

    email_address: str = ""
    status: str = ""
    diagnostic_code: str = ""


class Detail(msgspec.Struct, frozen=True, rename="camel"):
    """What an event says of itself; each kind uses some of it."""

    timestamp: str = ""
    bounce_type: str = ""
    bounce_sub_type: str = ""
    bounced_recipients: list[Address] = []
    complained_recipients: list[Address] = []
    delayed_recipients: list[Address] = []
    complaint_feedback_type: str | None = None
    recipients: list[str] = []
    link: str = ""
    user_agent: str = ""
    reason: str = ""
    smtp_response: str = ""


class Mail(msgspec.Struct, frozen=True, rename="camel"):
    """The mail an event is about."""

    message_id: str = ""
    timestamp: str = ""
    destination: list[str] = []
    tags: dict[str, list[str]] = {}


class Event(msgspec.Struct, frozen=True, rename="camel"):
    """An event of a configuration set, or a notification of an identity."""

    mail: Mail
    event_type: str = ""
    notification_type: str = ""
    bounce: Detail | None = None
    complaint: Detail | None = None
    delivery: Detail | None = None
    delivery_delay: Detail | None = None
    open: Detail | None = None
    click: Detail | None = None
    reject: Detail | None = None
    subscription: Detail | None = None

    @property
    def detail(self) -> Detail:
        """What belongs to its kind."""
        said = (
            self.bounce,
            self.complaint,
            self.delivery,
            self.delivery_delay,
            self.open,
            self.click,
            self.reject,
            self.subscription,
        )
        return next((one for one in said if one is not None), Detail())


def read_reports(body: bytes) -> list[Report]:
    """Return what SES tells of our mails; nothing for what SNS says of itself.

    Whether Amazon wrote it, ``open_envelope`` has said before.

    Raises:
        BadCallback: it is not understood.
    """
    envelope = read_envelope(body)
    if envelope.Type != "Notification":
        return []
    try:
        event = msgspec.json.decode(envelope.Message, type=Event)
    except msgspec.MsgspecError:
        # "Successfully validated SNS topic for Amazon SES event publishing."
        return []
    return read_event(event, event_id=envelope.MessageId)


def read_confirmation(body: bytes, *, fake_at: str = "") -> str:
    """Return the address to call so that the topic tells us; empty where nothing asks for that.

    ``fake_at`` is the address of a fake of ours, believed as Amazon is.

    Raises:
        BadCallback: it is not understood, or leads elsewhere than to Amazon.
    """
    envelope = read_envelope(body)
    if envelope.Type != "SubscriptionConfirmation":
        return ""
    return check_host(envelope.SubscribeURL, "SubscribeURL", fake_at=fake_at)


def read_envelope(body: bytes) -> Envelope:
    try:
        return msgspec.json.decode(body, type=Envelope)
    except msgspec.MsgspecError as fault:
        raise BadCallback(f"This is no SNS message: {fault}.") from fault


def open_envelope(
    headers: Mapping[str, str],
    body: bytes,
    *,
    topic_arn: str,
    read_certificate: ReadCertificate,
    fake_at: str = "",
) -> Envelope:
    """Read the envelope and see that Amazon wrote it, or the fake at ``fake_at``, for this topic.

    Raises:
        BadCallback: it is not signed by Amazon, or not for ``topic_arn``.
    """
    envelope = read_envelope(body)
    said = {name.lower(): value for name, value in headers.items()}
    if said.get("x-amz-sns-message-type", "") != envelope.Type or envelope.Type not in SIGNED:
        raise BadCallback("The header x-amz-sns-message-type says something else than the body.")
    if envelope.TopicArn != topic_arn:
        raise BadCallback(f"The topic {envelope.TopicArn!r} is not ours.")
    check_signature(envelope, read_certificate, fake_at=fake_at)
    return envelope


def check_signature(envelope: Envelope, read_certificate: ReadCertificate, *, fake_at: str) -> None:
    url = check_host(envelope.SigningCertURL, "SigningCertURL", fake_at=fake_at)
    digest = DIGESTS.get(envelope.SignatureVersion)
    if digest is None:
        raise BadCallback(f"SignatureVersion {envelope.SignatureVersion!r} is neither 1 nor 2.")
    certificate = read_certificate(url)
    try:
        key = x509.load_pem_x509_certificate(certificate).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise BadCallback("The certificate holds no RSA key.")
        signature = base64.b64decode(envelope.Signature, validate=True)
        key.verify(signature, signed_text(envelope), padding.PKCS1v15(), digest)
    except (InvalidSignature, ValueError) as fault:
        raise BadCallback(
            "The signature does not fit: this was altered or is not Amazon's."
        ) from fault


def signed_text(envelope: Envelope) -> bytes:
    """Return what SNS signs: names and values in turn, without those that are not there."""
    values = [(name, getattr(envelope, name)) for name in SIGNED[envelope.Type]]
    return "".join(f"{name}\n{value}\n" for name, value in values if value is not None).encode()


def check_host(url: str, name: str, *, fake_at: str) -> str:
    """Return an address that leads to SNS, or to a fake of it where there is one.

    Raises:
        BadCallback: it leads elsewhere: whoever wrote it is not Amazon.
    """
    if fake_at and url.startswith(f"{fake_at.rstrip('/')}/"):
        return url
    parts = urlsplit(url)
    if parts.scheme != "https" or not HOST.fullmatch(parts.netloc):
        raise BadCallback(f"{name} {url[:100]!r} does not lead to Amazon SNS.")
    return url


def read_event(event: Event, *, event_id: str) -> list[Report]:
    """Return one report for each recipient an event is about."""
    kind = KINDS.get(event.event_type or event.notification_type)
    detail = event.detail
    if kind is None or detail.complaint_feedback_type == NOT_SPAM:
        return []
    about = [*detail.bounced_recipients, *detail.complained_recipients, *detail.delayed_recipients]
    known = detail.recipients or event.mail.destination
    told = about or [Address(email_address=address) for address in known] or [Address()]
    return [
        Report(
            kind=kind,
            event_id=f"{event_id}:{number}",
            occurred_at=read_time(detail.timestamp or event.mail.timestamp),
            our_id=next(iter(event.mail.tags.get("dangol", [])), ""),
            vendor_id=event.mail.message_id,
            recipient=one.email_address,
            fault=read_fault(kind, detail),
            code=one.status or detail.bounce_sub_type,
            detail=(one.diagnostic_code or detail.link or detail.reason or detail.smtp_response)[
                :DETAIL_MAX
            ],
        )
        for number, one in enumerate(told)
    ]


def read_fault(kind: ReportKind, detail: Detail) -> FaultKind | None:
    if kind is not ReportKind.FAILED:
        return None
    if not detail.bounce_type:
        return FaultKind.CONTENT
    return judge_bounce(detail.bounce_type, detail.bounce_sub_type)


def read_time(text: str) -> datetime:
    """Read a time as Amazon writes it.

    Raises:
        BadCallback: it is none.
    """
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as fault:
        raise BadCallback(f"timestamp {text[:40]!r} is no time.") from fault
