"""The log of the guard's decisions for a shop's own servers, with a server key."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, Parameter

from dangol.app.clerk import PREVIEWING, READING_ONE, ServerRequest, open_clerk
from dangol.app.clock import STATEMENTS
from dangol.console.answers import Text, Why
from dangol.console.fates import count_fates
from dangol.console.reason_answers import Fate
from dangol.console.rows import fetch_all
from dangol.console.why import explain_message
from dangol.pages.history_words import STATES, say_reason
from dangol.store.vocabulary import (
    ApiKeyScope,
    Channel,
    DecisionReason,
    DecisionStage,
    MessageState,
    Purpose,
    Verdict,
)
from dangol.store.workspace import read_workspace

TAGS: Final = ["decisions"]
MOST: Final = 500
CURSOR: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A reason, in words: what it means."""

    reason: DecisionReason
    ko: str
    en: str


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard said about a message at one of its looks; the first reason decided."""

    message: int
    look: int
    customer: int
    journey: str
    template: str
    channel: Channel
    purpose: Purpose
    planned_at: datetime
    stage: DecisionStage
    verdict: Verdict
    reasons: list[Spoken]
    hold_until: datetime | None
    decided_at: datetime


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages are where; ``reason`` is the guard's last word, null before its first."""

    state: MessageState
    reason: DecisionReason | None
    messages: int
    says: Text


class DecisionLog(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the log; ``next`` is the next page's ``after``, null on the last.

    Where totals were asked for they count every message once, so that they sum to the audience.
    """

    decisions: list[Logged]
    next: str | None
    audience: int | None
    totals: list[Total] | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the log as the database has it."""

    message_id: int
    evaluation: int
    customer_id: int
    journey: str
    template: str
    channel: Channel
    purpose: Purpose
    planned_at: datetime
    stage: DecisionStage
    verdict: Verdict
    reasons: list[DecisionReason]
    hold_until: datetime | None
    decided_at: datetime


@contextmanager
def plainly() -> Generator[None]:
    """Nothing to be said about questions beyond what they are asked with."""
    yield


@get("/v1/decisions", tags=TAGS, sync_to_thread=True, raises=PREVIEWING)
def fetch_decisions(
    request: ServerRequest,
    *,
    customer: Annotated[int | None, Parameter(description="our number of a customer")] = None,
    message: Annotated[int | None, Parameter(description="the number of a message")] = None,
    journey: Annotated[str | None, Parameter(description="a journey's name")] = None,
    since: Annotated[
        datetime | None, Parameter(description="only messages planned since then")
    ] = None,
    after: Annotated[str | None, Parameter(description="the page before's `next`")] = None,
    limit: Annotated[int, Parameter(ge=1, le=MOST)] = 100,
    totals: Annotated[bool, Parameter(description="count the whole audience, too")] = False,
) -> DecisionLog:
    """List what the guard decided, with every reason that spoke, in Korean and in English."""
    after_message, after_look = read_cursor(after)
    if since is not None and since.tzinfo is None:
        raise ClientException(f"since is {since.isoformat()}; add its zone, such as Z.")
    with open_clerk(request, ApiKeyScope.JOURNEYS_READ, refusing=plainly) as clerk:
        values = {
            "workspace_id": clerk.workspace_id,
            "customer": customer,
            "message": message,
            "journey": journey,
            "since": since,
            "after_message": after_message,
            "after_look": after_look,
            "most": limit + 1,
        }
        rows = fetch_all(clerk.connection, STATEMENTS["list_log"], Row, values)
        fates = (
            count_fates(
                clerk.connection,
                workspace_id=clerk.workspace_id,
                customer=customer,
                message=message,
                journey=journey,
                since=since,
            )
            if totals
            else None
        )
    return DecisionLog(
        decisions=[say_row(row) for row in rows[:limit]],
        next=f"{rows[limit - 1].message_id}.{rows[limit - 1].evaluation}"
        if len(rows) > limit
        else None,
        audience=None if fates is None else sum(fate.messages for fate in fates),
        totals=None if fates is None else [say_fate(fate) for fate in fates],
    )


@get("/v1/messages/{message_id:int}/why", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_why(request: ServerRequest, message_id: FromPath[int]) -> Why:
    """Say why a customer did or did not get a message: each question, its answer, each attempt."""
    with open_clerk(request, ApiKeyScope.JOURNEYS_READ, refusing=plainly) as clerk:
        at: Mapping[str, object] = {"workspace_id": clerk.workspace_id, "message_id": message_id}
        found = clerk.connection.execute(STATEMENTS["find_recipient"], at).fetchone()
        shop = read_workspace(clerk.connection, workspace_id=clerk.workspace_id)
        why = (
            explain_message(
                clerk.connection,
                workspace_id=clerk.workspace_id,
                customer_id=int(found[0]),
                message_id=message_id,
                time_zone=shop.time_zone,
            )
            if found
            else None
        )
    if why is None:
        raise NotFoundException(f"There is no message {message_id} here; GET /v1/decisions lists.")
    return why


def read_cursor(after: str | None) -> tuple[int, int]:
    """Return behind which look at which message a page begins.

    Raises:
        ClientException: it is no page's ``next``.
    """
    if after is None:
        return 0, 0
    found = CURSOR.fullmatch(after)
    if found is None:
        raise ClientException(f"after is {after!r}; give the next of the page before.")
    return int(found[1]), int(found[2])


def say_row(row: Row) -> Logged:
    return Logged(
        message=row.message_id,
        look=row.evaluation,
        customer=row.customer_id,
        journey=row.journey,
        template=row.template,
        channel=row.channel,
        purpose=row.purpose,
        planned_at=row.planned_at,
        stage=row.stage,
        verdict=row.verdict,
        reasons=[
            Spoken(
                reason=reason,
                ko=say_reason(reason, purpose=row.purpose, locale="ko"),
                en=say_reason(reason, purpose=row.purpose, locale="en"),
            )
            for reason in row.reasons
        ],
        hold_until=row.hold_until,
        decided_at=row.decided_at,
    )


def say_fate(fate: Fate) -> Total:
    if fate.reason is None:
        says = Text(ko=STATES[fate.state].ko, en=STATES[fate.state].en)
    else:
        korean, english = (
            say_reason(fate.reason, purpose=Purpose.MARKETING, locale=locale)
            for locale in ("ko", "en")
        )
        says = Text(ko=korean, en=english)
    return Total(state=fate.state, reason=fate.reason, messages=fate.messages, says=says)


decision_routes: Final = [fetch_decisions, fetch_why]
