"""What is known of segments, as the API says it; who asks may be a member or a server's key."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from litestar.exceptions import ClientException, NotFoundException

from dangol.console.answers import Locale
from dangol.console.desk import STATEMENTS, ConflictException, House
from dangol.console.rows import fetch_all
from dangol.console.segment_answers import (
    Definition,
    Labelled,
    Overlaps,
    SegmentDetail,
    SegmentMember,
    SegmentMembers,
    SegmentOverlap,
    SegmentPreview,
    Segments,
    SegmentSummary,
    SegmentVersion,
    SizeOfDay,
)
from dangol.content.masks import mask_email
from dangol.rights.access import Seen
from dangol.segments.catalog import Entry, Version, read_catalog, read_versions
from dangol.segments.change import CONFLICTS, MISSING, SegmentFault, find_entry
from dangol.segments.condition import Condition
from dangol.segments.faults import BadCondition
from dangol.segments.history import end_of_day, read_page
from dangol.segments.overlap import count_overlaps
from dangol.segments.parse import parse_condition, write_condition
from dangol.segments.preview import preview_condition
from dangol.segments.wording import say
from dangol.store.connect import Connection
from dangol.store.workspace import read_workspace

# What is left of a second after the way there and back.
BUDGET: Final = timedelta(milliseconds=600)
MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """What an answer is made with: a connection, and whose segments and journeys these are.

    ``by`` is how a change says who made it.
    """

    connection: Connection
    house: House
    workspace_id: int
    now: datetime
    locale: Locale = "en"
    by: str | None = None
    # Whose data the answer shows.
    seen: list[Seen] = field(default_factory=list[Seen])


class SealedLabel(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer is recognised by, the e-mail still sealed."""

    id: int
    external_id: str | None
    email_sealed: bytes | None
    email_wrapped: bytes | None


@contextmanager
def refusing() -> Generator[None]:
    """Say over HTTP what cannot be done with a segment or list, in both languages.

    Raises:
        ClientException: the condition or the name cannot be used.
        NotFoundException: there is no such segment or list.
        ConflictException: its state, or who uses it, stands in the way.
    """
    try:
        yield
    except BadCondition as fault:
        said = {"code": "bad_condition", "message_ko": fault.say("ko"), "path": fault.path}
        raise ClientException(fault.message, extra=said) from fault
    except SegmentFault as fault:
        kind = ClientException
        if fault.code in MISSING:
            kind = NotFoundException
        elif fault.code in CONFLICTS:
            kind = ConflictException
        said = {"code": fault.code, "message_ko": fault.say("ko")}
        raise kind(str(fault), extra=said) from fault


def read_definition(given: Definition) -> Condition:
    """Read a condition that came with a request.

    Raises:
        BadCondition: naming the place in the tree and the remedy.
    """
    return parse_condition(msgspec.json.encode(given))


def show_definition(condition: Condition | None) -> Definition | None:
    """Write a condition as it came."""
    if condition is None:
        return None
    return msgspec.json.decode(write_condition(condition), type=Definition)


def show_segments(clerk: Clerk) -> Segments:
    """Return every segment."""
    catalog = read_catalog(clerk.connection, workspace_id=clerk.workspace_id, now=clerk.now)
    return Segments(segments=[summary_of(entry, locale=clerk.locale) for entry in catalog.values()])


def summary_of(entry: Entry, *, locale: Locale) -> SegmentSummary:
    """Return a segment as the list shows it."""
    judged = entry.state == "published" and entry.refreshed_at is not None
    return SegmentSummary(
        name=entry.name,
        title_ko=entry.title_ko,
        title_en=entry.title_en,
        state=entry.state,
        has_draft=entry.draft is not None,
        size=entry.size if judged else None,
        refreshed_at=entry.refreshed_at,
        sentence_ko=sentence(entry.current, "ko"),
        sentence_en=sentence(entry.current, "en"),
        fault=entry.fault.say(locale) if entry.fault else "",
        sizes=[SizeOfDay(day=day, size=size) for day, size in entry.sizes],
        used_by=list(entry.used_by),
    )


def sentence(condition: Condition | None, locale: Locale) -> str:
    return "" if condition is None else say(condition, locale)


