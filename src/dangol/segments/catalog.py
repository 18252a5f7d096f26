"""All segments of a workspace as they are: published, drafted, archived; their sizes and users."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from dangol.segments.condition import Condition
from dangol.segments.evaluate import order_segments
from dangol.segments.faults import BadCondition
from dangol.segments.parse import parse_condition
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")
State = Literal["draft", "published", "archived"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A segment as it is.

    ``number`` is that of the published version, None where there is none; ``published`` is its
    condition where that can be read, ``fault`` why it cannot be or is not judged. ``sizes`` are
    those of the last 30 days, oldest first; ``came`` and ``went`` count seven days. ``used_by``
    are the journeys that name it, in their entry or a condition, and were not stopped.
    """

    id: int
    name: str
    title_ko: str
    title_en: str
    draft: Condition | None
    archived_at: datetime | None
    refreshed_at: datetime | None
    number: int | None
    published: Condition | None
    fault: BadCondition | None
    size: int
    sizes: tuple[tuple[date, int], ...]
    came: int
    went: int
    used_by: tuple[str, ...]

    @property
    def state(self) -> State:
        """Whether it is put away, judged, or only drafted."""
        if self.archived_at is not None:
            return "archived"
        return "draft" if self.number is None else "published"

    @property
    def current(self) -> Condition | None:
        """What it asks, or, where nothing is published, is going to ask."""
        return self.draft if self.number is None else self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A condition as it was published; None where today's Dangol cannot read it."""

    number: int
    created_at: datetime
    definition: Condition | None


def read_catalog(connection: Connection, *, workspace_id: int, now: datetime) -> dict[str, Entry]:
    """Return every segment by its name, in the order in which they were made."""
    values = {"workspace_id": workspace_id, "now": now}
    rows = connection.execute(STATEMENTS["list_catalog"], values)
    entries = [read_entry(*row) for row in rows]
    faults = order_segments(conditions_of(entries)).faults
    return {
        one.name: replace(one, fault=one.fault or faults.get(one.name))
        if one.archived_at is None
        else one
        for one in entries
    }


def conditions_of(entries: list[Entry]) -> dict[str, Condition]:
    """Return what the segments in use ask, by their names."""
    return {
        one.name: one.published
        for one in entries
        if one.published is not None and one.archived_at is None
    }


def conditions_in_use(catalog: Mapping[str, Entry]) -> dict[str, Condition]:
    """Return what the segments in use ask, by their names."""
    return conditions_of(list(catalog.values()))


def read_entry(
    segment_id: int,
    name: str,
    title_ko: str,
    title_en: str,
    draft: str | None,
    archived_at: datetime | None,
    refreshed_at: datetime | None,
    size: int,
    number: int | None,
    definition: str | None,
    days: list[date],
    sizes: list[int],
    came: int,
    went: int,
    used_by: list[str],
) -> Entry:
    """Read a row; a condition that cannot be read must not keep others from being shown."""
    published, fault = try_condition(definition)
    return Entry(
        id=segment_id,
        name=name,
        title_ko=title_ko,
        title_en=title_en,
        draft=try_condition(draft)[0],
        archived_at=archived_at,
        refreshed_at=refreshed_at,
        number=number,
        published=published,
        fault=fault,
        size=size,
        sizes=tuple(zip(days, sizes, strict=True)),
        came=came,
        went=went,
        used_by=tuple(used_by),
    )


def try_condition(text: str | None) -> tuple[Condition | None, BadCondition | None]:
    """Read a stored condition, or say why it cannot be read."""
    if text is None:
        return None, None
    try:
        return parse_condition(text), None
    except BadCondition as fault:
        return None, fault


def read_versions(connection: Connection, *, segment_id: int) -> list[Version]:
    """Return a segment's versions, newest first."""
    rows = connection.execute(STATEMENTS["list_versions"], {"segment_id": segment_id})
    return [
        Version(number=number, created_at=created_at, definition=try_condition(text)[0])
        for number, created_at, text in rows
    ]
