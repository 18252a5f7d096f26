"""What did this customer do?"""

# ibis and pyarrow ship no types, and an expression has its operators only at run time.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportOperatorIssue=false, reportArgumentType=false

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

import ibis
import ibis.expr.types as ir
from psycopg.rows import class_row

from dangol.store.connect import Connection
from dangol.store.engine import EVENT, look_up
from dangol.store.heads import read_person
from dangol.store.lake import Lake
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.insight")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One event of a customer; times are in UTC, ``properties`` is JSON text."""

    event_id: int
    occurred_at: datetime
    type: str
    name: str
    order_id: str | None
    revenue: Decimal | None
    currency: str | None
    product_id: str | None
    category: str | None
    quantity: Decimal | None
    properties: str

    @property
    def key(self) -> tuple[datetime, int]:
        """Where the event stands among a customer's."""
        return self.occurred_at, self.event_id


def timeline(
    connection: Connection,
    lake: Lake,
    *,
    workspace_id: int,
    customer_id: int,
    limit: int,
    before: tuple[datetime, int] | None = None,
) -> list[TimelineEvent]:
    """Return a customer's newest events, newest first.

    Covers the lake and what is still on its way there, each event once, and what was done under
    the ids of all who were merged into this customer. ``before`` continues an
    earlier page: it is the ``key`` of that page's last event.
    """
    # The inbox first: an event that is flushed in between is then seen twice rather than never.
    person = read_person(connection, workspace_id=workspace_id, customer_id=customer_id)
    waiting = read_waiting(connection, workspace_id=workspace_id, person=person)
    event = EVENT.filter(EVENT.workspace_id == workspace_id)
    newest = newest_events(event, person=person, limit=limit, before=before)
    kept = [TimelineEvent(**row) for row in look_up(newest, lake).to_pylist()]
    both = {each.event_id: each for each in (*kept, *waiting)}
    wanted = [each for each in both.values() if before is None or each.key < before]
    return sorted(wanted, key=attrgetter("key"), reverse=True)[:limit]


def newest_events(
    event: ir.Table, *, person: list[int], limit: int, before: tuple[datetime, int] | None
) -> ir.Table:
    """Ask for a customer's newest events, in the columns of ``TimelineEvent``."""
    theirs = event.filter(event.customer_id.isin(person))
    if before is not None:
        moment, number = before
        same_moment = (theirs.occurred_at == moment) & (theirs.event_id < number)
        theirs = theirs.filter((theirs.occurred_at < moment) | same_moment)
    order = [ibis.desc("occurred_at"), ibis.desc("event_id")]
    return theirs.select(*TimelineEvent.__slots__).order_by(order).limit(limit)


def read_waiting(
    connection: Connection, *, workspace_id: int, person: list[int]
) -> list[TimelineEvent]:
    """Return a customer's events that are not in the lake yet, in no order."""
    values = {"workspace_id": workspace_id, "customer_ids": person}
    with connection.cursor(row_factory=class_row(TimelineEvent)) as cursor:
        return cursor.execute(STATEMENTS["read_waiting_events"], values).fetchall()
