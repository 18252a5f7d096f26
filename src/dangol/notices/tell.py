"""Tell people what the law wants them told about their consents, and put it on record.

    collect   what the ledger says              -> consent_notice, open
    plan      who is to be told, and which way  -> enrollment, message; the guard and the door judge
    settle    what was accepted                 -> the ledger, notice_sent or reconfirm_sent

Each takes a slice; the caller commits and calls again while there is more. What the law asks comes
as ``duties``, the values of ``guard.law.duties``; this stage knows no law.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from dangol.consent.ledger import Told, record_told
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import Channel, ConsentAction

STATEMENTS = load_statements(__package__ or "dangol.notices")
# Whoever changes their mind within this time hears of it once.
PATIENCE: Final = timedelta(hours=1)
SAYS: Final = {"result": ConsentAction.NOTICE_SENT, "reminder": ConsentAction.RECONFIRM_SENT}


def collect_results(
    connection: Connection,
    *,
    workspace_id: int,
    duties: Mapping[str, object],
    batch: int,
) -> int:
    """Note which of the next ``batch`` words of the ledger are to be told; count those read."""
    values = {**duties, "workspace_id": workspace_id, "batch": batch, "patience": PATIENCE}
    row = connection.execute(STATEMENTS["take_entries"], values).fetchone()
    return int(row[0]) if row else 0


def revise_notices(connection: Connection, *, workspace_id: int, now: datetime) -> None:
    """Drop what need not be told any more, and open anew what a message could not tell."""
    values = {"workspace_id": workspace_id, "now": now}
    connection.execute(STATEMENTS["drop_notices"], values)
    connection.execute(STATEMENTS["reopen_notices"], values)


def take_reminder_turn(connection: Connection, *, workspace_id: int, now: datetime) -> bool:
    """Tell whether it is time to look through the consents: once a day, for one process."""
    values = {"workspace_id": workspace_id, "now": now}
    return connection.execute(STATEMENTS["take_reminder_turn"], values).rowcount == 1


def collect_reminders(
    connection: Connection,
    *,
    workspace_id: int,
    duties: Mapping[str, object],
    after: int,
    now: datetime,
    batch: int,
) -> int | None:
    """Note whose consents grow old among the next ``batch`` after a customer.

    Returns the last customer it looked at; None where nobody is left.
    """
    values = {**duties, "workspace_id": workspace_id, "after": after, "now": now, "batch": batch}
    row = connection.execute(STATEMENTS["note_reminders"], values).fetchone()
    return row[0] if row else None


def has_ready(connection: Connection, *, workspace_id: int, now: datetime) -> bool:
    """Tell whether anything waits to be told by now."""
    values = {"workspace_id": workspace_id, "now": now}
    row = connection.execute(STATEMENTS["has_ready"], values).fetchone()
    return bool(row and row[0])


def plan_notices(
    connection: Connection,
    *,
    workspace_id: int,
    channels: Iterable[Channel],
    now: datetime,
    batch: int,
) -> int:
    """Plan messages for up to ``batch`` people; return how many notices were looked at.

    They go by one of ``channels``. Who cannot be reached by any counts, too: they are looked at
    again a day later.
    """
    values = {
        "workspace_id": workspace_id,
        "channels": [channel.value for channel in channels],
        "now": now,
        "batch": batch,
    }
    return connection.execute(STATEMENTS["plan_notices"], values).rowcount


def settle_notices(connection: Connection, *, workspace_id: int, now: datetime, batch: int) -> int:
    """Put up to ``batch`` notices that were accepted on record; return how many."""
    values = {"workspace_id": workspace_id, "now": now, "batch": batch}
    rows = connection.execute(STATEMENTS["list_told"], values).fetchall()
    if not rows:
        return 0
    told = {
        Told(
            customer_id=customer_id,
            channel=Channel(channel),
            action=SAYS[kind],
            occurred_at=settled_at,
        )
        for _, customer_id, channel, kind, settled_at in rows
    }
    record_told(connection, told, workspace_id=workspace_id, now=now)
    values = {"notice_ids": [row[0] for row in rows], "now": now}
    connection.execute(STATEMENTS["close_notices"], values)
    return len(rows)
