"""What a handler works with: the application's shared things, and who is asking."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import (
    ClientException,
    HTTPException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from psycopg import IsolationLevel
from psycopg_pool import ConnectionPool

from dangol.console.answers import Locale
from dangol.console.rows import fetch_one
from dangol.rights.access import Seen, Viewer, note_seen
from dangol.store.connect import Connection, ensure_working, prepare_working
from dangol.store.lake import Lake
from dangol.store.statements import load_statements
from dangol.store.vault import Vault
from dangol.store.vocabulary import AccessBy, AdNetwork, Channel, MemberRole

STATEMENTS: Final = load_statements(__package__ or "dangol.console")
COOKIE: Final = "dangol_session"
OWN_SITES: Final = frozenset({"same-origin", "none"})

ConsoleRequest = Request[object, object, State]


class ConflictException(HTTPException):
    """Something else stands in the way of what was asked."""

    status_code = 409


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, and the workspace whose rows they may see."""

    email: str
    role: MemberRole
    locale: Locale
    workspace_id: int
    workspace_name: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the installation's settings say that pages must know; no secret is among it."""

    # The vendors that are set up, with the channels that each carries.
    vendors: Mapping[str, tuple[Channel, ...]]
    # The ad networks that are set up.
    networks: frozenset[AdNetwork]
    # Whether webhooks may call this very machine.
    loopback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the application shares with every handler; ``app`` puts it into its state."""

    pool: ConnectionPool[Connection]
    vault: Vault
    lake: Lake
    mailbox_folder: Path | None
    setup: Setup
    clock: Callable[[Connection], datetime]
    # Sessions live by the machine's time: a replayed year must not sign anybody out.
    machine_clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One signed-in request: a connection of its own, who asks, and what time it is."""

    connection: Connection
    member: Member
    house: House
    now: datetime
    # Whose data the answer shows: written down before it leaves.
    seen: list[Seen] = field(default_factory=list[Seen])

    @property
    def workspace_id(self) -> int:
        """The workspace this request may see."""
        return self.member.workspace_id


def house_of(request: ConsoleRequest) -> House:
    """Return what the application shares."""
    state = request.app.state
    return House(
        pool=cast("ConnectionPool[Connection]", state.pool),
        vault=cast("Vault", state.vault),
        lake=cast("Lake", state.lake),
        mailbox_folder=cast("Path | None", state.mailbox_folder),
        setup=cast("Setup", state.setup),
        clock=cast("Callable[[Connection], datetime]", state.clock),
        machine_clock=cast("Callable[[], datetime]", state.machine_clock),
    )


@contextmanager
def open_desk(request: ConsoleRequest, *, working: bool = False) -> Generator[Desk]:
    """Lend a signed-in member a read-only connection on which all numbers are of one moment.

    With ``working`` it has its working tables, which nobody may make who only reads.

    Raises:
        NotAuthorizedException: nobody is signed in, or the session is over.
    """
    house = house_of(request)
    with lend(house, working=working) as connection, one_moment(connection):
        member = find_session(
            connection, token=request.cookies.get(COOKIE, ""), now=house.machine_clock()
        )
        if member is None:
            raise NotAuthorizedException("Nobody is signed in, or the session is over: sign in.")
        desk = Desk(connection=connection, member=member, house=house, now=house.clock(connection))
        yield desk
    # Behind the connection that only reads: who waits for a second one must not hold a first.
    if desk.seen:
        with house.pool.connection() as connection, connection.transaction():
            note_desk(connection, request, desk)


@contextmanager
def lend(house: House, *, working: bool) -> Generator[Connection]:
    """Lend a connection, with its working tables where they are asked for."""
    with house.pool.connection() as connection:
        if working:
            with connection.transaction():
                ensure_working(connection)
        yield connection


def note_desk(connection: Connection, request: ConsoleRequest, desk: Desk) -> None:
    """Write down what a member was shown."""
    note_seen(
        connection,
        viewer_of(request, desk.member),
        desk.seen,
        workspace_id=desk.workspace_id,
        now=desk.now,
    )


def viewer_of(request: ConsoleRequest, member: Member) -> Viewer:
    """Return how the access log names a member."""
    return Viewer(
        kind=AccessBy.MEMBER, name=member.email, role=member.role, address=address_of(request)
    )


def address_of(request: ConsoleRequest) -> str:
    """Return the network address a request comes from, empty where there is none."""
    return request.client.host if request.client else ""


def owner_of(request: ConsoleRequest, connection: Connection) -> Member:
    """Return who is signed in, for what only an owner may do.

    Raises:
        NotAuthorizedException: nobody is signed in, or the session is over.
        PermissionDeniedException: it is not an owner, or another site asked.
    """
    refuse_other_sites(request)
    token, now = request.cookies.get(COOKIE, ""), house_of(request).machine_clock()
    member = find_session(connection, token=token, now=now)
    if member is None:
        raise NotAuthorizedException("Nobody is signed in, or the session is over: sign in.")
    if member.role != MemberRole.OWNER:
        raise PermissionDeniedException("Only an owner may do this: ask one of them.")
    return member


@contextmanager
def open_work(request: ConsoleRequest) -> Generator[Desk]:
    """Lend a member who may change things a connection; what was done is committed at the end.

    Raises:
        NotAuthorizedException: nobody is signed in, or the session is over.
        PermissionDeniedException: they may only read, or another site sent this.
    """
    refuse_other_sites(request)
    house = house_of(request)
    with house.pool.connection() as connection, connection.transaction():
        prepare_working(connection)
        member = find_session(
            connection, token=request.cookies.get(COOKIE, ""), now=house.machine_clock()
        )
        if member is None:
            raise NotAuthorizedException("Nobody is signed in, or the session is over: sign in.")
        if member.role is MemberRole.READER:
            raise PermissionDeniedException("Readers may only look: ask an owner or a marketer.")
        desk = Desk(connection=connection, member=member, house=house, now=house.clock(connection))
        yield desk
        note_desk(connection, request, desk)


@contextmanager
def refusing() -> Generator[None]:
    """Say as an answer what a stage refuses.

    Raises:
        ClientException: it cannot be as asked.
        NotFoundException: what it is about is not there.
    """
    try:
        yield
    except ValueError as error:
        raise ClientException(str(error.args[0])) from error
    except LookupError as error:
        raise NotFoundException(str(error.args[0])) from error


@contextmanager
def one_moment(connection: Connection) -> Generator[None]:
    """Let every statement inside see the same rows, and write none."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    try:
        with connection.transaction():
            yield
    finally:
        # The pool lends this connection to others, who write; a broken one it replaces itself.
        if not connection.closed:
            connection.isolation_level = None
            connection.read_only = None


def find_session(connection: Connection, *, token: str, now: datetime) -> Member | None:
    """Return who holds this session token, or None where it is unknown or over."""
    values = {"token_hash": hash_token(token), "now": now}
    return fetch_one(connection, STATEMENTS["read_session"], Member, values)


def hash_token(token: str) -> bytes:
    """Return the only form in which a session token is stored."""
    return sha256(token.encode()).digest()


def refuse_other_sites(request: ConsoleRequest) -> None:
    """Refuse what another site makes a browser send; clients that are no browser may pass.

    Raises:
        PermissionDeniedException: the browser says that another site asked.
    """
    if request.headers.get("sec-fetch-site", "none") not in OWN_SITES:
        raise PermissionDeniedException("Another site sent this; open the console and try there.")
