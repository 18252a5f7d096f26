"""The commands about single segments and uploaded lists."""

import argparse
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from dangol.app.clock import machine_time, shifted_clock
from dangol.app.history import open_lake
from dangol.app.manage import CONSOLE, find_workspace, open_connection, read_text
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.segments.catalog import Entry, read_catalog, read_versions
from dangol.segments.change import (
    SegmentFault,
    archive_segment,
    find_entry,
    found,
    publish_draft,
    restore_segment,
    save_segment,
)
from dangol.segments.condition import Condition
from dangol.segments.document import Wanted, read_plain, write_documents
from dangol.segments.faults import BadCondition
from dangol.segments.history import end_of_day, read_page
from dangol.segments.lists import Listed, delete_list, find_list
from dangol.segments.preview import preview_condition
from dangol.segments.wording import say
from dangol.store.connect import Connection
from dangol.store.workspace import read_workspace

BUDGET: Final = timedelta(seconds=10)
AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A workspace in a transaction, as of now."""

    connection: Connection
    workspace_id: int
    now: datetime


class Change(Protocol):
    """Something done to a segment by its name."""

    def __call__(
        self, connection: Connection, *, workspace_id: int, name: str, now: datetime
    ) -> None: ...


@contextmanager
def open_place(options: argparse.Namespace, settings: Settings) -> Generator[Place]:
    """Yield the workspace that a command is about; what was done is committed at the end.

    Raises:
        ProblemError: it cannot be done, with the remedy.
    """
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        now = shifted_clock(connection)
        try:
            with connection.transaction():
                yield Place(connection=connection, workspace_id=workspace_id, now=now)
        except (SegmentFault, BadCondition) as fault:
            raise ProblemError(str(fault)) from fault


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the segments, archived ones only if asked for."""
    with open_place(options, settings) as place:
        catalog = read_catalog(place.connection, workspace_id=place.workspace_id, now=place.now)
    shown = [one for one in catalog.values() if options.all or one.archived_at is None]
    if options.json:
        CONSOLE.print_json(json.dumps({"segments": [as_fields(one) for one in shown]}))
        return 0
    for one in shown:
        CONSOLE.print(f"{one.name}  {one.state}  {size_of(one)}  {sentence(one.current)}")
    if not shown:
        CONSOLE.print("There is no segment yet. `dangol apply` or the console makes one.")
    return 0


def as_fields(entry: Entry) -> dict[str, object]:
    """Return a segment for machines."""
    return {
        "name": entry.name,
        "title_ko": entry.title_ko,
        "title_en": entry.title_en,
        "state": entry.state,
        "has_draft": entry.draft is not None,
        "size": entry.size if entry.refreshed_at else None,
        "refreshed_at": entry.refreshed_at.isoformat() if entry.refreshed_at else None,
        "sentence": sentence(entry.current),
        "fault": str(entry.fault or ""),
        "used_by": list(entry.used_by),
        "sizes": {day.isoformat(): size for day, size in entry.sizes},
    }


def size_of(entry: Entry) -> str:
    """Say how many are in a segment."""
    return f"{entry.size:,}" if entry.refreshed_at and entry.archived_at is None else "-"


def sentence(condition: Condition | None) -> str:
    return "" if condition is None else say(condition, "en")


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """Show one segment with its versions."""
    with open_place(options, settings) as place:
        entry = find_entry(
            place.connection, workspace_id=place.workspace_id, name=options.name, now=place.now
        )
        versions = read_versions(place.connection, segment_id=entry.id)
    if options.json:
        numbers = [
            {"number": one.number, "created_at": one.created_at.isoformat()} for one in versions
        ]
        CONSOLE.print_json(json.dumps({**as_fields(entry), "versions": numbers}))
        return 0
    CONSOLE.print(f"{entry.name}: {entry.title_ko} / {entry.title_en}")
    CONSOLE.print(f"{entry.state}, {size_of(entry)} members; 7 days: +{entry.came} -{entry.went}")
    for title, text in (
        ("asks", sentence(entry.published)),
        ("draft", sentence(entry.draft)),
        ("fault", str(entry.fault or "")),
        ("used by", ", ".join(entry.used_by)),
    ):
        if text:
            CONSOLE.print(f"{title}: {text}")
    for one in versions:
        said = sentence(one.definition)
        CONSOLE.print(f"version {one.number} of {one.created_at:%Y-%m-%d}: {said}")
    return 0


def run_create(options: argparse.Namespace, settings: Settings) -> int:
    """Create or change one segment from a file with its condition."""
    with open_place(options, settings) as place:
        save_segment(
            place.connection,
            workspace_id=place.workspace_id,
            name=options.name,
            title_ko=options.title_ko or options.name,
            title_en=options.title_en or options.name,
            definition=read_plain(read_text(options.condition)),
            publish=not options.draft,
            now=place.now,
        )
    what = "is kept as a draft" if options.draft else "is published"
    CONSOLE.print(f"{options.name} {what}.")
    return 0


