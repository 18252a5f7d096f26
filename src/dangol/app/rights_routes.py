"""What a shop's own server may ask on behalf of a customer, with a server key."""

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.params import JSONBody
from litestar.response import Stream

from dangol.app.callbacks import authenticate
from dangol.console.answers import Erasure
from dangol.console.desk import address_of, house_of
from dangol.console.rights import ask_for, stream_export
from dangol.ingest.keys import ApiKey
from dangol.rights.access import LONGEST_REASON, Viewer
from dangol.rights.find import NobodyError, find_customer
from dangol.store.vocabulary import AccessBy

if TYPE_CHECKING:
    from dangol.console.desk import House
    from dangol.store.connect import Connection


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who it is: an e-mail address, the shop's own id, a telephone number, or id:NUMBER.

    In the body, since addresses of pages end up in logs.
    """

    who: Annotated[str, msgspec.Meta(min_length=1, max_length=320)]


class CopyWish(Person, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose data is wanted, and what for: that goes into the access log."""

    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""


@post(
    "/v1/customers/export",
    tags=["rights"],
    status_code=200,
    sync_to_thread=True,
    media_type="application/zip",
    raises=[NotAuthorizedException, NotFoundException],
)
def export_person(request: Request[object, object, State], data: JSONBody[CopyWish]) -> Stream:
    """Return everything held about a customer as a ZIP of JSON and CSV."""
    house = house_of(request)
    with house.pool.connection() as connection:
        key, customer_id = meant(connection, house, request=request, who=data.who)
        return stream_export(
            connection,
            house,
            workspace_id=key.workspace_id,
            customer_id=customer_id,
            viewer=Viewer(kind=AccessBy.KEY, name=str(key.id), address=address_of(request)),
            reason=data.reason.strip(),
        )


@post(
    "/v1/customers/erase",
    tags=["rights"],
    status_code=202,
    sync_to_thread=True,
    raises=[NotAuthorizedException, NotFoundException],
)
def erase_person(request: Request[object, object, State], data: JSONBody[Person]) -> Erasure:
    """Forget a customer.

    From the answer on nobody writes to them; a worker deletes the rest within seconds.
    """
    house = house_of(request)
    with house.pool.connection() as connection:
        key, customer_id = meant(connection, house, request=request, who=data.who)
        return ask_for(
            connection,
            house,
            workspace_id=key.workspace_id,
            customer_id=customer_id,
            asked_by=f"key {key.id}",
        )


def meant(
    connection: "Connection", house: "House", *, request: Request[object, object, State], who: str
) -> tuple[ApiKey, int]:
    """Return whose key it is and which customer is meant.

    Raises:
        NotAuthorizedException: there is no server key.
        NotFoundException: nobody is known by this, or several are.
    """
    with connection.transaction():
        key = authenticate(connection, header=request.headers.get("Authorization", ""))
        try:
            found = find_customer(
                connection, workspace_id=key.workspace_id, vault=house.vault, who=who
            )
        except NobodyError as error:
            raise NotFoundException(str(error)) from error
    return key, found


rights_routes: Final = [export_person, erase_person]
