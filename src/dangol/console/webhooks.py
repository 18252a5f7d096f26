"""Webhooks: who hears what happens here, how they fare, and what was told them.

Looking is for every member, trying and sending again for who may change things, and where to and
with what only for owners: an endpoint carries knowledge of customers out of the house.
"""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from litestar import delete, get, post, put
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, FromQuery, JSONBody

from dangol.console.desk import ConsoleRequest, Desk, open_desk, open_work
from dangol.console.webhook_answers import (
    Again,
    AgainWish,
    CallView,
    EndpointCalls,
    EndpointView,
    EndpointWish,
    GraceWish,
    HeaderWish,
    SecretOnce,
    Standing,
    WebhooksPage,
)
from dangol.store.vocabulary import MemberRole, WebhookKind, WebhookState
from dangol.webhooks.calls import ListedCall, list_calls, plan_test, replay_calls
from dangol.webhooks.endpoints import (
    KINDS,
    Endpoint,
    UnknownEndpoint,
    WebhookFault,
    add_endpoint,
    enable_endpoint,
    find_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
)
from dangol.webhooks.headers import change_headers
from dangol.webhooks.signature import webhook_id

READING: Final = [NotAuthorizedException, NotFoundException]
CHANGING: Final = [
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
    NotFoundException,
]
SHOWN: Final = 100


@contextmanager
def refusing() -> Generator[None]:
    """Say as an answer what cannot be done with an endpoint, in both languages.

    Raises:
        NotFoundException: there is no such endpoint.
        ClientException: it cannot be as it was asked for.
    """
    try:
        yield
    except UnknownEndpoint as fault:
        raise NotFoundException(str(fault)) from fault
    except WebhookFault as fault:
        said = {"code": "bad_webhook", "message_ko": fault.korean}
        raise ClientException(str(fault), extra=said) from fault


@contextmanager
def open_owned(request: ConsoleRequest) -> Generator[Desk]:
    """Lend an owner a connection; raises as ``open_work`` and ``refusing``.

    Raises:
        PermissionDeniedException: it is not an owner who asks.
    """
    with refusing(), open_work(request) as desk:
        if desk.member.role is not MemberRole.OWNER:
            raise PermissionDeniedException("Only an owner may do this: ask one of them.")
        yield desk


@get(
    "/api/webhooks",
    sync_to_thread=True,
    operation_id="get_webhooks",
    raises=[NotAuthorizedException],
)
def get_webhooks(request: ConsoleRequest) -> WebhooksPage:
    """List the endpoints, and how they fare."""
    with open_desk(request) as desk:
        return show_webhooks(desk)


def show_webhooks(desk: Desk) -> WebhooksPage:
    """Return what the page of webhooks shows."""
    found = list_endpoints(desk.connection, workspace_id=desk.workspace_id, now=desk.now)
    whole = desk.member.role is MemberRole.OWNER
    return WebhooksPage(endpoints=[view_of(one, whole=whole) for one in found], kinds=list(KINDS))


def view_of(one: Endpoint, *, whole: bool) -> EndpointView:
    place = urlsplit(one.url)
    return EndpointView(
        name=one.name,
        # Where tools check no signature, the rest of the address is what keeps strangers out.
        url=one.url if whole else f"{place.scheme}://{place.netloc}/…",
        kinds=[WebhookKind(kind) for kind in one.kinds],
        header_names=one.header_names,
        created_at=one.created_at,
        standing=standing_of(one),
        failures=one.failures,
        failing_since=one.failing_since,
        rests_until=one.rests_until,
        given_up_at=one.disabled_at,
        given_up_because=one.disabled_because,
        previous_until=one.previous_until,
        waiting=one.waiting,
        delivered=one.delivered,
        failed=one.failed,
        dropped=one.dropped,
        oldest_waiting_at=one.oldest_waiting_at,
    )


def standing_of(one: Endpoint) -> Standing:
    if one.disabled_at is not None:
        return "stopped"
    if one.rests_until is not None:
        return "resting"
    return "failing" if one.failures else "well"


@put(
    "/api/webhooks/{name:str}",
    sync_to_thread=True,
    operation_id="add_webhook",
    status_code=201,
    raises=CHANGING,
)
def add_webhook(
    request: ConsoleRequest, name: FromPath[str], data: JSONBody[EndpointWish]
) -> SecretOnce:
    """Let an endpoint hear what happens from now on; for owners."""
    with open_owned(request) as desk:
        secret = add_endpoint(
            desk.connection,
            workspace_id=desk.workspace_id,
            name=name,
            url=data.url,
            kinds=data.kinds,
            vault=desk.house.vault,
            now=desk.now,
            loopback=desk.house.setup.loopback,
        )
        return SecretOnce(secret=secret, page=show_webhooks(desk))


@delete(
    "/api/webhooks/{name:str}",
    sync_to_thread=True,
    operation_id="remove_webhook",
    status_code=200,
    raises=CHANGING,
)
def remove_webhook(request: ConsoleRequest, name: FromPath[str]) -> WebhooksPage:
    """Call an endpoint no more; every call to it is deleted, also those that wait. For owners."""
    with open_owned(request) as desk:
        remove_endpoint(desk.connection, workspace_id=desk.workspace_id, name=name)
        return show_webhooks(desk)


