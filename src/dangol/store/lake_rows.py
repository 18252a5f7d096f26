"""What a flush takes: the planned events in the lake's columns, and what they add to each month."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from dangol.store.arrow import read_table
from dangol.store.connect import Connection
from dangol.store.lake_schema import EVENT_SCHEMA
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")
READ_SCHEMA: Final = EVENT_SCHEMA.append(pa.field("digest", pa.int64()))
# Wide enough for the sum of any number of digests.
SUM: Final = pa.decimal128(38, 0)


@dataclass(frozen=True, slots=True)
class Sum:
    """So many events, and the sum of their digests: equal sums, equal events, in any order."""

    events: int = 0
    digests: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.events + other.events, self.digests + other.digests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The events of a plan in the lake's columns, sorted by customer, and their sum by month."""

    events: pa.Table
    months: dict[date, Sum]


def read_planned_events(connection: Connection, *, workspace_id: int) -> Planned:
    """Return the open plan's events."""
    values = {"workspace_id": workspace_id}
    rows = read_table(connection, STATEMENTS["read_planned_events"], values, READ_SCHEMA)
    return Planned(events=rows.drop_columns("digest"), months=sum_months(rows))


def sum_months(rows: pa.Table) -> dict[date, Sum]:
    """Sum rows with ``month`` and ``digest`` by month."""
    wide = pa.table({"month": rows["month"], "digest": rows["digest"].cast(SUM)})
    summed = wide.group_by("month").aggregate([("digest", "count"), ("digest", "sum")])
    return {
        row["month"]: Sum(row["digest_count"], int(row["digest_sum"])) for row in summed.to_pylist()
    }


def add_months(connection: Connection, months: dict[date, Sum], *, workspace_id: int) -> None:
    """Note what the lake now has to hold more, in the transaction that finishes the flush."""
    for month, more in sorted(months.items()):
        values = {"workspace_id": workspace_id, "month": month}
        connection.execute(
            STATEMENTS["add_lake_month"],
            {**values, "events": more.events, "digests": more.digests},
        )
