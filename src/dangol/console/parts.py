"""Who was merged into whom: listing a customer's parts, merging two, and telling them apart."""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from litestar import post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
)
from litestar.params import FromPath, JSONBody

from dangol.console.answers import Part
from dangol.console.desk import STATEMENTS, ConsoleRequest, Desk, open_work
from dangol.console.rows import fetch_all
from dangol.content.masks import mask_email, mask_phone
from dangol.ingest.merging import (
    UNMERGE_DAYS,
    MergeFault,
    merge_customers,
    unmerge_customer,
)
from dangol.store.vocabulary import LinkSource

MASKS: Final = {"email": mask_email, "phone": mask_phone}
Kind = Literal["external", "anonymous", "email", "phone"]


class SealedIdentifier(msgspec.Struct, frozen=True, kw_only=True):
    """An identifier as stored: contact data sealed, its key a hash."""

    kind: Kind
    key: str
    sealed: bytes | None
    wrapped: bytes | None


class SealedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part as stored."""

    id: int
    kind: Kind
    source: LinkSource
    merged_at: datetime


class MergeWith(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to merge a customer with."""

    other_id: int


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """Whose page shows the person now."""

    head_id: int


def read_parts(desk: Desk, *, customer_id: int) -> list[Part]:
    """Return who was merged into a customer, the latest first."""
    at = {"workspace_id": desk.workspace_id, "customer_id": customer_id}
    stored = fetch_all(desk.connection, STATEMENTS["list_parts"], SealedPart, at)
    return [as_part(desk, part) for part in stored]


def as_part(desk: Desk, part: SealedPart) -> Part:
    at = {"workspace_id": desk.workspace_id, "part_id": part.id}
    names = fetch_all(desk.connection, STATEMENTS["list_part_names"], SealedIdentifier, at)
    until = part.merged_at + timedelta(days=UNMERGE_DAYS)
    return Part(
        id=part.id,
        kind=part.kind,
        names=[shown(desk, name) for name in names],
        source=part.source,
        merged_at=part.merged_at,
        until=until,
        may_undo=desk.now <= until,
    )


def shown(desk: Desk, row: SealedIdentifier) -> str:
    """Return an identifier as a member may see it."""
    if row.kind in ("email", "phone"):
        return unseal(desk, row.kind, row.sealed, row.wrapped) or ""
    return row.key


def unseal(
    desk: Desk, kind: Literal["email", "phone"], sealed: bytes | None, wrapped: bytes | None
) -> str | None:
    """Return contact data, masked; None where there is none, or its key has been destroyed."""
    if sealed is None or wrapped is None:
        return None
    return MASKS[kind](desk.house.vault.open_for(desk.workspace_id, kind, sealed, wrapped))


@post(
    "/api/customers/{customer_id:int}/merge",
    sync_to_thread=True,
    operation_id="merge_customers",
    status_code=200,
    raises=[NotAuthorizedException, PermissionDeniedException, ClientException],
)
def merge_into(
    request: ConsoleRequest, customer_id: FromPath[int], data: JSONBody[MergeWith]
) -> Merged:
    """Say that two customers are one person; what is known of both counts for one from now on."""
    try:
        with open_work(request) as desk:
            head_id = merge_customers(
                desk.connection,
                workspace_id=desk.workspace_id,
                one_id=customer_id,
                other_id=data.other_id,
                now=desk.now,
            )
    except MergeFault as fault:
        raise ClientException(str(fault)) from fault
    return Merged(head_id=head_id)


@post(
    "/api/customers/{customer_id:int}/unmerge",
    sync_to_thread=True,
    operation_id="unmerge_customer",
    status_code=200,
    raises=[NotAuthorizedException, PermissionDeniedException, ClientException],
)
def unmerge_part(request: ConsoleRequest, customer_id: FromPath[int]) -> Merged:
    """Undo the merge of this part, within 30 days; answers with the customer it leaves."""
    try:
        with open_work(request) as desk:
            head_id = unmerge_customer(
                desk.connection,
                workspace_id=desk.workspace_id,
                customer_id=customer_id,
                now=desk.now,
            )
    except MergeFault as fault:
        raise ClientException(str(fault)) from fault
    return Merged(head_id=head_id)