def run_preview(options: argparse.Namespace, settings: Settings) -> int:
    """Count for whom a condition would hold."""
    with open_place(options, settings) as place:
        condition = read_plain(read_text(options.condition))
        seen = preview_condition(
            place.connection,
            open_lake(settings),
            condition,
            workspace_id=place.workspace_id,
            name=options.name,
            now=place.now,
            timer=machine_time,
            budget=BUDGET,
        )
    if options.json:
        fields = {name: getattr(seen, name) for name in seen.__dataclass_fields__}
        CONSOLE.print_json(json.dumps({**fields, "exact": seen.exact, "says": sentence(condition)}))
        return 0
    CONSOLE.print(sentence(condition))
    about = "" if seen.exact else f", about ({seen.low:,} to {seen.high:,})"
    CONSOLE.print(f"{seen.count:,} of {seen.customers:,} customers{about}")
    return 0


def run_publish(options: argparse.Namespace, settings: Settings) -> int:
    """Publish a draft."""
    return change(options, settings, publish_draft, "is published")


def run_archive(options: argparse.Namespace, settings: Settings) -> int:
    """Put a segment away."""
    return change(options, settings, archive_segment, "is archived; nobody is in it any more")


def run_restore(options: argparse.Namespace, settings: Settings) -> int:
    """Take a segment out again."""
    return change(options, settings, restore_segment, "is back; members enter at the next refresh")


def change(options: argparse.Namespace, settings: Settings, act: Change, done: str) -> int:
    """Do something to a segment and say so."""
    with open_place(options, settings) as place:
        act(place.connection, workspace_id=place.workspace_id, name=options.name, now=place.now)
    CONSOLE.print(f"{options.name} {done}.")
    return 0


def run_history(options: argparse.Namespace, settings: Settings) -> int:
    """Print who was in a segment at the end of a day, or is now: numbers of customers."""
    with open_place(options, settings) as place:
        at = {"workspace_id": place.workspace_id}
        entry = find_entry(place.connection, name=options.name, now=place.now, **at)
        zone = read_workspace(place.connection, **at).zone
        moment = None
        if options.on:
            moment = end_of_day(read_day(options.on), zone, now=place.now)
        after: int | None = 0
        while after is not None:
            page = read_page(
                place.connection, segment_id=entry.id, after=after, at=moment, size=AT_ONCE, **at
            )
            for customer_id, entered_at in page.members:
                CONSOLE.print(f"{customer_id}\t{entered_at:%Y-%m-%dT%H:%M:%SZ}")
            after = page.next
    return 0


def read_day(text: str) -> date:
    """Read a day.

    Raises:
        ProblemError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ProblemError(f"--on {text} is no day. Write one like 2027-03-02.") from error


def run_export(options: argparse.Namespace, settings: Settings) -> int:
    """Print published segments as YAML that `dangol apply` reads."""
    with open_place(options, settings) as place:
        catalog = read_catalog(place.connection, workspace_id=place.workspace_id, now=place.now)
        chosen = [found(catalog, name) for name in options.name or catalog]
    CONSOLE.out(
        write_documents(
            Wanted(
                place=one.name,
                name=one.name,
                title_ko=one.title_ko,
                title_en=one.title_en,
                condition=one.published,
            )
            for one in chosen
            if one.published is not None and one.archived_at is None
        ),
        end="",
    )
    return 0


def run_show_list(options: argparse.Namespace, settings: Settings) -> int:
    """Show an uploaded list."""
    with open_place(options, settings) as place:
        listed = find_list(
            place.connection, workspace_id=place.workspace_id, name=options.name, now=place.now
        )
    CONSOLE.print_json(json.dumps(listed_fields(listed))) if options.json else CONSOLE.print(
        f"{listed.name}: {listed.matched:,} customers from {listed.entries:,} rows, "
        f"uploaded {listed.uploaded_at:%Y-%m-%d}; asked for by "
        f"{', '.join((*listed.used_by, *listed.journeys)) or 'nothing'}"
    )
    return 0


def listed_fields(listed: Listed) -> dict[str, object]:
    """Return a list for machines."""
    return {
        "name": listed.name,
        "entries": listed.entries,
        "matched": listed.matched,
        "uploaded_at": listed.uploaded_at.isoformat(),
        "used_by": list(listed.used_by),
        "journeys": list(listed.journeys),
    }


def run_delete_list(options: argparse.Namespace, settings: Settings) -> int:
    """Delete an uploaded list."""
    with open_place(options, settings) as place:
        delete_list(
            place.connection, workspace_id=place.workspace_id, name=options.name, now=place.now
        )
    CONSOLE.print(f"List {options.name!r} is deleted.")
    return 0
