"""Move everybody who is due, step by step, all of them at once.

1. Who enters: events, segments, calls and the clock open journeys (``enter``, ``clock``).
2. What events mean to those inside: goals, exits, ends of waits (``listen``).
3. Who moves: the enrollments that begin or are due are taken into a working table. Each hop leads
   all of them one step further (``hop``); where they came to rest is written back once, so that
   hops cost next to nothing and a crash leaves everybody where they were.

Conditions are asked of whoever lends a judge (``asking``). A tick without events of interest is a
handful of small statements, however many journeys there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from dangol.journeys.ask import STATEMENTS, Asker, ask_events
from dangol.journeys.asking import Judge
from dangol.journeys.clock import admit_by_clock
from dangol.journeys.enter import admit_by_events, enroll
from dangol.journeys.hop import hop_on, let_out
from dangol.journeys.listen import (
    Around,
    end_early,
    judge_again,
    look_around,
    wake_by_answer,
    wake_by_event,
)
from dangol.store.connect import Connection, empty_working
from dangol.store.crash import crashpoint

# Who begins goes before who wakes; the two are taken apart, so that one fault stops one of them.
TAKES: Final = ("take_new", "take_due")
# How many steps of an enrollment are remembered, the last ones.
TRAIL_LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """What one tick did: enrollments begun, moved, ended and set aside, and messages planned.

    ``written`` are events of our own, which the next tick reads; ``unfinished`` tells that a
    schedule lets in more customers than one tick takes.
    """

    enrolled: int
    moved: int
    planned: int
    ended: int
    parked: int
    written: int = 0
    unfinished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of the enrollments that one statement took."""

    moved: int
    planned: int
    ended: int
    parked: int
    written: int


def advance_journeys(
    connection: Connection, *, workspace_id: int, judge: Judge, now: datetime, batch: int
) -> Advanced:
    """Enroll whom events and the clock open a journey to; move up to ``batch`` new and due each.

    Reads the events and the activity that the tick has folded. Paused journeys keep still.
    """
    asker = Asker(judge=judge, workspace_id=workspace_id, now=now)
    connection.execute(STATEMENTS["lock_journeys"], asker.values)
    around = look_around(connection, asker)
    enrolled, ended, unfinished = enter_and_leave(connection, asker, around, batch=batch)
    if enrolled:
        crashpoint("journeys.enrolled")
    passes = [move_or_park(connection, asker, around, take=take, batch=batch) for take in TAKES]
    return Advanced(
        enrolled=enrolled,
        moved=sum(each.moved for each in passes),
        planned=sum(each.planned for each in passes),
        ended=ended + sum(each.ended for each in passes),
        parked=sum(each.parked for each in passes),
        written=sum(each.written for each in passes),
        unfinished=unfinished,
    )


def enter_and_leave(
    connection: Connection, asker: Asker, around: Around, *, batch: int
) -> tuple[int, int, bool]:
    """Do all that events and the clock ask for before anybody moves.

    Returns how many entered and left, and whether the clock lets in more than one tick takes.
    """
    empty_working(connection, "entrant")
    if around.has_filters:
        ask_events(connection, asker)
    admit_by_events(connection, asker, around)
    wake_by_event(connection, asker, around)
    wake_by_answer(connection, asker)
    unfinished = around.begins_by_clock and admit_by_clock(connection, asker, batch=batch)
    enrolled = enroll(connection, asker)
    ended = end_early(connection, asker, around, enrolled=enrolled > 0)
    ended += judge_again(connection, asker, around)
    return enrolled, ended, unfinished


def move_or_park(
    connection: Connection, asker: Asker, around: Around, *, take: str, batch: int
) -> Moved:
    """Move a batch; where somebody in it makes that fail, move fewer, and set that one aside.

    The batch is halved until it succeeds or holds the culprit alone; the next ticks go on from
    there. What is longest due is always taken first, so that halving finds it.
    """
    size = batch
    while True:
        values = {**asker.values, "batch": size}
        try:
            with connection.transaction():
                return move_taken(connection, asker, around, take=take, values=values)
        except (psycopg.DataError, psycopg.IntegrityError) as fault:
            if size == 1:
                return park_first(connection, take=take, values=values, reason=str(fault))
            size = max(1, size // 2)


def move_taken(
    connection: Connection,
    asker: Asker,
    around: Around,
    *,
    take: str,
    values: Mapping[str, object],
) -> Moved:
    """Take a batch and move everybody in it until they rest."""
    if not take_batch(connection, take=take, values=values):
        return Moved(moved=0, planned=0, ended=0, parked=0, written=0)
    if around.leaves_by_condition:
        let_out(connection, asker)
    planned, written = hop_on(connection, asker)
    crashpoint("journeys.hopped")
    moved = settle(connection, values=values, planned=planned, written=written)
    crashpoint("journeys.settled")
    return moved


def park_first(
    connection: Connection, *, take: str, values: Mapping[str, object], reason: str
) -> Moved:
    """Set aside the one enrollment whose move fails, saying what PostgreSQL said."""
    take_batch(connection, take=take, values=values)
    connection.execute(STATEMENTS["park_taken"], {"reason": reason.partition("\n")[0]})
    return settle(connection, values=values, planned=0, written=0)


def take_batch(connection: Connection, *, take: str, values: Mapping[str, object]) -> int:
    """Put those who are to move, and nobody else, into the working table; return how many."""
    empty_working(connection, "moving", "rested")
    return connection.execute(STATEMENTS[take], values).rowcount


def settle(
    connection: Connection, *, values: Mapping[str, object], planned: int, written: int
) -> Moved:
    """Write back where everybody rests, and count them."""
    parameters = {**values, "longest": TRAIL_LONGEST}
    row = connection.execute(STATEMENTS["settle_enrollments"], parameters).fetchone()
    assert row is not None  # noqa: S101 - an aggregate without groups is always one row
    moved, ended, parked = row
    return Moved(moved=moved, planned=planned, ended=ended, parked=parked, written=written)
