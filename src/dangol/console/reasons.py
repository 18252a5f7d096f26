"""Why and why not: a customer's messages, the whole audience, and journeys not entered."""

from typing import Annotated, Final

from litestar import get
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter

from dangol.console.customers import LAST_CURSOR, read_customer
from dangol.console.desk import STATEMENTS, ConsoleRequest, open_desk
from dangol.console.entry_views import show_entry
from dangol.console.fates import count_fates
from dangol.console.reason_answers import (
    Fates,
    JourneyAudience,
    JourneyEntry,
    JudgedMessage,
    JudgedMessages,
)
from dangol.console.rows import fetch_all
from dangol.console.segments import clerk_at
from dangol.rights.access import Seen

PAGE: Final = 50


@get(
    "/api/customers/{customer_id:int}/messages",
    sync_to_thread=True,
    operation_id="list_judged_messages",
    raises=[NotAuthorizedException, NotFoundException],
)
def list_messages(
    request: ConsoleRequest,
    customer_id: FromPath[int],
    cursor: FromQuery[int | None] = None,
) -> JudgedMessages:
    """List every message planned for a customer with the guard's last word, newest first."""
    with open_desk(request) as desk:
        row = read_customer(desk, customer_id=customer_id)
        desk.seen.append(Seen(what="messages", customer_ids=[row.id]))
        values = {
            "workspace_id": desk.workspace_id,
            "customer_id": row.id,
            "before": LAST_CURSOR if cursor is None else cursor,
            "batch": PAGE + 1,
        }
        found = fetch_all(desk.connection, STATEMENTS["list_judged"], JudgedMessage, values)
        return JudgedMessages(
            messages=found[:PAGE],
            next_cursor=found[PAGE - 1].id if len(found) > PAGE else None,
        )


@get(
    "/api/customers/{customer_id:int}/journeys/{name:str}/entry",
    sync_to_thread=True,
    operation_id="get_journey_entry",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_entry(
    request: ConsoleRequest, customer_id: FromPath[int], name: FromPath[str]
) -> JourneyEntry:
    """Say what keeps a customer out of a journey, question by question, as of now."""
    with open_desk(request, working=True) as desk:
        row = read_customer(desk, customer_id=customer_id)
        return show_entry(clerk_at(desk), name, customer_id=row.id)


@get("/api/fates", sync_to_thread=True, operation_id="get_fates", raises=[NotAuthorizedException])
def get_fates(
    request: ConsoleRequest,
    journey: Annotated[str | None, QueryParameter(max_length=200)] = None,
) -> Fates:
    """Count every message of the shop, or of one journey, by where it is and why."""
    with open_desk(request) as desk:
        at = {"workspace_id": desk.workspace_id}
        fates = count_fates(desk.connection, workspace_id=desk.workspace_id, journey=journey)
        return Fates(
            audience=sum(fate.messages for fate in fates),
            fates=fates,
            journeys=fetch_all(desk.connection, STATEMENTS["list_audiences"], JourneyAudience, at),
        )
