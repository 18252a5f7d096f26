"""Who was in a segment on a day that has passed."""

from datetime import datetime

from dangol.segments.evaluate import Ids
from dangol.segments.ids import read_ids
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


def who_was_in(connection: Connection, *, workspace_id: int, segment_id: int, at: datetime) -> Ids:
    """Return the customers who were in a segment at a moment, in the order of their ids.

    Reaches back as far as ended stays are kept. A customer who has been merged since counts for
    their head; one who was erased is no longer known.
    """
    values = {"workspace_id": workspace_id, "segment_id": segment_id, "at": at}
    return read_ids(connection, "collect_who_was", values)[segment_id]


def expire_stays(connection: Connection, *, before: datetime) -> int:
    """Forget the stays that ended before a moment; return how many."""
    return connection.execute(STATEMENTS["expire_spans"], {"before": before}).rowcount
