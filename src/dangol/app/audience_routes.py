"""Ad audiences, for a shop's own servers, with a server key."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Final

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from dangol.app.clerk import CHANGING, READING, READING_ONE, ServerRequest, open_clerk
from dangol.audiences.audience import (
    Audience,
    Plan,
    create_audience,
    find_audience,
    hasten_audience,
    list_audiences,
    pause_audience,
    remove_audience,
    resume_audience,
)
from dangol.console.desk import refusing
from dangol.store.vocabulary import AdNetwork, ApiKeyScope, AudienceReason, Channel

TAGS: Final = ["audiences"]


class AudiencePlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an audience is to be; ``ends_at`` has an offset and lies within a year.

    ``channels`` are email and sms (the telephone number), each with a consent of its own.
    """

    name: str
    segment: str
    network: AdNetwork
    network_ref: str
    most: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    ends_at: Annotated[datetime, msgspec.Meta(tz=True)]
    channels: tuple[Channel, ...] = (Channel.EMAIL,)


class AudienceView(msgspec.Struct, frozen=True, kw_only=True):
    """An audience as it stands. Numbers count addresses.

    ``left_out`` are those of the segment that are not in it, by why; ``fault`` is what the network
    said last, where it was no yes.
    """

    name: str
    segment: str
    network: AdNetwork
    network_ref: str
    channels: list[str]
    most: int
    ends_at: datetime
    removed_at: datetime | None
    paused_at: datetime | None
    created_at: datetime
    synced_at: datetime | None
    added: int
    adding: int
    leaving: int
    left_out: dict[AudienceReason, int]
    fault: str


class Audiences(msgspec.Struct, frozen=True, kw_only=True):
    """Every audience, with those that were removed."""

    audiences: list[AudienceView]


open_audiences: Final = partial(open_clerk, refusing=refusing)


def view_of(found: Audience) -> AudienceView:
    return msgspec.convert(asdict(found), AudienceView)


@get("/v1/audiences", tags=TAGS, sync_to_thread=True, raises=READING)
def fetch_audiences(request: ServerRequest) -> Audiences:
    """List the ad audiences."""
    with open_audiences(request, ApiKeyScope.AUDIENCES_READ) as clerk:
        found = list_audiences(clerk.connection, workspace_id=clerk.workspace_id)
    return Audiences(audiences=[view_of(one) for one in found])


@get("/v1/audiences/{name:str}", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_audience(request: ServerRequest, name: FromPath[str]) -> AudienceView:
    """Show one ad audience."""
    with open_audiences(request, ApiKeyScope.AUDIENCES_READ) as clerk:
        return view_of(find_audience(clerk.connection, workspace_id=clerk.workspace_id, name=name))


@post("/v1/audiences", tags=TAGS, status_code=200, sync_to_thread=True, raises=CHANGING)
def make_audience(request: ServerRequest, data: JSONBody[AudiencePlan]) -> AudienceView:
    """Have a segment shown advertising by an ad network; workers fill the audience."""
    plan = Plan(**msgspec.structs.asdict(data))
    with open_audiences(request, ApiKeyScope.AUDIENCES_WRITE) as clerk:
        at = {"workspace_id": clerk.workspace_id}
        create_audience(clerk.connection, plan, **at, now=clerk.now)
        return view_of(find_audience(clerk.connection, **at, name=plan.name))


@post(
    "/v1/audiences/{name:str}/sync",
    tags=TAGS,
    status_code=202,
    sync_to_thread=True,
    raises=READING_ONE,
)
def hurry_audience(request: ServerRequest, name: FromPath[str]) -> AudienceView:
    """Have workers look at once who comes into an audience; who must leave they look for anyway."""
    with open_audiences(request, ApiKeyScope.AUDIENCES_WRITE) as clerk:
        shop = clerk.workspace_id
        hasten_audience(clerk.connection, workspace_id=shop, name=name, now=clerk.now)
        return view_of(find_audience(clerk.connection, workspace_id=shop, name=name))


@post(
    "/v1/audiences/{name:str}/pause",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=READING_ONE,
)
def hold_audience(request: ServerRequest, name: FromPath[str]) -> AudienceView:
    """Let nobody come into an audience for now; who may not be in it any more leaves."""
    with open_audiences(request, ApiKeyScope.AUDIENCES_WRITE) as clerk:
        shop = clerk.workspace_id
        pause_audience(clerk.connection, workspace_id=shop, name=name, now=clerk.now)
        return view_of(find_audience(clerk.connection, workspace_id=shop, name=name))


@post(
    "/v1/audiences/{name:str}/resume",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=READING_ONE,
)
def free_audience(request: ServerRequest, name: FromPath[str]) -> AudienceView:
    """Let people come into an audience again, at once."""
    with open_audiences(request, ApiKeyScope.AUDIENCES_WRITE) as clerk:
        shop = clerk.workspace_id
        resume_audience(clerk.connection, workspace_id=shop, name=name, now=clerk.now)
        return view_of(find_audience(clerk.connection, workspace_id=shop, name=name))


@delete("/v1/audiences/{name:str}", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def drop_audience(request: ServerRequest, name: FromPath[str]) -> None:
    """Take everybody out of an audience, for good; workers tell the network."""
    with open_audiences(request, ApiKeyScope.AUDIENCES_WRITE) as clerk:
        remove_audience(clerk.connection, workspace_id=clerk.workspace_id, name=name, now=clerk.now)


audience_routes: Final = [
    fetch_audiences,
    fetch_audience,
    make_audience,
    hurry_audience,
    hold_audience,
    free_audience,
    drop_audience,
]
