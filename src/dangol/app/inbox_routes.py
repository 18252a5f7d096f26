"""What pages ask us for notes with: the script, the inbox, and who sits there.

Any page of the shop may ask, by a browser key that everybody can read. So a note is given to a
browser that nobody has signed in on, or to whom the shop's own server says is signed in; nobody
can ask for another's by knowing their id.
"""

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
    TooManyRequestsException,
)
from litestar.params import FromPath, JSONBody, RawBody
from msgspec import Meta

from dangol.app.callbacks import authenticate, require
from dangol.app.inbox import fetch_note, record_dismissed, record_shown
from dangol.channels.inbox import Note, Visitor, is_paying_page
from dangol.content.tokens import (
    VISITOR_LASTS,
    Reference,
    TokenPurpose,
    read_token,
    read_visitor,
    sign_visitor,
)
from dangol.ingest.keys import ApiKey, find_api_key
from dangol.pages.limiter import take_turn
from dangol.store.connect import Connection
from dangol.store.vault import BadToken, Vault
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope, IdentifierKind

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

    from dangol.app.settings import Settings

TAGS: Final = ["inbox"]
# Any page may call; what it is given depends on who sits there.
CORS: Final = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
SCRIPT_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=3600",
}
# A browser makes its own id up at random; a shorter one could be guessed.
Unguessable = Annotated[str, Meta(min_length=20, max_length=200)]
Short = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[A-Za-z0-9-]+$")]
Words = Annotated[str, Meta(max_length=2_000)]
UserId = Annotated[str, Meta(min_length=1, max_length=500)]

Asked = Request[object, object, State]


