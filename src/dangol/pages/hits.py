"""The links and the opening mark inside our mails."""

import base64
from typing import Final, cast

from litestar import Response, route
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.response import Redirect

from dangol.content.tokens import Reference, TokenPurpose, read_token
from dangol.feedback.hits import TRAP_LINK, Hit, hash_address, read_link, record_hit
from dangol.pages.page import NOT_FOUND, Page, quiet_headers, write_page
from dangol.pages.texts import choose_texts
from dangol.pages.visit import LOOK, Asked, pool_of, vault_of
from dangol.store.vault import BadToken
from dangol.store.vocabulary import ReceiptKind

# One transparent pixel.
PIXEL: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@route("/o/{name:str}", http_method=LOOK, sync_to_thread=True, include_in_schema=False)
def show_pixel(request: Asked, state: State, name: FromPath[str]) -> Response[bytes]:
    """Record an opening; the pixel comes whatever the token, since a mail is waiting for it."""
    named = read(state, TokenPurpose.OPEN, name.removesuffix(".gif"))
    if named is not None:
        keep(request, state, named, kind=ReceiptKind.OPENED)
    return Response(PIXEL, status_code=200, media_type="image/gif", headers=quiet_headers())


@route("/c/{token:str}", http_method=LOOK, sync_to_thread=True, include_in_schema=False)
def follow_link(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Record a click and lead on to where the mail promised, and nowhere else."""
    named = read(state, TokenPurpose.CLICK, token)
    if named is not None and named.link_id == TRAP_LINK:
        keep(request, state, named, kind=ReceiptKind.CLICKED)
        return Response("", status_code=200, media_type="text/plain", headers=quiet_headers())
    target = None if named is None else find_target(state, named)
    if named is None or target is None:
        texts = choose_texts(
            asked=None, accepted=request.headers.get("Accept-Language", ""), otherwise="ko"
        )
        page = Page(texts=texts, title=texts.link_title, lines=(texts.link_body,), status=NOT_FOUND)
        return write_page(page, workspace=None)
    keep(request, state, named, kind=ReceiptKind.CLICKED)
    return cast("Response[str]", Redirect(target, status_code=302, headers=quiet_headers()))


def read(state: State, purpose: TokenPurpose, token: str) -> Reference | None:
    try:
        return read_token(vault_of(state), purpose, token)
    except BadToken:
        return None


def find_target(state: State, named: Reference) -> str | None:
    if named.link_id is None:
        return None
    with pool_of(state).connection() as connection:
        return read_link(connection, workspace_id=named.workspace_id, link_id=named.link_id)


def keep(request: Asked, state: State, named: Reference, *, kind: ReceiptKind) -> None:
    with pool_of(state).connection() as connection:
        now = state.clock(connection)
        ip, net = hash_address(
            vault_of(state),
            workspace_id=named.workspace_id,
            address=request.client.host if request.client else "",
        )
        hit = Hit(
            workspace_id=named.workspace_id,
            message_id=named.message_id,
            kind=kind,
            link_id=named.link_id,
            method=request.method,
            user_agent=request.headers.get("User-Agent", ""),
            ip=ip,
            net=net,
        )
        with connection.transaction():
            record_hit(connection, hit=hit, now=now)
