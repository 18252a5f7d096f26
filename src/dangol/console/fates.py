"""How many messages are where, and why: every message counts once."""

from datetime import datetime

from dangol.console.desk import STATEMENTS
from dangol.console.reason_answers import Fate
from dangol.console.rows import fetch_all
from dangol.store.connect import Connection


def count_fates(
    connection: Connection,
    *,
    workspace_id: int,
    customer: int | None = None,
    message: int | None = None,
    journey: str | None = None,
    since: datetime | None = None,
) -> list[Fate]:
    """Count the messages of one customer, journey or time by where they are and why."""
    values = {
        "workspace_id": workspace_id,
        "customer": customer,
        "message": message,
        "journey": journey,
        "since": since,
    }
    return fetch_all(connection, STATEMENTS["count_fates"], Fate, values)
