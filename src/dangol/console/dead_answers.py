"""What the API answers and is told about dead letters."""

from datetime import datetime
from typing import Annotated

import msgspec

from dangol.channels.dead import Dead, Obstacle, Retry, obstacle_to, why_not
from dangol.console.sending_answers import Reason
from dangol.providers.vendor import FaultKind
from dangol.store.vocabulary import Channel, DeliveryState, Purpose


class DeadView(msgspec.Struct, frozen=True, kw_only=True):
    """The last attempt of a message that has not arrived.

    ``why_not`` says what keeps it from being tried again (``obstacle``), and is empty where it may
    be. ``code`` and ``detail`` are the vendor's words, without the address.
    """

    id: int
    message: int
    customer: int
    journey: str | None
    template: str
    channel: Channel
    purpose: Purpose
    provider: str
    attempt: int
    state: DeliveryState
    fault: FaultKind | None
    code: str
    detail: str
    settled_at: datetime
    expires_at: datetime
    obstacle: Obstacle | None
    why_not: str


class RetryView(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody had a message tried again."""

    asked_at: datetime
    asked_by: str
    reason: str
    was: DeliveryState


class DeadDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter, and every time its message was tried again."""

    delivery: DeadView
    retries: list[RetryView]


class DeadHeap(msgspec.Struct, frozen=True, kw_only=True):
    """How many dead letters a vendor has left on a channel with one code of its own."""

    channel: Channel
    provider: str
    code: str
    letters: int


class DeadPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of dead letters, and what there is to choose from among the latest ten thousand.

    ``safe`` of the latest thousand of this choice may be tried again; ``next`` is the next page's
    ``before``, null on the last.
    """

    deliveries: list[DeadView]
    next: int | None
    heaps: list[DeadHeap]
    safe: int


class RetriesWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which dead letters to try again, and why.

    Without ``ids`` the latest thousand of a channel and code, of which those are tried that may be.
    """

    because: Reason
    ids: Annotated[list[int], msgspec.Meta(min_length=1, max_length=1000)] | None = None
    channel: Channel | None = None
    code: str | None = None


class RetriedView(msgspec.Struct, frozen=True, kw_only=True):
    """How many are tried again, past the guard, and how many may not be any more."""

    retried: int
    refused: int


def view_dead(dead: Dead, *, now: datetime) -> DeadView:
    """Return a dead letter as it is shown."""
    return DeadView(
        id=dead.id,
        message=dead.message_id,
        customer=dead.customer_id,
        journey=dead.journey,
        template=dead.template,
        channel=dead.channel,
        purpose=dead.purpose,
        provider=dead.provider,
        attempt=dead.attempt,
        state=dead.state,
        fault=FaultKind(dead.fault) if dead.fault else None,
        code=dead.code,
        detail=dead.detail,
        settled_at=dead.settled_at,
        expires_at=dead.expires_at,
        obstacle=obstacle_to(dead, even_if_sent=False, now=now),
        why_not=why_not(dead, even_if_sent=False, now=now),
    )


def view_retry(retry: Retry) -> RetryView:
    """Return a retry as it is shown."""
    return RetryView(
        asked_at=retry.asked_at, asked_by=retry.asked_by, reason=retry.reason, was=retry.was
    )
