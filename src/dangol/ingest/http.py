"""The tracking API, as Segment's clients call it."""

from typing import Final, cast

import msgspec
from litestar import Request, Response, post, route
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from dangol.ingest.fault import BadPayload
from dangol.ingest.group import Busy, Group
from dangol.ingest.payload import unpack
from dangol.ingest.reception import Answer, Desk, Posted, Taken

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
CORS: Final = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT: Final = CORS | {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding, X-Retry-Count",
    "Access-Control-Max-Age": "86400",
}
RETRY_AFTER: Final = {429: "1", 503: "2"}

TrackingRequest = Request[object, object, State]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing was taken, and what to do about it."""

    code: str
    message: str


def tracking_route(path_type: str | None) -> HTTPRouteHandler:
    """Return the handler of one kind of call."""

    async def take_call(request: TrackingRequest) -> Response[Taken | Refusal]:
        try:
            call = Posted(
                body=unpack(await request.body()),
                path_type=path_type,
                authorization=request.headers.get("authorization", ""),
            )
        except BadPayload as fault:
            return respond(fault)
        return respond(await take(request.app.state, call))

    take_call.__doc__ = f"Take one {path_type} call." if path_type else "Take a batch of calls."
    name = f"take_{path_type or 'batch'}"
    return post(PATHS[path_type], status_code=200, name=name, tags=["tracking"])(take_call)


async def take(state: State, call: Posted) -> Answer:
    """Return the answer to a call once its events are durable."""
    try:
        return await group_of(state).submit(call, size=len(call.body))
    except Busy:
        return BadPayload("busy", "Too much is waiting to be stored: send it again in a second.")


def group_of(state: State) -> Group[Posted, Answer]:
    """Return this process's group, made at the first call."""
    known = cast("Group[Posted, Answer] | None", state.get("tracking_group"))
    if known is not None:
        return known
    desk = Desk(pool=state.pool, vault=state.vault, clock=state.clock)
    made: Group[Posted, Answer] = Group(work=desk.take)
    state.tracking_group = made
    return made


def respond(answer: Answer) -> Response[Taken | Refusal]:
    """Return an answer as Segment's clients read it: 200 with JSON, or a code and a message."""
    if isinstance(answer, Taken):
        return Response(answer, status_code=200, headers=CORS)
    headers = dict(CORS)
    if wait := RETRY_AFTER.get(answer.status):
        headers["Retry-After"] = wait
    refusal = Refusal(code=answer.code, message=answer.message)
    return Response(refusal, status_code=answer.status, headers=headers)


@route(
    [path for paths in PATHS.values() for path in paths],
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
    *(tracking_route(path_type) for path_type in PATHS),
]
