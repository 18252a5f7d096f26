"""From claim to outcome: calling is committed before the first byte, the outcome after the last.

claimed -> calling -> accepted | rejected | retryable | unknown. Only a retryable outcome, where
the vendor surely took nothing, leads to another attempt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dangol.channels.claim import STATEMENTS, release
from dangol.providers.vendor import Fate, FaultKind, Outcome
from dangol.store.connect import Connection

__all__ = ["BACK_OFF", "Recorded", "begin_calls", "record_outcomes", "release"]

# How long the nth retry waits; the last one repeats until the message expires.
BACK_OFF: Final = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A delivery whose outcome now stands in its row."""

    delivery_id: int
    message_id: int


def begin_calls(
    connection: Connection, *, delivery_ids: list[int], now: datetime, lease: timedelta
) -> list[int]:
    """Mark claims as being called; return those that may be, and leave lost ones alone.

    The caller commits before the first byte leaves, and reports within ``lease``.
    """
    values = {"delivery_ids": delivery_ids, "now": now, "lease": lease}
    return [int(row[0]) for row in connection.execute(STATEMENTS["begin_calls"], values)]


def record_outcomes(
    connection: Connection,
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
    key_lasts: timedelta | None = None,
) -> list[Recorded]:
    """Write what vendors answered; return the deliveries it settled.

    A firm outcome also settles a call that was given up as unknown. A rejected message has
    failed; a retryable one waits its turn, or has failed where it would expire before. Where the
    vendor honours our key for ``key_lasts``, a call without an answer is repeated within it.
    """
    if not outcomes:
        return []
    values = {
        "ids": [outcome.delivery_id for outcome in outcomes],
        "states": [outcome.fate.value for outcome in outcomes],
        "codes": [clean(outcome.code) for outcome in outcomes],
        "details": [clean(outcome.detail) for outcome in outcomes],
        "vendor_ids": [outcome.vendor_id for outcome in outcomes],
        "faults": [str(fault_of(outcome) or "") for outcome in outcomes],
        "retry_afters": [outcome.retry_after for outcome in outcomes],
        "key_lasts": key_lasts,
        "back_off": BACK_OFF,
        "now": now,
    }
    rows = connection.execute(STATEMENTS["record_outcomes"], values).fetchall()
    return [Recorded(delivery_id=row[0], message_id=row[1]) for row in rows]


def fault_of(outcome: Outcome) -> FaultKind | None:
    """Return what was at fault, also where the vendor's folder says it the short way."""
    if outcome.fault is None and outcome.address_gone:
        return FaultKind.PERMANENT
    if outcome.fault is None and outcome.fate is Fate.RETRYABLE:
        return FaultKind.TRANSIENT
    return outcome.fault


def clean(text: str) -> str:
    """PostgreSQL stores no NUL, whatever a vendor says."""
    return text.replace("\0", "")
