"""Notifications for browsers: sealed for one browser, signed by the shop's key (VAPID).

Where to push to is what a browser named, so every call goes out by the door for such addresses.
Push services honour no key of ours and cannot be asked: a call without an answer stays unknown.
"""

import hashlib
import secrets
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from dangol.providers.each import (
    Pace,
    as_push,
    outcome_of,
    outcome_of_fault,
    outcome_of_loss,
    send_each,
    settle_doubts,
)
from dangol.providers.egress.client import Answer, EgressError, Limits
from dangol.providers.egress.pool import Pool, open_pool
from dangol.providers.jwt import base64url, sign_jwt
from dangol.providers.vendor import Fate, FaultKind, Idempotency, Outcome, Outgoing, PushNote
from dangol.providers.webpush.codes import CODES, DOUBTFUL
from dangol.providers.webpush.sealing import PLAIN_MAX, SALT_BYTES, point_of, seal
from dangol.providers.webpush.subscription import Subscription, read_subscription

IDEMPOTENCY: Final = Idempotency.NEITHER
# A signature is good for this long; RFC 8292 allows a day.
SIGNED_FOR: Final = timedelta(hours=12)
OK: Final = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vapid:
    """The key the shop's pages subscribe with, and how to speak with push services."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    # Whom a push service turns to: mailto: or https:.
    contact: str
    pace: Pace = field(default_factory=Pace)
    connections: int = 20
    # Whether this machine may be called, which only tests and demonstrations ask for.
    loopback: bool = False
    trust: ssl.SSLContext | None = None

    @property
    def public_key(self) -> str:
        """What a page passes to ``pushManager.subscribe`` as ``applicationServerKey``."""
        return base64url(point_of(self.key.public_key()))


class WebPushSender:
    """Sends to browsers; a recipient is a subscription as a browser writes it."""

    def __init__(self, vapid: Vapid, *, clock: Callable[[], datetime]) -> None:
        self._vapid: Final = vapid
        self._clock: Final = clock
        # By push service: the signature names it.
        self._signed: dict[str, tuple[str, datetime]] = {}
        self._proven = False

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages; what was not begun comes back as retryable."""
        vapid = self._vapid
        async with open_pool(
            connections=vapid.connections,
            limits=Limits(seconds=vapid.pace.seconds),
            loopback=vapid.loopback,
            trust=vapid.trust,
        ) as pool:
            outcomes = await send_each(
                messages, hand_over=lambda message: self._hand_over(pool, message), pace=vapid.pace
            )
        self._proven = self._proven or any(found.fate is Fate.ACCEPTED for found in outcomes)
        return settle_doubts(outcomes, codes=DOUBTFUL, proven=self._proven)

    async def _hand_over(self, pool: Pool, message: Outgoing) -> Outcome:
        plain = write_payload(message, as_push(message))
        if len(plain) > PLAIN_MAX:
            detail = (
                f"the note has {len(plain)} bytes, push services take {PLAIN_MAX}; "
                "shorten its text or its data"
            )
            return outcome_of_fault(message, FaultKind.CONTENT, code="too_large", detail=detail)
        try:
            subscription = read_subscription(message.recipient)
            answer = await pool.post(
                subscription.endpoint,
                headers=self._write_headers(message, subscription),
                body=seal(
                    plain,
                    public=subscription.public,
                    auth=subscription.auth,
                    key=ec.generate_private_key(ec.SECP256R1()),
                    salt=secrets.token_bytes(SALT_BYTES),
                ),
            )
        except EgressError as fault:
            return outcome_of_loss(message, fault)
        except ValueError as fault:
            # No subscription, or one that leads to where nothing may be called.
            kind = FaultKind.PERMANENT
            return outcome_of_fault(message, kind, code="no_subscription", detail=str(fault))
        return judge(message, answer)

    def _write_headers(self, message: Outgoing, subscription: Subscription) -> dict[str, str]:
        live = int(as_push(message).live_for.total_seconds())
        public = self._vapid.public_key
        return {
            "authorization": f"vapid t={self._sign(subscription.endpoint)},k={public}",
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            # Without one, some services drop what cannot be delivered at once.
            "ttl": str(live),
            "urgency": "normal",
            # Sent twice, it waits once.
            "topic": hashlib.sha256(message.vendor_id.encode()).hexdigest()[:32],
        }

    def _sign(self, endpoint: str) -> str:
        """Return our signature for the push service an endpoint belongs to, half of its life."""
        parts = urlsplit(endpoint)
        service, now = f"{parts.scheme}://{parts.netloc}", self._clock()
        token, renew_at = self._signed.get(service, ("", now))
        if renew_at <= now:
            expires = int((now + SIGNED_FOR).timestamp())
            claims: dict[str, str | int] = {
                "aud": service,
                "exp": expires,
                "sub": self._vapid.contact,
            }
            token = sign_jwt(self._vapid.key, header={"typ": "JWT"}, claims=claims)
            self._signed[service] = (token, now + SIGNED_FOR / 2)
        return token


def write_payload(message: Outgoing, note: PushNote) -> bytes:
    """Write what the shop's service worker reads."""
    return msgspec.json.encode(
        {
            "title": note.title,
            "body": note.body,
            "url": note.url,
            "image": note.image_url,
            "data": dict(note.data),
            "message": message.vendor_id,
        }
    )


def judge(message: Outgoing, answer: Answer) -> Outcome:
    """Say what a push service's answer means for a message."""
    if answer.status in OK:
        place = answer.headers.get("location", "")
        return outcome_of(message, fate=Fate.ACCEPTED, code=str(answer.status), vendor_id=place)
    unknown = (FaultKind.TRANSIENT, "an answer that push services do not document")
    fault, meaning = CODES.get(answer.status, unknown)
    words = answer.body.decode("utf-8", "replace").strip()
    return outcome_of_fault(
        message,
        fault,
        code=str(answer.status),
        detail=f"{meaning}: {words}" if words else meaning,
        answer=answer,
    )
