"""The whole path in numbers."""

from datetime import datetime
from typing import Final

from litestar import get
from litestar.exceptions import NotAuthorizedException, NotFoundException

from dangol.console.answers import (
    CustomerCount,
    DecisionCount,
    DeliveryCount,
    EventCount,
    Flow,
    JourneyCount,
    Pulse,
    ReceiptCount,
    SegmentSize,
)
from dangol.console.desk import STATEMENTS, ConsoleRequest, open_desk
from dangol.console.rows import fetch_all, fetch_one
from dangol.store.connect import Connection

NO_CUSTOMERS: Final = CustomerCount(total=0, reachable=0, consented=0, suppressed=0)


@get("/api/flow", sync_to_thread=True, operation_id="get_flow", raises=[NotAuthorizedException])
def get_flow(request: ConsoleRequest) -> Flow:
    """Count what happened at every stage, up to now."""
    with open_desk(request) as desk:
        return read_flow(desk.connection, workspace_id=desk.workspace_id, now=desk.now)


def read_flow(connection: Connection, *, workspace_id: int, now: datetime) -> Flow:
    """Count every stage of one workspace.

    Raises:
        NotFoundException: there is no such workspace.
    """
    at = {"workspace_id": workspace_id}
    pulse = fetch_one(connection, STATEMENTS["read_pulse"], Pulse, at)
    if pulse is None:
        raise NotFoundException("The workspace was removed; sign in to another one.")
    customers = fetch_one(connection, STATEMENTS["count_customers"], CustomerCount, at)
    return Flow(
        now=now,
        pulse=pulse,
        events=fetch_all(connection, STATEMENTS["count_events"], EventCount, at),
        customers=customers or NO_CUSTOMERS,
        segments=fetch_all(connection, STATEMENTS["list_segments"], SegmentSize, at),
        journeys=fetch_all(connection, STATEMENTS["list_journeys"], JourneyCount, at),
        decisions=fetch_all(connection, STATEMENTS["count_decisions"], DecisionCount, at),
        deliveries=fetch_all(connection, STATEMENTS["count_deliveries"], DeliveryCount, at),
        receipts=fetch_all(connection, STATEMENTS["count_receipts"], ReceiptCount, at),
    )
