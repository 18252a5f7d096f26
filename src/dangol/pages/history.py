"""The page about somebody's own data: what is held, why, from where, and what it led to."""

from dataclasses import asdict
from typing import Final

from litestar import Response, route
from litestar.datastructures import State
from litestar.params import FromPath

from dangol.content.tokens import TokenPurpose
from dangol.feedback.notes import list_notes
from dangol.pages.history_facts import read_facts
from dangol.pages.history_texts import HISTORY_TEXTS
from dangol.pages.history_view import say_history, say_notes
from dangol.pages.limiter import take_turn
from dangol.pages.page import write_content
from dangol.pages.refusal import ask_to_wait, refuse
from dangol.pages.visit import LOOK, Asked, lake_of, open_page, path_to, pool_of, time_of, vault_of
from dangol.pages.visitor import read_visitor

MOST_NOTES: Final = 5


@route("/p/data/{token:str}", http_method=LOOK, sync_to_thread=True, include_in_schema=False)
def show_history(request: Asked, state: State, token: FromPath[str]) -> Response[str]:
    """Show what is held about a customer; whoever only looks changes nothing."""
    vault = vault_of(state)
    with pool_of(state).connection() as connection:
        now = time_of(state, connection)
        visit = open_page(request, state, TokenPurpose.HISTORY, token, now=now)
        if wait_seconds := take_turn(state, request, token=token, is_good=visit.is_good):
            return ask_to_wait(visit, seconds=wait_seconds)
        with connection.transaction():
            visitor = read_visitor(connection, vault, named=visit.named)
            if visitor is None:
                return refuse(visit)
            notes = list_notes(connection, workspace_id=visitor.workspace_id, most=MOST_NOTES)
            facts = read_facts(connection, visitor, vault=vault, lake=lake_of(state))
    texts = visit.texts(visitor.workspace)
    words = HISTORY_TEXTS[texts.locale]
    return write_content(
        "history",
        {
            "texts": asdict(words),
            "notes": say_notes(words, notes, visitor=visitor),
            "ways": {
                "choices": path_to(vault, TokenPurpose.PREFERENCES, visit=visit, now=now),
                "copy": path_to(vault, TokenPurpose.COPY, visit=visit, now=now),
                "erase": path_to(vault, TokenPurpose.ERASE, visit=visit, now=now),
            },
            **say_history(words, facts, visitor=visitor),
        },
        title=words.title,
        texts=texts,
        workspace=visitor.workspace,
    )
