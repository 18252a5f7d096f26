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

from dangol.ingest.blocks import Packed, write_bodies
from dangol.ingest.fault import BadPayload
from dangol.ingest.keys import ApiKey, KeyRing, find_api_key, require_scope
from dangol.ingest.limiter import Limiter
from dangol.ingest.lines import Lines, open_body, read_lines
from dangol.ingest.payload import Reception, Refused
from dangol.ingest.scopes import check_scopes
from dangol.ingest.sure import open_sure
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.inbox import CONTENT_ERRORS, write_lines
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyScope

# How long a request waits for a database connection before its client is asked to come back.
PATIENCE_SECONDS: Final = 3.0


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
        """Return what a call holds, or why it is refused."""
        try:
            if sure := open_sure(call.body, path_type=call.path_type):
                key = self.admit(connection, call, sure.write_key, events=len(sure.batch), now=now)
                return Kept(
                    workspace_id=key.workspace_id,
                    packed=Packed(call.path_type, call.body),
                    count=len(sure.batch),
                )
            opened = open_body(call.body, path_type=call.path_type)
            written = opened.around.write_key
            key = self.admit(connection, call, written, events=opened.count, now=now)
            reception = Reception(
                vault=self.vault,
                workspace_id=key.workspace_id,
                key_kind=key.kind,
                received_at=now,
                country=key.country,
            )
            return read_lines(
                opened, reception=reception, check=lambda event: check_scopes(event, key)
            )
        except BadPayload as fault:
            return fault

    def admit(
        self,
        connection: Connection,
        call: Posted,
        written: str | None,
        *,
        events: int,
        now: datetime,
    ) -> ApiKey:
        """Return whose write key came with a call of so many events; the body may hold it too.

        Raises:
            BadPayload: none did, or nobody's, or it may not send this, or not yet.
        """
        key = self.find_key(connection, call, written, now=now)
        require_scope(key, ApiKeyScope.TRACK)
        if self.limiter is not None:
            self.limiter.take(key, events=events)
        return key

    def find_key(
        self, connection: Connection, call: Posted, written: str | None, *, now: datetime
    ) -> ApiKey:
        shown = read_authorization(call.authorization) or (written or "").strip()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A request of so many events that is kept as it came."""

    workspace_id: int
    packed: Packed
    count: int


Judged = Lines | Kept | BadPayload


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
        if not isinstance(judged[0], Lines):
            raise
        return store_apart(judged[0], connection, now=now)
    return [answer_of(one) for one in judged]


def store_apart(lines: Lines, connection: Connection, *, now: datetime) -> Sequence[Answer]:
    """Commit what the database takes of one request, and refuse the rest of it."""
    kept = Lines(places=[], lines=[], refused=[*lines.refused], alone=lines.alone)
    for place, line in zip(lines.places, lines.lines, strict=True):
        try:
            with connection.transaction():
                _ = write_lines(connection, [line], days=[now.date()])
        except CONTENT_ERRORS as fault:
            kept.refused.append(Refused(index=place, code="not_storable", message=why(fault)))
        else:
            kept.lines.append(line)
    kept.refused.sort(key=lambda one: one.index)
    connection.commit()
    if lines.alone and kept.refused:
        return [BadPayload("not_storable", kept.refused[0].message)]
    return [answer_of(kept)]


def why(fault: psycopg.Error) -> str:
    """Say why the database refuses an event."""
    reason = str(fault).partition("\n")[0]
    return f"The database refuses the event: {reason}. Correct it."


def commit_events(connection: Connection, judged: Sequence[Judged], *, now: datetime) -> None:
    """Write everything that was taken, and commit."""
    write_taken(connection, judged, now=now)
    crashpoint("ingest.before_commit")
    connection.commit()
    crashpoint("ingest.after_commit")


def write_taken(connection: Connection, judged: Sequence[Judged], *, now: datetime) -> None:
    """Write everything that was taken: what is kept as it came as one block a workspace."""
    lines = [line for one in judged if isinstance(one, Lines) for line in one.lines]
    _ = write_lines(connection, lines, days=[now.date()])
    kept = [one for one in judged if isinstance(one, Kept)]
    for workspace_id in dict.fromkeys(one.workspace_id for one in kept):
        theirs = [one for one in kept if one.workspace_id == workspace_id]
        write_bodies(
            connection,
            [one.packed for one in theirs],
            events=sum(one.count for one in theirs),
            workspace_id=workspace_id,
            received_at=now,
        )


def answer_of(judged: Judged) -> Answer:
    """Return what the client is told once its events are durable."""
    match judged:
        case BadPayload():
            return judged
        case Kept():
            return Taken(accepted=judged.count)
        case Lines():
            refused = [
                RefusedItem(index=one.index, code=one.code, message=one.message)
                for one in judged.refused
            ]
            return Taken(accepted=len(judged.lines), refused=refused)


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
