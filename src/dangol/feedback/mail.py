"""Mail that comes back to us: delivery reports, complaints, refusals, and answers.

a delivery report      a receipt; silence towards an address that is gone
a complaint            a receipt; no consent any more, and nobody writes to the address
a mail to u+TOKEN@     a refusal (List-Unsubscribe)
an answer              a receipt that says of which kind; a refusal where it asks for one; nothing
                       from a machine
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.content.replies import judge_reply
from dangol.content.tokens import Reference, TokenPurpose, read_token
from dangol.feedback.bounces import STATEMENTS, Bounce, forbid_addresses, record_bounces
from dangol.feedback.unsubscribe import Subscription, unsubscribe
from dangol.providers.smtp.bounce import Report, read_report
from dangol.providers.smtp.complaint import REFUSAL, Complaint, read_complaint
from dangol.providers.smtp.post import (
    Letter,
    find_answered,
    read_letter,
    read_text,
    recipients_of,
)
from dangol.providers.smtp.reply import Answer, judge_answer, own_words
from dangol.store.connect import Connection
from dangol.store.vault import BadToken, Vault
from dangol.store.vocabulary import ConsentSource, ReceiptKind

BY_MAIL: Final = "unsubscribe by mail"
BY_ANSWER: Final = "asked to stop in an answer"
BY_COMPLAINT: Final = "reported as spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a returned mail meant; after a refusal, wait for the calls of ``subscription``."""

    message_id: int
    kind: ReceiptKind
    # False for a report that was known already, or that says the mail may still arrive.
    is_new: bool
    subscription: Subscription | None = None


def receive_mail(
    connection: Connection, *, workspace_id: int, vault: Vault, raw: bytes, now: datetime
) -> Received | None:
    """Record what a mail to us says; None for one that says nothing of a message of ours.

    The caller commits; then, after a refusal, calls ``wait_for_calls``.
    """
    letter = read_letter(raw)
    names = Names(vault=vault, workspace_id=workspace_id)
    if complaint := read_complaint(letter):
        return record_complaint(connection, complaint, names=names, now=now)
    if report := read_report(letter):
        named = names.find(TokenPurpose.MESSAGE, report.tokens)
        return None if named is None else record_report(connection, report, named=named, now=now)
    tokens = tuple(REFUSAL.findall(" ".join(recipients_of(letter.mail))))
    if refused := names.find(TokenPurpose.UNSUBSCRIBE, tokens):
        return record_refusal(connection, named=refused, source=BY_MAIL, now=now)
    if answered := names.find(TokenPurpose.MESSAGE, tuple(find_answered(letter.mail))):
        return record_answer(connection, letter, named=answered, now=now)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Tells which message of a workspace a token names."""

    vault: Vault
    workspace_id: int

    def find(self, purpose: TokenPurpose, tokens: tuple[str, ...]) -> Reference | None:
        """Return what the first genuine token names, where it belongs to the workspace."""
        for token in tokens:
            try:
                named = read_token(self.vault, purpose, token)
            except BadToken:
                continue
            if named.workspace_id == self.workspace_id:
                return named
        return None


def record_report(
    connection: Connection, report: Report, *, named: Reference, now: datetime
) -> Received:
    """Record a failed delivery; a delayed one may still arrive and changes nothing."""
    bounce = Bounce(
        message_id=named.message_id,
        status=report.status,
        detail=report.diagnostic,
        address_gone=report.address_gone,
    )
    recorded = record_bounces(connection, [bounce], now=now) if report.failed else 0
    return Received(message_id=named.message_id, kind=ReceiptKind.BOUNCED, is_new=recorded > 0)


def record_complaint(
    connection: Connection, complaint: Complaint, *, names: Names, now: datetime
) -> Received | None:
    """Record a complaint: whoever made it never hears from the shop again, by this channel."""
    named = names.find(TokenPurpose.MESSAGE, complaint.tokens) or names.find(
        TokenPurpose.UNSUBSCRIBE, complaint.refusals
    )
    if named is None or not complaint.is_against_us:
        return None
    found = record_refusal(
        connection, named=named, source=BY_COMPLAINT, now=now, kind=ReceiptKind.COMPLAINED
    )
    forbid_addresses(connection, [named.message_id], reason="complained", now=now)
    return found


def record_refusal(
    connection: Connection,
    *,
    named: Reference,
    source: str,
    now: datetime,
    kind: ReceiptKind = ReceiptKind.UNSUBSCRIBED,
) -> Received | None:
    found = unsubscribe(
        connection,
        workspace_id=named.workspace_id,
        message_id=named.message_id,
        source=source,
        kind=ConsentSource.FEEDBACK,
        receipt=kind,
        now=now,
    )
    if found is None:
        return None
    return Received(message_id=named.message_id, kind=kind, is_new=True, subscription=found)


def record_answer(
    connection: Connection, letter: Letter, *, named: Reference, now: datetime
) -> Received | None:
    """Record that somebody answered; what a machine answers says nothing of anybody."""
    answer = judge_answer(letter)
    if answer is Answer.AUTOMATIC:
        return None
    if answer is Answer.REFUSAL:
        return record_refusal(connection, named=named, source=BY_ANSWER, now=now)
    values = {
        "workspace_id": named.workspace_id,
        "message_id": named.message_id,
        "kind": ReceiptKind.REPLIED,
        "reply": judge_reply(own_words(read_text(letter.mail))),
        "now": now,
    }
    written = connection.execute(STATEMENTS["insert_word"], values).rowcount
    return Received(message_id=named.message_id, kind=ReceiptKind.REPLIED, is_new=written > 0)
