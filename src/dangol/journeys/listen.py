"""What this tick's events mean to whoever is inside a journey already.

They may have reached its goal, be to leave it, or have done what they were waited for. Whoever is
woken is put to where the event leads and moves with those who begin: an event is seen once.
"""

from dataclasses import dataclass

from dangol.journeys.ask import STATEMENTS, Asker, ask_customers
from dangol.store.connect import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What there is to do in this tick, and about its events; see ``look_around.sql``."""

    opened_by_event: bool
    opened_by_segment: bool
    opened_by_call: bool
    reaches_goal: bool
    makes_leave: bool
    may_make_leave: bool
    is_waited_for: bool
    has_filters: bool
    begins_by_clock: bool
    leaves_by_event: bool
    leaves_by_condition: bool


def look_around(connection: Connection, asker: Asker) -> Around:
    """Look which of the tick's events matter to any journey, and how."""
    row = connection.execute(STATEMENTS["look_around"], asker.values).fetchone()
    assert row is not None  # noqa: S101 - a select without a table is one row
    return Around(**dict(zip(Around.__slots__, map(bool, row), strict=True)))


def end_early(connection: Connection, asker: Asker, around: Around, *, enrolled: bool) -> int:
    """End whoever has reached the goal or is to leave; return how many.

    Whoever has just been enrolled may have done so before: by an event that came in earlier.
    """
    ended = 0
    if around.reaches_goal or enrolled:
        ended += connection.execute(STATEMENTS["end_converted"], asker.values).rowcount
    if around.makes_leave or (enrolled and around.leaves_by_event):
        ended += connection.execute(STATEMENTS["end_left"], asker.values).rowcount
    return ended


def wake_by_event(connection: Connection, asker: Asker, around: Around) -> None:
    """Wake whoever waits for an event that has come."""
    if around.is_waited_for:
        connection.execute(STATEMENTS["wake_by_event"], asker.values)


def wake_by_answer(connection: Connection, asker: Asker) -> None:
    """Wake whoever waits for the answer to a call that is over."""
    connection.execute(STATEMENTS["wake_by_answer"], asker.values)


def judge_again(connection: Connection, asker: Asker, around: Around) -> int:
    """Look again at the conditions of whoever did something; return how many left."""
    ended = 0
    if around.may_make_leave and ask_customers(connection, asker, "read_exit_conditions").anything:
        ended = connection.execute(STATEMENTS["end_unwanted"], asker.values).rowcount
    if (
        around.is_waited_for
        and ask_customers(connection, asker, "read_awaited_conditions").anything
    ):
        connection.execute(STATEMENTS["wake_by_condition"], asker.values)
    return ended
