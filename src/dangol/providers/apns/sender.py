"""Notifications for Apple's devices, straight to Apple: HTTP/2, signed by a key of the team.

APNs honours no key of ours and cannot be asked: a call without an answer stays unknown.
"""

import hashlib
import re
import ssl
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from dangol.providers.apns.codes import DOUBTFUL, REASONS
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
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.jwt import Key, sign_jwt
from dangol.providers.vendor import Fate, FaultKind, Idempotency, Outcome, Outgoing, PushNote

IDEMPOTENCY: Final = Idempotency.NEITHER
URLS: Final = {
    "production": "https://api.push.apple.com",
    "development": "https://api.development.push.apple.com",
}
PAYLOAD_MAX: Final = 4_096
# Apple refuses a token older than an hour, and one renewed more often than every 20 minutes.
TOKEN_LASTS: Final = timedelta(minutes=40)
TOKEN: Final = re.compile(r"[0-9A-Fa-f]{16,200}")
OK: Final = 200


class Reason(msgspec.Struct, frozen=True):
    """Why APNs did not take a message, and since when a token has been dead, in milliseconds."""

    reason: str = ""
    timestamp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apple:
    """A team's signing key, the app it writes to, and how to speak with APNs."""

    key: Key = field(repr=False)
    key_id: str
    team_id: str
    # The app's bundle id.
    topic: str
    url: str = URLS["production"]
    pace: Pace = field(default_factory=Pace)
    connections: int = 2
    # Whether this machine may be called, which only tests and demonstrations ask for.
    loopback: bool = False
    trust: ssl.SSLContext | None = None


class ApnsSender:
    """Sends to one app; a recipient is a device token in hexadecimal."""

    def __init__(self, apple: Apple, *, clock: Callable[[], datetime]) -> None:
        self._apple: Final = apple
        self._clock: Final = clock
        self._token = ""
        self._signed_at: datetime | None = None
        self._proven = False

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages; what was not begun comes back as retryable."""
        apple = self._apple
        async with open_pool(
            connections=apple.connections,
            limits=Limits(seconds=apple.pace.seconds),
            loopback=apple.loopback,
            trust=apple.trust,
            http1=False,
        ) as pool:
            outcomes = await send_each(
                messages, hand_over=lambda message: self._hand_over(pool, message), pace=apple.pace
            )
        self._proven = self._proven or any(found.fate is Fate.ACCEPTED for found in outcomes)
        return settle_doubts(outcomes, codes=DOUBTFUL, proven=self._proven)

    async def _hand_over(self, pool: Pool, message: Outgoing) -> Outcome:
        note = as_push(message)
        if TOKEN.fullmatch(message.recipient) is None:
            # Never part of an address: it would call another one.
            kind, words = FaultKind.PERMANENT, "the token is not hexadecimal"
            return outcome_of_fault(message, kind, code="NotHexadecimal", detail=words)
        body = write_payload(message, note)
        if problem := find_problem(note, body):
            kind = FaultKind.CONTENT
            return outcome_of_fault(message, kind, code="PayloadTooLarge", detail=problem)
        try:
            answer = await pool.post(
                f"{self._apple.url}/3/device/{message.recipient}",
                headers=self._write_headers(message, note),
                body=body,
            )
        except RefusedTarget as fault:
            kind = FaultKind.CONFIGURATION
            return outcome_of_fault(message, kind, code="refused_target", detail=str(fault))
        except EgressError as fault:
            return outcome_of_loss(message, fault)
        return judge(message, answer)

    def _write_headers(self, message: Outgoing, note: PushNote) -> dict[str, str]:
        now = self._clock()
        return {
            "authorization": f"bearer {self._sign(now)}",
            "apns-topic": self._apple.topic,
            "apns-push-type": "background" if note.is_silent else "alert",
            # Apple refuses what is unseen at a higher one.
            "apns-priority": "5" if note.is_silent else "10",
            "apns-expiration": str(int((now + note.live_for).timestamp())),
            # Sent twice, it stands once on the screen.
            "apns-collapse-id": hashlib.sha256(message.vendor_id.encode()).hexdigest()[:32],
            "apns-id": str(uuid.uuid5(uuid.NAMESPACE_URL, message.vendor_id)),
            "content-type": "application/json",
        }

    def _sign(self, now: datetime) -> str:
        """Return our token: the same for a while, as Apple asks."""
        if self._signed_at is None or not now - TOKEN_LASTS < self._signed_at <= now:
            self._token = sign_jwt(
                self._apple.key,
                header={"kid": self._apple.key_id},
                claims={"iss": self._apple.team_id, "iat": int(now.timestamp())},
            )
            self._signed_at = now
        return self._token


def write_payload(message: Outgoing, note: PushNote) -> bytes:
    """Write what the device gets; our own names come first, so that data cannot replace them."""
    if note.is_silent:
        return msgspec.json.encode({**note.data, "aps": {"content-available": 1}})
    aps: dict[str, object] = {
        "alert": {"title": note.title, "body": note.body},
        "sound": "default",
    }
    ours: dict[str, object] = {"aps": aps, "dangol_message": message.vendor_id}
    if note.url:
        ours["url"] = note.url
    if note.image_url:
        aps["mutable-content"] = 1
        ours["image"] = note.image_url
    return msgspec.json.encode({**note.data, **ours})


def find_problem(note: PushNote, body: bytes) -> str:
    """Say why APNs would refuse a note; empty where it would not."""
    if "aps" in note.data:
        return "data holds the name 'aps', which Apple keeps for itself; use another name"
    if len(body) > PAYLOAD_MAX:
        return (
            f"the note has {len(body)} bytes, APNs takes {PAYLOAD_MAX}; "
            "shorten its text or its data"
        )
    return ""


def judge(message: Outgoing, answer: Answer) -> Outcome:
    """Say what Apple's answer means for a message."""
    if answer.status == OK:
        told = answer.headers.get("apns-id", "")
        return outcome_of(message, fate=Fate.ACCEPTED, code="200", vendor_id=told)
    reason = read_reason(answer)
    unknown = (FaultKind.TRANSIENT, f"an answer that Apple does not document, {answer.status}")
    fault, meaning = REASONS.get(reason.reason, unknown)
    outcome = outcome_of_fault(
        message, fault, code=reason.reason or str(answer.status), detail=meaning, answer=answer
    )
    return replace(outcome, gone_at=read_time(reason.timestamp))


def read_reason(answer: Answer) -> Reason:
    try:
        return msgspec.json.decode(answer.body, type=Reason)
    except msgspec.MsgspecError:
        return Reason()


def read_time(milliseconds: int | None) -> datetime | None:
    """Return the time a token died, in UTC; None where Apple tells none that can be one."""
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
