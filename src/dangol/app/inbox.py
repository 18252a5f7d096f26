"""A page asks whether there is a note for its visitor: claim, write, pass the door, give it.

One transaction: nobody is called, so nothing is lost between the call and its answer but the answer
itself. Then the note is not shown, and not shown again either: better none than the same twice.
"""

from datetime import datetime
from typing import Final

from dangol.channels.hand_over import begin_calls, record_outcomes, release
from dangol.channels.inbox import LEASE, ClaimedNote, Note, Visitor, claim_note, write_note
from dangol.content.liquid import TemplateError
from dangol.content.template import read_templates
from dangol.content.tokens import Reference
from dangol.feedback.hits import Hit, record_hit
from dangol.guard.decide import recheck_messages
from dangol.providers.vendor import Fate, Outcome
from dangol.store.connect import Connection, ensure_working
from dangol.store.migrate import ensure_event_partitions
from dangol.store.statements import load_statements
from dangol.store.vault import Vault
from dangol.store.vocabulary import ReceiptKind
from dangol.store.workspace import read_workspace

STATEMENTS: Final = load_statements("dangol.app")
# What somebody does who sends a note away; journeys and segments can ask about it.
DISMISSED: Final = "Note Dismissed"


def fetch_note(
    connection: Connection,
    *,
    workspace_id: int,
    visitor: Visitor,
    vault: Vault,
    base_url: str,
    now: datetime,
) -> Note | None:
    """Return the note a visit is to show now, which nobody else is given; None where there is none.

    The guard looks once more, as before any message leaves.
    """
    with connection.transaction():
        claimed = claim_note(connection, workspace_id=workspace_id, visitor=visitor, now=now)
        if claimed is None:
            return None
        note = write(connection, claimed, vault=vault, base_url=base_url, now=now)
        ids = [claimed.message_id]
        if note is None:
            return None
        ensure_working(connection)
        if not recheck_messages(connection, workspace_id=workspace_id, message_ids=ids, now=now):
            _ = release(connection, delivery_ids=[claimed.delivery_id], now=now)
            return None
        _ = begin_calls(connection, delivery_ids=[claimed.delivery_id], now=now, lease=LEASE)
        given = Outcome(
            delivery_id=claimed.delivery_id, fate=Fate.ACCEPTED, code="given", detail=""
        )
        _ = record_outcomes(connection, [given], now=now)
        return note


def write(
    connection: Connection, claimed: ClaimedNote, *, vault: Vault, base_url: str, now: datetime
) -> Note | None:
    """Write a claimed note; one whose template fails is rejected, and there is none."""
    templates = read_templates(connection, template_ids=[claimed.template_id])
    workspace = read_workspace(connection, workspace_id=claimed.workspace_id)
    try:
        return write_note(
            connection,
            claimed,
            template=templates[claimed.template_id],
            workspace=workspace,
            vault=vault,
            base_url=base_url,
        )
    except TemplateError as fault:
        spoiled = Outcome(
            delivery_id=claimed.delivery_id,
            fate=Fate.REJECTED,
            code="unwritable",
            detail=str(fault),
        )
        _ = record_outcomes(connection, [spoiled], now=now)
        return None


def record_shown(
    connection: Connection, *, named: Reference, user_agent: str, now: datetime
) -> None:
    """Record that a note stood on the screen."""
    hit = Hit(
        workspace_id=named.workspace_id,
        message_id=named.message_id,
        kind=ReceiptKind.OPENED,
        link_id=None,
        method="POST",
        user_agent=user_agent,
    )
    record_hit(connection, hit=hit, now=now)


def record_dismissed(connection: Connection, *, named: Reference, now: datetime) -> None:
    """Record that somebody sent a note away, as an event of theirs; once for each note."""
    ensure_event_partitions(connection, days=[now.date()])
    values = {
        "workspace_id": named.workspace_id,
        "message_id": named.message_id,
        "name": DISMISSED,
        "now": now,
    }
    _ = connection.execute(STATEMENTS["insert_dismissal"], values)
