"""A stand-in for Firebase Cloud Messaging and for the address that lends its tokens.

It checks what Google checks: the assertion's signature and scope, the bearer token, the message's
form and size. How it answers is at the end of the registration token: ``…-UNREGISTERED`` is an
uninstalled app; see ``SCRIPTS``.
"""

import base64
import secrets
import threading
from typing import Final, Self
from urllib.parse import parse_qs

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dangol.providers.fake_http import SLOW_SECONDS, Call, FakeServer, Reply
from dangol.providers.google import GRANT

ERROR_TYPE: Final = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST_TYPE: Final = "type.googleapis.com/google.rpc.BadRequest"
# The end of a token, and how such a token is answered: status, Google's word, FCM's own code.
SCRIPTS: Final = {
    "UNREGISTERED": (404, "NOT_FOUND", "UNREGISTERED"),
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"),
    "UNAVAILABLE": (503, "UNAVAILABLE", "UNAVAILABLE"),
    "INTERNAL": (500, "INTERNAL", "INTERNAL"),
    "THIRD_PARTY_AUTH_ERROR": (401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"),
}
SCOPES_AT: Final = "https://www.googleapis.com/auth/"
# Google's own clients name this one, wherever their account file points.
AUDIENCE: Final = "https://oauth2.googleapis.com/token"
# Taken, and the answer is lost.
HANG_UP: Final = "HANG_UP"
SILENT: Final = "SILENT"
GATEWAY: Final = "GATEWAY"
MALFORMED: Final = "MALFORMED"
# Taken, and answered late.
SLOW: Final = "SLOW"
RETRY_AFTER: Final = "60"
TOKEN_SECONDS: Final = 3_599
PAYLOAD_MAX: Final = 4_096


class Notification(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on the screen."""

    title: str = ""
    body: str = ""
    image: str = ""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message as FCM reads it: unknown fields and data that is no text are refused."""

    token: str = ""
    # Google's newer name for a device.
    fid: str = ""
    notification: Notification = Notification()
    data: dict[str, str] = {}
    android: dict[str, msgspec.Raw] = {}
    apns: dict[str, msgspec.Raw] = {}
    webpush: dict[str, msgspec.Raw] = {}
    fcm_options: dict[str, msgspec.Raw] = {}


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a call."""

    message: Message
    validate_only: bool = False


class FakeFcm:
    """FCM and its token address on one port of this machine; keeps what it took in ``messages``."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        project: str = "shop",
        scope: str = "firebase.messaging",
    ) -> None:
        self.messages: list[Message] = []
        self.project: Final = project
        # For what its tokens are lent.
        self.scopes: Final = {f"{SCOPES_AT}{scope}", f"{SCOPES_AT}cloud-platform"}
        self.signed_in = 0
        self.refuses_sign_in = False
        self._key: Final = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self._granted: set[str] = set()
        self._lock: Final = threading.Lock()
        self._server: Final = FakeServer(self._answer, host=host, port=port)

    @property
    def url(self) -> str:
        """Where to send."""
        return self._server.url

    @property
    def account_file(self) -> bytes:
        """The JSON file of a service account that may send here."""
        pem = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return msgspec.json.encode(
            {
                "type": "service_account",
                "project_id": self.project,
                "private_key_id": "fake",
                "private_key": pem.decode(),
                "client_email": f"sender@{self.project}.iam.gserviceaccount.com",
                "client_id": "1",
                "token_uri": f"{self.url}/token",
            }
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop()

    def revoke(self) -> None:
        """Let every token that was lent end before its time."""
        with self._lock:
            self._granted.clear()

    def _answer(self, call: Call) -> Reply:
        if call.path == "/token":
            return self._grant(call)
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        with self._lock:
            known = token in self._granted
        if not known:
            return refuse(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if call.path != f"/v1/projects/{self.project}/messages:send":
            return refuse(404, "NOT_FOUND", "Requested entity was not found.")
        return self._take(call)

    def _grant(self, call: Call) -> Reply:
        asked = parse_qs(call.body.decode())
        assertion = asked.get("assertion", [""])[0]
        if (
            asked.get("grant_type") != [GRANT]
            or self.refuses_sign_in
            or not self._is_ours(assertion)
        ):
            return Reply(status=400, body=b'{"error":"invalid_grant"}')
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._granted.add(token)
            self.signed_in += 1
        body = {"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"}
        return Reply(body=msgspec.json.encode(body))

    def _is_ours(self, assertion: str) -> bool:
        signed, _, signature = assertion.rpartition(".")
        try:
            self._key.public_key().verify(
                base64.urlsafe_b64decode(signature + "=="),
                signed.encode(),
                padding.PKCS1v15(),
                hashes.SHA256(),
            )
            _, claims = (base64.urlsafe_b64decode(part + "==") for part in signed.split("."))
            told = msgspec.json.decode(claims, type=dict[str, str | int])
        except (InvalidSignature, ValueError, msgspec.MsgspecError):
            return False
        scopes = self.scopes.intersection(str(told.get("scope", "")).split())
        return told.get("aud") in {AUDIENCE, f"{self.url}/token"} and bool(scopes)

    def _take(self, call: Call) -> Reply:
        try:
            sent = msgspec.json.decode(call.body, type=Sent)
        except msgspec.MsgspecError as fault:
            return refuse_fields("message", str(fault))
        message = sent.message
        device = message.token or message.fid
        if not device:
            return refuse_fields("message", "Exactly one target must be set")
        size = len(msgspec.json.encode({"n": message.notification, "d": message.data}))
        if size > PAYLOAD_MAX:
            return refuse_fields("message", "Android message is too big")
        word = device.rpartition("-")[2]
        if word in SCRIPTS:
            status, general, code = SCRIPTS[word]
            return refuse(status, general, f"{code} for {device}", code=code)
        if not sent.validate_only:
            with self._lock:
                self.messages.append(message)
        return answer_taken(word, project=self.project)


def answer_taken(word: str, *, project: str) -> Reply:
    """Answer a message that was taken, by the end of its token."""
    if word in {HANG_UP, SILENT}:
        return Reply(hang_up=word == HANG_UP, keep_silent=word == SILENT)
    if word == GATEWAY:
        return Reply(status=502, body=b"<html>Bad Gateway</html>", kind="text/html")
    if word == MALFORMED:
        return Reply(body=b"{")
    name = f"projects/{project}/messages/0:{secrets.token_hex(8)}"
    late = SLOW_SECONDS if word == SLOW else 0.0
    return Reply(body=msgspec.json.encode({"name": name}), wait_seconds=late)


def refuse(status: int, general: str, words: str, *, code: str = "") -> Reply:
    """Refuse in Google's form, with a code of FCM's own where there is one."""
    details = [{"@type": ERROR_TYPE, "errorCode": code}] if code else []
    error = {"code": status, "message": words, "status": general, "details": details}
    throttled = {"Retry-After": RETRY_AFTER} if status == 429 else {}  # noqa: PLR2004
    return Reply(status=status, body=msgspec.json.encode({"error": error}), headers=throttled)


def refuse_fields(field: str, words: str) -> Reply:
    """Refuse a message of the wrong form, naming the field."""
    violation = {
        "@type": BAD_REQUEST_TYPE,
        "fieldViolations": [{"field": field, "description": words}],
    }
    error = {"code": 400, "message": words, "status": "INVALID_ARGUMENT", "details": [violation]}
    return Reply(status=400, body=msgspec.json.encode({"error": error}))
