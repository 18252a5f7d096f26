"""The tick: what was received becomes who is where, what is planned and what is allowed."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from dangol.app.conditions import Conditions
from dangol.guard.decide import decide_messages
from dangol.ingest.blocks import unpack_blocks
from dangol.ingest.tick import take_events
from dangol.journeys.advance import Advanced, advance_journeys
from dangol.journeys.faults_steps import FALLBACK_MAX
from dangol.journeys.ladder import plan_rungs
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.statements import load_statements
from dangol.store.vault import Vault

STATEMENTS = load_statements("dangol.app")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """How much one tick did, and whether more of it waits."""

    events: int
    advanced: Advanced
    decided: dict[str, int]
    full: bool
    # Messages planned because another did not reach somebody.
    rungs: int = 0


class Turn(TypedDict):
    """What every stage is told: where, when, and how much at most."""

    workspace_id: int
    now: datetime
    batch: int


def run_tick(
    connection: Connection, *, workspace_id: int, vault: Vault, now: datetime, batch: int
) -> Ticked | None:
    """Move one workspace to ``now``, as far as ``batch`` rows of each kind reach.

    One transaction: effects and cursor commit together, so that an event acts once; what has come
    in is unpacked before, in one of its own. Returns None when another process is moving this
    workspace.
    """
    unpacked = unpack_blocks(connection, workspace_id=workspace_id, vault=vault, most=batch)
    with connection.transaction():
        if not is_ours(connection, workspace_id=workspace_id):
            return None
        events = take_events(
            connection, workspace_id=workspace_id, vault=vault, now=now, batch=batch
        )
        advanced = advance_journeys(
            connection, workspace_id=workspace_id, judge=Conditions(), now=now, batch=batch
        )
        decided, rungs = decide_and_fall(
            connection, workspace_id=workspace_id, now=now, batch=batch
        )
        crashpoint("tick.before_commit")
    crashpoint("tick.after_commit")
    return Ticked(
        events=events,
        advanced=advanced,
        decided=decided,
        full=advanced.unfinished
        or advanced.written > 0
        or max(unpacked, events, advanced.moved, sum(decided.values()), rungs) >= batch,
        rungs=rungs,
    )


def decide_and_fall(
    connection: Connection, *, workspace_id: int, now: datetime, batch: int
) -> tuple[dict[str, int], int]:
    """Plan the rungs of what did not reach anybody, judge all that is due, and so on down.

    A ladder whose first rungs lead nowhere is gone down within one tick. Returns the decisions by
    rule, and how many rungs were planned.
    """
    turn: Turn = {"workspace_id": workspace_id, "now": now, "batch": batch}
    rungs = plan_rungs(connection, **turn).planned
    decided = Counter(decide_messages(connection, **turn))
    for _ in range(FALLBACK_MAX):
        fell = plan_rungs(connection, **turn).planned
        if not fell:
            break
        rungs += fell
        decided.update(decide_messages(connection, **turn))
    return dict(decided), rungs


def is_ours(connection: Connection, *, workspace_id: int) -> bool:
    """Take the workspace's lock for this transaction; False when another process has it."""
    row = connection.execute(STATEMENTS["take_shard"], {"workspace_id": workspace_id}).fetchone()
    return bool(row and row[0])


def tick_until_done(
    connection: Connection, *, workspace_id: int, vault: Vault, now: datetime, batch: int
) -> Counter[str]:
    """Tick until nothing waits at ``now``; return what was done, counted."""
    done: Counter[str] = Counter()
    while True:
        ticked = run_tick(connection, workspace_id=workspace_id, vault=vault, now=now, batch=batch)
        if ticked is None:
            return done
        done["ticks"] += 1
        done["events"] += ticked.events
        done["enrolled"] += ticked.advanced.enrolled
        done["planned"] += ticked.advanced.planned + ticked.rungs
        done["decided"] += sum(ticked.decided.values())
        if not ticked.full:
            return done
