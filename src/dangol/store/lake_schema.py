"""The columns of the lake, and what happens when a lake was written by another version of Dangol.

A column may be added: files that lack it read as null. None is ever removed or changed.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from typing import Final

import pyarrow as pa

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
# Statistics in the log for the columns that questions narrow by; on all of them it grows fast.
CONFIGURATION: Final = {"delta.dataSkippingStatsColumns": "customer_id,occurred_at"}
