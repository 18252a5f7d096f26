"""Is the ledger what it was, and does the fold say what the ledger says?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.consent.chain import Anchor, Fault, read_head, verify_chain
from dangol.consent.ledger import STATEMENTS, rebuild_some
from dangol.store.connect import Connection

# So many faults are kept as examples.
MOST_EXAMPLES: Final = 20
# How often the progress is told, in links.
TOLD_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a walk along a workspace's chain found.

    ``waiting`` counts the entries without a link yet, ``anchors`` those that were compared, and
    ``examples`` are the first of the faults.
    """

    workspace_id: int
    links: int
    head: str
    waiting: int
    anchors: int
    faults: int
    examples: tuple[Fault, ...]


def verify_ledger(
    connection: Connection,
    *,
    workspace_id: int,
    anchors: Iterable[Anchor],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Verdict:
    """Walk the whole chain of a workspace and compare it with its anchors; reads only.

    ``progress`` hears of the links that were walked and of all there are. To be called inside a
    transaction that sees one moment.
    """
    ours = [one for one in anchors if one.workspace_id == workspace_id]
    links, head = read_head(connection, workspace_id=workspace_id)
    faults = 0
    examples: list[Fault] = []
    found = verify_chain(connection, workspace_id=workspace_id, anchors=ours)
    for walked, fault in enumerate(found, start=1):
        if walked % TOLD_EVERY == 0:
            progress(walked, links)
        if fault is not None:
            faults += 1
            examples += [fault] if faults <= MOST_EXAMPLES else []
    return Verdict(
        workspace_id=workspace_id,
        links=links,
        head=head,
        waiting=count_waiting(connection, workspace_id=workspace_id),
        anchors=len(ours),
        faults=faults,
        examples=tuple(examples),
    )


def count_waiting(connection: Connection, *, workspace_id: int) -> int:
    """Count the entries that wait for their links."""
    row = connection.execute(
        STATEMENTS["count_unchained"], {"workspace_id": workspace_id}
    ).fetchone()
    return row[0] if row else 0


def mend_fold(connection: Connection, *, workspace_id: int) -> int:
    """Fold the whole ledger anew, some customers a transaction; return how many consents changed.

    None does, unless somebody changed ``consent`` by hand, or there is a bug.
    """
    mended = 0
    after: int | None = 0
    while after is not None:
        with connection.transaction():
            after, found = rebuild_some(connection, workspace_id=workspace_id, after=after)
        mended += len(found)
    return mended


def keep_audit(connection: Connection, verdict: Verdict, *, mended: int, now: datetime) -> None:
    """Keep what an audit found, for `dangol doctor`."""
    values = {
        "workspace_id": verdict.workspace_id,
        "now": now,
        "links": verdict.links,
        "anchors": verdict.anchors,
        "faults": verdict.faults,
        "examples": [fault.where for fault in verdict.examples],
        "mended": mended,
    }
    connection.execute(STATEMENTS["insert_ledger_audit"], values)


def ledgers_due(connection: Connection, *, now: datetime) -> list[int]:
    """Return the workspaces whose ledger is to be audited: at night, or where none was made."""
    rows = connection.execute(STATEMENTS["list_unaudited_ledgers"], {"now": now}).fetchall()
    return [int(row[0]) for row in rows]
