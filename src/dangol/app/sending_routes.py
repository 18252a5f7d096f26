"""Whether anything is sent, for a shop's own servers, with a server key."""

from contextlib import nullcontext
from datetime import datetime
from typing import Final

import msgspec
from litestar import get

from dangol.app.clerk import READING, ServerRequest, open_clerk
from dangol.channels.overdue import count_overdue
from dangol.store.vocabulary import ApiKeyScope, Channel, Purpose


class OverdueView(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of a channel and purpose that are due now."""

    channel: Channel
    purpose: Purpose
    waiting: int
    oldest_at: datetime


class SendingView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the machine that answers may send; ``because`` is empty where it may."""

    sends: bool
    because: str
    overdue: list[OverdueView]


@get("/v1/sending", tags=["operation"], sync_to_thread=True, raises=READING)
def fetch_sending(request: ServerRequest) -> SendingView:
    """Say whether anything is sent, and what is due. To resume is a command on the machine."""
    with open_clerk(request, ApiKeyScope.JOURNEYS_READ, refusing=nullcontext) as clerk:
        why = request.app.state.fence.why_closed(clerk.connection)
        found = count_overdue(clerk.connection, now=clerk.now, workspace_id=clerk.workspace_id)
    overdue = [
        OverdueView(
            channel=one.channel,
            purpose=one.purpose,
            waiting=one.waiting,
            oldest_at=one.oldest_at,
        )
        for one in found
    ]
    return SendingView(sends=not why, because=why, overdue=overdue)


sending_routes: Final = [fetch_sending]
