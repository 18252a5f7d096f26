"""The tracking API, as Segment's clients call it."""

from typing import TYPE_CHECKING, Final, cast

from litestar import Request, Response, get, post, route
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from dangol.ingest.describe import operation_of, refusals
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

TrackingRequest = Request[object, object, State]


def refuse(_: TrackingRequest, fault: BadPayload) -> Response[Refusal]:
    """Return why nothing was taken and, where it passes, when to come back."""
    headers = dict(CORS)
    if wait := fault.wait_seconds or WAIT_SECONDS.get(fault.status):
        headers["Retry-After"] = str(wait)
        headers["X-RateLimit-Reset"] = str(wait)
    refusal = Refusal(code=fault.code, message=fault.message)
    return Response(refusal, status_code=fault.status, headers=headers)


def tracking_route(path_type: str | None) -> HTTPRouteHandler:
    """Return the handler of one kind of call."""

    async def take_call(request: TrackingRequest) -> Response[Taken]:
        call = Posted(
            body=unpack(await request.body()),
            path_type=path_type,
            authorization=request.headers.get("authorization", ""),
        )
        taken = await take(request.app.state, call)
        return Response(taken, status_code=200, headers=CORS)

    take_call.__doc__ = f"Take one {path_type} call." if path_type else "Take a batch of calls."
    name = f"take_{path_type or 'batch'}"
    return post(
        PATHS[path_type],
        status_code=200,
        name=name,
        tags=["tracking"],
        exception_handlers={BadPayload: refuse},
        operation_class=operation_of(path_type),
        responses=refusals(400, 401, 403, 413, 429, 503),
    )(take_call)


async def take(state: State, call: Posted) -> Taken:
    """Return what was taken of a call, once it is durable.

    Raises:
        BadPayload: nothing was.
    """
    try:
        answer = await group_of(state).submit(call, size=len(call.body))
    except Busy:
        raise BadPayload(
            "busy", "Too much is waiting to be stored: send it again in a second."
        ) from None
    if isinstance(answer, BadPayload):
        raise answer
    return answer


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
    [*(path for paths in PATHS.values() for path in paths), SETTINGS_PATH],
    http_method=["OPTIONS"],
    status_code=204,
    include_in_schema=False,
    sync_to_thread=False,
)
def allow_pages() -> Response[None]:
    """Let pages of any origin call."""
    return Response(None, status_code=204, headers=PREFLIGHT)


ingest_routes: Final[list[HTTPRouteHandler]] = [
    # First: Litestar gives a path that has none its own OPTIONS, and then refuses another.
    allow_pages,
    show_settings,
    *(tracking_route(path_type) for path_type in PATHS),
]
