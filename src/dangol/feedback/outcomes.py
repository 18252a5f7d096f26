"""What became of messages, as events: what journeys wait for, segments ask and the history keeps.

Receipts and deliveries are noted in ``untold_outcome`` by whatever wrote them, where the shop wants
events; here they become rows of the inbox, once each. The names are those of Segment's e-mail
events with "Message" for "Email", on every channel alike; the channel is a property.
"""

from datetime import datetime, timedelta
from typing import Final

from dangol.feedback.bounces import STATEMENTS
from dangol.feedback.hits import LIKELY
from dangol.store.connect import Connection
from dangol.store.vocabulary import ReceiptKind

SENT: Final = "Message Sent"
FAILED: Final = "Message Failed"
NAMES: Final = {
    ReceiptKind.DELIVERED: "Message Delivered",
    ReceiptKind.OPENED: "Message Opened",
    ReceiptKind.CLICKED: "Message Link Clicked",
    ReceiptKind.REPLIED: "Message Replied",
    ReceiptKind.BOUNCED: "Message Bounced",
    ReceiptKind.COMPLAINED: "Message Marked as Spam",
    ReceiptKind.UNSUBSCRIBED: "Unsubscribed",
}
# A machine gives itself away within seconds, by following many links at once.
PATIENCE: Final = timedelta(seconds=5)


def write_outcomes(
    connection: Connection,
    *,
    workspace_id: int,
    now: datetime,
    batch: int,
    patience: timedelta = PATIENCE,
) -> int:
    """Write up to ``batch`` outcomes as events; return how many were looked at.

    Openings and clicks are looked at once ``patience`` is over; those that were hardly a person's
    are none. Does not commit.
    """
    values = {
        "workspace_id": workspace_id,
        "now": now,
        "batch": batch,
        "patience": patience,
        "likely": LIKELY,
        "kinds": [kind.value for kind in NAMES],
        "names": list(NAMES.values()),
        "sent": SENT,
        "failed": FAILED,
    }
    row = connection.execute(STATEMENTS["write_outcomes"], values).fetchone()
    return int(row[0]) if row else 0
