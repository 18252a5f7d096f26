"""Sending: whether anything is, how vendors and receivers of mail fare, and changing that."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from litestar import delete, get, post, put
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, JSONBody

from dangol.console.desk import ConflictException, ConsoleRequest, Desk, open_desk, open_work
from dangol.console.sending_answers import (
    GoWish,
    LimitWish,
    PauseWish,
    SendingPage,
    WarmUpWish,
)
from dangol.console.sending_changes import (
    free_vendor,
    limit_receiver,
    limit_vendor,
    pause_sending,
    resume_sending,
    resume_vendor,
    warm_vendor,
)
from dangol.console.sending_views import Lookout, lookout_at, show_page

CHANGING: Final = [
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
    NotFoundException,
    ConflictException,
]


def lookout_of(request: ConsoleRequest, desk: Desk) -> Lookout:
    """Return what answers a signed-in member."""
    return lookout_at(request, desk.connection, workspace_id=desk.workspace_id, now=desk.now)


@contextmanager
def open_lookout(request: ConsoleRequest) -> Generator[tuple[Lookout, str]]:
    """Lend a member who may change things what it takes, and how they are called."""
    with open_work(request) as desk:
        yield lookout_of(request, desk), desk.member.email


@get(
    "/api/sending", sync_to_thread=True, operation_id="get_sending", raises=[NotAuthorizedException]
)
def get_sending(request: ConsoleRequest) -> SendingPage:
    """Return whether anything is sent, what waits, and how every vendor fares."""
    with open_desk(request) as desk:
        return show_page(lookout_of(request, desk))


@post(
    "/api/sending/pause",
    sync_to_thread=True,
    operation_id="pause_sending",
    status_code=200,
    raises=CHANGING,
)
def pause_all(request: ConsoleRequest, data: JSONBody[PauseWish]) -> SendingPage:
    """Send nothing until it is resumed; calls under way end, what is due waits."""
    with open_lookout(request) as (lookout, by):
        pause_sending(lookout, because=data.because, by=by)
        return show_page(lookout)


@post(
    "/api/sending/resume",
    sync_to_thread=True,
    operation_id="resume_sending",
    status_code=200,
    raises=CHANGING,
)
def resume_all(request: ConsoleRequest, data: JSONBody[GoWish]) -> SendingPage:
    """End a pause that somebody made; what is dropped is skipped as expired."""
    with open_lookout(request) as (lookout, _):
        resume_sending(lookout, overdue=data.overdue)
        return show_page(lookout)


@post(
    "/api/sending/vendors/{name:str}/resume",
    sync_to_thread=True,
    operation_id="resume_vendor",
    status_code=200,
    raises=CHANGING,
)
def resume_one(request: ConsoleRequest, name: FromPath[str]) -> SendingPage:
    """Call a vendor again at once, for all receivers."""
    with open_lookout(request) as (lookout, _):
        resume_vendor(lookout, name=name)
        return show_page(lookout)


@put(
    "/api/sending/vendors/{name:str}/limit",
    sync_to_thread=True,
    operation_id="limit_vendor",
    raises=CHANGING,
)
def limit_one(
    request: ConsoleRequest, name: FromPath[str], data: JSONBody[LimitWish]
) -> SendingPage:
    """Set how many messages a second a vendor gets at most."""
    with open_lookout(request) as (lookout, _):
        limit_vendor(lookout, name=name, per_second=data.per_second)
        return show_page(lookout)


@put(
    "/api/sending/vendors/{name:str}/receivers/{domain:str}",
    sync_to_thread=True,
    operation_id="limit_receiver",
    raises=CHANGING,
)
def limit_domain_of(
    request: ConsoleRequest,
    name: FromPath[str],
    domain: FromPath[str],
    data: JSONBody[LimitWish],
) -> SendingPage:
    """Set how many mails a second a receiver gets at most by a vendor."""
    with open_lookout(request) as (lookout, _):
        limit_receiver(lookout, name=name, domain=domain, per_second=data.per_second)
        return show_page(lookout)


@put(
    "/api/sending/vendors/{name:str}/warm-up",
    sync_to_thread=True,
    operation_id="warm_vendor",
    raises=CHANGING,
)
def warm_one(
    request: ConsoleRequest, name: FromPath[str], data: JSONBody[WarmUpWish]
) -> SendingPage:
    """Let a vendor begin with few mails a day, or go on where it stood."""
    with open_lookout(request) as (lookout, _):
        warm_vendor(lookout, data, name=name)
        return show_page(lookout)


@delete(
    "/api/sending/vendors/{name:str}/warm-up",
    sync_to_thread=True,
    operation_id="free_vendor",
    status_code=200,
    raises=CHANGING,
)
def free_one(request: ConsoleRequest, name: FromPath[str]) -> SendingPage:
    """Let a vendor have as many mails a day as there are."""
    with open_lookout(request) as (lookout, _):
        free_vendor(lookout, name=name)
        return show_page(lookout)
