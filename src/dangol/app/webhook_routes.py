"""Webhook endpoints for a shop's own servers, with a server key."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from dangol.app.clerk import CHANGING, READING, READING_ONE, ServerRequest, open_clerk
from dangol.console.webhooks import refusing
from dangol.store.vocabulary import ApiKeyScope, WebhookState
from dangol.webhooks.calls import list_calls, plan_test, replay_calls
from dangol.webhooks.endpoints import (
    UnknownEndpoint,
    add_endpoint,
    enable_endpoint,
    find_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
)
from dangol.webhooks.headers import change_headers
from dangol.webhooks.signature import webhook_id

TAGS: Final = ["webhooks"]
Hours = Annotated[int, msgspec.Meta(ge=0, le=720)]


class WebhookWish(msgspec.Struct, frozen=True, kw_only=True):
    """Where to post to, what of (all kinds where none is named), and with what beside our headers.

    Values of headers are sealed, and never shown again.
    """

    url: str
    kinds: list[str] = []
    headers: dict[str, str] = {}


class WebhookSecret(msgspec.Struct, frozen=True, kw_only=True):
    """What signatures are checked with; it is shown this once."""

    secret: str


class WebhookEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint and how it fares; the four counts add up to all that was planned for it."""

    name: str
    url: str
    kinds: list[str]
    created_at: datetime
    header_names: list[str]
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    disabled_at: datetime | None
    disabled_because: str | None
    waiting: int
    delivered: int
    failed: int
    dropped: int


class WebhookEndpoints(msgspec.Struct, frozen=True, kw_only=True):
    """Every endpoint, by name."""

    endpoints: list[WebhookEndpoint]


class WebhookCall(msgspec.Struct, frozen=True, kw_only=True):
    """One call; ``id`` is its webhook-id, the same at every attempt."""

    id: str
    kind: str
    customer_id: int | None
    occurred_at: datetime
    state: WebhookState
    attempts: int
    due_at: datetime | None
    settled_at: datetime | None
    status: int | None
    answer: str


class WebhookCalls(msgspec.Struct, frozen=True, kw_only=True):
    """Calls, the last to happen first; a hundred at most."""

    calls: list[WebhookCall]


class RotateWish(msgspec.Struct, frozen=True, kw_only=True):
    """For how many hours calls are signed with the secret until now, too."""

    grace_hours: Hours = 24


class HeadersWish(msgspec.Struct, frozen=True, kw_only=True):
    """Headers to remove by their names, and then to set; others stay as they are."""

    set: dict[str, str] = {}
    remove: list[str] = []


class HeaderNames(msgspec.Struct, frozen=True, kw_only=True):
    """The headers an endpoint has, by their names; their values are never shown."""

    header_names: list[str]


