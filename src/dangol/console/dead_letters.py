"""Dead letters: what is over without having arrived, and trying again what surely did not."""

from dataclasses import asdict
from typing import Annotated, Final

from litestar import get, post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from dangol.channels.dead import (
    count_dead,
    find_dead,
    list_dead,
    list_retries,
    obstacle_to,
    retry_dead,
)
from dangol.console.dead_answers import (
    DeadDetails,
    DeadHeap,
    DeadPage,
    RetriedView,
    RetriesWish,
    view_dead,
    view_retry,
)
from dangol.console.desk import ConsoleRequest, Desk, open_desk, open_work, refusing
from dangol.store.vocabulary import Channel

PAGE: Final = 25
# How many are tried again at a time, and how many heaps are counted of.
MOST: Final = 1_000
COUNTED: Final = 10_000
LARGEST: Final = 2**63 - 1


@get(
    "/api/deliveries",
    sync_to_thread=True,
    operation_id="list_dead_letters",
    raises=[ClientException, NotAuthorizedException],
)
def get_dead_letters(
    request: ConsoleRequest,
    *,
    channel: FromQuery[Channel | None] = None,
    code: FromQuery[str | None] = None,
    before: Annotated[int | None, Parameter(le=LARGEST)] = None,
) -> DeadPage:
    """List dead letters, newest first, of all channels and codes or of one."""
    with open_desk(request) as desk:
        found = list_dead(
            desk.connection,
            workspace_id=desk.workspace_id,
            channel=channel,
            code=code,
            before=before,
            most=PAGE + 1,
        )
        heaps = count_dead(desk.connection, workspace_id=desk.workspace_id, most=COUNTED)
        safe = list_safe(desk, channel=channel, code=code)
        return DeadPage(
            deliveries=[view_dead(one, now=desk.now) for one in found[:PAGE]],
            next=found[PAGE - 1].id if len(found) > PAGE else None,
            heaps=[DeadHeap(**asdict(heap)) for heap in heaps],
            safe=len(safe),
        )


def list_safe(desk: Desk, *, channel: Channel | None, code: str | None) -> list[int]:
    """Return which of the latest dead letters may be tried again."""
    found = list_dead(
        desk.connection, workspace_id=desk.workspace_id, channel=channel, code=code, most=MOST
    )
    return [one.id for one in found if obstacle_to(one, even_if_sent=False, now=desk.now) is None]


@get(
    "/api/deliveries/{delivery_id:int}",
    sync_to_thread=True,
    operation_id="get_dead_letter",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_dead_letter(request: ConsoleRequest, delivery_id: FromPath[int]) -> DeadDetails:
    """Show one dead letter, and every time its message was tried again."""
    with refusing(), open_desk(request) as desk:
        at = {"workspace_id": desk.workspace_id, "delivery_id": delivery_id}
        return DeadDetails(
            delivery=view_dead(find_dead(desk.connection, **at), now=desk.now),
            retries=[view_retry(one) for one in list_retries(desk.connection, **at)],
        )


@post(
    "/api/deliveries/retry",
    sync_to_thread=True,
    operation_id="retry_dead_letters",
    status_code=200,
    raises=[ClientException, NotAuthorizedException, PermissionDeniedException],
)
def retry_dead_letters(request: ConsoleRequest, data: JSONBody[RetriesWish]) -> RetriedView:
    """Try again what surely did not arrive; each passes the guard once more."""
    with refusing(), open_work(request) as desk:
        ids = data.ids or list_safe(desk, channel=data.channel, code=data.code)
        done = retry_dead(
            desk.connection,
            workspace_id=desk.workspace_id,
            delivery_ids=ids,
            asked_by=f"member {desk.member.email}",
            reason=data.because,
            even_if_sent=False,
            now=desk.now,
        )
        return RetriedView(retried=len(done.retried), refused=len(done.refused))
