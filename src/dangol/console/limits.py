"""Limits: how much a shop wants to say, and the messages that were stopped."""

from dataclasses import asdict
from datetime import time
from typing import Final

import msgspec
from litestar import delete, get, post, put
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, FromQuery, JSONBody

from dangol.consent.topics import list_topics
from dangol.console.desk import ConsoleRequest, Desk, open_desk, open_work, refusing
from dangol.console.limit_answers import (
    CapView,
    LimitsPage,
    ResumeWish,
    ShopLimits,
    StoppedMessage,
    TemplateMarks,
    TopicTitle,
)
from dangol.content.template import Template, list_templates
from dangol.guard.caps import Cap, list_caps, remove_cap, save_cap
from dangol.guard.limits import Limits, read_limits, set_limits
from dangol.guard.stop_loss import Stop, list_stops, resume_message
from dangol.store.vocabulary import Channel

CHANGING: Final = [
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
    NotFoundException,
]


@get("/api/limits", sync_to_thread=True, operation_id="get_limits", raises=[NotAuthorizedException])
def get_limits(request: ConsoleRequest) -> LimitsPage:
    """Return every limit, what is stopped, and what templates are about and worth."""
    with open_desk(request) as desk:
        return show_limits(desk)


def show_limits(desk: Desk) -> LimitsPage:
    """Return what the page of limits shows."""
    connection, workspace_id = desk.connection, desk.workspace_id
    topics = list_topics(connection, workspace_id=workspace_id)
    return LimitsPage(
        limits=as_shown(read_limits(connection, workspace_id=workspace_id)),
        caps=[CapView(**asdict(cap)) for cap in list_caps(connection, workspace_id=workspace_id)],
        topics=[
            TopicTitle(name=one.name, title_ko=one.title_ko, title_en=one.title_en)
            for one in topics
        ],
        stops=[as_stopped(stop) for stop in list_stops(connection, workspace_id=workspace_id)],
        templates=[
            as_marks(template) for template in list_templates(connection, workspace_id=workspace_id)
        ],
    )


def as_shown(limits: Limits) -> ShopLimits:
    hours = {
        "quiet_from": f"{limits.quiet_from:%H:%M}",
        "quiet_until": f"{limits.quiet_until:%H:%M}",
        # The table's number has seven digits of which a person wrote the first few.
        "opt_out_limit": round(limits.opt_out_limit, 6),
    }
    return msgspec.convert({**asdict(limits), **hours}, ShopLimits)


def as_stopped(stop: Stop) -> StoppedMessage:
    return StoppedMessage(
        journey=stop.journey,
        template=stop.template,
        sent=stop.sent,
        opt_outs=stop.opt_outs,
        share_at_least=stop.share_at_least,
        opt_out_limit=stop.opt_out_limit,
        refused_because=stop.refused_because,
        stopped_at=stop.stopped_at,
    )


def as_marks(template: Template) -> TemplateMarks:
    return TemplateMarks(
        name=template.name,
        channel=template.channel,
        purpose=template.purpose,
        subject=template.subject,
        topic=template.topic,
        expected_value=f"{template.expected_value:f}",
        last_chance=template.last_chance,
        similar_goods=template.similar_goods,
    )


@put("/api/limits", sync_to_thread=True, operation_id="set_limits", raises=CHANGING)
def put_limits(request: ConsoleRequest, data: JSONBody[ShopLimits]) -> LimitsPage:
    """Change how much the shop wants to say; the next decision goes by it."""
    hours = {
        "quiet_from": time.fromisoformat(data.quiet_from),
        "quiet_until": time.fromisoformat(data.quiet_until),
    }
    with refusing(), open_work(request) as desk:
        changes = {**msgspec.structs.asdict(data), **hours}
        _ = set_limits(desk.connection, workspace_id=desk.workspace_id, changes=changes)
        return show_limits(desk)


@post(
    "/api/limits/caps",
    sync_to_thread=True,
    operation_id="save_cap",
    status_code=200,
    raises=CHANGING,
)
def keep_cap(request: ConsoleRequest, data: JSONBody[CapView]) -> LimitsPage:
    """Set a limit, or give the one of the same channel, topic and days another number."""
    cap = Cap(channel=data.channel, topic=data.topic, messages=data.messages, days=data.days)
    with refusing(), open_work(request) as desk:
        save_cap(desk.connection, cap, workspace_id=desk.workspace_id)
        return show_limits(desk)


@delete(
    "/api/limits/caps/{days:int}",
    sync_to_thread=True,
    operation_id="remove_cap",
    status_code=200,
    raises=CHANGING,
)
def drop_cap(
    request: ConsoleRequest,
    days: FromPath[int],
    *,
    channel: FromQuery[Channel | None] = None,
    topic: FromQuery[str | None] = None,
) -> LimitsPage:
    """Remove the limit of this channel, topic and days."""
    with refusing(), open_work(request) as desk:
        remove_cap(
            desk.connection,
            workspace_id=desk.workspace_id,
            channel=channel,
            topic=topic,
            days=days,
        )
        return show_limits(desk)


@post(
    "/api/limits/stops/resume",
    sync_to_thread=True,
    operation_id="resume_stopped",
    status_code=200,
    raises=CHANGING,
)
def resume_stopped(request: ConsoleRequest, data: JSONBody[ResumeWish]) -> LimitsPage:
    """Let a stopped message go on: what it held is looked at again, its opt-outs count anew."""
    with refusing(), open_work(request) as desk:
        resume_message(
            desk.connection,
            workspace_id=desk.workspace_id,
            journey=data.journey,
            template=data.template,
            by=f"member {desk.member.email}",
            now=desk.now,
        )
        return show_limits(desk)
