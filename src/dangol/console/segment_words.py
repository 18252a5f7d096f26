"""What a condition can be made of: ready-made ones, and what there is to name in this shop."""

from collections.abc import Iterable
from typing import Final

from dangol.console.data import DataName
from dangol.console.desk import STATEMENTS
from dangol.console.rows import fetch_all
from dangol.console.segment_answers import (
    KindsOf,
    KnownEvent,
    KnownList,
    ReadyMadeSegment,
    ReadyMadeSegments,
    SegmentVocabulary,
    Titled,
)
from dangol.console.segment_views import Clerk, show_definition
from dangol.segments.catalog import Entry, read_catalog
from dangol.segments.condition import EventMeasure, Rank, Sequence, Share, leaves
from dangol.segments.library import READY_MADE
from dangol.segments.lists import read_lists
from dangol.store.vocabulary import Channel, Purpose

# How many of the newest and of the oldest customers are asked what they did.
LOOKED_AT: Final = 1_000


def list_ready_made(clerk: Clerk) -> ReadyMadeSegments:
    """Return every ready-made segment, and whether the shop has one of its name."""
    there = read_catalog(clerk.connection, workspace_id=clerk.workspace_id, now=clerk.now)
    return ReadyMadeSegments(
        ready_made=[
            ReadyMadeSegment(
                name=one.name,
                title_ko=one.title_ko,
                title_en=one.title_en,
                about_ko=one.about_ko,
                about_en=one.about_en,
                group=one.group,
                definition=show_definition(one.condition) or {},
                there=one.name in there,
            )
            for one in READY_MADE
        ]
    )


def list_vocabulary(clerk: Clerk) -> SegmentVocabulary:
    """Return what conditions of this shop can name."""
    at = {"workspace_id": clerk.workspace_id}
    catalog = read_catalog(clerk.connection, now=clerk.now, **at)
    named = fetch_all(clerk.connection, STATEMENTS["list_types"], DataName, at)
    done = clerk.connection.execute(STATEMENTS["list_event_names"], at | {"looked_at": LOOKED_AT})
    lists = read_lists(clerk.connection, now=clerk.now, **at)
    journeys = fetch_all(clerk.connection, STATEMENTS["list_journey_names"], Titled, at)
    return SegmentVocabulary(
        events=known_events(named, [row[0] for row in done], catalog.values()),
        traits=[kinds_of(one) for one in named if not one.event_name],
        segments=[
            Titled(name=one.name, title_ko=one.title_ko, title_en=one.title_en)
            for one in catalog.values()
            if one.state == "published"
        ],
        lists=[KnownList(name=one.name, entries=one.entries) for one in lists.values()],
        journeys=journeys,
        channels=[one.value for one in Channel],
        purposes=[one.value for one in Purpose],
    )


def known_events(
    named: Iterable[DataName], done: Iterable[str], catalog: Iterable[Entry]
) -> list[KnownEvent]:
    """Return events that came with properties, that were done, or that segments ask for."""
    events: dict[str, list[KindsOf]] = {}
    for one in named:
        if one.event_name:
            events.setdefault(one.event_name, []).append(kinds_of(one))
    for name in done:
        _ = events.setdefault(name, [])
    for entry in catalog:
        for name in asked_for(entry):
            _ = events.setdefault(name, [])
    return [KnownEvent(name=name, properties=properties) for name, properties in events.items()]


def asked_for(entry: Entry) -> list[str]:
    """Return the events that a segment asks for."""
    found: list[str] = []
    for leaf in leaves(entry.current) if entry.current else ():
        match leaf:
            case EventMeasure() | Share() | Rank():
                found.append(leaf.event)
            case Sequence():
                found += [step.event for step in leaf.steps]
            case _:
                pass
    return found


def kinds_of(one: DataName) -> KindsOf:
    return KindsOf(name=one.name, kinds=[kind.kind.value for kind in one.kinds])
