"""The columns of the lake, and what happens when a lake was written by another version of Dangol.

A column may be added: files that lack it read as null. None is ever removed or changed. A lake
with columns that this version does not know is read, for they do no harm, but not written, for
their values would be lost.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from typing import Final

import pyarrow as pa
from deltalake import DeltaTable, Field, Schema
from deltalake.exceptions import DeltaError

from dangol.store.connect import StoreError

MONEY: Final = pa.decimal128(18, 4)
MOMENT: Final = pa.timestamp("us", tz="UTC")
# In the order of sql/read_planned_events.sql.
EVENT_SCHEMA: Final = pa.schema(
    [
        ("workspace_id", pa.int32()),
        ("customer_id", pa.int64()),
        ("event_id", pa.int64()),
        ("occurred_at", MOMENT),
        ("received_at", MOMENT),
        ("day", pa.date32()),
        ("month", pa.date32()),
        ("type", pa.string()),
        ("name", pa.string()),
        ("message_id", pa.string()),
        ("order_id", pa.string()),
        ("revenue", MONEY),
        ("currency", pa.string()),
        ("product_id", pa.string()),
        ("category", pa.string()),
        ("quantity", MONEY),
        # JSON text.
        ("properties", pa.string()),
    ]
)
# The month names a folder rather than a column of the files.
FILE_SCHEMA: Final = EVENT_SCHEMA.remove(EVENT_SCHEMA.get_field_index("month"))
# Statistics in the log for the columns that questions narrow by; on all of them it grows fast.
CONFIGURATION: Final = {"delta.dataSkippingStatsColumns": "customer_id,occurred_at"}
# Set on a table whose older files lack columns, so that only its readers pay for that.
WIDENED: Final = "dangol.widened"


def fit(table: DeltaTable) -> None:
    """Let a table that an older Dangol made take today's columns.

    Raises:
        StoreError: a newer Dangol wrote it, or a column is not what it must be.
    """
    refuse_foreign(table)
    missing = missing_columns(table)
    if not missing:
        return
    try:
        table.alter.add_columns(missing)
    except DeltaError:
        # Another process of today's version may have been first.
        table.update_incremental()
        if missing_columns(table):
            raise
    table.alter.set_table_properties({WIDENED: "true"}, raise_if_not_exists=False)


def is_widened(table: DeltaTable) -> bool:
    """Tell whether some files may lack columns."""
    return WIDENED in table.metadata().configuration


def missing_columns(table: DeltaTable) -> list[Field]:
    """Return the columns that the table lacks."""
    there = {field.name for field in table.schema().fields}
    return [field for field in Schema.from_arrow(EVENT_SCHEMA).fields if field.name not in there]


def refuse_foreign(table: DeltaTable) -> None:
    """Refuse to write where something would be lost."""
    ours = {field.name: field.type for field in Schema.from_arrow(EVENT_SCHEMA).fields}
    there = {field.name: field.type for field in table.schema().fields}
    if unknown := sorted(there.keys() - ours.keys()):
        raise StoreError(
            f"The lake has columns that this Dangol does not know: {', '.join(unknown)}. "
            "A newer version wrote it; start that version. Nothing is lost meanwhile: events wait "
            "in the database."
        )
    for name in sorted(there):
        if there[name] != ours[name]:
            raise StoreError(
                f"The lake's column {name} is {there[name]} and must be {ours[name]}. "
                "Another program changed the table; restore the lake from a backup."
            )
