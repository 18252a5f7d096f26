"""Verdicts beside memberships: who is to enter and who is to leave, and writing just that."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from pyarrow import csv

from dangol.segments.evaluate import Ids, Truth
from dangol.store.connect import Connection, empty_working
from dangol.store.migrate import ensure_event_partitions
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who is to enter a segment, and who is to leave it."""

    entering: Ids
    leaving: Ids

    def __bool__(self) -> bool:
        """Tell whether there is anything to change."""
        return bool(len(self.entering) or len(self.leaving))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many entered and left, by segment id."""

    entered: dict[int, int]
    left: dict[int, int]


def difference(members: Ids, customers: Ids, fits: Truth) -> Change:
    """Compare members with the verdict on these customers; members who are not among them leave.

    Both are in order.
    """
    belonging = customers[fits]
    return Change(
        entering=np.setdiff1d(belonging, members, assume_unique=True),
        leaving=np.setdiff1d(members, belonging, assume_unique=True),
    )


def write_changes(
    connection: Connection, changes: Mapping[int, Change], *, workspace_id: int, now: datetime
) -> Written:
    """Let members in and out, and tell the journeys."""
    changes = {segment_id: change for segment_id, change in changes.items() if change}
    if not changes:
        return Written(entered={}, left={})
    values = {"workspace_id": workspace_id, "now": now, "moment": now.isoformat()}
    ensure_event_partitions(connection, days=[now.date()])
    copy_changes(connection, changes)
    entered, left = (
        dict(connection.execute(STATEMENTS[statement], values).fetchall())
        for statement in ("enter_members", "leave_members")
    )
    return Written(entered=entered, left=left)


def copy_changes(connection: Connection, changes: Mapping[int, Change]) -> None:
    """Put who changes into ``member_change``."""
    empty_working(connection, "member_change")
    with connection.cursor().copy(STATEMENTS["copy_changes"]) as rows:
        for segment_id, change in changes.items():
            rows.write(as_csv(segment_id, change.entering, enters=True))
            rows.write(as_csv(segment_id, change.leaving, enters=False))


def as_csv(segment_id: int, customers: Ids, *, enters: bool) -> bytes:
    """Write one line a customer: the segment's id, the customer's, and whether they enter."""
    size = len(customers)
    columns = {
        "segment_id": pa.array(np.full(size, segment_id, np.int32)),
        "customer_id": pa.array(customers),
        "enters": pa.array(np.full(size, enters)),
    }
    text = io.BytesIO()
    csv.write_csv(pa.table(columns), text, csv.WriteOptions(include_header=False))
    return text.getvalue()
