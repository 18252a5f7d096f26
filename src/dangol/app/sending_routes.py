"""Whether anything is sent, and how vendors fare, for a shop's own servers, with a server key."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from typing import Final

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from dangol.app.clerk import CHANGING, READING, ServerRequest, open_clerk
from dangol.console.sending_answers import (
    GateView,
    GoWish,
    LaneView,
    LimitWish,
    OverdueView,
    PauseWish,
    Vendors,
    VendorView,
    WarmUpWish,
)
from dangol.console.sending_changes import (
    free_vendor,
    limit_receiver,
    limit_vendor,
    pause_sending,
    resume_sending,
    resume_vendor,
    warm_vendor,
)
from dangol.console.sending_views import (
    Lookout,
    lookout_at,
    show_gate,
    show_lanes,
    show_overdue,
    show_vendors,
)
from dangol.store.vocabulary import ApiKeyScope

OPERATION: Final = ["operation"]
PROVIDERS: Final = ["providers"]


class SendingView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the machine that answers may send, why not, what is due, and what waits for vendors.

    ``because`` is empty where it may; ``by_hand`` says that somebody paused it, and may resume it.
    """

    sends: bool
    because: str
    by_hand: bool
    overdue: list[OverdueView]
    lanes: list[LaneView]


@contextmanager
def open_lookout(request: ServerRequest, scope: ApiKeyScope) -> Generator[tuple[Lookout, str]]:
    """Lend whoever shows a key with this scope what an answer takes, and how they are called."""
    with open_clerk(request, scope, refusing=nullcontext) as clerk:
        lookout = lookout_at(
            request, clerk.connection, workspace_id=clerk.workspace_id, now=clerk.now
        )
        yield lookout, clerk.by or "key"


def view_sending(lookout: Lookout) -> SendingView:
    gate: GateView = show_gate(lookout)
    return SendingView(
        sends=gate.sends,
        because=gate.because,
        by_hand=gate.by_hand,
        overdue=show_overdue(lookout),
        lanes=show_lanes(lookout),
    )


def view_vendor(lookout: Lookout, name: str) -> VendorView:
    return next(one for one in show_vendors(lookout) if one.name == name)


@get("/v1/sending", tags=OPERATION, sync_to_thread=True, raises=READING)
def fetch_sending(request: ServerRequest) -> SendingView:
    """Say whether anything is sent, what is due, and what waits for vendors."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_READ) as (lookout, _):
        return view_sending(lookout)


@post("/v1/sending/pause", tags=OPERATION, status_code=200, sync_to_thread=True, raises=CHANGING)
def stop_sending(request: ServerRequest, data: JSONBody[PauseWish]) -> SendingView:
    """Send nothing until it is resumed; calls under way end, what is due waits."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_WRITE) as (lookout, by):
        pause_sending(lookout, because=data.because, by=by)
        return view_sending(lookout)


@post("/v1/sending/resume", tags=OPERATION, status_code=200, sync_to_thread=True, raises=CHANGING)
def go_on_sending(request: ServerRequest, data: JSONBody[GoWish]) -> SendingView:
    """End a pause that somebody made. After a restore or a copy it takes a command there."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_WRITE) as (lookout, _):
        resume_sending(lookout, overdue=data.overdue)
        return view_sending(lookout)


@get("/v1/providers", tags=PROVIDERS, sync_to_thread=True, raises=READING)
def fetch_providers(request: ServerRequest) -> Vendors:
    """List every vendor there could be: how it fares, its receivers of mail, its warm-up."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_READ) as (lookout, _):
        return Vendors(vendors=show_vendors(lookout))


@post(
    "/v1/providers/{name:str}/resume",
    tags=PROVIDERS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def call_provider(request: ServerRequest, name: FromPath[str]) -> VendorView:
    """Call a vendor again at once, for all receivers."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_WRITE) as (lookout, _):
        resume_vendor(lookout, name=name)
        return view_vendor(lookout, name)


@put("/v1/providers/{name:str}/limit", tags=PROVIDERS, sync_to_thread=True, raises=CHANGING)
def store_provider_limit(
    request: ServerRequest, name: FromPath[str], data: JSONBody[LimitWish]
) -> VendorView:
    """Set how many messages a second a vendor gets at most."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_WRITE) as (lookout, _):
        limit_vendor(lookout, name=name, per_second=data.per_second)
        return view_vendor(lookout, name)


@put(
    "/v1/providers/{name:str}/receivers/{domain:str}",
    tags=PROVIDERS,
    sync_to_thread=True,
    raises=CHANGING,
)
def store_receiver_limit(
    request: ServerRequest,
    name: FromPath[str],
    domain: FromPath[str],
    data: JSONBody[LimitWish],
) -> VendorView:
    """Set how many mails a second a receiver gets at most by a vendor."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_WRITE) as (lookout, _):
        limit_receiver(lookout, name=name, domain=domain, per_second=data.per_second)
        return view_vendor(lookout, name)


@put("/v1/providers/{name:str}/warm-up", tags=PROVIDERS, sync_to_thread=True, raises=CHANGING)
def store_warm_up(
    request: ServerRequest, name: FromPath[str], data: JSONBody[WarmUpWish]
) -> VendorView:
    """Let a vendor begin with few mails a day, or go on where it stood."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_WRITE) as (lookout, _):
        warm_vendor(lookout, data, name=name)
        return view_vendor(lookout, name)


@delete(
    "/v1/providers/{name:str}/warm-up",
    tags=PROVIDERS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def drop_warm_up(request: ServerRequest, name: FromPath[str]) -> VendorView:
    """Let a vendor have as many mails a day as there are."""
    with open_lookout(request, ApiKeyScope.JOURNEYS_WRITE) as (lookout, _):
        free_vendor(lookout, name=name)
        return view_vendor(lookout, name)


sending_routes: Final = [
    fetch_sending,
    stop_sending,
    go_on_sending,
    fetch_providers,
    call_provider,
    store_provider_limit,
    store_receiver_limit,
    store_warm_up,
    drop_warm_up,
]