class Look(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A page's question: is there a note for whoever sits here?"""

    write_key: Words
    # The same for one visit of one browser.
    visit: Short
    # The page's path: none is shown over one on which a visitor pays.
    page: Words
    anonymous_id: Unguessable | None = None
    # From `POST /v1/inbox/token`, where somebody is signed in.
    user_token: Words | None = None


class NoteView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A note: plain text, at most one button; ``stopUrl`` is empty for what is no advertising."""

    token: str
    locale: str
    title: str
    body: str
    button: str
    url: str
    stop_url: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be shown now; null: nothing."""

    note: NoteView | None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """It was recorded."""

    recorded: bool = True


class Who(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Who is signed in at the shop, by the id that the shop's events carry."""

    user_id: UserId


class Pass(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the page passes on; good for a day."""

    user_token: str
    expires_in: int


@get("/inbox.js", sync_to_thread=False, include_in_schema=False)
def show_script() -> Response[bytes]:
    """Give the script that pages show notes with."""
    return Response(
        read_script(), media_type="text/javascript; charset=utf-8", headers=SCRIPT_HEADERS
    )


@lru_cache(maxsize=1)
def read_script() -> bytes:
    return files("dangol.app").joinpath("inbox.js").read_bytes()


@post(
    "/v1/inbox",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=[ClientException, NotAuthorizedException, TooManyRequestsException],
)
def fetch_notes(request: Asked, body: RawBody, state: State) -> Response[Found]:
    """Ask for the note that this visit is to show now; JSON, whatever its declared type.

    One a visit, none over a page on which the visitor pays, and none twice. `anonymousId` is the
    browser's own and must be one that cannot be guessed; it stands only for a browser that nobody
    has signed in on. Where somebody has, `userToken` says who.
    """
    try:
        look = msgspec.json.decode(body, type=Look)
    except msgspec.MsgspecError as fault:
        raise ClientException(f"The body is no such question: {fault}.") from fault
    pool: ConnectionPool[Connection] = state.pool
    wait = take_turn(state, request, token=look.visit, is_good=True)
    if wait:
        raise TooManyRequestsException("Too many questions.", headers={"Retry-After": str(wait)})
    if is_paying_page(look.page):
        return Response(Found(note=None), headers=CORS)
    with pool.connection() as connection:
        key = find_key(connection, look.write_key)
        visitor = read_who(look, key=key, state=state, connection=connection)
        note = None
        if visitor is not None:
            settings: Settings = state.settings
            note = fetch_note(
                connection,
                workspace_id=key.workspace_id,
                visitor=visitor,
                vault=state.vault,
                base_url=settings.public_url,
                now=state.clock(connection),
            )
    return Response(Found(note=None if note is None else view_of(note)), headers=CORS)


def find_key(connection: Connection, write_key: str) -> ApiKey:
    """Return whose page asks.

    Raises:
        NotAuthorizedException: nobody's whom we know.
    """
    with connection.transaction():
        key = find_api_key(connection, key=write_key)
    if key is None or key.kind is not ApiKeyKind.BROWSER:
        raise NotAuthorizedException(
            "writeKey is no browser key that holds: make one with `dangol key create browser`."
        )
    return key


def read_who(look: Look, *, key: ApiKey, state: State, connection: Connection) -> Visitor | None:
    """Return who sits there, as far as that is sure; a token that is over stands for nobody."""
    if look.user_token is not None:
        vault: Vault = state.vault
        try:
            with connection.transaction():
                now = state.clock(connection)
            user_id = read_visitor(vault, look.user_token, workspace_id=key.workspace_id, now=now)
        except BadToken:
            return None
        return Visitor(kind=IdentifierKind.EXTERNAL, key=user_id, visit=look.visit)
    if look.anonymous_id is None:
        return None
    return Visitor(kind=IdentifierKind.ANONYMOUS, key=look.anonymous_id, visit=look.visit)


def view_of(note: Note) -> NoteView:
    return NoteView(
        token=note.token,
        locale=note.locale,
        title=note.title,
        body=note.body,
        button=note.button,
        url=note.url,
        stop_url=note.stop_url,
    )


@post(
    "/v1/inbox/{token:str}/shown",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=[NotFoundException],
)
def take_shown(request: Asked, token: FromPath[str], state: State) -> Response[Seen]:
    """Say that a note stood on the screen; `token` is the note's."""
    named = read_note_token(state, token)
    pool: ConnectionPool[Connection] = state.pool
    with pool.connection() as connection, connection.transaction():
        agent = request.headers.get("User-Agent", "")
        record_shown(connection, named=named, user_agent=agent, now=state.clock(connection))
    return Response(Seen(), headers=CORS)


@post(
    "/v1/inbox/{token:str}/dismissed",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=[NotFoundException],
)
def take_dismissed(token: FromPath[str], state: State) -> Response[Seen]:
    """Say that somebody sent a note away; it becomes the event `Note Dismissed` of theirs."""
    named = read_note_token(state, token)
    pool: ConnectionPool[Connection] = state.pool
    with pool.connection() as connection, connection.transaction():
        record_dismissed(connection, named=named, now=state.clock(connection))
    return Response(Seen(), headers=CORS)


def read_note_token(state: State, token: str) -> Reference:
    """Return which note a token names.

    Raises:
        NotFoundException: none of ours.
    """
    vault: Vault = state.vault
    try:
        return read_token(vault, TokenPurpose.NOTE, token)
    except BadToken as fault:
        raise NotFoundException("There is no such note.") from fault


@post(
    "/v1/inbox/token",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=[NotAuthorizedException, PermissionDeniedException, ClientException],
)
def make_token(request: Asked, data: JSONBody[Who], state: State) -> Pass:
    """Get what a page of a signed-in customer passes on as `userToken`, with a server key."""
    pool: ConnectionPool[Connection] = state.pool
    with pool.connection() as connection, connection.transaction():
        key = authenticate(connection, header=request.headers.get("Authorization", ""))
        require(key, ApiKeyScope.TRACK)
        now = state.clock(connection)
    vault: Vault = state.vault
    token = sign_visitor(vault, workspace_id=key.workspace_id, user_id=data.user_id, now=now)
    return Pass(user_token=token, expires_in=int(VISITOR_LASTS.total_seconds()))


inbox_routes: Final = [show_script, fetch_notes, take_shown, take_dismissed, make_token]