@post(
    "/api/webhooks/{name:str}/secret",
    sync_to_thread=True,
    operation_id="rotate_webhook",
    status_code=200,
    raises=CHANGING,
)
def rotate_webhook(
    request: ConsoleRequest, name: FromPath[str], data: JSONBody[GraceWish]
) -> SecretOnce:
    """Give an endpoint a new secret; for owners."""
    with open_owned(request) as desk:
        secret = rotate_secret(
            desk.connection,
            workspace_id=desk.workspace_id,
            name=name,
            vault=desk.house.vault,
            now=desk.now,
            grace=timedelta(hours=data.hours),
        )
        return SecretOnce(secret=secret, page=show_webhooks(desk))


@post(
    "/api/webhooks/{name:str}/headers",
    sync_to_thread=True,
    operation_id="set_webhook_header",
    status_code=200,
    raises=CHANGING,
)
def set_webhook_header(
    request: ConsoleRequest, name: FromPath[str], data: JSONBody[HeaderWish]
) -> WebhooksPage:
    """Let every call bear a header from now on, also those that wait; for owners."""
    with open_owned(request) as desk:
        _ = change_headers(
            desk.connection,
            workspace_id=desk.workspace_id,
            name=name,
            put={data.name: data.value},
            vault=desk.house.vault,
        )
        return show_webhooks(desk)


@delete(
    "/api/webhooks/{name:str}/headers/{header:str}",
    sync_to_thread=True,
    operation_id="remove_webhook_header",
    status_code=200,
    raises=CHANGING,
)
def remove_webhook_header(
    request: ConsoleRequest, name: FromPath[str], header: FromPath[str]
) -> WebhooksPage:
    """Let no call bear a header any more; for owners."""
    with open_owned(request) as desk:
        _ = change_headers(
            desk.connection,
            workspace_id=desk.workspace_id,
            name=name,
            put={},
            remove=[header],
            vault=desk.house.vault,
        )
        return show_webhooks(desk)


@post(
    "/api/webhooks/{name:str}/enable",
    sync_to_thread=True,
    operation_id="enable_webhook",
    status_code=200,
    raises=CHANGING,
)
def enable_webhook(request: ConsoleRequest, name: FromPath[str]) -> WebhooksPage:
    """Call an endpoint again that was given up or rests, what waits first."""
    with refusing(), open_work(request) as desk:
        enable_endpoint(desk.connection, workspace_id=desk.workspace_id, name=name)
        return show_webhooks(desk)


@post(
    "/api/webhooks/{name:str}/test",
    sync_to_thread=True,
    operation_id="test_webhook",
    status_code=200,
    raises=CHANGING,
)
def test_webhook(request: ConsoleRequest, name: FromPath[str]) -> WebhooksPage:
    """Call an endpoint within a second, to see whether it answers."""
    with refusing(), open_work(request) as desk:
        at = {"workspace_id": desk.workspace_id}
        _ = find_endpoint(desk.connection, name=name, now=desk.now, **at)
        _ = plan_test(desk.connection, name=name, now=desk.now, **at)
        return show_webhooks(desk)


@get(
    "/api/webhooks/{name:str}/calls",
    sync_to_thread=True,
    operation_id="list_webhook_calls",
    raises=READING,
)
def list_webhook_calls(
    request: ConsoleRequest,
    name: FromPath[str],
    *,
    stands: FromQuery[WebhookState | None] = None,
) -> EndpointCalls:
    """List the calls to an endpoint: those that stand in one way, or all."""
    with refusing(), open_desk(request) as desk:
        at = {"workspace_id": desk.workspace_id}
        _ = find_endpoint(desk.connection, name=name, now=desk.now, **at)
        calls = list_calls(desk.connection, endpoint=name, state=stands, limit=SHOWN, **at)
        return EndpointCalls(calls=[show_call(one) for one in calls])


def show_call(one: ListedCall) -> CallView:
    return CallView(
        ref=one.ref,
        id=webhook_id(one.ref),
        kind=WebhookKind(one.kind),
        customer_id=one.customer_id,
        occurred_at=one.occurred_at,
        state=WebhookState(one.state),
        attempts=one.attempts,
        due_at=one.due_at,
        settled_at=one.settled_at,
        status=one.status,
        answer=one.answer,
    )


@post(
    "/api/webhooks/{name:str}/replay",
    sync_to_thread=True,
    operation_id="replay_webhook",
    status_code=200,
    raises=CHANGING,
)
def replay_webhook(
    request: ConsoleRequest, name: FromPath[str], data: JSONBody[AgainWish]
) -> Again:
    """Make calls again that are over, under their own ids, so that nobody takes one twice."""
    with refusing(), open_work(request) as desk:
        shop = desk.workspace_id
        _ = find_endpoint(desk.connection, workspace_id=shop, name=name, now=desk.now)
        calls = replay_calls(
            desk.connection,
            workspace_id=shop,
            endpoint=name,
            now=desk.now,
            ref=data.ref,
            since=None if data.hours is None else desk.now - timedelta(hours=data.hours),
            only_failed=data.only_failed,
        )
        return Again(calls=calls, page=show_webhooks(desk))


webhook_handlers: Final = [
    get_webhooks,
    add_webhook,
    remove_webhook,
    rotate_webhook,
    set_webhook_header,
    remove_webhook_header,
    enable_webhook,
    test_webhook,
    list_webhook_calls,
    replay_webhook,
]
