"""A stand-in for a push service and the browsers behind it.

It checks the signature (VAPID), its audience and its time, and the headers; the browser it plays
opens what was sealed for it. How it answers is at the end of the endpoint: ``…-410``; see
``SCRIPTS``.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from dangol.providers.fake_http import SLOW_SECONDS, Call, FakeServer, Reply
from dangol.providers.jwt import NUMBER_BYTES, base64url, from_base64url
from dangol.providers.webpush.sealing import point_of, unseal

# The end of an endpoint, and how it is answered.
SCRIPTS: Final = {
    "401": Reply(status=401),
    "403": Reply(status=403, body=b"invalid authentication", kind="text/plain"),
    "404": Reply(status=404),
    "410": Reply(status=410, body=b"push subscription has unsubscribed", kind="text/plain"),
    "413": Reply(status=413),
    "429": Reply(status=429, headers={"Retry-After": "120"}),
    "500": Reply(status=500),
    "503": Reply(status=503),
}
# Taken, and the answer is late or lost.
LOST: Final = {
    "SLOW": Reply(status=201, wait_seconds=SLOW_SECONDS),
    "HANG_UP": Reply(hang_up=True),
    "SILENT": Reply(keep_silent=True),
    "GATEWAY": Reply(status=502),
}
BODY_MAX: Final = 4_096
TOPIC_MAX: Final = 32
LONGEST_SIGNED: Final = timedelta(hours=24)


class Claims(msgspec.Struct, frozen=True):
    """What a signature claims."""

    aud: str
    exp: int
    sub: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A message as it arrived, and as the browser read it."""

    path: str
    sealed: bytes
    plain: bytes
    ttl: int
    urgency: str
    topic: str


class FakePushService:
    """A push service on loopback whose browsers all have one key; keeps ``messages``.

    Without ``application_key`` it takes whoever signs for themselves; with one, only its owner.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        application_key: str = "",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.messages: list[Pushed] = []
        self.key: Final = ec.generate_private_key(ec.SECP256R1())
        self.auth: Final = secrets.token_bytes(16)
        self._clock: Final = clock
        self._application_key: Final = application_key
        self._lock: Final = threading.Lock()
        self._server: Final = FakeServer(self._answer, host=host, port=port)

    @property
    def url(self) -> str:
        """What endpoints here begin with."""
        return self._server.url

    def subscribe(self, name: str) -> str:
        """Return a browser's subscription; how pushes to it fare is in the end of its name."""
        keys = {
            "p256dh": base64url(point_of(self.key.public_key())),
            "auth": base64url(self.auth),
        }
        endpoint = f"{self.url}/push/{name}"
        return msgspec.json.encode({"endpoint": endpoint, "keys": keys}).decode()

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

    def _answer(self, call: Call) -> Reply:
        if problem := self._find_problem(call):
            return Reply(status=403, body=problem.encode(), kind="text/plain")
        headers = call.headers
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdigit():
            return Reply(status=400, body=b"TTL and aes128gcm are needed", kind="text/plain")
        if len(headers.get("topic", "")) > TOPIC_MAX:
            return Reply(status=400, body=b"Topic is too long", kind="text/plain")
        if len(call.body) > BODY_MAX:
            return SCRIPTS["413"]
        word = call.path.rpartition("-")[2]
        if word in SCRIPTS:
            return SCRIPTS[word]
        self._take(call)
        place = {"Location": f"{self.url}/message/{secrets.token_hex(8)}"}
        return LOST.get(word) or Reply(status=201, headers=place)

    def _find_problem(self, call: Call) -> str:
        """Say what is wrong with a signature (RFC 8292, section 2); empty where nothing is."""
        scheme, _, rest = call.headers.get("authorization", "").partition(" ")
        given = read_parameters(rest)
        if scheme.lower() != "vapid" or not {"t", "k"} <= given.keys():
            return "no VAPID signature"
        if self._application_key and given["k"] != self._application_key:
            return "the subscription was made with another key"
        try:
            claims = read_claims(given["t"], key=given["k"])
        except (InvalidSignature, ValueError, msgspec.MsgspecError) as fault:
            return f"the signature is not good: {fault}"
        now = self._clock()
        if claims.aud != self.url or not claims.sub.startswith(("mailto:", "https:")):
            return f"signed for {claims.aud} by {claims.sub or 'nobody'}"
        if not now.timestamp() < claims.exp <= (now + LONGEST_SIGNED).timestamp():
            return "the signature has expired, or lasts for more than a day"
        return ""

    def _take(self, call: Call) -> None:
        pushed = Pushed(
            path=call.path,
            sealed=call.body,
            plain=unseal(call.body, key=self.key, auth=self.auth),
            ttl=int(call.headers["ttl"]),
            urgency=call.headers.get("urgency", ""),
            topic=call.headers.get("topic", ""),
        )
        with self._lock:
            self.messages.append(pushed)


def read_parameters(text: str) -> dict[str, str]:
    """Return what ``t=…,k=…`` gives."""
    parts = (part.strip().partition("=") for part in text.split(","))
    return {name: value for name, _, value in parts}


def read_claims(token: str, *, key: str) -> Claims:
    """Return what a token claims once its signature is proved."""
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(key))
    signed, _, signature = token.rpartition(".")
    numbers = from_base64url(signature)
    r, s = (int.from_bytes(part) for part in (numbers[:NUMBER_BYTES], numbers[NUMBER_BYTES:]))
    public.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    return msgspec.json.decode(from_base64url(signed.partition(".")[2]), type=Claims)
