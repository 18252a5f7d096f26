"""Deleting what is older than its purpose's period: once a day, by itself.

    clear    in one transaction in which nothing ticks or flushes: old events leave the inbox, what
             is counted of them and the journeys they let somebody into; old traits leave their
             customers; the proof of the lake expects the events no longer; the row of
             ``retention_run`` says what is to leave the lake
    forget   the lake's files that hold such events are written anew, older versions of them deleted
    messages the old ones, some at a time (rights/old_messages.py)

Whatever dies in between, the next run goes on where the row says that it stands. A day is one of
the shop's, and what the law wants kept longer than the purpose says stays as long as the law says.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from dangol.consent.retention_law import legal_period
from dangol.rights.access import expire_accesses
from dangol.rights.find import STATEMENTS
from dangol.rights.old_messages import (
    count_old_messages,
    delete_messages,
    read_message_period,
)
from dangol.store.connect import Connection, StoreError
from dangol.store.crash import crashpoint
from dangol.store.lake import Lake, flush_events
from dangol.store.lake_ask import count_parts, list_names
from dangol.store.lake_check import write_off_rows
from dangol.store.lake_forget import Rows
from dangol.store.workspace import read_workspace


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """Events of a purpose that are to go: of these names, from before a moment (UTC)."""

    purpose: str
    days: int
    before: datetime
    names: list[str]
    # The largest number of an event that the lake had when this was decided.
    up_to: int
    events: int = 0


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many went: events and traits by purpose, entries of the access log, messages."""

    events: dict[str, int] = {}
    traits: dict[str, int] = {}
    accesses: int = 0
    messages: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is done; a dry one has changed nothing."""

    begun_at: datetime
    finished_at: datetime
    counts: Counts


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A run whose tables are done and whose lake is not."""

    id: int
    begun_at: datetime
    cuts: list[Cut]
    counts: Counts


def run_retention(
    connection: Connection,
    lake: Lake,
    *,
    workspace_id: int,
    clock: Callable[[Connection], datetime],
) -> Run:
    """Delete what is older than its period, or finish the run that was cut off.

    Commits by itself; needs a connection without a transaction.

    Raises:
        StoreError: a flush was cut off and is not finished yet; to be tried again.
    """
    begun = read_begun(connection, workspace_id=workspace_id)
    if begun is None:
        now = clock(connection)
        # The lake first gets what it is to count.
        _ = flush_events(connection, lake, workspace_id=workspace_id, now=now)
        clear(connection, lake, workspace_id=workspace_id, now=now)
        begun = read_begun(connection, workspace_id=workspace_id)
        if begun is None:
            raise StoreError("Another process has just finished this run; nothing is left to do.")
    crashpoint("retention.after_cleared")
    for cut in begun.cuts:
        forget(connection, lake, cut, run_id=begun.id, workspace_id=workspace_id)
        crashpoint("retention.after_forgotten")
    now = clock(connection)
    before = messages_before(connection, workspace_id=workspace_id, now=now)
    messages = (
        delete_messages(connection, workspace_id=workspace_id, before=before) if before else 0
    )
    with connection.transaction():
        gone = expire_accesses(connection, workspace_id=workspace_id, now=now)
        counts = msgspec.structs.replace(begun.counts, accesses=gone, messages=messages)
        values = {"id": begun.id, "now": now, "counts": write(counts)}
        _ = connection.execute(STATEMENTS["finish_retention"], values)
    return Run(begun_at=begun.begun_at, finished_at=now, counts=counts)


def count_retention(connection: Connection, lake: Lake, *, workspace_id: int, now: datetime) -> Run:
    """Count what a run would delete; changes nothing. Events that no flush has taken wait."""
    with connection.transaction(force_rollback=True):
        cuts = plan_cuts(connection, lake, workspace_id=workspace_id, now=now)
        stale = plan_traits(connection, workspace_id=workspace_id, now=now)
        counts = Counts(
            events=sum_events(cuts),
            traits=count_traits(connection, stale, workspace_id=workspace_id),
            accesses=expire_accesses(connection, workspace_id=workspace_id, now=now),
            messages=count_old_messages(connection, workspace_id=workspace_id, before=before)
            if (before := messages_before(connection, workspace_id=workspace_id, now=now))
            else 0,
        )
    return Run(begun_at=now, finished_at=now, counts=counts)


