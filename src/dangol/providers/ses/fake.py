"""A stand-in for SES on loopback, which can be told to fail, and for SNS, which signs.

It checks the signature of every call. How it answers, and what it tells of a mail, is in the
recipient (``wire.fake_mail``); it tells only of mail that names a configuration set, and only once
its topic was confirmed.
"""

import base64
import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from typing_extensions import override

from dangol.providers.ses.callback import DIGESTS, SIGNED
from dangol.providers.ses.sender import OUR_TAG, PATH, SERVICE
from dangol.providers.ses.sign import Account, sign_call
from dangol.providers.ses.standing import PATH as STANDING_PATH
from dangol.providers.wire.call import Json
from dangol.providers.wire.fake import Asked, FakeVendor, Reply, Route
from dangol.providers.wire.fake_mail import MailEvent, read_refusal, read_story

CERTIFICATE_URL: Final = "https://sns.ap-northeast-2.amazonaws.com/SimpleNotificationService-1.pem"
CERTIFICATE_PATH: Final = "/SimpleNotificationService-1.pem"
ACCESS_KEY: Final = "AKIDEXAMPLE"
SECRET_KEY: Final = "wJalr/EXAMPLE"  # noqa: S105 - a stand-in's
TOPIC: Final = "arn:aws:sns:ap-northeast-2:123456789012:mail"
CONFIGURATION_SET: Final = "dangol"
TAKEN: Final = 200
CLOCK_TOLERANCE: Final = timedelta(minutes=15)
CONFIRM: Final = "ConfirmSubscription"
GREETING: Final = "SubscriptionConfirmation"
# What SES calls what becomes of a mail, and under which name it says more.
EVENTS: Final[Mapping[MailEvent, tuple[str, str]]] = {
    MailEvent.DELIVERED: ("Delivery", "delivery"),
    MailEvent.BOUNCED: ("Bounce", "bounce"),
    MailEvent.SOFT_BOUNCED: ("Bounce", "bounce"),
    MailEvent.DEFERRED: ("DeliveryDelay", "deliveryDelay"),
    MailEvent.COMPLAINED: ("Complaint", "complaint"),
    MailEvent.OPENED: ("Open", "open"),
    MailEvent.CLICKED: ("Click", "click"),
    MailEvent.UNSUBSCRIBED: ("Subscription", "subscription"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How SES answers for one recipient."""

    status: int = TAKEN
    error: str = ""
    # It took the mail, and hangs up without saying so.
    hang_up: bool = False
    retry_after: str = ""


def read_script(recipient: str) -> Script:
    """Return what a recipient's name asks for."""
    status, error = read_refusal(recipient) or (TAKEN, "")
    return Script(status=status, error=error)


class FakeSes(FakeVendor):
    """SES and a topic of SNS; ``mails`` are the calls it took, ``headers`` what they came with."""

    name = "ses"
    instead_of = "resend"

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        script: Callable[[str], Script] = read_script,
        standing: Mapping[str, object] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(clock=clock, host=host, port=port)
        self.script = script
        # What it answers about the account.
        self.standing = standing or {}
        self.mails: list[Json] = []
        self.headers: list[Mapping[str, str]] = []
        self.confirmed = False

    @cached_property
    def sns(self) -> "FakeSns":
        """The topic by which it tells."""
        return FakeSns(TOPIC)

    @override
    def routes(self) -> list[Route]:
        return [
            Route(method="POST", path=PATH, handle=self.take, sends=True),
            Route(method="GET", path=STANDING_PATH, handle=self.describe),
            Route(method="GET", path=CERTIFICATE_PATH, handle=self.show_certificate),
            Route(method="GET", path="/", handle=self.confirm),
        ]

    @override
    def settings(self) -> Mapping[str, str]:
        return {
            "DANGOL_SES_ACCESS_KEY": ACCESS_KEY,
            "DANGOL_SES_SECRET_KEY": SECRET_KEY,
            "DANGOL_SES_URL": self.url,
            "DANGOL_SES_CONFIGURATION_SET": CONFIGURATION_SET,
            "DANGOL_SES_TOPIC_ARN": TOPIC,
        }

    @override
    def refuse(self, asked: Asked) -> Reply | None:
        if asked.path not in {PATH, STANDING_PATH} or is_signed(asked, now=self.clock()):
            return None
        return say_no(Script(status=403, error="InvalidSignatureException"))

    def take(self, asked: Asked) -> Reply:
        """Take a mail, or refuse it as its recipient asks for."""
        recipient = recipient_of(asked.body)
        script = self.script(recipient)
        if script.status != TAKEN and not script.hang_up:
            return say_no(script)
        self.mails.append(asked.body)
        self.headers.append(asked.headers)
        name = f"ses-{secrets.token_hex(8)}"
        self.keep(name, asked.body)
        if asked.body.get("ConfigurationSetName"):
            self.due.extend(
                self.report(event, name=name, mail=asked.body) for event in read_story(recipient)
            )
        return Reply(said={"MessageId": name}, hang_up=script.hang_up)

    def describe(self, _: Asked) -> Reply:
        """Say how the account stands."""
        return Reply(said=self.standing)

    def show_certificate(self, _: Asked) -> Reply:
        """Show what the topic signs with."""
        return Reply(page=self.sns.certificate.decode())

    def confirm(self, asked: Asked) -> Reply:
        """Begin to tell, once somebody follows the address that a confirmation names."""
        self.confirmed = asked.query.get("Action") == CONFIRM
        return Reply(status=TAKEN if self.confirmed else 400, said={})

    @override
    def listen_at(self, url: str) -> None:
        super().listen_at(url)
        self.confirmed = False
        with self.lock:
            self.due.appendleft(self.write(f"You have chosen {TOPIC}.", kind=GREETING))

    @override
    def take_due(self) -> list[object]:
        greetings = [one for one in self.due if is_greeting(one)]
        if not greetings:
            return super().take_due() if self.confirmed else []
        for one in greetings:
            self.due.remove(one)
        return greetings

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        said = cast("Mapping[str, str]", json.loads(body))
        return {"X-Amz-Sns-Message-Type": said["Type"], "X-Amz-Sns-Message-Id": said["MessageId"]}

    def report(self, event: MailEvent, *, name: str, mail: Json) -> object:
        """Return what the topic posts of a mail."""
        kind, part = EVENTS[event]
        at = write_time(self.clock())
        tags = cast("list[Mapping[str, str]]", mail.get("EmailTags", []))
        about = {
            "messageId": name,
            "timestamp": at,
            "destination": [recipient_of(mail)],
            "tags": {tag["Name"]: [tag["Value"]] for tag in tags if tag["Name"] == OUR_TAG},
        }
        detail = {"timestamp": at, **describe_event(event, recipient_of(mail))}
        return self.write(json.dumps({"eventType": kind, "mail": about, part: detail}))

    def write(self, message: str, *, kind: str = "Notification") -> Mapping[str, object]:
        """Return an envelope of the topic, signed."""
        named = {
            "MessageId": str(uuid.uuid4()),
            "Timestamp": write_time(self.clock()),
            "SigningCertURL": f"{self.url}{CERTIFICATE_PATH}",
        }
        if kind != "Notification":
            named["SubscribeURL"] = f"{self.url}/?Action={CONFIRM}&TopicArn={TOPIC}&Token=t"
        return cast("Json", json.loads(self.sns.write(message, kind=kind, **named)[1]))


def is_signed(asked: Asked, *, now: datetime) -> bool:
    """Tell whether a call is signed with the stand-in's key, not long ago."""
    shown = asked.headers.get("authorization", "")
    credential = shown.partition("Credential=")[2].partition(",")[0].split("/")
    names = shown.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    try:
        at = datetime.strptime(asked.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        access_key, _, region, *_ = credential
        signed = {name: asked.headers[name] for name in names if name not in {"host", "x-amz-date"}}
    except (KeyError, ValueError):
        return False
    wanted = sign_call(
        Account(access_key=ACCESS_KEY, secret_key=SECRET_KEY, region=region),
        service=SERVICE,
        url=f"http://{asked.headers['host']}{asked.path}",
        headers=signed,
        body=asked.raw,
        now=at,
        method=asked.method,
    )
    near = abs(now - at) <= CLOCK_TOLERANCE
    return near and access_key == ACCESS_KEY and wanted["authorization"] == shown


def is_greeting(said: object) -> bool:
    return cast("Json", said)["Type"] == GREETING


def say_no(script: Script) -> Reply:
    told = {"x-amzn-ErrorType": script.error, "Retry-After": script.retry_after}
    headers = {name: value for name, value in told.items() if value}
    return Reply(status=script.status, said={"message": "as asked"}, headers=headers)


def recipient_of(mail: Json) -> str:
    destination = cast("Mapping[str, list[str]]", mail["Destination"])
    return destination["ToAddresses"][0]


def describe_event(event: MailEvent, recipient: str) -> Json:
    """Return what SES says of one event, beside its time."""
    who: Json = {"emailAddress": recipient}
    full: Json = {**who, "status": "4.2.2", "diagnosticCode": "smtp; 452 4.2.2 mailbox full"}
    gone: Json = {**who, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user"}
    said: Mapping[MailEvent, Json] = {
        MailEvent.DELIVERED: {"recipients": [recipient], "smtpResponse": "250 2.0.0 taken"},
        MailEvent.BOUNCED: {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [gone],
        },
        MailEvent.SOFT_BOUNCED: {
            "bounceType": "Transient",
            "bounceSubType": "MailboxFull",
            "bouncedRecipients": [full],
        },
        MailEvent.DEFERRED: {"delayType": "MailboxFull", "delayedRecipients": [full]},
        MailEvent.COMPLAINED: {"complaintFeedbackType": "abuse", "complainedRecipients": [who]},
        MailEvent.OPENED: {
            "userAgent": "Mozilla/5.0 (Linux; Android 16)",
            "ipAddress": "203.0.113.5",
        },
        MailEvent.CLICKED: {"link": "https://shop.example/", "ipAddress": "203.0.113.5"},
        MailEvent.UNSUBSCRIBED: {"source": "UnsubscribeHeader"},
    }
    return said[event]


def write_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class FakeSns:
    """Writes and signs what SNS would, with a certificate of its own."""

    def __init__(self, topic_arn: str) -> None:
        self.topic_arn = topic_arn
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime(2026, 1, 1, tzinfo=UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(1)
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=3650))
            .sign(self._key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )

    def write(
        self, message: object, *, kind: str = "Notification", version: str = "2", **changed: str
    ) -> tuple[dict[str, str], bytes]:
        """Return headers and body of a call; ``changed`` are fields of the envelope."""
        text = message if isinstance(message, str) else json.dumps(message)
        envelope: dict[str, str] = {
            "Type": kind,
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": self.topic_arn,
            "Message": text,
            "Timestamp": "2027-03-02T03:00:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
            **changed,
        }
        if kind != "Notification":
            root = CERTIFICATE_URL.rpartition("/")[0]
            envelope = {"Token": "t", "SubscribeURL": f"{root}/?Action=Confirm", **envelope}
        said = "".join(f"{one}\n{envelope[one]}\n" for one in SIGNED[kind] if one in envelope)
        signature = self._key.sign(said.encode(), padding.PKCS1v15(), DIGESTS[version])
        envelope["Signature"] = base64.b64encode(signature).decode()
        return {"X-Amz-Sns-Message-Type": kind}, json.dumps(envelope).encode()
