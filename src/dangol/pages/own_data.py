"""The pages to download one's data and to have it erased: looking does neither, one press does."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final, cast

from litestar import Response, post, route
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.response import Stream

from dangol.content.tokens import TokenPurpose
from dangol.pages.history_facts import explained_subject
from dangol.pages.limiter import take_turn
from dangol.pages.page import FORBIDDEN, OK, Page, quiet_headers, write_content, write_page
from dangol.pages.proof import Proof, prove
from dangol.pages.proof_texts import PROOF_TEXTS, ProofTexts
from dangol.pages.refusal import ask_to_wait, refuse
from dangol.pages.texts import Texts
from dangol.pages.visit import (
    LOOK,
    Asked,
    Fields,
    Visit,
    lake_of,
    open_page,
    path_to,
    pool_of,
    read_fields,
    time_of,
    vault_of,
)
from dangol.pages.visitor import Visitor, read_visitor
from dangol.rights.access import Seen, Viewer, note_seen
from dangol.rights.erasure import ask
from dangol.rights.export import zip_customer
from dangol.store.connect import Connection
from dangol.store.vocabulary import AccessBy

Answer = Response[str] | Stream
Act = Callable[[Connection, State, Visit, Visitor, Fields, datetime], Answer]
ASKED_BY: Final = "customer page"
ZIP: Final = {
    **quiet_headers(),
    "Content-Type": "application/zip",
    "Content-Disposition": 'attachment; filename="my-data.zip"',
}


@route("/p/copy/{token:str}", http_method=LOOK, include_in_schema=False)
async def show_copy(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Say what a download holds; nothing is read for it yet."""
    return await sync_to_thread(lambda: look(request, state, token, TokenPurpose.COPY))


@post("/p/copy/{token:str}", status_code=200, include_in_schema=False)
async def take_copy(request: Asked, state: State, token: FromPath[str]) -> Answer:
    """Hand over everything held, to who knows the address."""
    fields = read_fields(await request.body())
    return await sync_to_thread(
        lambda: act(request, state, token, TokenPurpose.COPY, fields, hand_over)
    )


@route("/p/erase/{token:str}", http_method=LOOK, include_in_schema=False)
async def show_erase(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Say what being erased means; nothing happens yet."""
    return await sync_to_thread(lambda: look(request, state, token, TokenPurpose.ERASE))


@post("/p/erase/{token:str}", status_code=200, include_in_schema=False)
async def take_erase(request: Asked, state: State, token: FromPath[str]) -> Answer:
    """Forget who knows the address and says that they are sure."""
    fields = read_fields(await request.body())
    return await sync_to_thread(
        lambda: act(request, state, token, TokenPurpose.ERASE, fields, forget)
    )


def look(request: Asked, state: State, token: str, purpose: TokenPurpose) -> Response[str]:
    with pool_of(state).connection() as connection:
        now = time_of(state, connection)
        visit = open_page(request, state, purpose, token, now=now)
        if wait_seconds := take_turn(state, request, token=token, is_good=visit.is_good):
            return ask_to_wait(visit, seconds=wait_seconds)
        with connection.transaction():
            visitor = read_visitor(connection, vault_of(state), named=visit.named)
    if visitor is None:
        return refuse(visit)
    return write_form(state, visit, visitor, purpose, now=now)


def act(
    request: Asked, state: State, token: str, purpose: TokenPurpose, fields: Fields, then: Act
) -> Answer:
    """Do what a page is for, once the address is proved."""
    vault = vault_of(state)
    with pool_of(state).connection() as connection:
        now = time_of(state, connection)
        visit = open_page(request, state, purpose, token, now=now)
        if wait_seconds := take_turn(state, request, token=token, is_good=visit.is_good):
            return ask_to_wait(visit, seconds=wait_seconds)
        with connection.transaction():
            visitor = read_visitor(connection, vault, named=visit.named)
        if visitor is None:
            return refuse(visit)
        machine_now = cast("datetime", state.machine_clock())
        proof = prove(connection, vault, visitor, fields=fields, now=machine_now)
        if proof is not Proof.GOOD:
            words = words_of(visit, visitor)
            wrong = words.wrong_email if proof is Proof.WRONG else words.too_many
            return write_form(state, visit, visitor, purpose, now=now, wrong=wrong)
        return then(connection, state, visit, visitor, fields, now)


def hand_over(
    connection: Connection,
    state: State,
    visit: Visit,
    visitor: Visitor,
    _: Fields,
    now: datetime,
) -> Stream:
    """Return the archive, complete before its first byte leaves."""
    assert visit.is_good  # noqa: S101 - the caller has looked
    with connection.transaction():
        subject = explained_subject(connection, visitor, vault=vault_of(state), lake=lake_of(state))
        blocks = zip_customer(subject, now=now)
        note_seen(
            connection,
            Viewer(kind=AccessBy.CUSTOMER, name="customer page", address=visit.evidence.address),
            [Seen(what="own data", customer_ids=[visitor.customer_id])],
            workspace_id=visitor.workspace_id,
            now=now,
        )
    return Stream(blocks, headers=ZIP)


def forget(
    connection: Connection,
    state: State,
    visit: Visit,
    visitor: Visitor,
    fields: Fields,
    now: datetime,
) -> Response[str]:
    """Write the wish down: from the answer on nobody writes to them; a worker does the rest."""
    words = words_of(visit, visitor)
    if fields.get("sure") != "yes":
        return write_form(state, visit, visitor, TokenPurpose.ERASE, now=now, wrong=words.not_sure)
    _ = ask(
        connection,
        vault=vault_of(state),
        workspace_id=visitor.workspace_id,
        customer_id=visitor.customer_id,
        asked_by=ASKED_BY,
        now=now,
    )
    page = Page(texts=texts_of(visit, visitor), title=words.erased_title, lines=words.erased_lines)
    return write_page(page, workspace=visitor.workspace)


def write_form(
    state: State,
    visit: Visit,
    visitor: Visitor,
    purpose: TokenPurpose,
    *,
    now: datetime,
    wrong: str = "",
) -> Response[str]:
    """Write the page with its form, and what was wrong with what it was given."""
    words, shop = words_of(visit, visitor), visitor.workspace.sender_name
    is_copy = purpose is TokenPurpose.COPY
    lines = words.copy_lines if is_copy else words.erase_lines
    title = words.copy_title if is_copy else words.erase_title
    fields: Mapping[str, object] = {
        "texts": asdict(words),
        "title": title,
        "lines": [line.format(shop=shop) for line in lines],
        "points": () if is_copy else words.erase_points,
        "path": visit.form_path,
        "hint": words.email_hint.format(email=visitor.email),
        "sure": "" if is_copy else words.erase_sure,
        "action": "copy" if is_copy else "erase",
        "press": words.copy_press if is_copy else words.erase_press,
        "back": path_to(vault_of(state), TokenPurpose.HISTORY, visit=visit, now=now),
        "wrong": wrong,
        "is_email_wrong": wrong == words.wrong_email,
    }
    return write_content(
        "proof",
        fields,
        title=title,
        texts=texts_of(visit, visitor),
        workspace=visitor.workspace,
        status=FORBIDDEN if wrong else OK,
    )


def texts_of(visit: Visit, visitor: Visitor) -> Texts:
    return visit.texts(visitor.workspace)


def words_of(visit: Visit, visitor: Visitor) -> ProofTexts:
    return PROOF_TEXTS[texts_of(visit, visitor).locale]
