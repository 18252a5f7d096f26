"""What a customer may ask an owner for: a copy of everything held, and to be forgotten."""

from functools import partial
from typing import Annotated

import msgspec
from litestar import post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from dangol.console.answers import Erasure
from dangol.console.desk import ConsoleRequest, House, house_of, one_moment, owner_of, viewer_of
from dangol.console.why import say_why
from dangol.rights.access import LONGEST_REASON, Seen, Viewer, note_seen
from dangol.rights.erasure import ask, find_erasure
from dangol.rights.export import zip_customer
from dangol.rights.gather import Subject
from dangol.store.connect import Connection
from dangol.store.workspace import read_workspace

ARCHIVE = {"Content-Type": "application/zip", "Cache-Control": "no-store"}


class ExportWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the copy is for; it goes into the access log."""

    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON, pattern=r"\S")]


class EraseWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The customer's number once more, so that nobody is forgotten by a slip of the hand."""

    confirm: Annotated[int, msgspec.Meta(ge=1)]


# Not a GET: what it is for may name somebody, and must not end up in logs.
@post(
    "/api/customers/{customer_id:int}/export",
    sync_to_thread=True,
    operation_id="export_customer",
    status_code=200,
    media_type="application/zip",
    raises=[
        ClientException,
        NotAuthorizedException,
        PermissionDeniedException,
        NotFoundException,
    ],
)
def export_customer(
    request: ConsoleRequest, customer_id: FromPath[int], data: JSONBody[ExportWish]
) -> Stream:
    """Return everything held about a customer as a ZIP of JSON and CSV; for owners, who say why.

    The reason is in the access log before the first byte leaves.
    """
    house = house_of(request)
    with house.pool.connection() as connection:
        member = owner_of(request, connection)
        connection.commit()
        return stream_export(
            connection,
            house,
            workspace_id=member.workspace_id,
            customer_id=customer_id,
            viewer=viewer_of(request, member),
            reason=data.reason.strip(),
        )


def stream_export(
    connection: Connection,
    house: House,
    *,
    workspace_id: int,
    customer_id: int,
    viewer: Viewer,
    reason: str,
) -> Stream:
    """Return the archive about a customer; it is complete before its first byte leaves.

    Raises:
        NotFoundException: the workspace has no such customer.
    """
    now = house.clock(connection)
    with one_moment(connection):
        subject = subject_of(connection, house, workspace_id=workspace_id, customer_id=customer_id)
        if not list(subject.rows("customer")):
            raise NotFoundException(f"There is no customer {customer_id} here.")
        blocks = zip_customer(subject, now=now)
    with connection.transaction():
        seen = Seen(what="customer export", customer_ids=[customer_id], reason=reason)
        note_seen(connection, viewer, [seen], workspace_id=workspace_id, now=now)
    name = f'attachment; filename="customer-{customer_id}.zip"'
    return Stream(blocks, headers={**ARCHIVE, "Content-Disposition": name})


def subject_of(
    connection: Connection, house: House, *, workspace_id: int, customer_id: int
) -> Subject:
    zone = read_workspace(connection, workspace_id=workspace_id).time_zone
    return Subject(
        connection=connection,
        lake=house.lake,
        vault=house.vault,
        workspace_id=workspace_id,
        customer_id=customer_id,
        explain=partial(
            say_why,
            connection,
            workspace_id=workspace_id,
            customer_id=customer_id,
            time_zone=zone,
        ),
    )


@post(
    "/api/customers/{customer_id:int}/erasure",
    sync_to_thread=True,
    operation_id="erase_customer",
    status_code=202,
    raises=[
        ClientException,
        NotAuthorizedException,
        PermissionDeniedException,
        NotFoundException,
    ],
)
def erase_customer(
    request: ConsoleRequest, customer_id: FromPath[int], data: JSONBody[EraseWish]
) -> Erasure:
    """Forget a customer; for owners.

    From the answer on nobody writes to them; a worker deletes the rest within seconds.
    """
    house = house_of(request)
    with house.pool.connection() as connection:
        member = owner_of(request, connection)
        connection.commit()
        if data.confirm != customer_id:
            raise ClientException(f"confirm is not {customer_id}: nothing was deleted.")
        return ask_for(
            connection,
            house,
            workspace_id=member.workspace_id,
            customer_id=customer_id,
            asked_by=f"member {member.email}",
        )


def ask_for(
    connection: Connection, house: House, *, workspace_id: int, customer_id: int, asked_by: str
) -> Erasure:
    """Write the wish down; a worker carries it out.

    Raises:
        NotFoundException: the workspace has no such customer.
    """
    try:
        *_, wish = ask(
            connection,
            vault=house.vault,
            workspace_id=workspace_id,
            customer_id=customer_id,
            asked_by=asked_by,
            now=house.clock(connection),
        )
    except LookupError as error:
        raise NotFoundException(str(error)) from error
    return Erasure(state=wish.state, asked_at=wish.asked_at, done_at=wish.done_at)


def read_erasure(connection: Connection, *, workspace_id: int, customer_id: int) -> Erasure | None:
    """Return how far a customer's erasure has come; None while nobody asked for it."""
    found = find_erasure(connection, workspace_id=workspace_id, customer_id=customer_id)
    if found is None:
        return None
    return Erasure(state=found.state, asked_at=found.asked_at, done_at=found.done_at)
