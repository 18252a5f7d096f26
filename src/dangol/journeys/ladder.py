"""The rungs of a message step: what goes instead where the first message did not reach somebody.

Set-based like all of the tick: a message that was skipped because of the address or the channel, or
that no vendor could deliver, has rungs left; the next one is planned, and the guard judges it like
any other message.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.journeys.ask import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vocabulary import DecisionReason

# What is wrong with a channel or an address, and so may be right on another. All other reasons are
# about the person or the message, and hold wherever it would go.
FALLS_FOR: Final = (
    DecisionReason.SUPPRESSED,
    DecisionReason.NO_ADDRESS,
    DecisionReason.NO_CONSENT,
    DecisionReason.CHANNEL_FORBIDDEN,
    DecisionReason.RENEWAL_OVERDUE,
    DecisionReason.TEMPLATE_UNAPPROVED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """How many messages came to the end of their rung, and for how many another was planned."""

    looked_at: int
    planned: int


def plan_rungs(connection: Connection, *, workspace_id: int, now: datetime, batch: int) -> Fallen:
    """Plan the next rung of up to ``batch`` messages that have one; close the others' ladders.

    Enrollment, step, visit and expiry stay those of the first message. The caller holds the
    workspace's lock.
    """
    values = {"workspace_id": workspace_id, "now": now, "batch": batch, "reasons": [*FALLS_FOR]}
    row = connection.execute(STATEMENTS["plan_rungs"], values).fetchone()
    assert row is not None  # noqa: S101 - an aggregate without groups is always one row
    if row[0]:
        crashpoint("journeys.fallen")
    return Fallen(looked_at=row[0], planned=row[1])
