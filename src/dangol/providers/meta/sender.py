"""Tells Meta whom to add to a custom audience, and whom to take out of it."""

import secrets
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import msgspec

from dangol.providers.audience import DETAIL_MAX, Change, Synced, batches
from dangol.providers.egress.client import Answer, EgressError, Limits
from dangol.providers.egress.pool import open_pool
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.meta.codes import CODES, UNKNOWN
from dangol.providers.meta.people import SCHEMA
from dangol.providers.vendor import FaultKind

URL: Final = "https://graph.facebook.com/v26.0"
METHODS: Final = {Change.ADD: "POST", Change.REMOVE: "DELETE"}
LARGEST_SESSION: Final = 2**63


class Error(msgspec.Struct, frozen=True):
    """What went wrong, in Graph's form."""

    code: int = 0
    message: str = ""
    is_transient: bool = False


class Reply(msgspec.Struct, frozen=True):
    """What Graph answers."""

    num_received: int = 0
    num_invalid_entries: int = 0
    error: Error | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """One custom audience, and how to speak with Meta."""

    audience_id: str
    token: str = field(repr=False)
    url: str = URL
    seconds: float = 60.0
    # Whether this machine may be called, which only tests and demonstrations ask for.
    loopback: bool = False
    trust: ssl.SSLContext | None = None


async def sync(audience: Audience, people: Sequence[list[str]], *, change: Change) -> Synced:
    """Add or remove people, as ``hash_person`` writes them; stop at the first fault."""
    session, taken, invalid = secrets.randbelow(LARGEST_SESSION), 0, 0
    async with open_pool(
        connections=1,
        limits=Limits(seconds=audience.seconds),
        loopback=audience.loopback,
        trust=audience.trust,
    ) as pool:
        for number, part in enumerate(batches(people), start=1):
            progress = {
                "session_id": session,
                "batch_seq": number,
                "last_batch_flag": taken + len(part) == len(people),
                "estimated_num_total": len(people),
            }
            try:
                answer = await pool.call(
                    METHODS[change],
                    f"{audience.url}/{audience.audience_id}/users",
                    headers={"content-type": "application/x-www-form-urlencoded"},
                    body=write_body(part, progress=progress, token=audience.token),
                )
            except RefusedTarget as fault:
                return stopped(taken, invalid, FaultKind.CONFIGURATION, "refused", str(fault))
            except EgressError as fault:
                return stopped(taken, invalid, FaultKind.TRANSIENT, "no_answer", str(fault))
            reply = read_reply(answer)
            if reply.error is not None:
                kind, meaning = meaning_of(reply.error)
                code, words = str(reply.error.code), f"{meaning}: {reply.error.message}"
                return stopped(taken, invalid, kind, code, words)
            taken += len(part)
            invalid += reply.num_invalid_entries
    return Synced(taken=taken, understood=taken - invalid)


def write_body(part: Sequence[list[str]], *, progress: dict[str, int | bool], token: str) -> bytes:
    payload = {"schema": SCHEMA, "is_raw": True, "data": part}
    fields = {"payload": payload, "session": progress}
    texts = {name: msgspec.json.encode(value).decode() for name, value in fields.items()}
    return urlencode({**texts, "access_token": token}).encode()


def stopped(taken: int, invalid: int, fault: FaultKind, code: str, detail: str) -> Synced:
    return Synced(
        taken=taken, understood=taken - invalid, fault=fault, code=code, detail=detail[:DETAIL_MAX]
    )


def meaning_of(error: Error) -> tuple[FaultKind, str]:
    if error.is_transient:
        return FaultKind.TRANSIENT, "Meta says that it passes"
    return CODES.get(error.code, UNKNOWN)


def read_reply(answer: Answer) -> Reply:
    try:
        reply = msgspec.json.decode(answer.body, type=Reply)
    except msgspec.MsgspecError:
        return Reply(error=Error(message=f"{answer.status} without an answer in JSON"))
    if answer.status >= 400 and reply.error is None:  # noqa: PLR2004 - the protocol's number
        return Reply(error=Error(message=f"{answer.status} without an error"))
    return reply
