"""Proof that the lake holds what acted: every event, once, as it came.

Three witnesses are put beside the lake, with counts and sums of digests (equal sums, equal
events, in whatever order):

1. the inbox, day by day of arrival, as long as it has those days;
2. ``lake_month``, which every flush counts on, for all that the inbox no longer has;
3. the lake itself: the files its log names are there, no event stands twice, each is in its month.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from dangol.store.connect import Connection, StoreError
from dangol.store.lake import Lake
from dangol.store.lake_ask import (
    LAST_NUMBER,
    Range,
    find_doubles,
    sum_days,
    sum_months,
    sum_parts,
    sum_rows,
)
from dangol.store.lake_forget import Rows
from dangol.store.lake_hold import hold_flushes
from dangol.store.lake_rows import Sum, read_planned_events
from dangol.store.migrate import event_partitions
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")
NOTHING: Final = Sum()
EXAMPLES: Final = 5
# First the ranges of numbers in which a day differs, then the numbers in the first of them.
SPAN: Final = 65_536
# Which events acted is known of the last seven days (ingest/sql/remember_acted.sql).
KNOWN_DAYS: Final = 7
REMEDIES: Final = {
    "lost file": "Put it back from a backup of the lake's folder or bucket; then verify again.",
    "broken file": "Put it back from a backup of the lake's folder or bucket; then verify again.",
    "unreadable": "Check that the lake can be reached and read; then verify again.",
    "doubled event": "Restore the lake from a backup, or delete the surplus rows with any Delta "
    "client; and report it, for it must not happen.",
    "wrong month": "Restore the month from a backup; and report it, for it must not happen.",
    "day differs": "Restore the lake and the database from the same backup, or report it with the "
    "examples: the inbox has the day until it is dropped after DANGOL_EVENT_KEEP_DAYS.",
    "month differs": "Restore the month from a backup of the lake that is not older than the "
    "database, or report it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that is not as it must be; ``where`` is a file, a UTC day or a month."""

    kind: str
    where: str
    workspace_id: int | None = None
    expected: int | None = None
    found: int | None = None
    examples: tuple[str, ...] = ()

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was compared, as of which commit of the lake, and what differs."""

    version: int
    events: int
    days: int
    months: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far a workspace's events are in the lake: up to this cursor.

    It is the plan's, where a flush was cut off after the lake had taken it.
    """

    workspace_id: int
    reader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Inbox and lake as of one moment in which no flush was under way."""

    connection: Connection
    lake: Lake
    reached: tuple[Reached, ...]
    # The UTC days the inbox still has and of which it is known which events acted.
    days: frozenset[date]

    @property
    def since(self) -> date:
        """The first of the days."""
        return min(self.days, default=date.max - timedelta(days=1))


def verify_lake(connection: Connection, lake: Lake, *, now: datetime) -> Proof:
    """Compare the lake with all that is known of it; flushes go on meanwhile.

    Needs a connection without a transaction. ``days`` and ``months`` of the proof count what was
    compared, for each workspace.
    """
    with hold_still(connection, lake, now=now) as scene:
        if broken := tuple(check_files(scene.lake)):
            # What cannot be read cannot be compared.
            return Proof(
                version=scene.lake.version(), events=0, days=0, months=0, differences=broken
            )
        try:
            return compare(scene)
        except StoreError as fault:
            unreadable = Difference(kind="unreadable", where=str(fault))
            return Proof(
                version=scene.lake.version(), events=0, days=0, months=0, differences=(unreadable,)
            )


@contextmanager
def hold_still(connection: Connection, lake: Lake, *, now: datetime) -> Generator[Scene]:
    """Yield both sides as of one moment; only while it is taken, flushes wait."""
    known = (now.astimezone(UTC) - timedelta(days=KNOWN_DAYS - 1)).date()
    with ExitStack() as snapshot:
        with hold_flushes(connection):
            snapshot.enter_context(connection.transaction())
            connection.execute("set transaction isolation level repeatable read")
            flushes = connection.execute(STATEMENTS["list_flushes"]).fetchall()
            still = lake.pinned()
        yield Scene(
            connection=connection,
            lake=still,
            reached=tuple(read_reached(still, *flush) for flush in flushes),
            days=frozenset(day for day in event_partitions(connection) if day >= known),
        )


def read_reached(lake: Lake, workspace_id: int, flushed: int, planned: int) -> Reached:
    """Tell how far the lake is; its own note of the last flush decides."""
    taken = lake.last_step(workspace_id)
    cut_off = flushed < planned == taken
    return Reached(workspace_id=workspace_id, reader="lake_plan" if cut_off else "lake")


def check_files(lake: Lake) -> Iterator[Difference]:
    """Find files that the log names and that are not there, or not whole."""
    for file in lake.look_after_files():
        if file.size is None:
            yield Difference(kind="lost file", where=file.path)
        elif file.size != file.logged_size:
            yield Difference(
                kind="broken file", where=file.path, expected=file.logged_size, found=file.size
            )


def compare(scene: Scene) -> Proof:
    """Put every witness beside the lake."""
    months = sum_months(scene.lake)
    owed_months = {
        (place.workspace_id, month): owed
        for place in scene.reached
        for month, owed in read_months(scene, place).items()
    }
    owed_days = {
        (place.workspace_id, day): owed
        for place in scene.reached
        for day, owed in sum_inbox_days(scene, place).items()
    }
    days = {
        key: found
        for key, found in sum_days(scene.lake, since=scene.since).items()
        if key[1] in scene.days
    }
    return Proof(
        version=scene.lake.version(),
        events=sum(found.events for found in months.values()),
        days=len(owed_days),
        months=len(owed_months),
        differences=(
            *check_itself(scene.lake),
            *differ(owed_months, months, kind="month differs"),
            *(
                add_examples(scene, difference)
                for difference in differ(owed_days, days, kind="day differs")
            ),
        ),
    )


def check_itself(lake: Lake) -> Iterator[Difference]:
    """Find what is wrong in the lake whatever anybody else says."""
    for workspace_id, event_id, count in find_doubles(lake, limit=EXAMPLES):
        where = f"event {event_id}"
        yield Difference(
            kind="doubled event", where=where, workspace_id=workspace_id, expected=1, found=count
        )
    for month, count in sorted(lake.count_misplaced().items()):
        yield Difference(kind="wrong month", where=month.isoformat(), expected=0, found=count)


def differ(
    owed: Mapping[tuple[int, date], Sum], found: Mapping[tuple[int, date], Sum], *, kind: str
) -> Iterator[Difference]:
    """Yield where what is there is not what must be there."""
    for key in sorted(owed.keys() | found.keys()):
        expected, there = owed.get(key, NOTHING), found.get(key, NOTHING)
        if expected != there:
            yield Difference(
                kind=kind,
                where=key[1].isoformat(),
                workspace_id=key[0],
                expected=expected.events,
                found=there.events,
            )


def read_months(scene: Scene, place: Reached) -> dict[date, Sum]:
    """Return what the lake has to hold of each month."""
    values = {"workspace_id": place.workspace_id}
    rows = scene.connection.execute(STATEMENTS["read_lake_months"], values)
    months = {month: Sum(events, int(digests)) for month, events, digests in rows}
    if place.reader == "lake_plan":
        planned = read_planned_events(scene.connection, workspace_id=place.workspace_id)
        for month, more in planned.months.items():
            months[month] = months.get(month, NOTHING) + more
    return {month: owed for month, owed in months.items() if owed != NOTHING}


def sum_inbox_days(scene: Scene, place: Reached) -> dict[date, Sum]:
    """Return what arrived on each of the scene's days and must be in the lake."""
    rows = ask_inbox(scene.connection, place, Range(since=scene.since), span=LAST_NUMBER)
    return {day: Sum(events, int(digests)) for day, _, events, digests in rows}