def show_segment(clerk: Clerk, name: str) -> SegmentDetail:
    """Return one segment.

    Raises:
        SegmentFault: there is none of this name.
    """
    entry = find_entry(clerk.connection, workspace_id=clerk.workspace_id, name=name, now=clerk.now)
    versions = read_versions(clerk.connection, segment_id=entry.id)
    return SegmentDetail(
        **msgspec.structs.asdict(summary_of(entry, locale=clerk.locale)),
        definition=show_definition(entry.published),
        draft=show_definition(entry.draft),
        versions=[as_version(one) for one in versions],
        entered_7d=entry.came,
        left_7d=entry.went,
    )


def as_version(version: Version) -> SegmentVersion:
    return SegmentVersion(
        number=version.number,
        created_at=version.created_at,
        sentence_ko=sentence(version.definition, "ko"),
        sentence_en=sentence(version.definition, "en"),
        definition=show_definition(version.definition),
    )


def show_preview(clerk: Clerk, given: Definition, *, name: str) -> SegmentPreview:
    """Return for whom a condition would hold, within about a second.

    Raises:
        BadCondition: it cannot be used.
    """
    begun = clerk.house.machine_clock()
    condition = read_definition(given)
    seen = preview_condition(
        clerk.connection,
        clerk.house.lake,
        condition,
        workspace_id=clerk.workspace_id,
        name=name,
        now=clerk.now,
        timer=clerk.house.machine_clock,
        budget=BUDGET,
    )
    labels = read_labels(clerk, seen.sample)
    clerk.seen.append(Seen(what="segment preview", customer_ids=seen.sample))
    return SegmentPreview(
        customers=seen.customers,
        count=seen.count,
        low=seen.low,
        high=seen.high,
        exact=seen.exact,
        looked_at=seen.looked_at,
        sample=[Labelled(id=one, label=labels.get(one, "")) for one in seen.sample],
        sentence_ko=say(condition, "ko"),
        sentence_en=say(condition, "en"),
        milliseconds=(clerk.house.machine_clock() - begun) // MILLISECOND,
    )


def read_labels(clerk: Clerk, ids: Iterable[int]) -> dict[int, str]:
    """Return what customers are recognised by: their e-mail, masked, or the shop's own id."""
    values = {"workspace_id": clerk.workspace_id, "customer_ids": list(ids)}
    rows = fetch_all(clerk.connection, STATEMENTS["list_labels"], SealedLabel, values)
    return {row.id: label_of(clerk, row) for row in rows}


def label_of(clerk: Clerk, row: SealedLabel) -> str:
    if row.email_sealed is None or row.email_wrapped is None:
        return row.external_id or ""
    vault = clerk.house.vault
    email = vault.open_for(clerk.workspace_id, "email", row.email_sealed, row.email_wrapped)
    return mask_email(email)


def show_overlaps(clerk: Clerk, name: str) -> Overlaps:
    """Return which segments share members with one.

    Raises:
        SegmentFault: there is none of this name.
    """
    at = {"workspace_id": clerk.workspace_id}
    entry = find_entry(clerk.connection, name=name, now=clerk.now, **at)
    found = count_overlaps(clerk.connection, segment_id=entry.id, **at)
    return Overlaps(
        overlaps=[msgspec.convert(one, SegmentOverlap, from_attributes=True) for one in found]
    )


def show_members(clerk: Clerk, name: str, *, day: date | None, after: int) -> SegmentMembers:
    """Return who is in a segment now, or was at the end of a day of the shop.

    Raises:
        SegmentFault: there is none of this name.
    """
    at = {"workspace_id": clerk.workspace_id}
    entry = find_entry(clerk.connection, name=name, now=clerk.now, **at)
    zone = read_workspace(clerk.connection, **at).zone
    moment = None if day is None else end_of_day(day, zone, now=clerk.now)
    page = read_page(clerk.connection, segment_id=entry.id, after=after, at=moment, **at)
    people = [customer_id for customer_id, _ in page.members]
    labels = read_labels(clerk, people)
    clerk.seen.append(Seen(what=f"segment {name}", customer_ids=people))
    return SegmentMembers(
        members=[
            SegmentMember(id=one, label=labels.get(one, ""), entered_at=entered_at)
            for one, entered_at in page.members
        ],
        next=page.next,
        total=page.total,
    )