def clear(connection: Connection, lake: Lake, *, workspace_id: int, now: datetime) -> None:
    """Do the tables, and note what is to leave the lake."""
    values: dict[str, object] = {"workspace_id": workspace_id, "now": now}
    with connection.transaction():
        _ = connection.execute(STATEMENTS["wait_for_tick"], values)
        _ = connection.execute(STATEMENTS["wait_for_flush"], values)
        if connection.execute(STATEMENTS["read_open_retention"], values).fetchone():
            return
        flushed = connection.execute(STATEMENTS["read_flush"], values).fetchone()
        if flushed is None or flushed[2]:
            raise StoreError("A flush was cut off and is not finished yet; try again.")
        cuts = plan_cuts(connection, lake, workspace_id=workspace_id, now=now)
        for cut in cuts:
            clear_cut(connection, lake, cut, workspace_id=workspace_id)
        stale = plan_traits(connection, workspace_id=workspace_id, now=now)
        counts = Counts(
            events=sum_events(cuts),
            traits=count_traits(connection, stale, workspace_id=workspace_id),
        )
        _ = connection.execute(STATEMENTS["delete_old_traits"], values_of(stale) | values)
        begun = {
            "cuts": msgspec.json.encode(cuts).decode(),
            "counts": write(counts),
            "flushed_by": flushed[0],
            "flushed_to": flushed[1],
        }
        _ = connection.execute(STATEMENTS["insert_retention"], values | begun)


def clear_cut(connection: Connection, lake: Lake, cut: Cut, *, workspace_id: int) -> None:
    """Delete a cut's events from the tables, and owe them no longer to the lake's proof."""
    rows = rows_of(cut, workspace_id=workspace_id)
    every = Rows(workspace_id=workspace_id, names=cut.names)
    counted = count_parts(lake, every, before=cut.before)
    write_off_rows(connection, lake, rows)
    values = {
        "workspace_id": workspace_id,
        "event_names": cut.names,
        "before": cut.before,
    }
    _ = connection.execute(STATEMENTS["delete_old_events"], values)
    _ = connection.execute(STATEMENTS["blank_old_entries"], values)
    parts = {
        "workspace_id": workspace_id,
        "names": cut.names,
        "customer_ids": counted["customer_id"],
        "event_names": counted["name"],
        "gone": counted["gone"],
        "revenues": counted["revenue"],
        "first_left": counted["first_left"],
    }
    _ = connection.execute(STATEMENTS["lessen_activity"], parts)
    _ = connection.execute(STATEMENTS["combine_lessened"], parts)


def forget(connection: Connection, lake: Lake, cut: Cut, *, run_id: int, workspace_id: int) -> None:
    """Take a cut's events out of the lake while no flush of the workspace runs.

    What a flush has brought since the tables were done is none of this run's: its proof expects it.
    """
    values = {
        "workspace_id": workspace_id,
        "id": run_id,
        "up_to": cut.up_to,
        "before": cut.before,
        "event_names": cut.names,
    }
    with connection.transaction():
        _ = connection.execute(STATEMENTS["wait_for_flush"], values)
        spared = connection.execute(STATEMENTS["list_spared"], values).fetchall()
        numbers = [int(row[0]) for row in spared]
        _ = lake.forget_rows(rows_of(cut, workspace_id=workspace_id, spared=numbers))


def plan_cuts(connection: Connection, lake: Lake, *, workspace_id: int, now: datetime) -> list[Cut]:
    """Return which of the lake's events are older than their period, by purpose and period."""
    zone = read_workspace(connection, workspace_id=workspace_id).zone
    known = {one.name: one for one in list_names(lake, workspace_id=workspace_id)}
    values = {"workspace_id": workspace_id, "event_names": list(known)}
    found: dict[tuple[str, int], list[str]] = {}
    for name, purpose, days in connection.execute(STATEMENTS["list_event_periods"], values):
        kept = kept_days(name, days)
        if known[name].first_at < day_before(now, days=kept, zone=zone):
            found.setdefault((purpose, kept), []).append(name)
    cuts = [
        Cut(
            purpose=purpose,
            days=days,
            before=day_before(now, days=days, zone=zone),
            names=names,
            up_to=max(known[name].last_number for name in names),
        )
        for (purpose, days), names in sorted(found.items())
    ]
    return [
        msgspec.structs.replace(cut, events=lake.count(rows_of(cut, workspace_id=workspace_id)))
        for cut in cuts
    ]


