"""What a demonstration came to, as one object."""

import resource
import sys
from collections import defaultdict
from datetime import datetime
from typing import Final

import msgspec

from dangol.app.clock import STATEMENTS, frozen_time
from dangol.app.mailbox import DEAD
from dangol.app.reader import SHARES
from dangol.store.connect import Connection
from dangol.store.lake import Lake

# getrusage counts in KiB on Linux and in bytes on macOS.
UNITS_PER_MB: Final = 1_048_576 if sys.platform == "darwin" else 1_024
Counts = dict[str, int]


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one step that a law of conservation does not account for."""

    law: str
    journey_id: int
    step_number: int
    count: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one demonstration; seconds are those of all its runs together."""

    data: str
    # What the data lacks and somebody therefore made up.
    made_up: dict[str, object]
    replayed_until: datetime | None
    rows: int
    events: int
    customers: int
    segments: Counts
    enrollments: dict[str, Counts]
    messages: Counts
    decisions: dict[str, Counts]
    deliveries: Counts
    receipts: Counts
    parked: Counts
    conservation: bool
    violations: list[Violation]
    seconds: dict[str, float]
    # Of the process that replays, without PostgreSQL, server and mailbox.
    peak_memory_mb: float


def summarize(
    connection: Connection,
    lake: Lake,
    *,
    workspace_id: int,
    data: str,
    rows: int,
    seconds: dict[str, float],
) -> Summary:
    """Count everything from the tables, and the events from the history, which has them all."""
    with connection.transaction():
        counts = count_flow(connection, workspace_id=workspace_id)
        violations = find_violations(connection, workspace_id=workspace_id)
        until = frozen_time(connection)
    return Summary(
        data=data,
        made_up={"addresses": True, "consents": True, "dead": DEAD, "readers": SHARES},
        replayed_until=until,
        rows=rows,
        events=lake.count_events(),
        customers=sum(by_kind(counts, "customers").values()),
        segments=by_kind(counts, "segments"),
        enrollments=by_reason(counts, "enrollments"),
        messages=by_kind(counts, "messages"),
        decisions=by_reason(counts, "decisions"),
        deliveries=by_kind(counts, "deliveries"),
        receipts=by_kind(counts, "receipts"),
        parked=by_kind(counts, "parked"),
        conservation=not violations,
        violations=violations,
        seconds={name: round(value, 2) for name, value in sorted(seconds.items())},
        peak_memory_mb=round(peak_memory(), 1),
    )


def count_flow(connection: Connection, *, workspace_id: int) -> dict[tuple[str, str, str], int]:
    """Return every figure by thing, kind and reason."""
    rows = connection.execute(STATEMENTS["count_flow"], {"workspace_id": workspace_id})
    return {(thing, kind, reason): figure for thing, kind, reason, figure in rows}


def find_violations(connection: Connection, *, workspace_id: int) -> list[Violation]:
    """Return the steps at which a message is unaccounted for."""
    rows = connection.execute(STATEMENTS["find_unaccounted"], {"workspace_id": workspace_id})
    return [
        Violation(law=law, journey_id=journey, step_number=step, count=int(count))
        for law, journey, step, count in rows
    ]


def by_kind(counts: dict[tuple[str, str, str], int], wanted: str) -> Counts:
    """Return the figures of one thing by kind."""
    return {kind: figure for (thing, kind, _), figure in counts.items() if thing == wanted}


def by_reason(counts: dict[tuple[str, str, str], int], wanted: str) -> dict[str, Counts]:
    """Return the figures of one thing by kind, then reason."""
    found: dict[str, Counts] = defaultdict(dict)
    for (thing, kind, reason), figure in counts.items():
        if thing == wanted:
            found[kind][reason] = figure
    return dict(found)


def peak_memory() -> float:
    """Return the most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNITS_PER_MB
