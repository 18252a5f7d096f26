"""Deleting messages that are too old, with their decisions, deliveries and receipts.

Some at a time, each in a transaction of its own, so that nobody waits for long. What must still be
counted of them is folded first: results by day (``message_total``) and what silences count
(``silence_total``). The guard's other windows (caps, stop-losses, hours of reacting) are shorter
than any period, or the period is as long as they are.
"""

from datetime import datetime
from typing import Final

from dangol.consent.retention_law import LEGAL_PERIODS
from dangol.rights.find import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint

AT_ONCE: Final = 1_000
# The hours at which somebody reacts are told from so many days (guard/sql/note_send_hours.sql).
LOOKED_BACK_DAYS: Final = 184
# As feedback counts what was likely a person's.
LIKELY: Final = 0.5


def least_days() -> int:
    """Return for how many days messages are kept at least: what the law asks of advertising."""
    asked = next(period.days for period in LEGAL_PERIODS if period.kind == "advertising")
    return max(asked, LOOKED_BACK_DAYS)


def set_message_period(connection: Connection, *, workspace_id: int, days: int | None) -> None:
    """Set for how many days messages are kept; None keeps them for good.

    Raises:
        ValueError: the law asks for more.
    """
    if days is not None and days < least_days():
        raise ValueError(
            f"messages are kept {days} days; the law wants records of advertising kept at least "
            f"{least_days()} (전자상거래법 시행령 제6조 제1항 제1호). Write {least_days()} or more."
        )
    values = {"workspace_id": workspace_id, "days": days}
    _ = connection.execute(STATEMENTS["save_message_period"], values)


def read_message_period(connection: Connection, *, workspace_id: int) -> int | None:
    """Return for how many days messages are kept, as it holds; None: for good.

    That is what was set, or longer, as far as a limit of the guard's looks back.
    """
    values = {"workspace_id": workspace_id, "least_days": least_days()}
    row = connection.execute(STATEMENTS["read_message_period"], values).fetchone()
    return None if row is None else int(row[0])


def delete_messages(
    connection: Connection, *, workspace_id: int, before: datetime, at_once: int = AT_ONCE
) -> int:
    """Delete the messages planned before a moment whose journeys are over; return how many.

    Commits by itself; needs a connection without a transaction. Whoever dies in between has deleted
    and counted what was committed; the next goes on.
    """
    values: dict[str, object] = {"workspace_id": workspace_id, "before": before}
    with connection.transaction():
        row = connection.execute(STATEMENTS["find_first_kept"], values).fetchone()
    # Beyond every number there can be, where all of them are too old.
    values |= {"first_kept": row[0] if row else 2**63 - 1, "batch": at_once, "likely": LIKELY}
    after: int | None = 0
    deleted = 0
    while after is not None:
        after, gone = delete_some(connection, values, after=after)
        deleted += gone
        crashpoint("retention.after_messages")
    return deleted


def delete_some(
    connection: Connection, values: dict[str, object], *, after: int
) -> tuple[int | None, int]:
    """Delete the next ones behind a number; return the last that was looked at, None at the end."""
    with connection.transaction():
        row = connection.execute(
            STATEMENTS["take_old_messages"], values | {"after": after}
        ).fetchone()
        last, ids = row or (None, [])
        if ids:
            chosen = values | {"ids": ids}
            for name in ("fold_results", "fold_silences", "delete_old_messages"):
                _ = connection.execute(STATEMENTS[name], chosen)
    return last, len(ids)


def count_old_messages(connection: Connection, *, workspace_id: int, before: datetime) -> int:
    """Count what ``delete_messages`` would look at, without looking whether a journey is over."""
    values = {"workspace_id": workspace_id, "before": before}
    row = connection.execute(STATEMENTS["count_old_messages"], values).fetchone()
    return int(row[0]) if row else 0
