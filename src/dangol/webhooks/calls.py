"""Calls: claim what is due, record what came of it, send again what its owner asks for.

At least once: whoever dies between the call and its record leaves a lease that runs out, and the
call is made again under the same id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from dangol.content.liquid import parse
from dangol.store.connect import Connection
from dangol.store.vocabulary import WebhookState
from dangol.webhooks.endpoints import STATEMENTS

# How long after each failed attempt the next one comes: eight in all, over 27.6 hours.
PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
# A receiver that asks for more patience than that gets no more.
LONGEST_PAUSE: Final = timedelta(hours=24)
# Longer than any call may take.
LEASE: Final = timedelta(minutes=1)
# The breaker: after so many failures in a row an endpoint rests, and is then probed by one call.
FAILURES_MAX: Final = 10
REST: Final = timedelta(minutes=1)
# An endpoint that has done nothing but fail for so long is given up.
PATIENCE: Final = timedelta(days=5)
# At most so many calls to one endpoint are under way at once, so that a slow one takes few places.
PLACES: Final = 8
LONGEST_ANSWER: Final = 500
# What a receiver answers that wants to hear nothing any more.
GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A call that is ours to make."""

    id: int
    ref: UUID
    workspace_id: int
    endpoint_id: int
    url: str
    sealed_secret: bytes
    # While it is still in use.
    previous_secret: bytes | None
    attempts: int
    kind: str
    occurred_at: datetime
    data: dict[str, object]
    # What a journey's step posts instead, with Liquid in its texts.
    template: dict[str, object] | None = None
    # What the receiver wants to see beside our own headers.
    sealed_headers: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call that was made: what was answered, or why nothing was; ``status`` is 0 then."""

    id: int
    attempts: int
    status: int
    answer: str
    # How long the receiver asks us to wait.
    patience: timedelta = timedelta(0)
    # It could not even be written: no attempt would help, and the receiver is not to blame.
    is_spoiled: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has taken it; a redirection is no yes."""
        return 200 <= self.status < 300  # noqa: PLR2004 - what HTTP calls success


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCall:
    """One call as its owner sees it."""

    ref: UUID
    endpoint: str
    kind: str
    customer_id: int | None
    occurred_at: datetime
    state: str
    attempts: int
    due_at: datetime | None
    settled_at: datetime | None
    status: int | None
    answer: str


def claim_calls(connection: Connection, *, now: datetime, batch: int) -> list[Claimed]:
    """Claim up to ``batch`` calls that are due, of each endpoint no more than it has places.

    Commit before making them.
    """
    _ = connection.execute(STATEMENTS["drop_unwanted"], {"now": now})
    values = {
        "now": now,
        "batch": batch,
        "lease": LEASE,
        "places": PLACES,
        "failures_max": FAILURES_MAX,
    }
    with connection.cursor(row_factory=class_row(Claimed)) as cursor:
        return cursor.execute(STATEMENTS["claim_calls"], values).fetchall()


def body_of(call: Claimed) -> bytes:
    """Return what is sent: the same bytes at every attempt.

    Raises:
        TemplateError: a text of a journey's step cannot be rendered.
    """
    if call.template is not None:
        return msgspec.json.encode(render(call.template, call.data))
    said = {"type": call.kind, "timestamp": call.occurred_at, "data": call.data}
    return msgspec.json.encode(said)


def render(part: object, fields: dict[str, object]) -> object:
    """Render every text of a body, however deep.

    Raises:
        TemplateError: one cannot be rendered.
    """
    match part:
        case str():
            return parse("body", part, escape=False).render(fields)
        case dict():
            named = cast("dict[str, object]", part)
            return {name: render(value, fields) for name, value in named.items()}
        case list():
            return [render(value, fields) for value in cast("list[object]", part)]
        case _:
            return part


def record_calls(connection: Connection, made: Sequence[Made], *, now: datetime) -> None:
    """Write what came of calls, plan the next attempts, and let endpoints rest that only fail.

    A call that somebody else has taken over since is left to them.
    """
    for one in made:
        values = {
            "id": one.id,
            "attempts": one.attempts,
            "taken": one.is_taken,
            "spoiled": one.is_spoiled,
            "status": one.status or None,
            "answer": one.answer[:LONGEST_ANSWER],
            "pauses": list(PAUSES),
            "patience": min(one.patience, LONGEST_PAUSE),
            "now": now,
        }
        row = connection.execute(STATEMENTS["record_call"], values).fetchone()
        if row is not None and not one.is_spoiled:
            judge_endpoint(connection, row[0], one, now=now)


def judge_endpoint(connection: Connection, endpoint_id: int, made: Made, *, now: datetime) -> None:
    """Let an endpoint's health follow from a call: well, resting, or given up."""
    values = {
        "endpoint_id": endpoint_id,
        "taken": made.is_taken,
        "gone": made.status == GONE,
        "failures_max": FAILURES_MAX,
        "rest": REST,
        "patience": PATIENCE,
        "now": now,
    }
    _ = connection.execute(STATEMENTS["judge_endpoint"], values)


def recover_calls(connection: Connection, *, now: datetime) -> int:
    """Let calls be made again whose lease has run out; return how many."""
    values = {"now": now, "attempts_max": len(PAUSES) + 1}
    return connection.execute(STATEMENTS["recover_calls"], values).rowcount


def forget_settled(connection: Connection, *, before: datetime) -> int:
    """Delete calls that were over before then; return how many."""
    return connection.execute(STATEMENTS["forget_settled"], {"before": before}).rowcount


def plan_test(
    connection: Connection, *, workspace_id: int, name: str, now: datetime
) -> UUID | None:
    """Plan a call that tells an endpoint nothing but that it is heard; None if there is none."""
    values = {"workspace_id": workspace_id, "name": name, "now": now}
    row = connection.execute(STATEMENTS["plan_test"], values).fetchone()
    return row[0] if row else None


def list_calls(
    connection: Connection,
    *,
    workspace_id: int,
    endpoint: str | None = None,
    state: WebhookState | None = None,
    limit: int = 50,
) -> list[ListedCall]:
    """Return calls, the last to happen first."""
    values = {"workspace_id": workspace_id, "endpoint": endpoint, "state": state, "most": limit}
    with connection.cursor(row_factory=class_row(ListedCall)) as cursor:
        return cursor.execute(STATEMENTS["list_calls"], values).fetchall()


def replay_calls(
    connection: Connection,
    *,
    workspace_id: int,
    endpoint: str,
    now: datetime,
    ref: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    only_failed: bool = True,
) -> int:
    """Make calls again under their own ids, one or all of a time; return how many.

    The time is that of what they tell, from ``since`` up to and without ``until``.
    """
    values = {
        "workspace_id": workspace_id,
        "endpoint": endpoint,
        "ref": ref,
        "since": since,
        "until": until,
        "only_failed": only_failed and ref is None,
        "now": now,
    }
    return connection.execute(STATEMENTS["replay_calls"], values).rowcount
