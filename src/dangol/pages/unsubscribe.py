"""The page behind the opt-out link: looking changes nothing, one press stops the mail.

Mail programs post to the same address on the reader's behalf (RFC 8058).
"""

from datetime import datetime
from typing import Final

from litestar import MediaType, Response, post, route
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.params import FromPath

from dangol.consent.evidence import Witness
from dangol.content.tokens import Reference, TokenPurpose, read_token
from dangol.feedback.exits import save_exit_answer
from dangol.feedback.unsubscribe import (
    Subscription,
    read_subscription,
    unsubscribe,
    wait_for_calls,
)
from dangol.feedback.ways import open_way
from dangol.pages.exit_words import EXIT_WORDS
from dangol.pages.page import NOT_FOUND, Page, quiet_headers, write_page
from dangol.pages.refusal import lead_to
from dangol.pages.texts import WORDING_VERSION, Texts
from dangol.pages.visit import (
    LONGEST_BODY,
    LOOK,
    Asked,
    Visit,
    pool_of,
    read_fields,
    read_visit,
    time_of,
    vault_of,
)
from dangol.store.connect import Connection
from dangol.store.vault import BadToken
from dangol.store.vocabulary import ConsentSource, ExitReason
from dangol.store.workspace import Workspace, read_workspace

ONE_CLICK_SOURCE: Final = "one-click unsubscribe (RFC 8058)"
PAGE_SOURCE: Final = "unsubscribe page"
ONE_CLICK: Final = b"One-Click"
SUBSCRIBE: Final = "subscribe"
UNSUBSCRIBE: Final = "unsubscribe"
REASON: Final = "reason"


