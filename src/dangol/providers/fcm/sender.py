"""Notifications for Android, iOS and browsers that Firebase reaches; one token a call.

FCM honours no key of ours and cannot be asked: a call without an answer stays unknown.
"""

import asyncio
import hashlib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

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
from dangol.providers.fcm.codes import BAD_MESSAGE, CODES, DEVICE_FIELD, DOUBTFUL, REFUSED
from dangol.providers.google import Account, SignInError, Tokens
from dangol.providers.vendor import Fate, FaultKind, Idempotency, Outcome, Outgoing, PushNote

IDEMPOTENCY: Final = Idempotency.NEITHER
URL: Final = "https://fcm.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
# Of the notification and the data together, as FCM counts them.
PAYLOAD_MAX: Final = 4_096
LIVE_MAX: Final = timedelta(days=28)
# FCM keeps these names of data for itself.
RESERVED_NAMES: Final = frozenset({"from", "message_type", "notification"})
RESERVED_STARTS: Final = ("google.", "gcm.")
OK: Final = range(200, 300)
UNAUTHORISED: Final = 401


class Violation(msgspec.Struct, frozen=True):
    """A field that FCM does not take."""

    field: str = ""
    description: str = ""


class Detail(msgspec.Struct, frozen=True, rename="camel"):
    """One detail of an error: FCM's code, or the fields at fault."""

    error_code: str = ""
    field_violations: list[Violation] = []


class Error(msgspec.Struct, frozen=True):
    """What went wrong, in Google's form."""

    code: int = 0
    message: str = ""
    status: str = ""
    details: list[Detail] = []


class Reply(msgspec.Struct, frozen=True):
    """What FCM answers: a name, or an error."""

    name: str = ""
    error: Error | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firebase:
    """One project, and how to speak with FCM."""

    account: Account
    url: str = URL
    pace: Pace = field(default_factory=Pace)
    connections: int = 10
    # Whether this machine may be called, which only tests and demonstrations ask for.
    loopback: bool = False
    trust: ssl.SSLContext | None = None


class FcmSender:
    """Sends through one Firebase project; a recipient is a registration token."""

    def __init__(self, firebase: Firebase, *, clock: Callable[[], datetime]) -> None:
        self._firebase: Final = firebase
        self._clock: Final = clock
        self._tokens: Final = Tokens(firebase.account, scope=SCOPE, clock=clock)
        # Nobody signs in twice because two messages found the token too old.
        self._signing_in = asyncio.Lock()
        self._proven = False

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages; what was not begun comes back as retryable."""
        self._signing_in = asyncio.Lock()
        firebase = self._firebase
        async with open_pool(
            connections=firebase.connections,
            limits=Limits(seconds=firebase.pace.seconds),
            loopback=firebase.loopback,
            trust=firebase.trust,
        ) as pool:
            outcomes = await send_each(
                messages,
                hand_over=lambda message: self._hand_over(pool, message),
                pace=firebase.pace,
            )
        self._proven = self._proven or any(found.fate is Fate.ACCEPTED for found in outcomes)
        return settle_doubts(outcomes, codes=DOUBTFUL, proven=self._proven)

    async def _hand_over(self, pool: Pool, message: Outgoing) -> Outcome:
        note = as_push(message)
        if problem := find_problem(note):
            return outcome_of_fault(message, FaultKind.CONTENT, code=BAD_MESSAGE, detail=problem)
        written = write_message(message, note, now=self._clock())
        body = msgspec.json.encode({"message": written})
        try:
            answer = await self._post(pool, body)
            if answer.status == UNAUTHORISED and not read_code(read_error(answer)):
                # A token may be revoked before its time; nothing was taken.
                self._tokens.forget()
                answer = await self._post(pool, body)
        except SignInError as fault:
            kind = FaultKind.CONFIGURATION if fault.ours else FaultKind.TRANSIENT
            return outcome_of_fault(message, kind, code="sign_in", detail=str(fault))
        except RefusedTarget as fault:
            kind = FaultKind.CONFIGURATION
            return outcome_of_fault(message, kind, code="refused_target", detail=str(fault))
        except EgressError as fault:
            return outcome_of_loss(message, fault)
        return judge(message, answer)

    async def _post(self, pool: Pool, body: bytes) -> Answer:
        async with self._signing_in:
            token = await self._tokens.get(pool)
        return await pool.post(
            f"{self._firebase.url}/v1/projects/{self._firebase.account.project}/messages:send",
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
            body=body,
        )


def find_problem(note: PushNote) -> str:
    """Say why FCM would refuse a note; empty where it would not."""
    for name in note.data:
        if name in RESERVED_NAMES or name.startswith(RESERVED_STARTS):
            return f"data holds the name {name!r}, which FCM keeps for itself; use another name"
    payload = {"notification": write_notification(note), "data": write_data(note)}
    size = len(msgspec.json.encode(payload))
    if size > PAYLOAD_MAX:
        return f"the note has {size} bytes, FCM takes {PAYLOAD_MAX}; shorten its text or its data"
    return ""


def write_message(message: Outgoing, note: PushNote, *, now: datetime) -> dict[str, object]:
    """Write the message; sent twice, it stands once on the screen."""
    expires = str(int((now + note.live_for).timestamp()))
    live = f"{int(min(note.live_for, LIVE_MAX).total_seconds())}s"
    if note.is_silent:
        return write_silent(message, note, live=live, expires=expires)
    tag = hashlib.sha256(message.vendor_id.encode()).hexdigest()[:32]
    webpush: dict[str, object] = {"headers": {"TTL": live.removesuffix("s")}}
    if note.url.startswith("https://"):
        webpush["fcm_options"] = {"link": note.url}
    return {
        "token": message.recipient,
        "notification": write_notification(note),
        "data": write_data(note) | {"dangol_message": message.vendor_id},
        "android": {"priority": "HIGH", "ttl": live, "notification": {"tag": tag}},
        "apns": {
            "headers": {
                "apns-priority": "10",
                "apns-collapse-id": tag,
                "apns-expiration": expires,
            },
            "payload": {"aps": {"sound": "default", "mutable-content": 1}},
        },
        "webpush": webpush,
    }


def write_silent(
    message: Outgoing, note: PushNote, *, live: str, expires: str
) -> dict[str, object]:
    """Write a message of data alone; Apple's devices want the kind and the priority for that."""
    quiet = {"apns-push-type": "background", "apns-priority": "5", "apns-expiration": expires}
    return {
        "token": message.recipient,
        "data": write_data(note),
        "android": {"priority": "NORMAL", "ttl": live},
        "apns": {"headers": quiet, "payload": {"aps": {"content-available": 1}}},
    }


