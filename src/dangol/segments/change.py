"""Changing segments: drafts beside what is published, publishing, archiving, taking out again.

A draft is a condition nobody is judged by. Publishing makes it a version, and everybody is judged
by that at the next refresh. An archived segment has no members: they leave when it is archived, and
no journey hears of it, for it was the shop that changed and not the customers. Taken out again, its
members enter as those of a new segment do, and journeys hear of that.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from dangol.segments.catalog import Entry, read_catalog
from dangol.segments.condition import Condition
from dangol.segments.define import check_references, define_segment
from dangol.segments.evaluate import named_segments
from dangol.segments.faults import Locale, Words
from dangol.segments.needs import find_holders
from dangol.segments.parse import check_condition, write_condition
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")
NAME: Final = re.compile(r"[^\W_][\w.-]{0,99}")
# Parts of addresses that would hide a segment of this name.
TAKEN: Final = frozenset({"new", "preview", "ready-made", "vocabulary"})
FAULTS: Final[Mapping[str, Words]] = {
    "bad_name": Words(
        "“{name}”은(는) 이름으로 쓸 수 없습니다. 글자나 숫자로 시작해 "
        "글자, 숫자, - _ . 만 100자까지 쓰고, new, preview, ready-made, vocabulary는 피해 주세요.",
        "“{name}” cannot be a name: begin with a letter or digit, use letters, digits, - _ and . "
        "only, up to 100, and none of new, preview, ready-made and vocabulary.",
    ),
    "not_found": Words(
        "“{name}” 세그먼트가 없습니다. 이름을 확인해 주세요.",
        "There is no segment “{name}”. Check the name.",
    ),
    "archived": Words(
        "“{name}” 세그먼트는 보관되어 있습니다. 먼저 복원해 주세요.",
        "The segment “{name}” is archived. Restore it first.",
    ),
    "in_use": Words(
        "“{name}” 세그먼트를 쓰는 곳이 있습니다: {users}. 먼저 그곳에서 빼거나 멈춰 주세요.",
        "The segment “{name}” is used by {users}. Stop those, or take it out of them, first.",
    ),
    "never_published": Words(
        "“{name}” 세그먼트는 게시한 적이 없어 돌아갈 조건이 없습니다. 필요 없으면 보관해 주세요.",
        "The segment “{name}” was never published, so there is nothing to go back to. "
        "Archive it if you do not need it.",
    ),
    "no_list": Words(
        "“{name}” 명단이 없습니다. 이름을 확인해 주세요.",
        "There is no list “{name}”. Check the name.",
    ),
    "list_in_use": Words(
        "“{name}” 명단을 쓰는 곳이 있습니다: {users}. 먼저 그 조건에서 빼거나 여정을 멈춰 주세요.",
        "The list “{name}” is used by {users}. "
        "Take it out of their conditions, or stop those journeys, first.",
    ),
}
# What does not exist, what is in the way, and what was written wrongly; HTTP tells them apart.
MISSING: Final = frozenset({"not_found", "no_list"})
CONFLICTS: Final = frozenset({"archived", "in_use", "never_published", "list_in_use"})


class SegmentFault(ValueError):  # noqa: N818 - it is the change that is at fault
    """A segment or list cannot be changed as asked; ``code`` is one of ``FAULTS``."""

    def __init__(self, code: str, *, name: str, users: tuple[str, ...] = ()) -> None:
        """Say what, about which segment, and who is in the way."""
        self.code: Final = code
        self.name: Final = name
        self.users: Final = users
        super().__init__(self.say("en"))

    def say(self, locale: Locale) -> str:
        """Say what to do, in one language."""
        users = ", ".join(self.users)
        return str(getattr(FAULTS[self.code], locale)).format(name=self.name, users=users)


def save_segment(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    title_ko: str,
    title_en: str,
    definition: Condition,
    publish: bool,
    now: datetime,
) -> None:
    """Create or change a segment: publish a condition, or keep it as the draft beside it.

    Titles hold at once; what is published goes on unchanged under a draft.

    Raises:
        SegmentFault: it is archived, or the name cannot be one.
        BadCondition: the condition cannot be used.
    """
    check_name(name)
    entry = read_catalog(connection, workspace_id=workspace_id, now=now).get(name)
    refuse_archived(entry)
    values = {
        "workspace_id": workspace_id,
        "name": name,
        "title_ko": title_ko,
        "title_en": title_en,
        "now": now,
    }
    if publish:
        segment_id = define_segment(
            connection,
            workspace_id=workspace_id,
            name=name,
            title_ko=title_ko,
            title_en=title_en,
            definition=definition,
            now=now,
        )
        keep_draft(connection, None, segment_id=segment_id)
        return
    check_condition(definition)
    check_references(connection, name, definition, workspace_id=workspace_id)
    (segment_id,) = connection.execute(STATEMENTS["save_segment"], values).fetchall()[0]
    same = entry is not None and entry.published == definition
    keep_draft(connection, None if same else definition, segment_id=segment_id)


def check_name(name: str) -> None:
    """Refuse what cannot stand in an address.

    Raises:
        SegmentFault: saying what can.
    """
    if not NAME.fullmatch(name) or name in TAKEN:
        raise SegmentFault("bad_name", name=name)


def keep_draft(connection: Connection, draft: Condition | None, *, segment_id: int) -> None:
    """Keep a draft, or none."""
    text = None if draft is None else write_condition(draft).decode()
    _ = connection.execute(STATEMENTS["save_draft"], {"segment_id": segment_id, "draft": text})


def publish_draft(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Make the draft the next version; nothing happens where there is none.

    Raises:
        SegmentFault: there is no such segment, or it is archived.
        BadCondition: what the draft names is there no more.
    """
    entry = find_entry(connection, workspace_id=workspace_id, name=name, now=now)
    refuse_archived(entry)
    if entry.draft is not None:
        save_segment(
            connection,
            workspace_id=workspace_id,
            name=name,
            title_ko=entry.title_ko,
            title_en=entry.title_en,
            definition=entry.draft,
            publish=True,
            now=now,
        )


