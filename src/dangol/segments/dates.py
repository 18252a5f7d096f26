"""Whose facts the passing of time makes fit, or fit no longer, while nothing happens to them.

What a shop knows of somebody may be a date: when they were first seen, a birthday, when a message
was opened. As with events (``slices``), only dates between where an edge was and where it is now
can change an answer. Too many customers may be found, who are then only looked at again.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from dangol.segments.compare import Moment, birthdays, date_span
from dangol.segments.comparison import Anniversary, Comparison, DateIn, DaysAgo, During
from dangol.segments.condition import FACTS, Condition, Engagement, Trait, leaves
from dangol.segments.evaluate import Ids
from dangol.segments.ids import NONE, read_ids
from dangol.segments.slices import DAY, Passing, window_edges
from dangol.store.connect import Connection

MINUTE: Final = timedelta(minutes=1)
TO_THE_MINUTE: Final = "%Y-%m-%dT%H:%M"
# Behind every text that begins with this day.
END_OF_DAY: Final = "%Y-%m-%d~"
SEEN: Final = {
    "$first_seen_at": "collect_first_seen",
    "$last_seen_at": "collect_last_seen",
}
# From where to where an edge moved.
Edge = tuple[datetime, datetime]
# A statement, and what it is about.
Asking = tuple[str, Mapping[str, object]]


def find_aged(
    connection: Connection, conditions: Iterable[Condition], passing: Passing, *, workspace_id: int
) -> Ids:
    """Return whose facts the time that passed may have made fit, or fit no longer."""
    asked = dict.fromkeys(leaf for condition in conditions for leaf in leaves(condition))
    traits = [leaf for leaf in asked if isinstance(leaf, Trait)]
    engagements = [leaf for leaf in asked if isinstance(leaf, Engagement)]
    asking = (
        *ask_seen(traits, passing),
        *ask_dated([one for one in traits if one.trait not in FACTS], passing),
        *ask_birthdays(traits, passing),
        *ask_reactions(engagements, passing),
    )
    found = [
        read_ids(connection, statement, {**values, "workspace_id": workspace_id})[workspace_id]
        for statement, values in asking
    ]
    return np.unique(np.concatenate([NONE, *found]))


def ask_seen(traits: Iterable[Trait], passing: Passing) -> Iterator[Asking]:
    """Ask whose first or last visit lies where an edge moved."""
    edges: dict[str, list[Edge]] = {}
    for leaf in traits:
        if leaf.trait in SEEN:
            moved = [moment for moment, _ in moved_edges(leaf.test, passing)]
            edges.setdefault(leaf.trait, []).extend(moved)
    for trait, moved in edges.items():
        if moved:
            yield SEEN[trait], spans(moved)


def ask_dated(traits: Iterable[Trait], passing: Passing) -> Iterator[Asking]:
    """Ask who has a date in a trait where an edge moved, by the shop's clocks or in UTC."""
    rows = list(
        dict.fromkeys(
            (leaf.trait, *bounds(clock), *bounds(moment), *days_around(moment))
            for leaf in traits
            for moment, clock in moved_edges(leaf.test, passing)
        )
    )
    if rows:
        names = (
            *("traits", "clock_starts", "clock_ends", "utc_starts", "utc_ends"),
            *("day_starts", "day_ends"),
        )
        yield "collect_dated", dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def ask_birthdays(traits: Iterable[Trait], passing: Passing) -> Iterator[Asking]:
    """Ask whose day of the year came into a stretch of days, or went out of it."""
    rows = [
        (leaf.trait, day)
        for leaf in traits
        if isinstance(leaf.test, Anniversary)
        for day in turned_days(leaf.test, passing)
    ]
    if rows:
        yield (
            "collect_birthdays",
            {"traits": [trait for trait, _ in rows], "days": [day for _, day in rows]},
        )


def ask_reactions(engagements: Iterable[Engagement], passing: Passing) -> Iterator[Asking]:
    """Ask to whom messages went out, and who reacted to one, where an edge moved."""
    edges: dict[str, list[Edge]] = {}
    for leaf in engagements:
        statement = "collect_sent" if leaf.reaction == "sent" else "collect_reacted"
        # What is dated ahead counts once its time has come.
        moved = [(passing.since, passing.now), *window_edges(leaf.during, passing)]
        edges.setdefault(statement, []).extend(moved)
    for statement, moved in edges.items():
        yield statement, spans(moved)


def spans(edges: Iterable[Edge]) -> Mapping[str, object]:
    """Write from where to where edges moved, each once."""
    distinct = {(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]}
    ordered = sorted(distinct)
    return {"starts": [start for start, _ in ordered], "ends": [end for _, end in ordered]}


def moved_edges(test: Comparison, passing: Passing) -> list[tuple[Edge, Edge]]:
    """Return from where to where the edges of a comparison with a date have moved.

    Each is a moment, and what the shop's clocks show then.
    """
    match test:
        case During() | DaysAgo() | DateIn():
            was, now = (date_span(test, at=at) for at in both_ends(passing))
        case _:
            return []
    edges: list[tuple[Edge, Edge]] = []
    if was.start and now.start and was.clock_start and now.clock_start:
        edges.append(((was.start, now.start), (was.clock_start, now.clock_start)))
    if was.end and now.end and was.clock_end and now.clock_end:
        edges.append(((was.end, now.end), (was.clock_end, now.clock_end)))
    return [edge for edge in edges if edge[0][0] != edge[0][1] or edge[1][0] != edge[1][1]]


def both_ends(passing: Passing) -> tuple[Moment, Moment]:
    """Return when the time that passed began, and when it ended."""
    return Moment(now=passing.since, zone=passing.zone), Moment(now=passing.now, zone=passing.zone)


def bounds(edge: Edge) -> tuple[str, str]:
    """Write an edge as texts between which dates are as texts: one minute more at either side."""
    first, last = (plain(moment) for moment in (min(edge), max(edge)))
    return (first - MINUTE).strftime(TO_THE_MINUTE), (last + MINUTE).strftime(TO_THE_MINUTE)


def days_around(edge: Edge) -> tuple[str, str]:
    """Write from which day to which a date lies whose offset from UTC is not looked at."""
    first, last = (plain(moment) for moment in (min(edge), max(edge)))
    return (first - DAY).date().isoformat(), (last + DAY).strftime(END_OF_DAY)


def plain(moment: datetime) -> datetime:
    """Return a moment without its zone: in UTC, or as the clock showed it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def turned_days(test: Anniversary, passing: Passing) -> list[str]:
    """Return which days of the year began or ceased to fit."""
    was, now = (set(birthdays(test, at=at)) for at in both_ends(passing))
    return sorted(was ^ now)
