"""Membership follows the lake: who newly belongs enters, who no longer does leaves.

1. Read the facts of the customers that some segment asks for.
2. Ask the lake and the facts for the members of every segment (nothing is written yet, so no tick
   waits).
3. Put them beside ``membership``, all segments at once.
4. Write only the differences, each with an event that journeys can begin with.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyarrow import csv

from dangol.segments.compare import Moment
from dangol.segments.condition import Condition, EventLeaf, leaves
from dangol.segments.evaluate import Ids, Truth, ask_leaf, find_members, order_segments, spread
from dangol.segments.facts import Facts, TableLeaf, read_facts
from dangol.segments.faults import BadCondition
from dangol.segments.parse import parse_condition
from dangol.store.connect import Connection, empty_working
from dangol.store.crash import crashpoint
from dangol.store.engine import EVENT, people, run
from dangol.store.heads import read_heads
from dangol.store.lake import Lake
from dangol.store.migrate import ensure_event_partitions
from dangol.store.statements import load_statements
from dangol.store.workspace import read_workspace

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
    ordered = order_segments({one.name: one.condition for one in stored if one.condition})
    asked = {leaf: None for tree in ordered.trees.values() for leaf in leaves(tree)}
    zone = ZoneInfo(read_workspace(connection, workspace_id=workspace_id).time_zone)
    at = Moment(now=now, zone=zone)
    facts = read_facts(connection, asked, workspace_id=workspace_id, now=now)
    heads = read_heads(connection, workspace_id=workspace_id)
    truths = find_members(
        ordered.trees,
        ids_of(facts["customer_fact"]),
        answer=answer_from(lake, heads=heads, facts=facts, workspace_id=workspace_id, at=at),
    )
    found = {
        segment.id: facts["customer_fact"]
        .select(["customer_id"])
        .filter(pa.array(truths[segment.name]))
        for segment in stored
        if segment.name in truths
    }
    entered, left, size = write_differences(connection, found, workspace_id=workspace_id, now=now)
    crashpoint("segments.before_commit")
    return [
        Refreshed(
            name=segment.name,
            entered=entered.get(segment.id, 0),
            left=left.get(segment.id, 0),
            size=size.get(segment.id, 0),
            fault=segment.fault or str(ordered.faults.get(segment.name, "")),
        )
        for segment in stored
    ]


def read_stored(segment_id: int, name: str, definition: str) -> Stored:
    """Read a definition; one that cannot be read must not keep the others from being refreshed."""
    try:
        return Stored(id=segment_id, name=name, condition=parse_condition(definition))
    except BadCondition as fault:
        return Stored(id=segment_id, name=name, fault=str(fault))


def ids_of(customers: pa.Table) -> Ids:
    """Return the ids of some customers as numbers."""
    return customers["customer_id"].to_numpy()


def answer_from(
    lake: Lake, *, heads: pa.Table, facts: Facts, workspace_id: int, at: Moment
) -> Callable[[TableLeaf | EventLeaf], Truth]:
    """Return what answers one condition for all customers."""
    event = people(EVENT.filter(EVENT.workspace_id == workspace_id), heads=heads)
    customers = ids_of(facts["customer_fact"])

    def answer(leaf: TableLeaf | EventLeaf) -> Truth:
        question = ask_leaf(leaf, event, at=at)
        exceptions = run(question.exceptions, lake, heads=heads, facts=facts)
        return spread(question.default, ids_of(exceptions), customers)

    return answer


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
