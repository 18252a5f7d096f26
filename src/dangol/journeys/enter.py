"""Who enters a journey in this tick: by events, by segments, by calls, by the clock.

Each kind of entry notes whom it would let in (``entrant``); conditions, re-entry and the limit of
the day are then the same for all.
"""

from dangol.journeys.ask import STATEMENTS, Asker, ask_customers
from dangol.journeys.listen import Around
from dangol.store.connect import Connection


def admit_by_events(connection: Connection, asker: Asker, around: Around) -> None:
    """Note whom this tick's events open a running journey to."""
    if around.opened_by_event:
        connection.execute(STATEMENTS["admit_by_event"], asker.values)
    if around.opened_by_segment:
        connection.execute(STATEMENTS["admit_by_segment"], asker.values)
    if around.opened_by_call:
        connection.execute(STATEMENTS["admit_by_call"], asker.values)


def enroll(connection: Connection, asker: Asker) -> int:
    """Enroll whoever was noted, fits, may enter again and finds room; return how many."""
    asked = ask_customers(connection, asker, "read_entry_conditions")
    if asked.faulty:
        connection.execute(STATEMENTS["mark_unjudged"])
    if asked.anything:
        connection.execute(STATEMENTS["turn_away"])
    return connection.execute(STATEMENTS["enroll_entrants"], asker.values).rowcount
