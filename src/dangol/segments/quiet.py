"""Until when nothing can happen to any segment by itself: beats before then need not look.

In a shop where nothing comes, only time can change an answer, and what it will change can be asked
ahead: the first event or fact that will cross an edge. Whatever comes ends the quiet.
"""

# pyarrow and ibis ship no types: what comes from them is unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from dangol.segments.beat import (
    HOUR,
    Places,
    Touches,
    crossed,
    events_of,
    few_events,
    in_slices,
    is_followed,
    moment,
)
from dangol.segments.compare import Moment
from dangol.segments.condition import Condition
from dangol.segments.dates import find_aged
from dangol.segments.slices import DAY, Passing, Slice
from dangol.segments.window import day_start
from dangol.store.connect import Connection
from dangol.store.engine import run
from dangol.store.lake import Lake

MICROSECOND: Final = timedelta(microseconds=1)
# How far to look, in parts of what lies ahead, until no fact stands in the way.
PARTS: Final = (1, 4, 16, 64)


def is_quiet(places: Places, touches: Touches, *, now: datetime) -> bool:
    """Tell whether nothing came, and nothing can have changed by itself."""
    return (
        places.quiet_until is not None
        and now < places.quiet_until
        and places.tick == places.seen_tick
        and places.lake == places.seen_lake
        and not len(touches.ids)
    )


def look_ahead(
    connection: Connection,
    lake: Lake,
    conditions: Collection[Condition],
    *,
    workspace_id: int,
    at: Moment,
) -> datetime | None:
    """Return before when no answer changes unless something comes: at most an hour, or midnight.

    None where something may at once, or where a condition cannot be followed.
    """
    tomorrow = at.now.astimezone(at.zone).date() + DAY
    end = min(at.now + HOUR, day_start(tomorrow, at.zone) - MICROSECOND)
    for parts in PARTS:
        passing = Passing(since=at.now, now=at.now + (end - at.now) / parts, zone=at.zone)
        if not all(is_followed(condition, passing) for condition in conditions):
            return None
        if not len(find_aged(connection, conditions, passing, workspace_id=workspace_id)):
            slices = crossed(conditions, passing)
            soonest = first_crossing(lake, slices, passing, workspace_id=workspace_id)
            return soonest if soonest > at.now else None
    return None


def first_crossing(
    lake: Lake, slices: Collection[Slice], passing: Passing, *, workspace_id: int
) -> datetime:
    """Return when the first event will cross an edge, at most the end of the time ahead.

    No midnight lies in it, so that every edge moves as the clock does.
    """
    if not slices:
        return passing.now
    events = run(few_events(events_of(workspace_id), slices), lake)
    first = passing.now
    times = events["occurred_at"].to_numpy()
    for rows, one in in_slices(events, slices):
        if len(rows):
            ahead = (times[rows].min() - moment(one.start)) / np.timedelta64(1, "us")
            first = min(first, passing.since + timedelta(microseconds=int(ahead)))
    return first
