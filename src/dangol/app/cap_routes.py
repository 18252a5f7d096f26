"""Limits beside the shop's own, for its own servers, with a server key."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Final

from litestar import delete, get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath, FromQuery, JSONBody

from dangol.app.clerk import CHANGING, READING, ServerRequest, open_clerk
from dangol.console.limit_answers import Caps, CapView
from dangol.guard.caps import Cap, list_caps, remove_cap, save_cap
from dangol.store.vocabulary import ApiKeyScope, Channel

TAGS: Final = ["caps"]


@contextmanager
def refusing() -> Generator[None]:
    """Say as an answer what is wrong with a limit.

    Raises:
        ClientException: a limit cannot be as asked.
    """
    try:
        yield
    except (LookupError, ValueError) as error:
        raise ClientException(str(error.args[0])) from error


open_caps: Final = partial(open_clerk, refusing=refusing)


@get("/v1/caps", tags=TAGS, sync_to_thread=True, raises=READING)
def fetch_caps(request: ServerRequest) -> Caps:
    """List the limits."""
    with open_caps(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        found = list_caps(clerk.connection, workspace_id=clerk.workspace_id)
    return Caps(caps=[CapView(**asdict(cap)) for cap in found])


@post("/v1/caps", tags=TAGS, status_code=200, sync_to_thread=True, raises=CHANGING)
def store_cap(request: ServerRequest, data: JSONBody[CapView]) -> CapView:
    """Set a limit, or give the one of the same channel, topic and days another number."""
    cap = Cap(channel=data.channel, topic=data.topic, messages=data.messages, days=data.days)
    with open_caps(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        save_cap(clerk.connection, cap, workspace_id=clerk.workspace_id)
    return data


@delete("/v1/caps/{days:int}", tags=TAGS, sync_to_thread=True, raises=CHANGING)
def drop_cap(
    request: ServerRequest,
    days: FromPath[int],
    *,
    channel: FromQuery[Channel | None] = None,
    topic: FromQuery[str | None] = None,
) -> None:
    """Remove the limit of this channel, topic and days."""
    with open_caps(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        remove_cap(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            channel=channel,
            topic=topic,
            days=days,
        )


cap_routes: Final = [fetch_caps, store_cap, drop_cap]
