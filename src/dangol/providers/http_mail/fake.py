"""Fakes of the services that are described already; each speaks its wire format.

How they answer, and what they tell of a mail, is in the recipient: ``wire.fake_mail``.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typing_extensions import override

from dangol.providers.http_mail.fields import find
from dangol.providers.http_mail.proof import ECDSA_SIGNATURE, ECDSA_TIMESTAMP
from dangol.providers.wire.call import Json
from dangol.providers.wire.fake import Asked, FakeVendor, Reply, Route
from dangol.providers.wire.fake_mail import MailEvent, read_refusal, read_story

KEY: Final = "re_test_key"
PASSWORD: Final = "dangol:password"  # noqa: S105 - a stand-in's
SIGNING_KEY: Final = b"sixteen bytes or more"
LINK: Final = "https://shop.example/"
BROWSER: Final = "Mozilla/5.0 (Linux; Android 16)"


# What each calls what became of a mail, and what it says of it beside.
RESEND_KINDS: Final[Mapping[MailEvent, tuple[str, Json]]] = {
    MailEvent.DELIVERED: ("email.delivered", {}),
    MailEvent.BOUNCED: (
        "email.bounced",
        {"bounce": {"type": "Permanent", "subType": "General", "message": "no mailbox"}},
    ),
    MailEvent.SOFT_BOUNCED: (
        "email.bounced",
        {"bounce": {"type": "Transient", "subType": "MailboxFull", "message": "full"}},
    ),
    MailEvent.DEFERRED: ("email.delivery_delayed", {}),
    MailEvent.COMPLAINED: ("email.complained", {}),
    MailEvent.OPENED: ("email.opened", {}),
    MailEvent.CLICKED: ("email.clicked", {"click": {"link": LINK, "userAgent": BROWSER}}),
}
COMPLAINT: Final = "SpamComplaint"
# Its record, under which names it says when and of whom, and what beside.
POSTMARK_RECORDS: Final[Mapping[MailEvent, tuple[str, str, str, Json]]] = {
    MailEvent.DELIVERED: ("Delivery", "DeliveredAt", "Recipient", {}),
    MailEvent.BOUNCED: ("Bounce", "BouncedAt", "Email", {"Type": "HardBounce"}),
    MailEvent.SOFT_BOUNCED: ("Bounce", "BouncedAt", "Email", {"Type": "SoftBounce"}),
    MailEvent.DEFERRED: ("Bounce", "BouncedAt", "Email", {"Type": "Transient"}),
    MailEvent.COMPLAINED: (COMPLAINT, "BouncedAt", "Email", {"Type": COMPLAINT}),
    MailEvent.OPENED: ("Open", "ReceivedAt", "Recipient", {"FirstOpen": True}),
    MailEvent.CLICKED: ("Click", "ReceivedAt", "Recipient", {"OriginalLink": LINK}),
    MailEvent.UNSUBSCRIBED: (
        "SubscriptionChange",
        "ChangedAt",
        "Recipient",
        {"SuppressSending": True, "SuppressionReason": "ManualSuppression", "Origin": "Recipient"},
    ),
}
SENDGRID_EVENTS: Final[Mapping[MailEvent, Json]] = {
    MailEvent.DELIVERED: {"event": "delivered"},
    MailEvent.BOUNCED: {"event": "bounce", "type": "bounce", "status": "5.1.1"},
    MailEvent.SOFT_BOUNCED: {"event": "bounce", "type": "blocked", "status": "4.2.2"},
    MailEvent.DEFERRED: {"event": "deferred", "response": "452 4.2.2 mailbox full"},
    MailEvent.COMPLAINED: {"event": "spamreport"},
    MailEvent.OPENED: {"event": "open", "useragent": BROWSER},
    MailEvent.CLICKED: {"event": "click", "url": LINK, "useragent": BROWSER},
    MailEvent.UNSUBSCRIBED: {"event": "unsubscribe"},
}


class FakeMailService(FakeVendor):
    """What the three have in common: who is let in, and whom it refuses."""

    path = ""
    # Where in what it is sent the recipient and our name stand.
    to_path = ""
    key_path = ""

    @override
    def routes(self) -> list[Route]:
        return [Route(method="POST", path=self.path, handle=self.take, sends=True)]

    @override
    def refuse(self, asked: Asked) -> Reply | None:
        shown = asked.headers.get("authorization") or asked.headers.get("x-postmark-server-token")
        if shown in (KEY, f"Bearer {KEY}"):
            return None
        return self.say_no(401, "missing_api_key")

    def take(self, asked: Asked) -> Reply:
        """Take a mail, or refuse it as its recipient asks for."""
        recipient = find(asked.body, self.to_path)
        if refused := read_refusal(recipient):
            return self.say_no(*refused)
        return self.take_one(asked, recipient)

    def take_one(self, asked: Asked, recipient: str) -> Reply:
        """Keep a mail and what will be told of it."""
        name = secrets.token_hex(8)
        self.keep(name, asked.body)
        key = find(asked.body, self.key_path)
        told = (self.report(event, name, key, recipient) for event in read_story(recipient))
        self.due.extend(one for one in told if one is not None)
        return self.say_yes(name)

    def say_yes(self, name: str) -> Reply:
        """Return the answer to a mail that was taken."""
        raise NotImplementedError

    def say_no(self, status: int, code: str) -> Reply:
        """Return the answer to another."""
        raise NotImplementedError

    def report(self, event: MailEvent, name: str, key: str, recipient: str) -> object:
        """Return what is posted of a mail; None where the service tells nothing of an event."""
        raise NotImplementedError


class FakeResend(FakeMailService):
    """Resend, which knows a key for 24 hours."""

    name = "resend"
    path = "/emails"
    to_path = "to.0"
    key_path = "tags.0.value"

    @override
    def settings(self) -> Mapping[str, str]:
        secret = base64.b64encode(SIGNING_KEY).decode()
        return {
            "DANGOL_MAIL_SERVICE": self.name,
            "DANGOL_MAIL_SERVICE_KEY": KEY,
            "DANGOL_MAIL_SERVICE_URL": f"{self.url}{self.path}",
            "DANGOL_MAIL_SERVICE_CALLBACK_SECRET": f"whsec_{secret}",
        }

    @override
    def take_one(self, asked: Asked, recipient: str) -> Reply:
        key = asked.headers.get("idempotency-key", "")
        known = [one for one in self.messages.values() if key and one["key"] == key]
        if not known:
            reply = super().take_one(asked, recipient)
            newest = next(reversed(self.messages))
            noted: Json = {"key": key, "id": newest, "raw": asked.raw.hex()}
            self.messages[newest] = {**self.messages[newest], **noted}
            return reply
        if known[0]["raw"] != asked.raw.hex():
            return self.say_no(409, "invalid_idempotent_request")
        return self.say_yes(str(known[0]["id"]))

    @override
    def say_yes(self, name: str) -> Reply:
        return Reply(said={"id": name})

    @override
    def say_no(self, status: int, code: str) -> Reply:
        said = {"statusCode": status, "name": code or "validation_error", "message": "as asked"}
        return Reply(status=status, said=said)

    @override
    def report(self, event: MailEvent, name: str, key: str, recipient: str) -> object:
        if event not in RESEND_KINDS:
            return None
        kind, more = RESEND_KINDS[event]
        data: Json = {"email_id": name, "to": [recipient], "tags": {"dangol": key}, **more}
        return {"type": kind, "created_at": self.clock().isoformat(), "data": data}

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        stamp = str(int(self.clock().timestamp()))
        # The same for every attempt at the same post.
        name = f"msg_{sha256(body).hexdigest()[:24]}"
        signed = hmac.digest(SIGNING_KEY, f"{name}.{stamp}.".encode() + body, sha256)
        signature = base64.b64encode(signed).decode()
        return {"svix-id": name, "svix-timestamp": stamp, "svix-signature": f"v1,{signature}"}


class FakePostmark(FakeMailService):
    """Postmark, which knows no key."""

    name = "postmark"
    instead_of = "resend"
    path = "/email"
    to_path = "To"
    key_path = "Metadata.dangol"

    @override
    def settings(self) -> Mapping[str, str]:
        return {
            "DANGOL_MAIL_SERVICE": self.name,
            "DANGOL_MAIL_SERVICE_KEY": KEY,
            "DANGOL_MAIL_SERVICE_URL": f"{self.url}{self.path}",
            "DANGOL_MAIL_SERVICE_CALLBACK_SECRET": PASSWORD,
        }

    @override
    def say_yes(self, name: str) -> Reply:
        return Reply(said={"ErrorCode": 0, "Message": "OK", "MessageID": name})

    @override
    def say_no(self, status: int, code: str) -> Reply:
        number = int(code) if code.isdigit() else 10
        return Reply(status=status, said={"ErrorCode": number, "Message": "as asked"})

    @override
    def report(self, event: MailEvent, name: str, key: str, recipient: str) -> object:
        said: Json = {"MessageID": name, "Metadata": {"dangol": key}}
        record, timed, named, more = POSTMARK_RECORDS[event]
        number: Json = {"ID": secrets.randbelow(2**31)} if record in {"Bounce", COMPLAINT} else {}
        told: Json = {"RecordType": record, timed: self.clock().isoformat(), named: recipient}
        return {**said, **told, **number, **more}

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(PASSWORD.encode()).decode()}"}


class FakeSendGrid(FakeMailService):
    """SendGrid, which knows no key, names a mail in a header, and signs with a key of its own."""

    name = "sendgrid"
    instead_of = "resend"
    path = "/v3/mail/send"
    to_path = "personalizations.0.to.0.email"
    key_path = "personalizations.0.custom_args.dangol"
    private: Final = ec.generate_private_key(ec.SECP256R1())

    @override
    def settings(self) -> Mapping[str, str]:
        public = self.private.public_key()
        written = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {
            "DANGOL_MAIL_SERVICE": self.name,
            "DANGOL_MAIL_SERVICE_KEY": KEY,
            "DANGOL_MAIL_SERVICE_URL": f"{self.url}{self.path}",
            "DANGOL_MAIL_SERVICE_CALLBACK_SECRET": base64.b64encode(written).decode(),
        }

    @override
    def say_yes(self, name: str) -> Reply:
        return Reply(status=202, said={}, headers={"X-Message-Id": name})

    @override
    def say_no(self, status: int, code: str) -> Reply:
        return Reply(status=status, said={"errors": [{"field": code, "message": "as asked"}]})

    @override
    def report(self, event: MailEvent, name: str, key: str, recipient: str) -> object:
        said: Json = {"email": recipient, "sg_event_id": secrets.token_hex(8), "dangol": key}
        when = int(self.clock().timestamp())
        named: Json = {"sg_message_id": f"{name}.filter1", "timestamp": when}
        return [{**said, **named, **SENDGRID_EVENTS[event]}]

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        stamp = str(int(self.clock().timestamp()))
        signed = self.private.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {ECDSA_TIMESTAMP: stamp, ECDSA_SIGNATURE: base64.b64encode(signed).decode()}
