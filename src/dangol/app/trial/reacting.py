"""What becomes of a message in a story: what a vendor reports of it, and what people do with it.

It goes the ways that a vendor's posts and a person's requests go, so that whatever follows from it
in a shop follows in a story: events, consents, dead addresses.
"""

from email.message import EmailMessage
from enum import StrEnum
from typing import Final

from dangol.app.clock import STATEMENTS
from dangol.app.trial.shop import POST, Shop
from dangol.content.reply_words import means_stop
from dangol.content.tokens import TokenPurpose, sign_message
from dangol.feedback.hits import Hit, record_hit
from dangol.feedback.mail import BY_ANSWER, BY_COMPLAINT, receive_mail
from dangol.feedback.reports import record_reports
from dangol.feedback.unsubscribe import unsubscribe
from dangol.providers.vendor import FaultKind, Report, ReportKind
from dangol.store.vocabulary import ConsentSource, ReceiptKind

# What reads a story's mail is a telephone in somebody's hand.
AGENT: Final = "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 Chrome/140.0 Mobile"
PROVIDER: Final = "story"
BY_LINK: Final = "unsubscribed in a story"


class Reaction(StrEnum):
    """What may become of a message, by the words of its receipts."""

    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


def react(
    shop: Shop,
    message_id: int,
    reaction: Reaction,
    *,
    by_mail: bool,
    link_id: int | None,
    text: str,
) -> None:
    """Let something become of a message now; ``link_id`` and ``text`` are a click's and a reply's.

    A reply that asks for no more is a refusal, as everywhere; one to a mail is read as a mail.
    """
    match reaction:
        case Reaction.OPENED | Reaction.CLICKED:
            ask_for(shop, message_id, ReceiptKind(reaction.value), link_id=link_id)
        case Reaction.REPLIED if by_mail:
            answer_mail(shop, message_id, text=text)
        case Reaction.REPLIED if means_stop(text):
            refuse(shop, message_id, source=BY_ANSWER)
        case Reaction.UNSUBSCRIBED:
            refuse(shop, message_id, source=BY_LINK)
        case Reaction.COMPLAINED:
            tell(shop, message_id, ReportKind.COMPLAINED, text=BY_COMPLAINT)
        case Reaction.BOUNCED:
            tell(shop, message_id, ReportKind.FAILED, text=text, fault=FaultKind.PERMANENT)
        case Reaction.DELIVERED:
            tell(shop, message_id, ReportKind.DELIVERED, text=text)
        case Reaction.REPLIED:
            tell(shop, message_id, ReportKind.REPLIED, text=text)


def find_link(shop: Shop, url: str) -> int | None:
    """Return the tracked link that leads somewhere; None if no message has had one."""
    values = {"workspace_id": shop.workspace, "url": url}
    with shop.connection.transaction():
        row = shop.connection.execute(STATEMENTS["find_tracked_link"], values).fetchone()
    return int(row[0]) if row else None


def ask_for(shop: Shop, message_id: int, kind: ReceiptKind, *, link_id: int | None) -> None:
    """Let a person open a message, or follow a link of it."""
    hit = Hit(
        workspace_id=shop.workspace,
        message_id=message_id,
        kind=kind,
        link_id=link_id,
        method="GET",
        user_agent=AGENT,
    )
    with shop.connection.transaction():
        record_hit(shop.connection, hit=hit, now=shop.now)


def tell(
    shop: Shop, message_id: int, kind: ReportKind, *, text: str, fault: FaultKind | None = None
) -> None:
    """Let the vendor report something of a message."""
    report = Report(
        kind=kind,
        event_id=f"{PROVIDER}-{next(shop.calls)}",
        occurred_at=shop.now,
        our_id=name_of(shop, message_id),
        detail=text,
        fault=fault,
    )
    with shop.connection.transaction():
        _ = record_reports(
            shop.connection,
            [report],
            workspace_id=shop.workspace,
            provider=PROVIDER,
            vault=shop.vault,
            now=shop.now,
        )


def name_of(shop: Shop, message_id: int) -> str:
    """Return what vendors and mail programs were told to call a message."""
    return sign_message(
        shop.vault, TokenPurpose.MESSAGE, workspace_id=shop.workspace, message_id=message_id
    )


def answer_mail(shop: Shop, message_id: int, *, text: str) -> None:
    """Let somebody answer a mail."""
    mail = EmailMessage()
    mail["In-Reply-To"] = f"<{name_of(shop, message_id)}@{POST.bounce_domain}>"
    mail.set_content(text)
    with shop.connection.transaction():
        _ = receive_mail(
            shop.connection,
            workspace_id=shop.workspace,
            vault=shop.vault,
            raw=mail.as_bytes(),
            now=shop.now,
        )


def refuse(shop: Shop, message_id: int, *, source: str) -> None:
    """Let somebody want no more advertising, by way of a message."""
    with shop.connection.transaction():
        _ = unsubscribe(
            shop.connection,
            workspace_id=shop.workspace,
            message_id=message_id,
            source=source,
            kind=ConsentSource.FEEDBACK,
            now=shop.now,
        )
