"""Mail that comes back to us: delivery reports, and refusals by mail (List-Unsubscribe)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.content.tokens import Reference, TokenPurpose, read_token
from dangol.feedback.bounces import Bounce, record_bounces
from dangol.feedback.unsubscribe import Subscription, unsubscribe
from dangol.providers.smtp.bounce import Report, find_recipients, parse_report
from dangol.store.connect import Connection
from dangol.store.vault import BadToken, Vault
from dangol.store.vocabulary import ConsentSource, ReceiptKind

REFUSAL: Final = re.compile(r"\bu\+([A-Za-z0-9_-]{20,})@")
SOURCE: Final = "unsubscribe by mail"


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
    """Record what a mail to our return path says; None for one that names no message of ours.

    The caller commits; then, after a refusal, calls ``wait_for_calls``.
    """
    report = parse_report(raw)
    if report is not None:
        named = first_valid(vault, TokenPurpose.MESSAGE, report.tokens, workspace_id=workspace_id)
        return None if named is None else record_report(connection, report, named=named, now=now)
    refused = first_valid(
        vault,
        TokenPurpose.UNSUBSCRIBE,
        tuple(REFUSAL.findall(" ".join(find_recipients(raw)))),
        workspace_id=workspace_id,
    )
    return None if refused is None else record_refusal(connection, refused=refused, now=now)


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


def record_refusal(connection: Connection, *, refused: Reference, now: datetime) -> Received | None:
    found = unsubscribe(
        connection,
        workspace_id=refused.workspace_id,
        message_id=refused.message_id,
        source=SOURCE,
        kind=ConsentSource.FEEDBACK,
        now=now,
    )
    if found is None:
        return None
    return Received(
        message_id=refused.message_id,
        kind=ReceiptKind.UNSUBSCRIBED,
        is_new=True,
        subscription=found,
    )


def first_valid(
    vault: Vault, purpose: TokenPurpose, tokens: tuple[str, ...], *, workspace_id: int
) -> Reference | None:
    """Return what the first genuine token names, where it belongs to the workspace."""
    for token in tokens:
        try:
            named = read_token(vault, purpose, token)
        except BadToken:
            continue
        if named.workspace_id == workspace_id:
            return named
    return None
