"""Deleting what was collected for one purpose, when its customer says "stop and delete".

The row in ``collection_erasure`` is the wish; each part of a customer has one of their own.

    clear    rows of the inbox, activity and traits deleted; the proof of the lake expects them
             no longer                                                            -> cleared_at
    forget   the lake's files written anew, older versions of them deleted        -> done_at

Whatever dies in between, the next round goes on where the row says that it stands. The customer,
their consents and what other purposes cover stay.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from dangol.rights.find import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.lake import Lake
from dangol.store.lake_check import write_off_rows
from dangol.store.lake_forget import Rows

CLEAR = ("delete_collected_events", "delete_collected_activity", "delete_collected_traits")


class Wish(NamedTuple):
    """A wish that is not done, as its row has it."""

    id: int
    workspace_id: int
    customer_id: int
    purpose_name: str
    cleared_at: datetime | None
    event_names: list[str]

    @property
    def values(self) -> dict[str, object]:
        """Return what the statements are about."""
        return {
            "id": self.id,
            "workspace_id": self.workspace_id,
            "customer_id": self.customer_id,
            "purpose_name": self.purpose_name,
        }


def finish_collected(
    connection: Connection, lake: Lake, *, clock: Callable[[Connection], datetime]
) -> int:
    """Go on with every wish that is not done; return how many are done now. Commits by itself."""
    with connection.transaction():
        rows = connection.execute(STATEMENTS["list_open_collected"]).fetchall()
    for row in rows:
        wish = Wish(*row)
        names = wish.event_names
        if wish.cleared_at is None:
            names = clear(connection, lake, wish, now=clock(connection))
        crashpoint("collected.after_cleared")
        forget(connection, lake, wish, names=names, now=clock(connection))
    return len(rows)


def clear(connection: Connection, lake: Lake, wish: Wish, *, now: datetime) -> list[str]:
    """Delete the rows, in one transaction in which nothing ticks or flushes; name the events."""
    with connection.transaction():
        _ = connection.execute(STATEMENTS["wait_for_tick"], wish.values)
        _ = connection.execute(STATEMENTS["wait_for_flush"], wish.values)
        found = connection.execute(STATEMENTS["list_collected_names"], wish.values)
        names = [str(row[0]) for row in found]
        write_off_rows(connection, lake, rows_of(wish, names))
        values = {**wish.values, "event_names": names, "now": now}
        for statement in CLEAR:
            _ = connection.execute(STATEMENTS[statement], values)
        _ = connection.execute(STATEMENTS["clear_collected"], values)
    return names


def forget(
    connection: Connection, lake: Lake, wish: Wish, *, names: list[str], now: datetime
) -> None:
    """Take the events out of the lake while no flush of the workspace runs."""
    with connection.transaction():
        _ = connection.execute(STATEMENTS["wait_for_flush"], wish.values)
        gone = lake.forget_rows(rows_of(wish, names))
        values = {**wish.values, "events": gone, "now": now}
        _ = connection.execute(STATEMENTS["close_collected"], values)


def rows_of(wish: Wish, names: list[str]) -> Rows:
    return Rows(workspace_id=wish.workspace_id, customer_ids=[wish.customer_id], names=names)
