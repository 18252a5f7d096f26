"""Showing that one is who a link is about: by the whole address, of which the page shows a mask.

It keeps out whoever has nothing but the link, which may stand in a log or a history.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dangol.pages.visit import Fields
from dangol.pages.visitor import STATEMENTS, Visitor
from dangol.store.connect import Connection
from dangol.store.vault import Vault, normalize_email

WINDOW: Final = timedelta(minutes=10)
MOST_FAILURES: Final = 5


class Proof(StrEnum):
    """How it went."""

    GOOD = "good"
    WRONG = "wrong"
    TOO_MANY = "too_many"


def prove(
    connection: Connection, vault: Vault, visitor: Visitor, *, fields: Fields, now: datetime
) -> Proof:
    """Compare the address a form gives with the visitor's; wrong ones count. Commits by itself.

    ``now`` is the machine's time: a replay's may stand still.
    """
    subject = vault.key(
        visitor.workspace_id, "page_proof", f"{visitor.workspace_id}:{visitor.customer_id}"
    )
    values = {"subject_key": subject, "since": now - WINDOW, "now": now}
    with connection.transaction():
        row = connection.execute(STATEMENTS["count_proof_failures"], values).fetchone()
        if row is not None and row[0] >= MOST_FAILURES:
            return Proof.TOO_MANY
        if is_same(vault, visitor, given=fields.get("email", "")):
            return Proof.GOOD
        _ = connection.execute(STATEMENTS["add_proof_failure"], values)
    return Proof.WRONG


def is_same(vault: Vault, visitor: Visitor, *, given: str) -> bool:
    try:
        key = vault.key(visitor.workspace_id, "email", normalize_email(given))
    except ValueError:
        return False
    return bool(visitor.address_key) and key == visitor.address_key
