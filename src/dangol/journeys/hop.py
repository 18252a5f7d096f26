"""Lead everybody who moves from step to step until they rest, all of them at once.

Each hop asks which kinds of steps people stand at, and does the work of those kinds alone: what
asks nothing of anybody passes them on in one statement, what ends a hop lays them to rest in one.
"""

from collections.abc import Mapping
from typing import Final

from dangol.journeys.ask import STATEMENTS, Asker, ask_customers
from dangol.journeys.faults import STEPS_MAX
from dangol.store.connect import Connection, join_by_hash

# No sound journey takes more steps between two rests than it has.
HOPS_MAX: Final = STEPS_MAX + 1
# Kinds that pass everybody on, and kinds that end everybody's hops; None is no step at all.
PASSES: Final = frozenset({"message", "check_event", "split", "update", "enter", "goal", "webhook"})
RESTS: Final = frozenset({"wait", "wait_for", "exit", "webhook_answer", None})
# What is done for a kind before its people are passed on.
WORK: Final[Mapping[str, str]] = {
    "message": "plan_messages",
    "enter": "call_journeys",
    "goal": "record_goals",
    "webhook": "plan_webhooks",
    "webhook_answer": "plan_webhooks",
}


def hop_on(connection: Connection, asker: Asker) -> tuple[int, int]:
    """Lead everybody taken until they rest; return the messages and the events written."""
    planned = written = 0
    for number in range(HOPS_MAX):
        kinds = count_kinds(connection, hop=number)
        if not kinds:
            return planned, written
        planned += work(connection, asker, kinds=kinds, hop=number)
        written += kinds.get("update", 0) + kinds.get("enter", 0)
        lead_on(connection, asker, kinds=kinds, hop=number)
        # Where all of them rest, nobody comes to another step.
        if kinds.keys() <= RESTS:
            return planned, written
    connection.execute(STATEMENTS["park_restless"], {"hop": HOPS_MAX})
    return planned, written


def count_kinds(connection: Connection, *, hop: int) -> dict[str | None, int]:
    """Count how many stand at which kind of step."""
    return dict(connection.execute(STATEMENTS["count_kinds"], {"hop": hop}).fetchall())


def work(connection: Connection, asker: Asker, *, kinds: Mapping[str | None, int], hop: int) -> int:
    """Do what the steps of this hop are for; return the messages planned."""
    values = {**asker.values, "hop": hop}
    wanted = dict.fromkeys(statement for kind, statement in WORK.items() if kind in kinds)
    done = {
        statement: connection.execute(STATEMENTS[statement], values).rowcount
        for statement in wanted
    }
    if "update" in kinds:
        write_updates(connection, values=values)
    return done.get("plan_messages", 0)


def write_updates(connection: Connection, *, values: Mapping[str, object]) -> None:
    """Write the updates of this hop, those of one customer one after the other."""
    turn = turns = 1
    while turn <= turns:
        row = connection.execute(STATEMENTS["write_updates"], {**values, "turn": turn}).fetchone()
        turns = int(row[0]) if row else 0
        turn += 1


def lead_on(
    connection: Connection, asker: Asker, *, kinds: Mapping[str | None, int], hop: int
) -> None:
    """Lead everybody of this hop to the next, or lay them to rest."""
    values = {**asker.values, "hop": hop}
    if PASSES & kinds.keys():
        connection.execute(STATEMENTS["move_on"], values)
    if RESTS & kinds.keys():
        connection.execute(STATEMENTS["rest_enrollments"], values)
    if "wait_until" in kinds:
        connection.execute(STATEMENTS["rest_until"], values)
    for kind, collect, lead in (
        ("branch", "read_branches", "take_ways"),
        ("wait_for_condition", "read_hopes", "hope_or_move"),
    ):
        if kind in kinds:
            asked = ask_customers(connection, asker, collect, hop=hop)
            with join_by_hash(connection):
                connection.execute(STATEMENTS[lead], values)
            if asked.faulty:
                connection.execute(STATEMENTS["park_unjudged"], values)


def let_out(connection: Connection, asker: Asker) -> None:
    """Let whoever is about to move and fits their journey's exit condition leave instead."""
    if ask_customers(connection, asker, "read_ways_out").anything:
        connection.execute(STATEMENTS["let_out"], asker.values)
