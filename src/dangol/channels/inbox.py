"""Notes: messages that wait on the shop's own pages and in its app for whoever they are for.

Nobody is called. A visitor's page asks, and what may be shown then is claimed as any message is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.channels.links import find_links
from dangol.channels.mould import shop_fields
from dangol.channels.render import name_of
from dangol.content.advertising import mark_subject, needs_mark
from dangol.content.frame import shop_url
from dangol.content.liquid import TemplateError, parse
from dangol.content.template import Template
from dangol.content.tokens import TokenPurpose, sign_click, sign_message
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import IdentifierKind, Purpose
from dangol.store.workspace import Workspace

# A visit that pauses for longer is another one.
VISIT_LASTS: Final = timedelta(minutes=30)
# Between these and the order, somebody is paying: nothing is put in their way.
PAYING_EVENTS: Final = ("Checkout Started", "Checkout Step Viewed", "Payment Info Entered")
PAYING_LASTS: Final = timedelta(minutes=30)
LEASE: Final = timedelta(minutes=1)
# Addresses of pages on which shops take money, as shops and their platforms write them.
PAYING_PAGE: Final = re.compile(
    r"checkout|payment|orderform|order/form|(^|[/_.-])(pay|order|billing)([/_.?-]|$)|결제|주문",
    re.IGNORECASE,
)
# A last line of this form is the note's one button.
BUTTON: Final = re.compile(r"\[(?P<words>[^\]\n]{1,60})\]\((?P<url>https?://[^\s){}]{1,2000})\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who sits there, as far as that is sure, and which visit of theirs it is."""

    kind: IdentifierKind
    key: str
    visit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedNote:
    """A note that this visit alone may show, with what is needed to write it."""

    delivery_id: int
    workspace_id: int
    message_id: int
    template_id: int
    purpose: Purpose
    traits: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as a page shows it: plain text, one button at most."""

    token: str
    locale: str
    title: str
    body: str
    # Empty where there is no button.
    button: str
    url: str
    # Where advertising is stopped; empty for what is none.
    stop_url: str


def is_paying_page(address: str) -> bool:
    """Tell whether a page is, by its address, one on which a visitor pays."""
    return PAYING_PAGE.search(address) is not None


def claim_note(
    connection: Connection, *, workspace_id: int, visitor: Visitor, now: datetime
) -> ClaimedNote | None:
    """Claim the note that a visit may show now; None where there is none.

    One a visit, and none to somebody who has begun to pay within ``PAYING_LASTS`` and has not
    ordered yet. The caller's transaction keeps every other page of theirs waiting.
    """
    values = {"workspace_id": workspace_id, "kind": visitor.kind, "key": visitor.key}
    found = connection.execute(STATEMENTS["find_visitor"], values).fetchone()
    if found is None:
        return None
    with connection.cursor(row_factory=class_row(ClaimedNote)) as cursor:
        return cursor.execute(
            STATEMENTS["claim_note"],
            {
                "workspace_id": workspace_id,
                "customer_id": found[0],
                "visit": f"visit {visitor.visit}",
                "visit_lasts": VISIT_LASTS,
                "paying_events": list(PAYING_EVENTS),
                "paying_lasts": PAYING_LASTS,
                "lease": LEASE,
                "now": now,
            },
        ).fetchone()


def write_note(
    connection: Connection,
    claimed: ClaimedNote,
    *,
    template: Template,
    workspace: Workspace,
    vault: Vault,
    base_url: str,
) -> Note:
    """Write a claimed note.

    Raises:
        TemplateError: the template fails on this customer's data.
    """
    text, words, url = split_button(template.body_text)
    names = {"workspace_id": claimed.workspace_id, "message_id": claimed.message_id}
    fields = {
        "customer": {"name": name_of(claimed.traits), "traits": claimed.traits},
        "shop": shop_fields(workspace),
        "links": {"shop": shop_url(workspace), "unsubscribe": "", "preferences": ""},
    }
    title = parse("subject", template.subject, escape=False).render(fields).strip()
    if url:
        links = find_links(connection, workspace_id=claimed.workspace_id, urls={url})
        url = f"{base_url}/c/{sign_click(vault, **names, link_id=links[url])}"
    stop = sign_message(vault, TokenPurpose.UNSUBSCRIBE, **names)
    return Note(
        token=sign_message(vault, TokenPurpose.NOTE, **names),
        locale=template.locale,
        title=mark_subject(title) if needs_mark(workspace, template.purpose) else title,
        body=parse("body_text", text, escape=False).render(fields).strip(),
        button=parse("body_text", words, escape=False).render(fields).strip(),
        url=url,
        stop_url=f"{base_url}/u/{stop}" if template.purpose == Purpose.MARKETING else "",
    )


def split_button(body: str) -> tuple[str, str, str]:
    """Take the button off a body; return the text, the button's words and where it leads.

    Raises:
        TemplateError: the last line is nearly a button: its address is no fixed http address.
    """
    text, _, last = body.rstrip().rpartition("\n")
    if found := BUTTON.fullmatch(last.strip()):
        return text, found["words"], found["url"]
    if re.match(r"\[[^\]]+\]\(", last.strip()):
        raise TemplateError(
            "body_text", "the button's address must be fixed: [words](https://your.shop/page)"
        )
    return body, "", ""