def discard_draft(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Drop the draft; what is published goes on.

    Raises:
        SegmentFault: there is no such segment, or nothing else of it than the draft.
    """
    entry = find_entry(connection, workspace_id=workspace_id, name=name, now=now)
    if entry.number is None:
        raise SegmentFault("never_published", name=name)
    keep_draft(connection, None, segment_id=entry.id)


def archive_segment(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Put a segment away: its members leave, without an event, and nobody enters any more.

    Raises:
        SegmentFault: there is no such segment, or a journey or another segment needs it.
    """
    holders = find_holders(connection, workspace_id=workspace_id, kind="segment")
    catalog = read_catalog(connection, workspace_id=workspace_id, now=now)
    entry = found(catalog, name)
    if entry.archived_at is not None:
        return
    if users := (*holders.get(name, ()), *asking_for(catalog, name)):
        raise SegmentFault("in_use", name=name, users=users)
    values = {"workspace_id": workspace_id, "segment_id": entry.id, "now": now}
    # Members before the segment: in this order a refresh locks them, too.
    _ = connection.execute(STATEMENTS["end_stays"], values)
    _ = connection.execute(STATEMENTS["archive_segment"], values)


def asking_for(catalog: Mapping[str, Entry], name: str) -> tuple[str, ...]:
    """Return the published segments in use that ask for a segment."""
    return tuple(
        other.name
        for other in catalog.values()
        if other.archived_at is None
        and other.published is not None
        and other.name != name
        and name in named_segments(other.published)
    )


def restore_segment(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Take a segment out again; its members enter at the next refresh.

    Raises:
        SegmentFault: there is no such segment.
        BadCondition: what its condition names is there no more.
    """
    entry = find_entry(connection, workspace_id=workspace_id, name=name, now=now)
    if entry.archived_at is None:
        return
    if entry.published is not None:
        check_references(connection, name, entry.published, workspace_id=workspace_id)
    take_out(connection, entry.id, workspace_id=workspace_id)


def take_out(connection: Connection, segment_id: int, *, workspace_id: int) -> None:
    """Let an archived segment be refreshed again, whatever it asks."""
    values = {"workspace_id": workspace_id, "segment_id": segment_id}
    # A refresh that began before the segment was archived must not say how far its members are.
    _ = connection.execute(STATEMENTS["await_refresh"], values)
    _ = connection.execute(STATEMENTS["restore_segment"], values)


def find_entry(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> Entry:
    """Return a segment.

    Raises:
        SegmentFault: there is none of this name.
    """
    return found(read_catalog(connection, workspace_id=workspace_id, now=now), name)


def found(catalog: Mapping[str, Entry], name: str) -> Entry:
    """Return a segment of the catalogue.

    Raises:
        SegmentFault: there is none of this name.
    """
    if name not in catalog:
        raise SegmentFault("not_found", name=name)
    return catalog[name]


def refuse_archived(entry: Entry | None) -> None:
    """Refuse to change what is put away.

    Raises:
        SegmentFault: it is archived.
    """
    if entry is not None and entry.archived_at is not None:
        raise SegmentFault("archived", name=entry.name)
