"""The engine and the plain reference make the same of random journeys and random histories.

`make journeys-fuzz EXAMPLES=5000` tries many more, and other ones each time.
"""

import json
from typing import Final

from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from tests.journeys.both import Both
from tests.journeys.random_journeys import (
    MAIN,
    OTHER,
    VIEWED,
    Moment,
    Words,
    histories,
    journeys,
)
from tests.journeys.reference import Unclear

from dangol.store.connect import Connection
from dangol.store.vocabulary import JourneyState

# One journey that may let people into another, what happens, and how many move at once.
SUBJECTS: Final = {
    "main": journeys(),
    "other": journeys(name=OTHER),
    "history": histories,
    "batch": st.sampled_from([1, 3, 99]),
}
OFTEN = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@OFTEN
@given(**SUBJECTS)
def test_the_engine_does_what_the_reference_does(
    connection: Connection, main: Words, other: Words, history: list[Moment], batch: int
) -> None:
    live_twice(connection, main=main, other=other, history=history, batch=batch)


def test_an_event_of_a_clock_that_is_ahead_ends_what_a_step_lets_people_into(
    connection: Connection,
) -> None:
    entry = {"event": VIEWED, "reentry_days": 0}
    calling = {"kind": "enter", "name": "s1", "journey": OTHER}
    rest = {"kind": "wait", "name": "s1", "for": "1 day"}
    title = {"ko": "여정", "en": "Journey"}
    called = {"name": OTHER, "title": title, "entry": {"call": True}, "steps": [rest]}
    ahead = {"name": VIEWED, "customer": "yuna", "color": "red", "amount": 1, "late": -5}

    for ending in ({"exit_when": {"events": [VIEWED]}}, {"goal": VIEWED}, {}):
        live_twice(
            connection,
            main={"name": MAIN, "title": title, "entry": entry, "steps": [calling]},
            other=called | ending,
            history=[Moment(wait=60, what="events", said=[ahead])],
            batch=3,
        )


def test_a_limit_for_each_day_lets_in_who_came_first(connection: Connection) -> None:
    entry = {"event": VIEWED, "reentry_days": 0, "per_day": 2}
    title = {"ko": "여정", "en": "Journey"}
    rest = {"kind": "wait", "name": "s1", "for": "1 day"}

    def viewed(customer: str, late: int) -> Words:
        return {"name": VIEWED, "customer": customer, "color": "red", "amount": 1, "late": late}

    said = [viewed("minji", 0), viewed("jane", 3600), viewed("ada", 2), viewed("minji", 7200)]
    live_twice(
        connection,
        main={"name": MAIN, "title": title, "entry": entry, "steps": [rest]},
        other={"name": OTHER, "title": title, "entry": {"call": True}, "steps": [rest]},
        history=[
            Moment(wait=60, what="events", said=said),
            Moment(wait=60, what="events", said=said),
            Moment(wait=86_400, what="events", said=said),
        ],
        batch=3,
    )


def live_twice(
    connection: Connection, *, main: Words, other: Words, history: list[Moment], batch: int
) -> None:
    """Live through a history with both; they see the same after every moment of it."""
    both = Both(connection=connection, batch=batch)
    both.open(other, main)
    try:
        for moment in history:
            live_through(both, moment)
            assert both.real() == both.expected()
    except Unclear:
        reject()
    except Exception as fault:
        fault.add_note("\n".join([*map(json.dumps, (main, other)), *map(str, history)]))
        fault.add_note(f"batch {batch}, now {both.now}")
        raise


def live_through(both: Both, moment: Moment) -> None:
    """Let a moment come, and do in it what is to be done."""
    both.pass_time(moment.wait)
    state = both.world.journeys[MAIN].state
    if moment.what == "events":
        both.let_happen(moment.said)
        return
    if moment.what == "move":
        both.move(*moment.said)
    elif moment.what == "publish":
        both.publish(moment.said)
    elif moment.what == "pause" and state == "running":
        both.pause(MAIN, JourneyState.PAUSED)
    elif moment.what == "resume" and state == "paused":
        both.pause(MAIN, JourneyState.RUNNING)
    both.settle()