@route("/u/{token:str}", http_method=LOOK, include_in_schema=False)
async def show_subscription(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Show how things stand; whoever only looks, or whatever prefetches, changes nothing."""
    visit = visit_of(request, state, token)
    return await sync_to_thread(lambda: look(state, visit))


@post("/u/{token:str}", status_code=200, include_in_schema=False)
async def change_subscription(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Stop the mail, or let it come again where the form says so."""
    body = await request.body()
    visit = visit_of(request, state, token)
    one_click = ONE_CLICK in body[:LONGEST_BODY]
    if (reason := reason_of(body)) and not one_click:
        return await sync_to_thread(lambda: answer_why(state, visit, reason))
    return await sync_to_thread(lambda: act(state, visit, action_of(body), one_click=one_click))


def look(state: State, visit: Visit) -> Response[str]:
    with pool_of(state).connection() as connection:
        return answer(connection, visit)


def act(state: State, visit: Visit, action: str, *, one_click: bool) -> Response[str]:
    """Record the wish and confirm it once it holds."""
    with pool_of(state).connection() as connection:
        if visit.named is None:
            return answer(connection, visit)
        now = state.clock(connection)
        witness = Witness(vault=vault_of(state), evidence=visit.evidence)
        with connection.transaction():
            if action == SUBSCRIBE:
                found = subscribe(connection, visit, visit.named, witness=witness, now=now)
            else:
                found = unsubscribe(
                    connection,
                    workspace_id=visit.named.workspace_id,
                    message_id=visit.named.message_id,
                    source=ONE_CLICK_SOURCE if one_click else PAGE_SOURCE,
                    kind=ConsentSource.ONE_CLICK if one_click else ConsentSource.PAGE,
                    now=now,
                    witness=witness,
                )
        return confirm(connection, visit, found, action=action, one_click=one_click)


def subscribe(
    connection: Connection, visit: Visit, named: Reference, *, witness: Witness, now: datetime
) -> Subscription | None:
    """Record that the recipient wants advertising after all, with the sentence they read."""
    found = read_subscription(
        connection, workspace_id=named.workspace_id, message_id=named.message_id
    )
    if found is None:
        return None
    workspace = read_workspace(connection, workspace_id=named.workspace_id)
    texts = visit.texts(workspace)
    open_way(
        connection,
        found,
        source=f"{PAGE_SOURCE}: subscribe again",
        wording=texts.wording.format(shop=workspace.sender_name),
        wording_version=WORDING_VERSION,
        locale=texts.locale,
        now=now,
        witness=witness,
    )
    return found


def answer_why(state: State, visit: Visit, reason: ExitReason) -> Response[str]:
    """Keep why somebody stopped; it changes nothing else."""
    with pool_of(state).connection() as connection:
        if visit.named is None:
            return answer(connection, visit)
        with connection.transaction():
            save_exit_answer(
                connection,
                workspace_id=visit.named.workspace_id,
                message_id=visit.named.message_id,
                reason=reason,
                now=time_of(state, connection),
            )
    return lead_to(visit.path_after(REASON))


def confirm(
    connection: Connection,
    visit: Visit,
    found: Subscription | None,
    *,
    action: str,
    one_click: bool,
) -> Response[str]:
    """Wait for mail already under way, then answer a machine in plain text, a person by a page."""
    if found is None:
        return answer(connection, visit)
    in_time = action == SUBSCRIBE or wait_for_calls(connection, subscription=found)
    if one_click:
        return Response(
            "Unsubscribed.", status_code=200, media_type=MediaType.TEXT, headers=quiet_headers()
        )
    done = action if in_time else "slow"
    return lead_to(visit.path_after(done))


def answer(connection: Connection, visit: Visit) -> Response[str]:
    """Write the page for how things stand now."""
    found, workspace = look_up(connection, visit)
    texts = visit.texts(workspace)
    if found is None or workspace is None:
        page = Page(
            texts=texts,
            title=texts.broken_title,
            lines=(texts.broken_body,),
            status=NOT_FOUND,
        )
        return write_page(page, workspace=workspace)
    page = page_on(visit, texts) if found.is_on else page_off(visit, texts, found, workspace)
    return write_page(page, workspace=workspace)


def look_up(connection: Connection, visit: Visit) -> tuple[Subscription | None, Workspace | None]:
    if visit.named is None:
        return None, None
    with connection.transaction():
        found = read_subscription(
            connection,
            workspace_id=visit.named.workspace_id,
            message_id=visit.named.message_id,
        )
        if found is None:
            return None, None
        return found, read_workspace(connection, workspace_id=visit.named.workspace_id)


def page_on(visit: Visit, texts: Texts) -> Page:
    again = visit.done == SUBSCRIBE
    return Page(
        texts=texts,
        title=texts.again_title if again else texts.on_title,
        lines=(texts.again_body if again else texts.on_body,),
        path=visit.form_path,
        action=UNSUBSCRIBE,
        label=texts.stop,
    )


def page_off(visit: Visit, texts: Texts, found: Subscription, workspace: Workspace) -> Page:
    lines = [texts.off_body]
    if found.since is not None:
        when = texts.date_form.format(found.since.astimezone(workspace.zone))
        lines.append(texts.off_since.replace("{when}", when))
    if visit.done == "slow":
        lines.append(texts.slow)
    if visit.done == REASON:
        lines.append(texts.reason_thanks)
    return Page(
        texts=texts,
        title=texts.off_title,
        lines=tuple(lines),
        path=visit.form_path,
        action=SUBSCRIBE,
        label=texts.subscribe,
        hint=texts.subscribe_hint,
        reasons={} if visit.done == REASON else say_reasons(texts),
    )


def say_reasons(texts: Texts) -> dict[str, str]:
    return {reason.value: word.in_(texts.locale) for reason, word in EXIT_WORDS.items()}


def visit_of(request: Asked, state: State, token: str) -> Visit:
    try:
        named = read_token(vault_of(state), TokenPurpose.UNSUBSCRIBE, token)
    except BadToken:
        named = None
    return read_visit(request, named=named)


def action_of(body: bytes) -> str:
    """Read the pressed button; whatever else is posted here means stop."""
    return SUBSCRIBE if read_fields(body).get("action") == SUBSCRIBE else UNSUBSCRIBE


def reason_of(body: bytes) -> ExitReason | None:
    """Read why somebody stopped; None where the body says anything else."""
    fields = read_fields(body)
    try:
        return ExitReason(fields.get("reason", "")) if fields.get("action") == REASON else None
    except ValueError:
        return None
