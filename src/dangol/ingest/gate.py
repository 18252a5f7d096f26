"""The gate: what may not be collected leaves before anything of it becomes a fact.

Runs between the inbox and identities. Whoever has not granted the purpose of an event leaves no
customer, no identifier, no activity and no row in the lake; the row of the inbox goes in the same
transaction. What our own stages write about known customers passes. Who speaks in this batch is
heard from the event on that carries the word; a word that is dated back, or that an import brings,
cannot outvote an earlier no before the ledger has judged it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from dangol.ingest.identity import Scope
from dangol.store.connect import Connection, empty_working
from dangol.store.statements import load_statements
from dangol.store.vocabulary import WithheldKind

STATEMENTS = load_statements("dangol.ingest")
# What is withheld, put into effect; arrivals last, for the others look there.
WITHHOLD: Final = (
    "count_withheld",
    "strip_traits",
    "empty_carriers",
    "remember_withheld",
    "delete_withheld",
    "drop_withheld",
)


def withhold(connection: Connection, values: Scope) -> int:
    """Take out of ``arrival`` and the inbox what may not be collected; return how many things.

    Where a workspace has no purpose that needs consent, that is one look.
    """
    if connection.execute(STATEMENTS["has_gate"], values).fetchone() is None:
        return 0
    empty_working(connection, "spoken")
    empty_working(connection, "withheld")
    _ = connection.execute(STATEMENTS["hear_spoken"], values)
    found = connection.execute(STATEMENTS["find_withheld"], values).rowcount
    if found:
        for name in WITHHOLD:
            _ = connection.execute(STATEMENTS[name], values)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """How much of a purpose's was not kept; ``count`` is of events, or of traits taken out."""

    purpose: str
    kind: WithheldKind
    count: int


def list_withheld(
    connection: Connection, *, workspace_id: int, now: datetime, days: int = 30
) -> list[Withheld]:
    """Return what was withheld in the last ``days`` days of the shop's, by purpose and kind."""
    values = {"workspace_id": workspace_id, "now": now, "days": days}
    with connection.cursor(row_factory=class_row(Withheld)) as cursor:
        return cursor.execute(STATEMENTS["list_withheld"], values).fetchall()