class ReplayWish(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls to make again: one by its id, or those about a time; failed ones, or all."""

    id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    only_failed: bool = True


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls will be made again."""

    calls: int


class TestPlanned(msgspec.Struct, frozen=True, kw_only=True):
    """The id of the call that will be made."""

    id: str


open_webhooks: Final = partial(open_clerk, refusing=refusing)


@get("/v1/webhooks", tags=TAGS, sync_to_thread=True, raises=READING)
def fetch_webhooks(request: ServerRequest) -> WebhookEndpoints:
    """List the endpoints, and how they fare."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_READ) as clerk:
        endpoints = list_endpoints(clerk.connection, workspace_id=clerk.workspace_id, now=clerk.now)
        return WebhookEndpoints(
            endpoints=msgspec.convert(endpoints, list[WebhookEndpoint], from_attributes=True)
        )


@put("/v1/webhooks/{name:str}", tags=TAGS, status_code=201, sync_to_thread=True, raises=CHANGING)
def add_webhook(
    request: ServerRequest, name: FromPath[str], data: JSONBody[WebhookWish]
) -> WebhookSecret:
    """Let an endpoint hear what happens from now on; answers its secret, this once."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_WRITE) as clerk:
        secret = add_endpoint(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            name=name,
            url=data.url,
            kinds=data.kinds,
            vault=clerk.house.vault,
            now=clerk.now,
            loopback=request.app.state.settings.egress_loopback,
        )
        _ = change_headers(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            name=name,
            put=data.headers,
            vault=clerk.house.vault,
        )
    return WebhookSecret(secret=secret)


@delete("/v1/webhooks/{name:str}", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def remove_webhook(request: ServerRequest, name: FromPath[str]) -> None:
    """Call an endpoint no more; every call to it is deleted, also those that wait."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_WRITE) as clerk:
        remove_endpoint(clerk.connection, workspace_id=clerk.workspace_id, name=name)


@get("/v1/webhooks/{name:str}/calls", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_webhook_calls(
    request: ServerRequest,
    name: FromPath[str],
    stands: Annotated[WebhookState | None, QueryParameter(name="state")] = None,
) -> WebhookCalls:
    """List the calls to an endpoint: of one state, ``failed`` for the dead letters, or all."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_READ) as clerk:
        place = {"workspace_id": clerk.workspace_id}
        _ = find_endpoint(clerk.connection, name=name, now=clerk.now, **place)
        calls = list_calls(clerk.connection, endpoint=name, state=stands, limit=100, **place)
    return WebhookCalls(
        calls=[
            WebhookCall(
                id=webhook_id(call.ref),
                kind=call.kind,
                customer_id=call.customer_id,
                occurred_at=call.occurred_at,
                state=WebhookState(call.state),
                attempts=call.attempts,
                due_at=call.due_at,
                settled_at=call.settled_at,
                status=call.status,
                answer=call.answer,
            )
            for call in calls
        ]
    )


@post(
    "/v1/webhooks/{name:str}/replay",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def replay_webhook(
    request: ServerRequest, name: FromPath[str], data: JSONBody[ReplayWish]
) -> Replayed:
    """Make calls again that are over, under their own ids."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_WRITE) as clerk:
        place = {"workspace_id": clerk.workspace_id}
        _ = find_endpoint(clerk.connection, name=name, now=clerk.now, **place)
        calls = replay_calls(
            clerk.connection,
            endpoint=name,
            now=clerk.now,
            ref=data.id,
            since=data.since,
            until=data.until,
            only_failed=data.only_failed,
            **place,
        )
    return Replayed(calls=calls)


@post(
    "/v1/webhooks/{name:str}/rotate",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def rotate_webhook(
    request: ServerRequest, name: FromPath[str], data: JSONBody[RotateWish]
) -> WebhookSecret:
    """Give an endpoint a new secret; for the hours of grace calls bear both signatures."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_WRITE) as clerk:
        secret = rotate_secret(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            name=name,
            vault=clerk.house.vault,
            now=clerk.now,
            grace=timedelta(hours=data.grace_hours),
        )
    return WebhookSecret(secret=secret)


@post(
    "/v1/webhooks/{name:str}/headers",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def change_webhook_headers(
    request: ServerRequest, name: FromPath[str], data: JSONBody[HeadersWish]
) -> HeaderNames:
    """Change what every call bears beside our own headers; answers names, never values."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_WRITE) as clerk:
        names = change_headers(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            name=name,
            put=data.set,
            remove=data.remove,
            vault=clerk.house.vault,
        )
    return HeaderNames(header_names=names)


@post(
    "/v1/webhooks/{name:str}/test",
    tags=TAGS,
    status_code=202,
    sync_to_thread=True,
    raises=READING_ONE,
)
def test_webhook(request: ServerRequest, name: FromPath[str]) -> TestPlanned:
    """Call an endpoint within a second, to see whether it answers."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_WRITE) as clerk:
        ref = plan_test(clerk.connection, workspace_id=clerk.workspace_id, name=name, now=clerk.now)
        if ref is None:
            raise UnknownEndpoint(f"There is no endpoint {name!r}.")
    return TestPlanned(id=webhook_id(ref))


@post(
    "/v1/webhooks/{name:str}/enable",
    tags=TAGS,
    status_code=204,
    sync_to_thread=True,
    raises=READING_ONE,
)
def enable_webhook(request: ServerRequest, name: FromPath[str]) -> None:
    """Call an endpoint again that was given up."""
    with open_webhooks(request, ApiKeyScope.WEBHOOKS_WRITE) as clerk:
        enable_endpoint(clerk.connection, workspace_id=clerk.workspace_id, name=name)


webhook_routes: Final = [
    fetch_webhooks,
    add_webhook,
    remove_webhook,
    fetch_webhook_calls,
    replay_webhook,
    rotate_webhook,
    change_webhook_headers,
    test_webhook,
    enable_webhook,
]
