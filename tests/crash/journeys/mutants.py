"""Faults put in on purpose: a campaign that does not find them would not find real ones.

Each is a mistake somebody could make in good faith, and each is hurt where it shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tests.crash.journeys.plan import PUBLISHER, WORKERS, Kill
from tests.crash.mutants import NONE, stay_right

from dangol.app import chores, tick
from dangol.app.conditions import Conditions
from dangol.ingest.tick import take_events
from dangol.journeys import advance, hop, publish
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault

# What psycopg will want to release after a commit it knows nothing of.
BEGIN_ANEW: Final = (
    "commit",
    "begin",
    'savepoint "_pg3_1"',
    'savepoint "_pg3_2"',
    'savepoint "_pg3_3"',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A fault, and the kills under which it shows."""

    apply: Callable[[], None]
    kills: tuple[Kill, ...] = ()


def commit_events_first() -> None:
    """Commit what events do and that they have been read; then let the journeys see them."""

    def tick_apart(
        connection: Connection, *, workspace_id: int, vault: Vault, now: datetime, batch: int
    ) -> tick.Ticked | None:
        with connection.transaction():
            if not tick.is_ours(connection, workspace_id=workspace_id):
                return None
            events = take_events(
                connection, workspace_id=workspace_id, vault=vault, now=now, batch=batch
            )
            connection.execute("create temporary table if not exists kept (like tick_event)")
            connection.execute("truncate kept")
            connection.execute("insert into kept select * from tick_event")
        if events:
            crashpoint("tick.before_commit")
        with connection.transaction():
            connection.execute("insert into tick_event select * from kept")
            advanced = advance.advance_journeys(
                connection, workspace_id=workspace_id, judge=Conditions(), now=now, batch=batch
            )
            decided, _ = tick.decide_and_fall(
                connection, workspace_id=workspace_id, now=now, batch=batch
            )
        return tick.Ticked(events=events, advanced=advanced, decided=decided, full=False)

    chores.run_tick = tick_apart


def settle_apart() -> None:
    """Commit the messages, and only then where everybody stands; and do without the key."""
    settle = advance.settle
    statements = dict(hop.STATEMENTS)
    whole = statements["plan_messages"]
    statements["plan_messages"] = whole.replace(
        "moving.planned + 1", "(random() * 1000000000)::integer"
    )
    assert statements["plan_messages"] != whole
    hop.STATEMENTS = statements

    def settle_later(connection: Connection, **place: object) -> advance.Moved:
        commit_midway(connection)
        crashpoint("journeys.settled")
        return settle(connection, **place)

    advance.settle = settle_later


def publish_in_pieces() -> None:
    """Commit a version before its steps are written."""
    insert = publish.insert

    def insert_apart(connection: Connection, statement: str, **values: object) -> int:
        made = insert(connection, statement, **values)
        if statement == "insert_version":
            commit_midway(connection)
            crashpoint("publish.written")
        return made

    publish.insert = insert_apart


def commit_midway(connection: Connection) -> None:
    """Commit what there is, in the middle of a transaction that goes on."""
    for words in BEGIN_ANEW:
        connection.execute(words)


def at(victim: str, point: str, *nth: int) -> tuple[Kill, ...]:
    return tuple(Kill(victim=victim, point=point, nth=each) for each in nth)


MUTANTS: Final = {
    NONE: Mutant(apply=stay_right),
    "events before the journeys": Mutant(
        apply=commit_events_first, kills=at(WORKERS[0], "tick.before_commit", 2, 3, 1, 2)
    ),
    "messages before their place": Mutant(
        apply=settle_apart, kills=at(WORKERS[0], "journeys.settled", 2, 3, 1, 2)
    ),
    "version before its steps": Mutant(
        apply=publish_in_pieces, kills=at(PUBLISHER, "publish.written", 1, 2, 1, 2, 1, 2)
    ),
}