def messages_before(connection: Connection, *, workspace_id: int, now: datetime) -> datetime | None:
    """Return before when messages are too old (UTC); None where they are kept for good."""
    with connection.transaction():
        zone = read_workspace(connection, workspace_id=workspace_id).zone
        days = read_message_period(connection, workspace_id=workspace_id)
    return None if days is None else day_before(now, days=days, zone=zone)


def kept_days(event_name: str, days: int) -> int:
    """Return for how many days events of a name are kept: the purpose's, or the law's if longer."""
    period = legal_period(event_name)
    return max(days, period.days) if period else days


def day_before(now: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """Return when the shop's day began that lies so many days before today (UTC)."""
    day = now.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def plan_traits(
    connection: Connection, *, workspace_id: int, now: datetime
) -> dict[str, tuple[str, datetime]]:
    """Return, for each trait that has a period, its purpose and before when it is too old."""
    zone = read_workspace(connection, workspace_id=workspace_id).zone
    rows = connection.execute(STATEMENTS["list_trait_periods"], {"workspace_id": workspace_id})
    return {name: (purpose, day_before(now, days=days, zone=zone)) for name, purpose, days in rows}


def count_traits(
    connection: Connection, stale: Mapping[str, tuple[str, datetime]], *, workspace_id: int
) -> dict[str, int]:
    """Count the traits that are too old, by purpose."""
    values = values_of(stale) | {"workspace_id": workspace_id}
    counts: Counter[str] = Counter()
    for name, count in connection.execute(STATEMENTS["count_old_traits"], values):
        counts[stale[name][0]] += count
    return dict(counts)


def values_of(stale: Mapping[str, tuple[str, datetime]]) -> dict[str, object]:
    moments = [before for _, before in stale.values()]
    return {"trait_names": list(stale), "moments": moments}


def rows_of(cut: Cut, *, workspace_id: int, spared: Sequence[int] = ()) -> Rows:
    return Rows(
        workspace_id=workspace_id,
        names=cut.names,
        before=cut.before,
        up_to=cut.up_to,
        spared=spared,
    )


def sum_events(cuts: Sequence[Cut]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for cut in cuts:
        counts[cut.purpose] += cut.events
    return dict(counts)


def write(counts: Counts) -> str:
    return msgspec.json.encode(counts).decode()


def read_begun(connection: Connection, *, workspace_id: int) -> Begun | None:
    """Return the run that is not finished, None where there is none."""
    values = {"workspace_id": workspace_id}
    with connection.transaction():
        row = connection.execute(STATEMENTS["read_open_retention"], values).fetchone()
    if row is None:
        return None
    return Begun(
        id=row[0],
        begun_at=row[1],
        cuts=msgspec.json.decode(row[2], type=list[Cut]),
        counts=msgspec.json.decode(row[3], type=Counts),
    )


def read_last_run(connection: Connection, *, workspace_id: int) -> Run | None:
    """Return the last run that is done, None where there is none yet."""
    values = {"workspace_id": workspace_id}
    row = connection.execute(STATEMENTS["read_last_retention"], values).fetchone()
    if row is None:
        return None
    counts = msgspec.json.decode(row[2], type=Counts)
    return Run(begun_at=row[0], finished_at=row[1], counts=counts)


def retentions_due(connection: Connection, *, now: datetime) -> list[int]:
    """Return the workspaces where it is past two at night and nothing was deleted today.

    Where a run was cut off, it is due at once.
    """
    rows = connection.execute(STATEMENTS["list_due_retentions"], {"now": now}).fetchall()
    return [int(row[0]) for row in rows]
