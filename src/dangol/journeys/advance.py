"""Move everybody who is due, step by step, all of them at once.

The enrollments to move are taken into a working table. Each hop leads all of them one step
further: those at a message get it planned, those at a wait or an exit come to rest, the others go
on to the next hop. Where they came to rest is written back once, so that hops cost next to
nothing and a crash leaves everybody where they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from dangol.journeys.faults import STEPS_MAX
from dangol.store.connect import Connection, empty_working
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.journeys")

# No sound journey takes more steps between two rests than it has.
HOPS_MAX: Final = STEPS_MAX + 1
# Who begins goes before who wakes; the two are taken apart, so that one fault stops one of them.
TAKES: Final = ("take_new", "take_due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """What one tick did: enrollments begun, moved, ended and set aside, and messages planned."""

    enrolled: int
    moved: int
    planned: int
    ended: int
    parked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of the enrollments that one statement took."""

    moved: int
    planned: int
    ended: int
    parked: int


def advance_journeys(
    connection: Connection, *, workspace_id: int, now: datetime, batch: int
) -> Advanced:
    """Enroll whom the tick's events open a journey to, and move up to ``batch`` new and due each.

    Reads the events and the activity that the tick has folded. Paused journeys keep still.
    """
    values = {"workspace_id": workspace_id, "now": now}
    connection.execute(STATEMENTS["lock_journeys"], values)
    enrolled = connection.execute(STATEMENTS["enroll_customers"], values).rowcount
    converted = connection.execute(STATEMENTS["end_converted"], values).rowcount
    passes = [
        move_or_park(connection, take=take, workspace_id=workspace_id, now=now, batch=batch)
        for take in TAKES
    ]
    return Advanced(
        enrolled=enrolled,
        moved=sum(each.moved for each in passes),
        planned=sum(each.planned for each in passes),
        ended=converted + sum(each.ended for each in passes),
        parked=sum(each.parked for each in passes),
    )


def move_or_park(
    connection: Connection, *, take: str, workspace_id: int, now: datetime, batch: int
) -> Moved:
    """Move a batch; where somebody in it makes that fail, move fewer, and set that one aside.

    The batch is halved until it succeeds or holds the culprit alone; the next ticks go on from
    there. What is longest due is always taken first, so that halving finds it.
    """
    size = batch
    while True:
        values = {"workspace_id": workspace_id, "now": now, "batch": size}
        try:
            with connection.transaction():
                return move_taken(connection, take=take, values=values)
        except (psycopg.DataError, psycopg.IntegrityError) as fault:
            if size == 1:
                return park_first(connection, take=take, values=values, reason=str(fault))
            size = max(1, size // 2)


def move_taken(connection: Connection, *, take: str, values: Mapping[str, object]) -> Moved:
    """Take a batch and move everybody in it until they rest."""
    if not take_batch(connection, take=take, values=values):
        return Moved(moved=0, planned=0, ended=0, parked=0)
    planned = hop(connection, values=values)
    return settle(connection, values=values, planned=planned)


def hop(connection: Connection, *, values: Mapping[str, object]) -> int:
    """Lead everybody taken from step to step until they rest; return the messages planned."""
    planned = 0
    for number in range(HOPS_MAX):
        at_hop = {**values, "hop": number}
        planned += connection.execute(STATEMENTS["plan_messages"], at_hop).rowcount
        connection.execute(STATEMENTS["rest_enrollments"], at_hop)
        if not connection.execute(STATEMENTS["move_on"], at_hop).rowcount:
            return planned
    connection.execute(STATEMENTS["park_restless"], {"hop": HOPS_MAX})
    return planned


def park_first(
    connection: Connection, *, take: str, values: Mapping[str, object], reason: str
) -> Moved:
    """Set aside the one enrollment whose move fails, saying what PostgreSQL said."""
    take_batch(connection, take=take, values=values)
    connection.execute(STATEMENTS["park_taken"], {"reason": reason.partition("\n")[0]})
    return settle(connection, values=values, planned=0)


def take_batch(connection: Connection, *, take: str, values: Mapping[str, object]) -> int:
    """Put those who are to move, and nobody else, into the working table; return how many."""
    empty_working(connection, "moving", "rested")
    return connection.execute(STATEMENTS[take], values).rowcount


def settle(connection: Connection, *, values: Mapping[str, object], planned: int) -> Moved:
    """Write back where everybody rests, and count them."""
    connection.execute(STATEMENTS["settle_enrollments"], values)
    row = connection.execute(STATEMENTS["count_rested"]).fetchone()
    assert row is not None  # noqa: S101 - an aggregate without groups is always one row
    moved, ended, parked = row
    return Moved(moved=moved, planned=planned, ended=ended, parked=parked)
