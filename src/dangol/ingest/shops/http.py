"""Where shop platforms post what happens: one address for each connection."""

from typing import Final, cast

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from dangol.ingest.describe import refusals
from dangol.ingest.fault import BadPayload, Refusal
from dangol.ingest.group import Busy, Group
from dangol.ingest.http import WAIT_SECONDS
from dangol.ingest.shops.desk import LARGEST_HOOK, HookAnswer, HookDesk, Hooked, HookTaken

HookRequest = Request[object, object, State]


@post(
    "/hooks/{token:str}",
    status_code=200,
    tags=["shops"],
    responses=refusals(400, 401, 404, 413, 429, 503),
)
async def take_hook(request: HookRequest, token: FromPath[str]) -> Response[HookTaken | Refusal]:
    """Take one webhook of a shop platform."""
    body = await request.body()
    if len(body) > LARGEST_HOOK:
        return respond(
            BadPayload(
                "body_too_large",
                f"The body is larger than {LARGEST_HOOK // 1024} KB: let the platform send less.",
            )
        )
    hook = Hooked(token=token, body=body, headers=dict(request.headers))
    group = group_of(request.app.state)
    try:
        with group.room(len(body)):
            return respond(await group.submit(hook, size=len(body)))
    except Busy:
        return respond(BadPayload("busy", "Too much is waiting to be stored: send it again."))


def group_of(state: State) -> Group[Hooked, HookAnswer]:
    """Return this process's group of webhooks, made at the first."""
    known = cast("Group[Hooked, HookAnswer] | None", state.get("hook_group"))
    if known is not None:
        return known
    desk = HookDesk(pool=state.pool, vault=state.vault, clock=state.clock)
    made: Group[Hooked, HookAnswer] = Group(work=desk.take)
    state.hook_group = made
    return made


def respond(answer: HookAnswer) -> Response[HookTaken | Refusal]:
    """Return an answer as platforms read it: 200 is done, anything else comes again or not."""
    if isinstance(answer, HookTaken):
        return Response(answer, status_code=200)
    wait = answer.wait_seconds or WAIT_SECONDS.get(answer.status)
    return Response(
        Refusal(code=answer.code, message=answer.message),
        status_code=answer.status,
        headers={"Retry-After": str(wait)} if wait else {},
    )


shop_routes: Final[list[HTTPRouteHandler]] = [take_hook]
