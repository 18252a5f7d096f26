"""Segments: what there is, what a draft would find, and changing them."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final

from litestar import get, post, put
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, JSONBody, QueryParameter

from dangol.console.desk import (
    ConflictException,
    ConsoleRequest,
    Desk,
    open_desk,
    open_work,
    refuse_other_sites,
)
from dangol.console.segment_answers import (
    Overlaps,
    PreviewWish,
    ReadyMadeSegments,
    SegmentDetail,
    SegmentMembers,
    SegmentPreview,
    Segments,
    SegmentVocabulary,
    SegmentWish,
)
from dangol.console.segment_views import (
    Clerk,
    read_definition,
    refusing,
    show_members,
    show_overlaps,
    show_preview,
    show_segment,
    show_segments,
)
from dangol.console.segment_words import list_ready_made, list_vocabulary
from dangol.segments.change import (
    archive_segment,
    discard_draft,
    publish_draft,
    restore_segment,
    save_segment,
)

READING: Final = [NotAuthorizedException]
READING_ONE: Final = [NotAuthorizedException, NotFoundException]
CHANGING: Final = [
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
    NotFoundException,
    ConflictException,
]
Change = Callable[..., None]


def clerk_at(desk: Desk) -> Clerk:
    """Return what answers a signed-in member."""
    return Clerk(
        connection=desk.connection,
        house=desk.house,
        workspace_id=desk.workspace_id,
        now=desk.now,
        locale=desk.member.locale,
        seen=desk.seen,
    )


@get("/api/segments", sync_to_thread=True, operation_id="list_segments", raises=READING)
def list_segments(request: ConsoleRequest) -> Segments:
    """List every segment, drafts and archived ones too."""
    with open_desk(request) as desk:
        return show_segments(clerk_at(desk))


@get(
    "/api/segments/ready-made",
    sync_to_thread=True,
    operation_id="list_ready_made_segments",
    raises=READING,
)
def get_ready_made(request: ConsoleRequest) -> ReadyMadeSegments:
    """List the segments that a shop can begin with."""
    with open_desk(request) as desk:
        return list_ready_made(clerk_at(desk))


@get(
    "/api/segments/vocabulary",
    sync_to_thread=True,
    operation_id="get_segment_vocabulary",
    raises=READING,
)
def get_segment_vocabulary(request: ConsoleRequest) -> SegmentVocabulary:
    """List what conditions can name: events and their properties, traits, segments, lists."""
    with open_desk(request) as desk:
        return list_vocabulary(clerk_at(desk))


@post(
    "/api/segments/preview",
    sync_to_thread=True,
    operation_id="preview_segment",
    status_code=200,
    raises=[ClientException, NotAuthorizedException, PermissionDeniedException],
)
def preview_segment(request: ConsoleRequest, data: JSONBody[PreviewWish]) -> SegmentPreview:
    """Say for whom a condition would hold, within about a second; nothing is changed."""
    refuse_other_sites(request)
    with refusing(), open_desk(request) as desk:
        return show_preview(clerk_at(desk), data.definition, name=data.name)


@get(
    "/api/segments/{name:str}", sync_to_thread=True, operation_id="get_segment", raises=READING_ONE
)
def get_segment(request: ConsoleRequest, name: FromPath[str]) -> SegmentDetail:
    """Return one segment with its versions."""
    with refusing(), open_desk(request) as desk:
        return show_segment(clerk_at(desk), name)


@get(
    "/api/segments/{name:str}/overlap",
    sync_to_thread=True,
    operation_id="get_segment_overlap",
    raises=READING_ONE,
)
def get_segment_overlap(request: ConsoleRequest, name: FromPath[str]) -> Overlaps:
    """Return which segments share members with this one, the most first; twenty at most."""
    with refusing(), open_desk(request) as desk:
        return show_overlaps(clerk_at(desk), name)


@get(
    "/api/segments/{name:str}/members",
    sync_to_thread=True,
    operation_id="list_segment_members",
    raises=READING_ONE,
)
def list_segment_members(
    request: ConsoleRequest,
    name: FromPath[str],
    day: Annotated[date | None, QueryParameter(name="on")] = None,
    after: Annotated[int, QueryParameter(name="after", ge=0, le=2**63 - 1)] = 0,
) -> SegmentMembers:
    """Return who is in the segment now, or was at the end of the day ``on``; 50 a page."""
    with refusing(), open_desk(request) as desk:
        return show_members(clerk_at(desk), name, day=day, after=after)


@put("/api/segments/{name:str}", sync_to_thread=True, operation_id="save_segment", raises=CHANGING)
def put_segment(
    request: ConsoleRequest, name: FromPath[str], data: JSONBody[SegmentWish]
) -> SegmentDetail:
    """Create or change a segment: publish its condition, or keep it as a draft beside that."""
    with refusing(), open_work(request) as desk:
        clerk = clerk_at(desk)
        save(clerk, name, data)
        return show_segment(clerk, name)


def save(clerk: Clerk, name: str, wish: SegmentWish) -> None:
    """Publish or draft what was sent.

    Raises:
        BadCondition: the condition cannot be used.
        SegmentFault: the name cannot be one, or the segment is archived.
    """
    save_segment(
        clerk.connection,
        workspace_id=clerk.workspace_id,
        name=name,
        title_ko=wish.title_ko,
        title_en=wish.title_en,
        definition=read_definition(wish.definition),
        publish=wish.publish,
        now=clerk.now,
    )


def changed(clerk: Clerk, name: str, change: Change) -> SegmentDetail:
    """Change a segment and return it."""
    change(clerk.connection, workspace_id=clerk.workspace_id, name=name, now=clerk.now)
    return show_segment(clerk, name)


@post(
    "/api/segments/{name:str}/publish",
    sync_to_thread=True,
    operation_id="publish_segment",
    status_code=200,
    raises=CHANGING,
)
def publish_segment(request: ConsoleRequest, name: FromPath[str]) -> SegmentDetail:
    """Publish the draft: everybody is judged by it from the next refresh on."""
    with refusing(), open_work(request) as desk:
        return changed(clerk_at(desk), name, publish_draft)


@post(
    "/api/segments/{name:str}/discard-draft",
    sync_to_thread=True,
    operation_id="discard_segment_draft",
    status_code=200,
    raises=CHANGING,
)
def discard_segment_draft(request: ConsoleRequest, name: FromPath[str]) -> SegmentDetail:
    """Drop the draft; what is published goes on."""
    with refusing(), open_work(request) as desk:
        return changed(clerk_at(desk), name, discard_draft)


@post(
    "/api/segments/{name:str}/archive",
    sync_to_thread=True,
    operation_id="archive_segment",
    status_code=200,
    raises=CHANGING,
)
def put_away_segment(request: ConsoleRequest, name: FromPath[str]) -> SegmentDetail:
    """Put the segment away: its members leave, and no journey hears of it."""
    with refusing(), open_work(request) as desk:
        return changed(clerk_at(desk), name, archive_segment)


@post(
    "/api/segments/{name:str}/restore",
    sync_to_thread=True,
    operation_id="restore_segment",
    status_code=200,
    raises=CHANGING,
)
def take_out_segment(request: ConsoleRequest, name: FromPath[str]) -> SegmentDetail:
    """Take the segment out again; its members enter at the next refresh."""
    with refusing(), open_work(request) as desk:
        return changed(clerk_at(desk), name, restore_segment)
