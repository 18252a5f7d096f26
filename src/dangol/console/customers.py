"""Customers: finding one, and everything about them that a member may see."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter

from dangol.console.answers import (
    Activity,
    Address,
    Consent,
    Customer,
    CustomerLine,
    CustomerPage,
    Enrollment,
    Identifier,
    Membership,
    Timeline,
    Why,
)
from dangol.console.desk import STATEMENTS, ConsoleRequest, Desk, open_desk
from dangol.console.masks import masked_traits
from dangol.console.parts import SealedIdentifier, read_parts, shown, unseal
from dangol.console.rights import read_erasure
from dangol.console.rows import fetch_all, fetch_one
from dangol.console.timeline import read_timeline
from dangol.console.why import explain_message
from dangol.rights.access import Seen
from dangol.store.vault import normalize_email
from dangol.store.vocabulary import CustomerState, DecisionReason

PAGE: Final = 25
LAST_CURSOR: Final = 2**63 - 1


class FoundCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list, its e-mail still sealed."""

    id: int
    last_seen_at: datetime
    external_id: str | None
    email_sealed: bytes | None
    email_wrapped: bytes | None
    orders: int
    consented: bool


class CustomerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's own row."""

    id: int
    state: CustomerState
    first_seen_at: datetime
    last_seen_at: datetime
    locale: str | None
    time_zone: str | None
    country: str | None
    traits: dict[str, object]


@get(
    "/api/customers",
    sync_to_thread=True,
    operation_id="find_customers",
    raises=[NotAuthorizedException],
)
def find_customers(
    request: ConsoleRequest,
    wanted: Annotated[str, QueryParameter(name="query", max_length=320)] = "",
    segment: FromQuery[int | None] = None,
    reason: FromQuery[DecisionReason | None] = None,
    cursor: FromQuery[int | None] = None,
) -> CustomerPage:
    """List customers, newest first.

    ``query`` is the beginning of an id, or a whole e-mail; ``segment`` and ``reason`` keep those
    in a segment, and those for whom a message was once decided with that reason.
    """
    with open_desk(request) as desk:
        values = {
            "workspace_id": desk.workspace_id,
            "query": wanted.strip(),
            "email_key": email_key(desk, wanted),
            "segment_id": segment,
            "reason": reason,
            "before": LAST_CURSOR if cursor is None else cursor,
            "batch": PAGE + 1,
        }
        found = fetch_all(desk.connection, STATEMENTS["list_customers"], FoundCustomer, values)
        shown = [row.id for row in found[:PAGE]]
        desk.seen.append(Seen(what="customer search", customer_ids=shown))
        return CustomerPage(
            customers=[as_line(desk, row) for row in found[:PAGE]],
            next_cursor=found[PAGE - 1].id if len(found) > PAGE else None,
        )


def email_key(desk: Desk, wanted: str) -> str:
    """Return the key an e-mail is found by, or one that nothing has."""
    try:
        return desk.house.vault.key(desk.workspace_id, "email", normalize_email(wanted))
    except ValueError:
        return ""


def as_line(desk: Desk, row: FoundCustomer) -> CustomerLine:
    return CustomerLine(
        id=row.id,
        external_id=row.external_id,
        email=unseal(desk, "email", row.email_sealed, row.email_wrapped),
        orders=row.orders,
        consented=row.consented,
        last_seen_at=row.last_seen_at,
    )


@get(
    "/api/customers/{customer_id:int}",
    sync_to_thread=True,
    operation_id="get_customer",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_customer(request: ConsoleRequest, customer_id: FromPath[int]) -> Customer:
    """Return one customer: who they are, what they allow, where they are."""
    with open_desk(request) as desk:
        row = read_customer(desk, customer_id=customer_id)
        desk.seen.append(Seen(what="customer", customer_ids=[row.id]))
        at = {"workspace_id": desk.workspace_id, "customer_id": row.id}
        return Customer(
            id=row.id,
            state=row.state,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            locale=row.locale,
            time_zone=row.time_zone,
            country=row.country,
            traits=masked_traits(row.traits),
            identifiers=read_identifiers(desk, customer_id=row.id),
            parts=read_parts(desk, customer_id=row.id),
            addresses=fetch_all(desk.connection, STATEMENTS["list_addresses"], Address, at),
            consents=fetch_all(desk.connection, STATEMENTS["list_consents"], Consent, at),
            memberships=fetch_all(desk.connection, STATEMENTS["list_memberships"], Membership, at),
            enrollments=fetch_all(desk.connection, STATEMENTS["list_enrollments"], Enrollment, at),
            activity=fetch_all(desk.connection, STATEMENTS["list_activity"], Activity, at),
            erasure=read_erasure(desk.connection, **at),
        )


def read_customer(desk: Desk, *, customer_id: int) -> CustomerRow:
    """Return a customer of the member's workspace; for a part of another, that one.

    Raises:
        NotFoundException: there is none with this id.
    """
    at = {"workspace_id": desk.workspace_id, "customer_id": customer_id}
    row = fetch_one(desk.connection, STATEMENTS["read_customer"], CustomerRow, at)
    if row is None:
        raise NotFoundException(f"There is no customer {customer_id} here; search by another id.")
    return row


def read_identifiers(desk: Desk, *, customer_id: int) -> list[Identifier]:
    at = {"workspace_id": desk.workspace_id, "customer_id": customer_id}
    stored = fetch_all(desk.connection, STATEMENTS["list_identifiers"], SealedIdentifier, at)
    return [Identifier(kind=row.kind, value=shown(desk, row)) for row in stored]


@get(
    "/api/customers/{customer_id:int}/timeline",
    sync_to_thread=True,
    operation_id="get_timeline",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_timeline(
    request: ConsoleRequest,
    customer_id: FromPath[int],
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 200,
) -> Timeline:
    """Return what happened to and by a customer, newest first."""
    with open_desk(request) as desk:
        row = read_customer(desk, customer_id=customer_id)
        desk.seen.append(Seen(what="customer timeline", customer_ids=[row.id]))
        return read_timeline(
            desk.connection,
            desk.house.lake,
            workspace_id=desk.workspace_id,
            customer_id=row.id,
            limit=limit,
        )


@get(
    "/api/customers/{customer_id:int}/messages/{message_id:int}/why",
    sync_to_thread=True,
    operation_id="get_why",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_why(request: ConsoleRequest, customer_id: FromPath[int], message_id: FromPath[int]) -> Why:
    """Say why a customer did or did not get a message."""
    with open_desk(request) as desk:
        why = explain_message(
            desk.connection,
            workspace_id=desk.workspace_id,
            customer_id=customer_id,
            message_id=message_id,
            time_zone=desk.member.time_zone,
        )
        if why is None:
            raise NotFoundException(f"This customer has no message {message_id}.")
        desk.seen.append(Seen(what="message reasons", customer_ids=[customer_id]))
        return why
