"""Privacy: what is collected and what was withheld, and who saw whose data."""

from dataclasses import asdict
from typing import Final

from litestar import get, post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import JSONBody

from dangol.consent.purposes import CollectionPurpose, list_purposes
from dangol.console.desk import ConsoleRequest, Desk, open_desk
from dangol.console.privacy_answers import (
    AccessLine,
    AccessPage,
    AccessWish,
    Privacy,
    PurposeView,
    WithheldCount,
)
from dangol.ingest.gate import Withheld, list_withheld
from dangol.rights.access import Seen, list_accesses
from dangol.rights.find import NobodyError, find_customer
from dangol.store.vocabulary import MemberRole

WITHHELD_DAYS: Final = 30
PAGE: Final = 50


@get(
    "/api/privacy", sync_to_thread=True, operation_id="get_privacy", raises=[NotAuthorizedException]
)
def get_privacy(request: ConsoleRequest) -> Privacy:
    """Return what data is collected for, and how much was withheld for want of consent."""
    with open_desk(request) as desk:
        purposes = list_purposes(desk.connection, workspace_id=desk.workspace_id)
        counts = list_withheld(
            desk.connection, workspace_id=desk.workspace_id, now=desk.now, days=WITHHELD_DAYS
        )
        return Privacy(
            purposes=[as_purpose(one, counts) for one in purposes], withheld_days=WITHHELD_DAYS
        )


def as_purpose(purpose: CollectionPurpose, counts: list[Withheld]) -> PurposeView:
    return PurposeView(
        name=purpose.name,
        title_ko=purpose.title_ko,
        title_en=purpose.title_en,
        why_ko=purpose.why_ko,
        why_en=purpose.why_en,
        basis=purpose.basis,
        without_consent=purpose.without_consent,
        event_names=list(purpose.event_names),
        trait_names=list(purpose.trait_names),
        covers_rest=purpose.covers_rest,
        keep_events_days=purpose.keep_events_days,
        keep_traits_days=purpose.keep_traits_days,
        active=purpose.active,
        withheld=[
            WithheldCount(kind=one.kind, count=one.count)
            for one in counts
            if one.purpose == purpose.name
        ],
    )


# Not a GET: an address has no place in an address.
@post(
    "/api/accesses",
    sync_to_thread=True,
    operation_id="list_accesses",
    status_code=200,
    raises=[
        ClientException,
        NotAuthorizedException,
        PermissionDeniedException,
        NotFoundException,
    ],
)
def list_seen(request: ConsoleRequest, data: JSONBody[AccessWish]) -> AccessPage:
    """List who saw whose data, newest first, of everybody or of one; for owners."""
    with open_desk(request) as desk:
        if desk.member.role is not MemberRole.OWNER:
            raise PermissionDeniedException("Only an owner may see who saw what: ask one of them.")
        found = list_accesses(
            desk.connection,
            workspace_id=desk.workspace_id,
            customer_id=find_subject(desk, data.who),
            by_whom=data.by.strip() or None,
            before=data.before,
            most=PAGE + 1,
        )
        return AccessPage(
            accesses=[AccessLine(**asdict(one)) for one in found[:PAGE]],
            next_cursor=found[PAGE - 1].id if len(found) > PAGE else None,
        )


def find_subject(desk: Desk, who: str) -> int | None:
    """Return about whom the log is asked, and note that; None for everybody.

    Raises:
        NotFoundException: nobody, or several, are named so.
    """
    if not who.strip():
        return None
    try:
        customer_id = find_customer(
            desk.connection, workspace_id=desk.workspace_id, vault=desk.house.vault, who=who
        )
    except NobodyError as nobody:
        raise NotFoundException(str(nobody)) from nobody
    desk.seen.append(Seen(what="access log", customer_ids=[customer_id]))
    return customer_id
