"""Membership follows the lake: who newly belongs enters, who no longer does leaves.

1. Ask the lake for the members of every segment (nothing is written yet, so no tick waits).
2. Put them beside ``membership``, all segments at once.
3. Write only the differences, each with an event that journeys can begin with.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from pyarrow import csv

from dangol.segments.compile import members
from dangol.segments.condition import BadCondition, Condition, parse_condition
from dangol.store.connect import Connection, empty_working
from dangol.store.crash import crashpoint
from dangol.store.engine import EVENT, people, run
from dangol.store.heads import read_heads
from dangol.store.lake import Lake
from dangol.store.migrate import ensure_event_partitions
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """One segment after a refresh.

    ``fault`` says why a segment was left as it was, and is empty for one that was refreshed.
    """

    name: str
    entered: int = 0
    left: int = 0
    size: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A segment and its newest definition; without a condition, what is wrong with it."""

    id: int
    name: str
    condition: Condition | None = None
    fault: str = ""


def refresh_segments(
    connection: Connection, lake: Lake, *, workspace_id: int, now: datetime
) -> list[Refreshed]:
    """Bring every segment's members up to what the lake holds as of ``now``.

    Returns one entry a segment, by id; nothing at all while another process is refreshing the
    same workspace. A second refresh of the same moment changes nothing. To be called inside a
    transaction: members, events and the time of refresh are committed together or not at all.
    """
    values = {"workspace_id": workspace_id, "now": now}
    if connection.execute(STATEMENTS["lock_segments"], values).fetchone() != (True,):
        return []
    stored = [read_stored(*row) for row in connection.execute(STATEMENTS["read_segments"], values)]
    heads = read_heads(connection, workspace_id=workspace_id)
    found = {
        segment.id: find_members(
            segment.condition, lake, heads=heads, workspace_id=workspace_id, now=now
        )
        for segment in stored
        if segment.condition
    }
    entered, left, size = write_differences(connection, found, workspace_id=workspace_id, now=now)
    crashpoint("segments.before_commit")
    return [
        Refreshed(
            name=segment.name,
            entered=entered.get(segment.id, 0),
            left=left.get(segment.id, 0),
            size=size.get(segment.id, 0),
            fault=segment.fault,
        )
        for segment in stored
    ]


def read_stored(segment_id: int, name: str, definition: str) -> Stored:
    """Read a definition; one that cannot be read must not keep the others from being refreshed."""
    try:
        return Stored(id=segment_id, name=name, condition=parse_condition(definition))
    except BadCondition as fault:
        return Stored(id=segment_id, name=name, fault=str(fault))


def find_members(
    condition: Condition, lake: Lake, *, heads: pa.Table, workspace_id: int, now: datetime
) -> pa.Table:
    """Return the ids of the customers a condition holds for now: one column, ``customer_id``."""
    event = people(EVENT.filter(EVENT.workspace_id == workspace_id), heads=heads)
    return run(members(condition, event, now=now), lake, heads=heads)


def write_differences(
    connection: Connection, found: Mapping[int, pa.Table], *, workspace_id: int, now: datetime
) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Let members in and out; return how many entered, left, and belong now, by segment id."""
    values = {
        "workspace_id": workspace_id,
        "segment_ids": list(found),
        "now": now,
        "moment": now.isoformat(),
    }
    ensure_event_partitions(connection, days=[now.date()])
    copy_found(connection, found)
    entered, left, size = (
        dict(connection.execute(STATEMENTS[statement], values).fetchall())
        for statement in ("enter_members", "leave_members", "stamp_segments")
    )
    return entered, left, size


def copy_found(connection: Connection, found: Mapping[int, pa.Table]) -> None:
    """Put whom the lake found into ``found_member``."""
    empty_working(connection, "found_member")
    with connection.cursor().copy(STATEMENTS["copy_members"]) as rows:
        for segment_id, customers in found.items():
            rows.write(as_csv(segment_id, customers))


def as_csv(segment_id: int, customers: pa.Table) -> bytes:
    """Write one line a customer: the segment's id and the customer's."""
    column = pa.array([segment_id] * customers.num_rows, pa.int32())
    text = io.BytesIO()
    options = csv.WriteOptions(include_header=False)
    csv.write_csv(customers.add_column(0, "segment_id", column), text, options)
    return text.getvalue()
