"""Segments for a shop's own servers, with a server key: what the console offers its members."""

from datetime import date
from functools import partial
from typing import Annotated, Final

from litestar import get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from dangol.app.clerk import CHANGING, PREVIEWING, READING, READING_ONE, ServerRequest, open_clerk
from dangol.console.segment_answers import (
    Overlaps,
    PreviewWish,
    SegmentDetail,
    SegmentMembers,
    SegmentPreview,
    Segments,
    SegmentWish,
)
from dangol.console.segment_views import (
    refusing,
    show_members,
    show_overlaps,
    show_preview,
    show_segment,
    show_segments,
)
from dangol.console.segments import changed, save
from dangol.segments.change import (
    archive_segment,
    discard_draft,
    publish_draft,
    restore_segment,
)
from dangol.store.vocabulary import ApiKeyScope

TAGS: Final = ["segments"]
open_segments: Final = partial(open_clerk, refusing=refusing)


@get("/v1/segments", tags=TAGS, sync_to_thread=True, raises=READING)
def fetch_segments(request: ServerRequest) -> Segments:
    """List every segment, drafts and archived ones too."""
    with open_segments(request, ApiKeyScope.SEGMENTS_READ) as clerk:
        return show_segments(clerk)


@post("/v1/segments/preview", tags=TAGS, status_code=200, sync_to_thread=True, raises=PREVIEWING)
def preview(request: ServerRequest, data: JSONBody[PreviewWish]) -> SegmentPreview:
    """Say for whom a condition would hold, within about a second; nothing is changed."""
    with open_segments(request, ApiKeyScope.SEGMENTS_READ) as clerk:
        return show_preview(clerk, data.definition, name=data.name)


@get("/v1/segments/{name:str}", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_segment(request: ServerRequest, name: FromPath[str]) -> SegmentDetail:
    """Return one segment with its versions."""
    with open_segments(request, ApiKeyScope.SEGMENTS_READ) as clerk:
        return show_segment(clerk, name)


@get("/v1/segments/{name:str}/overlap", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_overlap(request: ServerRequest, name: FromPath[str]) -> Overlaps:
    """Return which segments share members with this one, the most first; twenty at most."""
    with open_segments(request, ApiKeyScope.SEGMENTS_READ) as clerk:
        return show_overlaps(clerk, name)


@get("/v1/segments/{name:str}/members", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_members(
    request: ServerRequest,
    name: FromPath[str],
    day: Annotated[date | None, QueryParameter(name="on")] = None,
    after: Annotated[int, QueryParameter(name="after", ge=0, le=2**63 - 1)] = 0,
) -> SegmentMembers:
    """Return who is in the segment now, or was at the end of the day ``on``; 50 a page."""
    with open_segments(request, ApiKeyScope.SEGMENTS_READ) as clerk:
        return show_members(clerk, name, day=day, after=after)


@put("/v1/segments/{name:str}", tags=TAGS, sync_to_thread=True, raises=CHANGING)
def store_segment(
    request: ServerRequest, name: FromPath[str], data: JSONBody[SegmentWish]
) -> SegmentDetail:
    """Create or change a segment: publish its condition, or keep it as a draft beside that."""
    with open_segments(request, ApiKeyScope.SEGMENTS_WRITE) as clerk:
        save(clerk, name, data)
        return show_segment(clerk, name)


@post(
    "/v1/segments/{name:str}/publish",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def publish(request: ServerRequest, name: FromPath[str]) -> SegmentDetail:
    """Publish the draft: everybody is judged by it from the next refresh on."""
    with open_segments(request, ApiKeyScope.SEGMENTS_WRITE) as clerk:
        return changed(clerk, name, publish_draft)


@post(
    "/v1/segments/{name:str}/discard-draft",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def discard(request: ServerRequest, name: FromPath[str]) -> SegmentDetail:
    """Drop the draft; what is published goes on."""
    with open_segments(request, ApiKeyScope.SEGMENTS_WRITE) as clerk:
        return changed(clerk, name, discard_draft)


@post(
    "/v1/segments/{name:str}/archive",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def archive(request: ServerRequest, name: FromPath[str]) -> SegmentDetail:
    """Put the segment away: its members leave, and no journey hears of it."""
    with open_segments(request, ApiKeyScope.SEGMENTS_WRITE) as clerk:
        return changed(clerk, name, archive_segment)


@post(
    "/v1/segments/{name:str}/restore",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def restore(request: ServerRequest, name: FromPath[str]) -> SegmentDetail:
    """Take the segment out again; its members enter at the next refresh."""
    with open_segments(request, ApiKeyScope.SEGMENTS_WRITE) as clerk:
        return changed(clerk, name, restore_segment)


segment_routes: Final = [
    fetch_segments,
    preview,
    fetch_segment,
    fetch_overlap,
    fetch_members,
    store_segment,
    publish,
    discard,
    archive,
    restore,
]
