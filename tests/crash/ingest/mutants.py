"""Faults put in on purpose: a campaign that does not find them would not find real ones.

Each is a mistake somebody could make in good faith, and each is hurt where it shows.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tests.crash.ingest.plan import EVERYTHING, POSTGRES, SERVERS, WORKER, Kill
from tests.crash.mutants import NONE, follow_sequence, leave_cursor, stay_right

from dangol.ingest import reception
from dangol.store.connect import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A fault, and the kills under which it shows."""

    apply: Callable[[], None]
    kills: tuple[Kill, ...] = ()
    # How long a slow writer stands before its commit until ticks have gone ahead of it.
    slowest_seconds: float = 0.15


def answer_early() -> None:
    """Answer the client, and store what it sent meanwhile."""
    store = reception.Desk.take

    def take(desk: reception.Desk, calls: Sequence[reception.Posted]) -> Sequence[reception.Answer]:
        threading.Thread(target=store, args=(desk, calls)).start()
        return [reception.Taken(accepted=0) for _ in calls]

    reception.Desk.take = take


def commit_lazily() -> None:
    """Let PostgreSQL say that it has committed before the disk has it."""
    commit = reception.commit_events

    def commit_events(
        connection: Connection, judged: Sequence[reception.Judged], *, now: datetime
    ) -> None:
        connection.execute("set local synchronous_commit = off")
        commit(connection, judged, now=now)

    reception.commit_events = commit_events


SERVER_DIES: Final = tuple(
    Kill(victim=server, point="ingest.before_commit", nth=nth)
    for nth in (2, 3, 4)
    for server in SERVERS
)
# Those that lose what was acknowledged need to die; one that reads too far needs only company.
MUTANTS: Final = {
    NONE: Mutant(apply=stay_right),
    "answer before commit": Mutant(apply=answer_early, kills=SERVER_DIES),
    "synchronous_commit off": Mutant(
        apply=commit_lazily, kills=(Kill(victim=POSTGRES, point=EVERYTHING),) * 2
    ),
    "cursor by sequence": Mutant(
        apply=follow_sequence,
        kills=(Kill(victim=WORKER, point="tick.after_commit", nth=8),) * 2,
        slowest_seconds=5.0,
    ),
    "effects without the cursor": Mutant(
        apply=leave_cursor, kills=(Kill(victim=WORKER, point="tick.after_commit", nth=3),) * 3
    ),
}
