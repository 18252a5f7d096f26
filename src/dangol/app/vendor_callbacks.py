"""Where vendors post what became of messages, and who wants no more of them.

Each workspace has an address of its own at each vendor, which nobody can guess. What is posted is
kept, and an opt-out among it holds, before the vendor is answered. How far templates are concerns
the whole installation, whose accounts keep them, whichever workspace's address is told.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    ServiceUnavailableException,
)
from litestar.params import FromPath, RawBody

from dangol.app.amazon import FetchError
from dangol.app.vendor_desks import DESKS, Desk, Posted
from dangol.channels.approvals import note_judgements
from dangol.feedback.vendor_reports import take_reports, wait_until_quiet
from dangol.providers.bizgo.callback import message_key
from dangol.providers.vendor import Report
from dangol.store.vault import BadToken, Vault

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

    from dangol.store.connect import Connection

PURPOSE: Final = "vendor_callback"


class VendorAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many reports, and states of templates, were new."""

    recorded: int
    # Bizgo wants to read this again.
    msg_key: str = msgspec.field(default="", name="msgKey")


def callback_path(vault: Vault, *, vendor: str, workspace_id: int) -> str:
    """Return where a vendor posts for a workspace; to know it proves nothing yet."""
    return f"/callbacks/{vendor}/{vault.sign(PURPOSE, f'{vendor}:{workspace_id}'.encode())}"


def workspace_of(vault: Vault, *, vendor: str, token: str) -> int:
    """Return whose address it is.

    Raises:
        BadToken: nobody's.
    """
    named, _, workspace_id = vault.unsign(PURPOSE, token).decode(errors="replace").partition(":")
    if named != vendor or not workspace_id.isdigit():
        raise BadToken("The address is another vendor's.")
    return int(workspace_id)


@post(
    "/callbacks/{vendor:str}/{token:str}",
    tags=["callbacks"],
    status_code=200,
    sync_to_thread=True,
    raises=[
        ClientException,
        NotAuthorizedException,
        NotFoundException,
        ServiceUnavailableException,
    ],
)
def take_callback(
    request: Request[object, object, State],
    vendor: FromPath[str],
    token: FromPath[str],
    body: RawBody,
    state: State,
) -> VendorAnswer:
    """Take what a vendor tells of messages and people; address and proof are in its guide."""
    desk, workspace_id = find_desk(state.vault, vendor=vendor, token=token)
    headers = {name.lower(): value for name, value in request.headers.items()}
    pool: ConnectionPool[Connection] = state.pool
    posted = Posted(
        settings=state.settings, headers=headers, body=body, now=now_of(state), amazon=state.amazon
    )
    reports = read_posted(desk, posted, vendor=vendor)
    with pool.connection() as connection:
        with connection.transaction():
            taken = take_reports(
                connection,
                desk.told(vendor, reports),
                workspace_id=workspace_id,
                vault=state.vault,
                now=posted.now,
            )
            judged = note_judgements(connection, desk.judge(posted), provider=vendor)
        if not wait_until_quiet(connection, taken, longest_seconds=desk.wait_seconds):
            raise ServiceUnavailableException(
                "It is kept and holds, but a message is just being sent: send it again.",
                headers={"Retry-After": "5"},
            )
    return VendorAnswer(
        recorded=taken.new + judged, msg_key=message_key(body) if vendor == "bizgo" else ""
    )


def now_of(state: State) -> datetime:
    pool: ConnectionPool[Connection] = state.pool
    with pool.connection() as connection:
        return state.clock(connection)


def read_posted(desk: Desk, posted: Posted, *, vendor: str) -> list[Report]:
    """Return what was posted, once it has proved to be the vendor's; needs no database.

    Raises:
        NotAuthorizedException: it has not.
        ClientException: it cannot be read.
        ServiceUnavailableException: what would prove it cannot be had at the moment.
    """
    try:
        if not desk.is_genuine(posted):
            raise NotAuthorizedException(
                f"This does not prove to come from {vendor}: compare the secret there with the "
                "setting here (docs/guides/vendors.md)."
            )
        desk.greet(posted)
        return desk.read(posted)
    except FetchError as fault:
        raise ServiceUnavailableException(str(fault), headers={"Retry-After": "5"}) from fault
    except ValueError as fault:
        raise ClientException(str(fault)) from fault


def find_desk(vault: Vault, *, vendor: str, token: str) -> tuple[Desk, int]:
    """Return who reads there, and for which workspace.

    Raises:
        NotFoundException: there is no such address.
    """
    try:
        return DESKS[vendor], workspace_of(vault, vendor=vendor, token=token)
    except (KeyError, BadToken):
        raise NotFoundException(
            "There is no such address: `dangol vendor callbacks` prints yours."
        ) from None


vendor_callback_routes: Final = [take_callback]