def write_notification(note: PushNote) -> dict[str, str]:
    words = {"title": note.title, "body": note.body}
    return words | {"image": note.image_url} if note.image_url else words


def write_data(note: PushNote) -> dict[str, str]:
    return {**note.data, "url": note.url} if note.url else dict(note.data)


def judge(message: Outgoing, answer: Answer) -> Outcome:
    """Say what FCM's answer means for a message."""
    if answer.status in OK:
        # The name is for reading logs; a success without one is still a success.
        name = read_reply(answer).name
        return outcome_of(message, fate=Fate.ACCEPTED, code=str(answer.status), vendor_id=name)
    error = read_error(answer)
    code = read_code(error)
    fault, meaning = meaning_of(error, code=code, status=answer.status)
    return outcome_of_fault(
        message,
        fault,
        code=BAD_MESSAGE if fault is FaultKind.CONTENT else code or str(answer.status),
        detail=f"{meaning}: {error.message}" if error.message else meaning,
        answer=answer,
    )


def meaning_of(error: Error, *, code: str, status: int) -> tuple[FaultKind, str]:
    violations = [found for detail in error.details for found in detail.field_violations]
    if any(found.field != DEVICE_FIELD for found in violations):
        fields = ", ".join(f"{found.field}: {found.description}" for found in violations)
        return FaultKind.CONTENT, f"FCM does not take {fields}"
    if code in CODES:
        return CODES[code]
    if status in REFUSED:
        return REFUSED[status]
    return FaultKind.TRANSIENT, "an answer that FCM does not document"


def read_code(error: Error) -> str:
    """Return FCM's own code; Google's general status says less and is not read."""
    return next((detail.error_code for detail in error.details if detail.error_code), "")


def read_error(answer: Answer) -> Error:
    return read_reply(answer).error or Error()


def read_reply(answer: Answer) -> Reply:
    try:
        return msgspec.json.decode(answer.body, type=Reply)
    except msgspec.MsgspecError:
        text = answer.body.decode("utf-8", "replace")
        return Reply(error=None if answer.status in OK else Error(message=text))
