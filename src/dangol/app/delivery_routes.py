"""Dead letters for a shop's own servers, with a server key."""

from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody, Parameter, QueryParameter

from dangol.app.clerk import CHANGING, PREVIEWING, READING_ONE, ServerRequest, open_clerk
from dangol.channels.dead import find_dead, list_dead, list_retries, retry_dead
from dangol.console.dead_answers import DeadDetails, DeadView, view_dead, view_retry
from dangol.console.desk import ConflictException, refusing
from dangol.providers.vendor import FaultKind
from dangol.store.vocabulary import ApiKeyScope, Channel, DeliveryState

TAGS: Final = ["deliveries"]
MOST: Final = 500


class DeadLetters(msgspec.Struct, frozen=True, kw_only=True):
    """A page of dead letters; ``next`` is the next page's ``before``, null on the last."""

    deliveries: list[DeadView]
    next: int | None


class RetryWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is to be tried again, and whether even where it may have arrived."""

    because: str
    even_if_sent: bool = False


@get("/v1/deliveries", tags=TAGS, sync_to_thread=True, raises=PREVIEWING)
def fetch_deliveries(
    request: ServerRequest,
    *,
    provider: Annotated[str | None, Parameter(description="only of this vendor")] = None,
    channel: Annotated[Channel | None, Parameter(description="only of this channel")] = None,
    code: Annotated[str | None, Parameter(description="only with this code of the vendor")] = None,
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
            channel=channel,
            code=code,
            fault=fault,
            state=delivery_state,
            before=before,
            most=limit + 1,
        )
    return DeadLetters(
        deliveries=[view_dead(one, now=clerk.now) for one in found[:limit]],
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
        delivery=view_dead(dead, now=clerk.now),
        retries=[view_retry(one) for one in retries],
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


delivery_routes: Final = [fetch_deliveries, fetch_delivery, retry_delivery]