def ask_inbox(
    connection: Connection, place: Reached, within: Range, *, span: int
) -> list[tuple[date, int, int, Decimal]]:
    """Sum the inbox by day and by ranges of ``span`` numbers each."""
    first, end = within.moments
    values = {
        "workspace_id": place.workspace_id,
        "reader": place.reader,
        "since": first,
        "until": end,
        "low": within.low,
        "high": within.high,
        "span": span,
    }
    return connection.execute(STATEMENTS["sum_inbox"], values).fetchall()


def add_examples(scene: Scene, difference: Difference) -> Difference:
    """Name some of the events by which a day differs."""
    day = date.fromisoformat(difference.where)
    place = next(one for one in scene.reached if one.workspace_id == difference.workspace_id)
    within = Range(since=day, until=day + timedelta(days=1))
    parts = compare_parts(scene, place, within, span=SPAN)
    low = min(parts) * SPAN
    narrow = replace(within, low=low, high=low + SPAN - 1)
    events = compare_parts(scene, place, narrow, span=1)
    said = (f"event {number} {events[number]}" for number in sorted(events)[:EXAMPLES])
    return replace(difference, examples=tuple(said))


def compare_parts(scene: Scene, place: Reached, within: Range, *, span: int) -> dict[int, str]:
    """Return the ranges of numbers in which inbox and lake differ, and how."""
    rows = ask_inbox(scene.connection, place, within, span=span)
    owed = {part: Sum(events, int(digests)) for _, part, events, digests in rows}
    found = sum_parts(scene.lake, within, workspace_id=place.workspace_id, span=span)
    return {
        part: name_difference(owed.get(part, NOTHING), found.get(part, NOTHING))
        for part in owed.keys() | found.keys()
        if owed.get(part) != found.get(part)
    }


def name_difference(owed: Sum, found: Sum) -> str:
    """Say what happened to an event, or to a range of them."""
    if found.events < owed.events:
        return "is not in the lake"
    if not owed.events:
        return "is only in the lake"
    return "stands there twice" if found.events > owed.events else "was changed"


def write_off_customer(
    connection: Connection, lake: Lake, *, workspace_id: int, customer_id: int
) -> None:
    """Owe a customer's events no longer: they are about to be erased from the lake.

    To be called in the transaction that decides on the erasure, while no flush of the workspace
    is under way; what the lake holds of the customer at that moment is what is written off.
    """
    write_off_rows(connection, lake, Rows(workspace_id=workspace_id, customer_ids=[customer_id]))


def write_off_rows(connection: Connection, lake: Lake, rows: Rows) -> None:
    """Owe these events no longer, as ``write_off_customer`` does a customer's."""
    if rows.is_empty:
        return
    for month, held in sum_rows(lake, rows):
        values = {"workspace_id": rows.workspace_id, "month": month}
        less = {"events": held.events, "digests": held.digests}
        connection.execute(STATEMENTS["write_off_month"], {**values, **less})
