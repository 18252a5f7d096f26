"""Whom a beat looks at: only customers whose answer can have changed since the last one.

These are the customers of events that the tick has taken since (they say facts) or that came into
the lake (however long ago they occurred), of events and facts that crossed an edge as time passed
(``slices``, ``dates``), and whom something else touched: a merge, a consent, a receipt, a list.
Everything else a condition can ask has stayed as it was.
"""

# pyarrow and ibis ship no types, and an expression has its operators only at run time.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false
# pyright: reportOperatorIssue=false, reportArgumentType=false, reportReturnType=false

from collections.abc import Iterable, Iterator
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
    Rank,
    Sequence,
    Share,
    Trait,
    leaves,
)
from dangol.segments.evaluate import Ids
from dangol.segments.ids import NONE, read_named
from dangol.segments.slices import Passing, Slice, can_slice, moves_with_time, slices_of
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
# What is known of everybody and is no date, though nothing keeps it from looking like one.
TEXTS: Final = frozenset({"$locale", "$country", "$time_zone"})
NOWHERE: Final = Place(written_by="0", event_id=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How far the tick and the lake have come, and what the segments have seen of either.

    ``seen_at`` is as of when they saw it; None: never. Before ``quiet_until`` no answer changes
    unless something comes.
    """

    tick: Place = NOWHERE
    lake: Place = NOWHERE
    seen_tick: Place = NOWHERE
    seen_lake: Place = NOWHERE
    seen_at: datetime | None = None
    quiet_until: datetime | None = None


def read_places(connection: Connection, *, workspace_id: int) -> Places:
    """Return how far the tick, the lake and the segments have come."""
    rows = connection.execute(STATEMENTS["read_places"], {"workspace_id": workspace_id}).fetchall()
    found = {row[0]: Place(written_by=row[1], event_id=row[2]) for row in rows}
    seen_at = next((row[3] for row in rows if row[0] == "segments"), None)
    return Places(
        tick=found.get("tick", NOWHERE),
        lake=found.get("lake", NOWHERE),
        seen_tick=found.get("segments_tick", NOWHERE),
        seen_lake=found.get("segments", NOWHERE),
        seen_at=seen_at,
        quiet_until=next((row[4] for row in rows), None),
    )


def move_place(connection: Connection, places: Places, *, workspace_id: int, now: datetime) -> None:
    """Note that the segments have seen, as of now, what the tick and the lake held there."""
    values = {
        "workspace_id": workspace_id,
        "lake_by": places.lake.written_by,
        "lake_id": places.lake.event_id,
        "tick_by": places.tick.written_by,
        "tick_id": places.tick.event_id,
        "quiet_until": places.quiet_until,
        "now": now,
    }
    connection.execute(STATEMENTS["move_place"], values)


def find_busy(connection: Connection, places: Places, *, workspace_id: int) -> dict[str, Ids]:
    """Return whose events came into the lake, or changed a fact, since; by the events' names."""
    found: dict[str, Ids] = {}
    steps = ((places.seen_lake, places.lake), (places.seen_tick, places.tick))
    for since, until in dict.fromkeys(steps):
        if since != until:
            values = {
                "workspace_id": workspace_id,
                "since_written_by": since.written_by,
                "since_event_id": since.event_id,
                "written_by": until.written_by,
                "event_id": until.event_id,
            }
            for name, ids in read_named(connection, "collect_busy", values).items():
                found[name] = np.union1d(found.get(name, NONE), ids)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """Whom something touched that is no event, and under which numbers that is noted."""

    ids: Ids
    customers: Ids


def read_touches(connection: Connection, *, workspace_id: int) -> Touches:
    """Return whom a merge, a consent, a receipt, a list or their like touched."""
    rows = connection.execute(STATEMENTS["read_touches"], {"workspace_id": workspace_id})
    noted = np.array(rows.fetchall(), np.int64).reshape(-1, 2)
    return Touches(ids=noted[:, 0], customers=np.unique(noted[:, 1]))


def delete_touches(connection: Connection, touches: Touches) -> None:
    """Forget touches: everybody whom they touched was looked at."""
    if len(touches.ids):
        connection.execute(STATEMENTS["delete_touches"], {"touch_ids": touches.ids.tolist()})


def is_followed(condition: Condition, passing: Passing) -> bool:
    """Tell whether a beat can say whose answer may have changed while this time passed."""
    return all(
        can_slice(leaf, passing)
        if isinstance(leaf, EventMeasure | Share | Rank | Sequence)
        else not (isinstance(leaf, Trait) and leaf.trait in TEXTS and moves_with_time(leaf.test))
        for leaf in leaves(condition)
    )


def crossed(conditions: Iterable[Condition], passing: Passing) -> list[Slice]:
    """Return the slices of time in which events crossed an edge."""
    found: dict[Slice, None] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, EventMeasure | Share | Sequence):
                found.update(dict.fromkeys(slices_of(leaf, passing)))
    return list(found)


def find_crossing(lake: Lake, slices: Iterable[Slice], *, workspace_id: int) -> dict[Slice, Ids]:
    """Return whose events lie in each of the slices; those of wide ones are not told apart."""
    thin, wide = [], []
    for one in slices:
        (thin if one.end - one.start <= HOUR else wide).append(one)
    found: dict[Slice, Ids] = {}
    event = events_of(workspace_id)
    if thin:
        events = run(few_events(event, thin), lake)
        whose = events["customer_id"].to_numpy()
        found |= {one: np.unique(whose[rows]) for rows, one in in_slices(events, thin)}
    if wide:
        found |= dict.fromkeys(wide, ask_slices(lake, event, wide))
    return found


def events_of(workspace_id: int) -> ir.Table:
    """Return a workspace's events of which it is known whose they are."""
    return EVENT.filter(EVENT.workspace_id == workspace_id, EVENT.customer_id.notnull())


def few_events(event: ir.Table, slices: Iterable[Slice]) -> ir.Table:
    """Ask for the events of these times, whatever their names.

    Comparing one column with constants is what engines do fastest: they read the others only
    where it holds.
    """
    times = dict.fromkeys((one.start, one.end) for one in slices)
    inside = reduce(or_, (event.occurred_at.between(start, end) for start, end in times))
    return event.filter(inside).select("customer_id", "occurred_at", "name")


def in_slices(events: pa.Table, slices: Iterable[Slice]) -> Iterator[tuple[Ids, Slice]]:
    """Yield for each slice which of these few events lie in it."""
    times = events["occurred_at"].to_numpy()
    names: dict[str, list[Slice]] = {}
    for one in slices:
        names.setdefault(one.event, []).append(one)
    for name, some in names.items():
        named = np.flatnonzero(pc.equal(events["name"], name).to_numpy())
        at = times[named]
        for one in some:
            yield named[(at >= moment(one.start)) & (at <= moment(one.end))], one


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
