"""Dead letters for a shop's own servers, with a server key."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody, Parameter, QueryParameter

from dangol.app.clerk import CHANGING, PREVIEWING, READING_ONE, ServerRequest, open_clerk
from dangol.channels.dead import Dead, find_dead, list_dead, list_retries, retry_dead, why_not
from dangol.console.desk import ConflictException, refusing
from dangol.providers.vendor import FaultKind
from dangol.store.vocabulary import ApiKeyScope, Channel, DeliveryState, Purpose

TAGS: Final = ["deliveries"]
MOST: Final = 500


class DeadView(msgspec.Struct, frozen=True, kw_only=True):
    """The last attempt of a message that has not arrived.

    ``why_not`` says why it is not tried again, and is empty where it may be. ``code`` and
    ``detail`` are the vendor's words, without the address.
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
    why_not: str


class DeadLetters(msgspec.Struct, frozen=True, kw_only=True):
    """A page of dead letters; ``next`` is the next page's ``before``, null on the last."""

    deliveries: list[DeadView]
    next: int | None


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


class RetryWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is to be tried again, and whether even where it may have arrived."""

    because: str
    even_if_sent: bool = False


@get("/v1/deliveries", tags=TAGS, sync_to_thread=True, raises=PREVIEWING)
def fetch_deliveries(
    request: ServerRequest,
    *,
    provider: Annotated[str | None, Parameter(description="only of this vendor")] = None,
    fault: Annotated[FaultKind | None, Parameter(description="only for this reason")] = None,
    delivery_state: Annotated[
        DeliveryState | None, QueryParameter(name="state", description="only in this state")
    ] = None,
    before: Annotated[
        int | None, Parameter(description="the next of the page before", le=2**63 - 1)
    ] = None,
    limit: Annotated[int, Parameter(description="how many", ge=1, le=MOST)] = 100,
) -> DeadLetters:
    """List what is over without having arrived, newest first."""
    with open_clerk(request, ApiKeyScope.JOURNEYS_READ, refusing=refusing) as clerk:
        found = list_dead(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            provider=provider,
            fault=fault,
            state=delivery_state,
            before=before,
            most=limit + 1,
        )
    return DeadLetters(
        deliveries=[view_of(one, now=clerk.now) for one in found[:limit]],
        next=found[limit - 1].id if len(found) > limit else None,
    )


@get("/v1/deliveries/{delivery_id:int}", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_delivery(request: ServerRequest, delivery_id: FromPath[int]) -> DeadDetails:
    """Show one dead letter."""
    with open_clerk(request, ApiKeyScope.JOURNEYS_READ, refusing=refusing) as clerk:
        dead = find_dead(clerk.connection, workspace_id=clerk.workspace_id, delivery_id=delivery_id)
        retries = list_retries(
            clerk.connection, workspace_id=clerk.workspace_id, delivery_id=delivery_id
        )
    return DeadDetails(
        delivery=view_of(dead, now=clerk.now),
        retries=[
            RetryView(asked_at=one.asked_at, asked_by=one.asked_by, reason=one.reason, was=one.was)
            for one in retries
        ],
    )


@post(
    "/v1/deliveries/{delivery_id:int}/retry",
    tags=TAGS,
    status_code=204,
    sync_to_thread=True,
    raises=CHANGING,
)
def retry_delivery(
    request: ServerRequest, delivery_id: FromPath[int], data: JSONBody[RetryWish]
) -> None:
    """Try one again that surely did not arrive; it passes the guard once more."""
    with open_clerk(request, ApiKeyScope.JOURNEYS_WRITE, refusing=refusing) as clerk:
        dead = find_dead(clerk.connection, workspace_id=clerk.workspace_id, delivery_id=delivery_id)
        retried = retry_dead(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            delivery_ids=[dead.id],
            asked_by=clerk.by or "key",
            reason=data.because,
            even_if_sent=data.even_if_sent,
            now=clerk.now,
        )
        if retried.refused:
            raise ConflictException(f"Delivery {dead.id}: {retried.refused[dead.id]}.")


def view_of(dead: Dead, *, now: datetime) -> DeadView:
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
        why_not=why_not(dead, even_if_sent=False, now=now),
    )


delivery_routes: Final = [fetch_deliveries, fetch_delivery, retry_delivery]
