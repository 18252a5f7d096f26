"""Whom a beat looks at: only customers whose answer can have changed since the last one.

These are the customers of events that came into the lake since (however long ago they occurred),
of events that crossed an edge as time passed (``slices``), and whom a merge, its undoing or an
erasure touched. Everything else a condition can ask has stayed as it was.
"""

# pyarrow and ibis ship no types, and an expression has its operators only at run time.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false
# pyright: reportOperatorIssue=false, reportArgumentType=false, reportReturnType=false

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dangol.segments.condition import (
    Condition,
    EventMeasure,
    InSegment,
    Sample,
    Sequence,
    leaves,
)
from dangol.segments.evaluate import Ids
from dangol.segments.ids import NONE, read_ids
from dangol.segments.slices import Passing, Slice, can_slice, slices_of
from dangol.store.connect import Connection
from dangol.store.engine import EVENT, run
from dangol.store.lake import Lake
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the order in which events came: the transaction, and the event."""

    written_by: str
    event_id: int


HOUR: Final = timedelta(hours=1)
NOWHERE: Final = Place(written_by="0", event_id=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How far the lake has come; how far the segments have, and as of when (None: never)."""

    lake: Place = NOWHERE
    segments: Place = NOWHERE
    seen_at: datetime | None = None


def read_places(connection: Connection, *, workspace_id: int) -> Places:
    """Return how far the lake and the segments have come."""
    rows = connection.execute(STATEMENTS["read_places"], {"workspace_id": workspace_id}).fetchall()
    found = {row[0]: Place(written_by=row[1], event_id=row[2]) for row in rows}
    seen_at = next((row[3] for row in rows if row[0] == "segments"), None)
    return Places(
        lake=found.get("lake", NOWHERE),
        segments=found.get("segments", NOWHERE),
        seen_at=seen_at,
    )


def move_place(connection: Connection, place: Place, *, workspace_id: int, now: datetime) -> None:
    """Note that the segments have seen, as of now, all that was in the lake at a place."""
    values = {"written_by": place.written_by, "event_id": place.event_id, "now": now}
    connection.execute(STATEMENTS["move_place"], {**values, "workspace_id": workspace_id})


def find_busy(connection: Connection, places: Places, *, workspace_id: int) -> Ids:
    """Return whose events came into the lake since the segments were there."""
    if places.lake == places.segments:
        return NONE
    values = {
        "workspace_id": workspace_id,
        "since_written_by": places.segments.written_by,
        "since_event_id": places.segments.event_id,
        "written_by": places.lake.written_by,
        "event_id": places.lake.event_id,
    }
    return read_ids(connection, "collect_busy", values)[workspace_id]


def take_touched(connection: Connection, *, workspace_id: int) -> Ids:
    """Return whom a merge, its undoing or an erasure touched, and forget that it did."""
    rows = connection.execute(STATEMENTS["take_touches"], {"workspace_id": workspace_id})
    return np.unique(np.array([row[0] for row in rows], np.int64))


def is_followed(condition: Condition) -> bool:
    """Tell whether beats can follow a condition: whether only events and time can change it."""
    return all(
        isinstance(leaf, Sample | InSegment)
        or (isinstance(leaf, EventMeasure | Sequence) and can_slice(leaf))
        for leaf in leaves(condition)
    )


def crossed(conditions: Iterable[Condition], passing: Passing) -> list[Slice]:
    """Return the slices of time in which events crossed an edge."""
    found: dict[Slice, None] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, EventMeasure | Sequence):
                found.update(dict.fromkeys(slices_of(leaf, passing)))
    return list(found)


def find_crossing(lake: Lake, slices: Iterable[Slice], *, workspace_id: int) -> Ids:
    """Return whose events lie in one of the slices."""
    thin, wide = [], []
    for one in slices:
        (thin if one.end - one.start <= HOUR else wide).append(one)
    found = [NONE]
    event = EVENT.filter(EVENT.workspace_id == workspace_id, EVENT.customer_id.notnull())
    if thin:
        found.append(pick(run(few_events(event, thin), lake), thin))
    if wide:
        found.append(ask_slices(lake, event, wide))
    return np.unique(np.concatenate(found))


def few_events(event: ir.Table, slices: Iterable[Slice]) -> ir.Table:
    """Ask for the events of these times, whatever their names.

    Comparing one column with constants is what engines do fastest: they read the others only
    where it holds.
    """
    times = dict.fromkeys((one.start, one.end) for one in slices)
    inside = reduce(or_, (event.occurred_at.between(start, end) for start, end in times))
    return event.filter(inside).select("customer_id", "occurred_at", "name")


def pick(events: pa.Table, slices: Iterable[Slice]) -> Ids:
    """Return whose of these few events lie in one of the slices."""
    times = events["occurred_at"].to_numpy()
    edges: dict[str, list[Slice]] = {}
    for one in slices:
        edges.setdefault(one.event, []).append(one)
    inside = np.zeros(len(times), bool)
    for name, some in edges.items():
        named = np.flatnonzero(pc.equal(events["name"], name).to_numpy())
        at = times[named]
        for one in some:
            inside[named[(at >= moment(one.start)) & (at <= moment(one.end))]] = True
    return events["customer_id"].to_numpy()[inside]


def moment(time: datetime) -> np.datetime64:
    """Return a time as numpy has it, which knows no zones: UTC."""
    return np.datetime64(time.astimezone(UTC).replace(tzinfo=None), "us")


def ask_slices(lake: Lake, event: ir.Table, slices: Iterable[Slice]) -> Ids:
    """Ask whose events lie in one of these slices."""
    names: dict[tuple[datetime, datetime], set[str]] = {}
    for one in slices:
        names.setdefault((one.start, one.end), set()).add(one.event)
    inside = reduce(
        or_,
        (
            event.occurred_at.between(start, end) & event.name.isin(sorted(events))
            for (start, end), events in names.items()
        ),
    )
    question = event.filter(inside).select("customer_id").distinct()
    return run(question, lake)["customer_id"].to_numpy()
