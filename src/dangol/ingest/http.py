"""The tracking API, as Segment's clients call it."""

from typing import TYPE_CHECKING, Final, cast

from litestar import Request, Response, asgi, get, route
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import Receive, Scope, Send

from dangol.ingest.asgi import (
    ENCODE,
    JSON,
    answer,
    drain,
    encode_headers,
    header_of,
    length_of,
    read_body,
    refusal_body,
)
from dangol.ingest.describe import refusals
from dangol.ingest.fault import BadPayload, Refusal
from dangol.ingest.group import Busy, Group
from dangol.ingest.page_settings import PageSettings, settings_of
from dangol.ingest.payload import unpack
from dangol.ingest.reception import Answer, Desk, Posted, Taken

if TYPE_CHECKING:
    from dangol.ingest.limiter import Limiter

# Long names for servers, letters for browsers; None stands for a batch.
PATHS: Final = {
    "track": ["/v1/track", "/v1/t"],
    "identify": ["/v1/identify", "/v1/i"],
    "page": ["/v1/page", "/v1/p"],
    "screen": ["/v1/screen", "/v1/s"],
    "group": ["/v1/group", "/v1/g"],
    "alias": ["/v1/alias", "/v1/a"],
    None: ["/v1/batch", "/v1/b", "/v1/import"],
}
# Any page of the shop may call; what a key allows is checked, not where it is shown.
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    # A page's client may read only the headers that are named here.
    "Access-Control-Expose-Headers": "Retry-After, X-RateLimit-Reset",
}
PREFLIGHT: Final = CORS | {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding, X-Retry-Count",
    "Access-Control-Max-Age": "86400",
}
# Seconds to wait, where the refusal knows nothing better.
WAIT_SECONDS: Final = {429: 1, 503: 2}
SETTINGS_PATH: Final = "/v1/projects/{write_key:str}/settings"

JSON_HEADERS: Final = (JSON, *encode_headers(CORS))
PREFLIGHT_HEADERS: Final = encode_headers(PREFLIGHT)
ALLOWED: Final = (*JSON_HEADERS, (b"allow", b"OPTIONS, POST"))
WRONG_METHOD: Final = ENCODE(
    Refusal(code="MethodNotAllowed", message="Send calls with POST: nothing was taken.")
)

TrackingRequest = Request[object, object, State]


def refuse(_: TrackingRequest, fault: BadPayload) -> Response[Refusal]:
    """Return why nothing was taken and, where it passes, when to come back."""
    wait = fault.wait_seconds or WAIT_SECONDS.get(fault.status)
    headers = CORS | waiting(wait) if wait else CORS
    refusal = Refusal(code=fault.code, message=fault.message)
    return Response(refusal, status_code=fault.status, headers=headers)


def waiting(seconds: int) -> dict[str, str]:
    """Return the headers that say when to come back."""
    return {"Retry-After": str(seconds), "X-RateLimit-Reset": str(seconds)}


def tracking_route(path_type: str | None) -> ASGIRouteHandler:
    """Return the handler of one kind of call."""

    async def take_call(scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"] if scope["type"] == ScopeType.HTTP else ""
        if method == "POST":
            await take_post(scope, receive, send, path_type=path_type)
        elif method == "OPTIONS":
            await answer(send, status=204, body=b"", headers=PREFLIGHT_HEADERS)
        else:
            await answer(send, status=405, body=WRONG_METHOD, headers=ALLOWED)

    name = f"take_{path_type or 'batch'}"
    return asgi(PATHS[path_type], name=name, copy_scope=False)(take_call)


async def take_post(scope: Scope, receive: Receive, send: Send, *, path_type: str | None) -> None:
    """Answer one call, once it is durable."""
    try:
        taken = await take(scope, receive, path_type=path_type)
    except BadPayload as fault:
        wait = fault.wait_seconds or WAIT_SECONDS.get(fault.status)
        headers = encode_headers(waiting(wait)) if wait else ()
        body = refusal_body(fault)
        await answer(send, status=fault.status, body=body, headers=JSON_HEADERS + headers)
    else:
        await answer(send, status=200, body=ENCODE(taken), headers=JSON_HEADERS)


async def take(scope: Scope, receive: Receive, *, path_type: str | None) -> Taken:
    """Return what was taken of a call, once it is durable.

    Raises:
        BadPayload: nothing was.
    """
    group = group_of(scope["litestar_app"].state)
    said = length_of(scope)
    try:
        with group.room(said):
            call = Posted(
                body=unpack(await read_body(receive)),
                path_type=path_type,
                authorization=header_of(scope, b"authorization"),
            )
            answer = await submit(group, call, more=len(call.body) - said)
    except Busy:
        await drain(receive)
        raise too_busy() from None
    if isinstance(answer, BadPayload):
        raise answer
    return answer


async def submit(group: Group[Posted, Answer], call: Posted, *, more: int) -> Answer:
    """Return the answer to a call that is ``more`` bytes longer, unpacked, than was said."""
    try:
        with group.room(max(0, more)):
            return await group.submit(call, size=len(call.body))
    except Busy:
        raise too_busy() from None


def too_busy() -> BadPayload:
    """Say that the call shall come again."""
    return BadPayload("busy", "Too much is waiting to be stored: send it again in a second.")


def group_of(state: State) -> Group[Posted, Answer]:
    """Return this process's group, made at the first call."""
    known = cast("Group[Posted, Answer] | None", state.get("tracking_group"))
    if known is not None:
        return known
    made: Group[Posted, Answer] = Group(work=desk_of(state).take)
    state.tracking_group = made
    return made


def desk_of(state: State) -> Desk:
    """Return this process's desk, made when first asked for."""
    known = cast("Desk | None", state.get("tracking_desk"))
    if known is not None:
        return known
    limiter = cast("Limiter | None", state.get("limiter"))
    made = Desk(pool=state.pool, vault=state.vault, clock=state.clock, limiter=limiter)
    state.tracking_desk = made
    return made


@get(
    SETTINGS_PATH,
    name="show_page_settings",
    tags=["tracking"],
    exception_handlers={BadPayload: refuse},
    responses=refusals(401, 403, 503),
    sync_to_thread=True,
)
def show_settings(write_key: FromPath[str], request: TrackingRequest) -> Response[PageSettings]:
    """Tell a page's client where it shall send and what it may do."""
    state = request.app.state
    key = desk_of(state).find_shown(write_key)
    shown = settings_of(key, write_key=write_key, base_url=state.base_url)
    return Response(shown, status_code=200, headers=CORS | {"Cache-Control": "max-age=60"})


@route(
    SETTINGS_PATH,
    http_method=["OPTIONS"],
    status_code=204,
    include_in_schema=False,
    sync_to_thread=False,
)
def allow_pages() -> Response[None]:
    """Let pages of any origin call."""
    return Response(None, status_code=204, headers=PREFLIGHT)


ingest_routes: Final[list[HTTPRouteHandler | ASGIRouteHandler]] = [
    # First: Litestar gives a path that has none its own OPTIONS, and then refuses another.
    allow_pages,
    show_settings,
    *(tracking_route(path_type) for path_type in PATHS),
]
