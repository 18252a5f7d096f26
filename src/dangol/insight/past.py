"""What happened in some past days, and what everybody had done by then?"""

# ibis and pyarrow ship no types, and an expression has its operators only at run time.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportOperatorIssue=false
# pyright: reportArgumentType=false, reportAttributeAccessIssue=false

from datetime import datetime

import ibis.expr.types as ir
import pyarrow as pa

from dangol.store.engine import EVENT, people, run
from dangol.store.lake import Lake


def read_past_events(
    lake: Lake, *, workspace_id: int, since: datetime, until: datetime, heads: pa.Table
) -> pa.Table:
    """Return the events that occurred after ``since`` and up to ``until``, in their order.

    Each is under its head, as parts and heads are today.
    """
    event = theirs(workspace_id, heads=heads)
    within = event.filter(event.occurred_at > since, event.occurred_at <= until)
    chosen = within.select(
        "event_id",
        "occurred_at",
        "type",
        "name",
        "message_id",
        "customer_id",
        "order_id",
        "revenue",
        "currency",
        "product_id",
        "category",
        "quantity",
        "properties",
    )
    return run(chosen.order_by("occurred_at", "event_id"), lake, heads=heads)


def read_past_activity(
    lake: Lake, *, workspace_id: int, since: datetime, heads: pa.Table
) -> pa.Table:
    """Return what everybody had done up to ``since``, by event: first, last, how often, revenue."""
    event = theirs(workspace_id, heads=heads)
    before = event.filter(event.occurred_at <= since)
    counted = before.group_by("customer_id", event_name="name").agg(
        first_at=before.occurred_at.min(),
        last_at=before.occurred_at.max(),
        count=before.count(),
        revenue=before.revenue.sum().fill_null(0),
    )
    return run(counted.order_by("customer_id", "event_name"), lake, heads=heads)


def theirs(workspace_id: int, *, heads: pa.Table) -> ir.Table:
    """Return a workspace's events, each under its head."""
    event = people(EVENT, heads=heads)
    return event.filter(event.workspace_id == workspace_id, event.customer_id.notnull())
