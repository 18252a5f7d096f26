"""A group of requests, from bytes to durable events: one COPY, one COMMIT, an answer to each."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec
import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from dangol.ingest.fault import BadPayload
from dangol.ingest.inbox import write_lines
from dangol.ingest.keys import ApiKey, KeyRing, find_api_key, require_scope
from dangol.ingest.limiter import Limiter
from dangol.ingest.lines import Lines, Opened, open_body, read_lines
from dangol.ingest.payload import Reception, Refused
from dangol.ingest.scopes import check_scopes
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyScope

# How long a request waits for a database connection before its client is asked to come back.
PATIENCE_SECONDS: Final = 3.0
CONTENT_ERRORS: Final = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.errors.StatementTooComplex,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One request, unpacked; ``path_type`` is None for a batch."""

    body: bytes
    path_type: str | None
    authorization: str


class RefusedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a batch that was not taken, and why."""

    index: int
    code: str
    message: str


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to what was taken: every event in it is durable."""

    success: bool = True
    accepted: int
    refused: list[RefusedItem] = []


Answer = Taken | BadPayload


@dataclass(slots=True, kw_only=True)
class Desk:
    """Takes groups of requests; safe to use from several threads. No limiter: no limits."""

    pool: ConnectionPool[Connection]
    vault: Vault
    clock: Callable[[Connection], datetime]
    limiter: Limiter | None = None
    keys: KeyRing = field(default_factory=KeyRing)

    def take(self, calls: Sequence[Posted]) -> Sequence[Answer]:
        """Make a group of requests durable and return an answer to each.

        When the database is away nothing is acknowledged, so nothing can be lost.
        """
        try:
            with self.pool.connection(timeout=PATIENCE_SECONDS) as connection:
                return self.take_with(connection, calls)
        except (psycopg.OperationalError, PoolTimeout):
            return [store_away() for _ in calls]

    def take_with(self, connection: Connection, calls: Sequence[Posted]) -> Sequence[Answer]:
        """Read the calls, write what they hold, and commit."""
        now = self.clock(connection)
        return store([self.judge(connection, call, now=now) for call in calls], connection, now=now)

    def judge(self, connection: Connection, call: Posted, *, now: datetime) -> "Judged":
        """Return what a call holds and for which workspace, or why it is refused."""
        try:
            opened = open_body(call.body, path_type=call.path_type)
            key = self.find_key(connection, call, opened, now=now)
            require_scope(key, ApiKeyScope.TRACK)
            if self.limiter is not None:
                self.limiter.take(key, events=opened.count)
            reception = Reception(
                vault=self.vault,
                workspace_id=key.workspace_id,
                key_kind=key.kind,
                received_at=now,
                country=key.country,
            )
            lines = read_lines(
                opened, reception=reception, check=lambda event: check_scopes(event, key)
            )
        except BadPayload as fault:
            return fault
        return key.workspace_id, lines

    def find_key(
        self, connection: Connection, call: Posted, opened: Opened, *, now: datetime
    ) -> ApiKey:
        """Return whose write key came with a call.

        Raises:
            BadPayload: none did, or nobody's.
        """
        shown = read_authorization(call.authorization) or (opened.around.write_key or "").strip()
        if not shown:
            raise BadPayload(
                "no_key",
                "No write key: send it as the user name of Basic authorization, as a Bearer "
                "token, or as writeKey in the body.",
            )
        return self.know_key(connection, shown, now=now)

    def find_shown(self, shown: str) -> ApiKey:
        """Return whose key it is, on a connection of its own.

        Raises:
            BadPayload: nobody's, or the database is away.
        """
        try:
            with self.pool.connection(timeout=PATIENCE_SECONDS) as connection:
                return self.know_key(connection, shown, now=self.clock(connection))
        except (psycopg.OperationalError, PoolTimeout):
            raise store_away() from None

    def know_key(self, connection: Connection, shown: str, *, now: datetime) -> ApiKey:
        """Return whose key it is.

        Raises:
            BadPayload: nobody's.
        """
        found = self.keys.find(shown, now=now, look_up=lambda: find_api_key(connection, key=shown))
        if found is None:
            raise BadPayload(
                "unknown_key",
                "The write key is not known here or was revoked: create one with "
                "`dangol key create`.",
            )
        return found


Judged = tuple[int, Lines] | BadPayload


def store(judged: Sequence[Judged], connection: Connection, *, now: datetime) -> Sequence[Answer]:
    """Commit what was taken, and answer.

    What the database refuses is tried request by request, then event by event, so that it fails
    no other.
    """
    try:
        commit_events(connection, judged, now=now)
    except CONTENT_ERRORS:
        connection.rollback()
        if len(judged) > 1:
            return [answer for one in judged for answer in store([one], connection, now=now)]
        return store_apart(judged[0], connection, now=now)
    return [answer_of(one) for one in judged]


def store_apart(judged: Judged, connection: Connection, *, now: datetime) -> Sequence[Answer]:
    """Commit what the database takes of one request, and refuse the rest of it."""
    if isinstance(judged, BadPayload):
        return [judged]
    workspace_id, lines = judged
    kept = Lines(places=[], lines=[], refused=[*lines.refused], alone=lines.alone)
    for place, line in zip(lines.places, lines.lines, strict=True):
        try:
            with connection.transaction():
                _ = write_lines(connection, [line], day=now.date())
        except CONTENT_ERRORS as fault:
            kept.refused.append(Refused(index=place, code="not_storable", message=why(fault)))
        else:
            kept.lines.append(line)
    kept.refused.sort(key=lambda one: one.index)
    connection.commit()
    if lines.alone and kept.refused:
        return [BadPayload("not_storable", kept.refused[0].message)]
    return [answer_of((workspace_id, kept))]


def why(fault: psycopg.Error) -> str:
    """Say why the database refuses an event."""
    reason = str(fault).partition("\n")[0]
    return f"The database refuses the event: {reason}. Correct it."


def commit_events(connection: Connection, judged: Sequence[Judged], *, now: datetime) -> None:
    """Write everything that was taken, and commit."""
    _ = write_lines(connection, taken_lines(judged), day=now.date())
    crashpoint("ingest.before_commit")
    connection.commit()
    crashpoint("ingest.after_commit")


def taken_lines(judged: Sequence[Judged]) -> list[str]:
    """Return the lines of everything that was taken, of all workspaces."""
    return [line for one in judged if not isinstance(one, BadPayload) for line in one[1].lines]


def answer_of(judged: Judged) -> Answer:
    """Return what the client is told once its events are durable."""
    if isinstance(judged, BadPayload):
        return judged
    _, lines = judged
    refused = [
        RefusedItem(index=one.index, code=one.code, message=one.message) for one in lines.refused
    ]
    return Taken(accepted=len(lines.lines), refused=refused)


def read_authorization(header: str) -> str:
    """Return the write key of a Basic or Bearer header; empty when there is none to read."""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0].strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def store_away() -> BadPayload:
    """Say that nothing was stored."""
    return BadPayload(
        "store_away",
        "The database cannot be reached. Nothing was stored; send the request again.",
    )
