"""Faults put in on purpose: a campaign that does not find them would not find real ones.

Each is a mistake somebody could make in good faith, and each is killed where it hurts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.app import chores, tick
from dangol.channels import claim
from dangol.ingest import reception
from dangol.ingest import tick as intake
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A fault, whom to kill and where, so that it shows."""

    apply: Callable[[], None]
    victim: str = "worker"
    points: tuple[str, ...] = ()
    calm_seconds: float = 2.0
    # How long a slow writer may stand before its commit, while others go ahead of it.
    slowest_seconds: float = 0.25


def stay_right() -> None:
    """Change nothing."""


def answer_early() -> None:
    """Answer the client, then commit."""

    def commit_events(
        connection: Connection, judged: Sequence[reception.Judged], *, now: datetime
    ) -> None:
        from tests.crash.children import CLIENT  # noqa: PLC0415 - it imports this module

        reception.write_taken(connection, judged, now=now)
        CLIENT.answer()
        CLIENT.answered = True
        crashpoint("ingest.before_commit")
        connection.commit()

    reception.commit_events = commit_events


def leave_cursor() -> None:
    """Commit what events do, and only then, by itself, that they have been read."""
    run_tick = tick.run_tick
    statements = dict(intake.STATEMENTS)

    def act_on_batch(
        connection: Connection, values: intake.Scope, *, vault: Vault, batch: int
    ) -> int:
        read = read_only(connection, values, batch=batch)
        if read:
            forgetful = tuple(name for name in intake.FOLD if name != "remember_acted")
            intake.act_on_arrivals(connection, values, vault=vault, fold=forgetful)
        return read

    def read_only(connection: Connection, values: intake.Scope, *, batch: int) -> int:
        row = connection.execute(statements["lock_cursor"], values).fetchone()
        written_by, event_id = row or ("0", 0)
        position = {"written_by": written_by, "event_id": event_id, "batch": batch}
        return connection.execute(statements["read_arrivals"], {**values, **position}).rowcount

    def tick_apart(
        connection: Connection, *, workspace_id: int, vault: Vault, now: datetime, batch: int
    ) -> tick.Ticked | None:
        ticked = run_tick(connection, workspace_id=workspace_id, vault=vault, now=now, batch=batch)
        values = intake.Scope(workspace_id=workspace_id, now=now)
        if ticked is None:
            return None
        with connection.transaction():
            read_only(connection, values, batch=ticked.events)
            connection.execute(
                "insert into acted_event (workspace_id, message_id, event_id, customer_id)"
                " select distinct on (arrival.message_id) %s, arrival.message_id,"
                " arrival.event_id, identifier.customer_id from arrival left join identifier"
                " on identifier.kind = arrival.kind and identifier.key = arrival.key"
                " on conflict do nothing",
                (workspace_id,),
            )
            connection.execute(statements["move_cursor"], values)
        return ticked

    intake.act_on_batch = act_on_batch
    tick.run_tick = chores.run_tick = tick_apart


def follow_sequence() -> None:
    """Read the inbox by its numbers, as if they were committed in their order."""
    statements = dict(intake.STATEMENTS)
    whole = statements["read_arrivals"]
    changed = whole.replace(
        "(event.written_by, event.id) > (%(written_by)s::xid8, %(event_id)s::bigint)",
        "event.id > %(event_id)s::bigint",
    ).replace("    and event.written_by < pg_snapshot_xmin(pg_current_snapshot())\n", "")
    changed = changed.replace("order by event.written_by, event.id", "order by event.id")
    assert changed.count("written_by") == whole.count("written_by") - 4
    statements["read_arrivals"] = changed
    statements["move_cursor"] = statements["move_cursor"].replace(
        "order by arrival.written_by desc, arrival.event_id desc", "order by arrival.event_id desc"
    )
    intake.STATEMENTS = statements


def repeat_unknown() -> None:
    """Take a call whose end nobody knows for one that never was, and make it again."""
    statements = dict(claim.STATEMENTS)
    statements["read_lost_claims"] = statements["read_lost_claims"].replace(
        "state = 'claimed'", "state in ('claimed', 'calling')"
    )
    statements["lose_calls"] = statements["lose_calls"].replace(
        "state = 'calling'", "state = 'calling' and false"
    )
    statements["release_claims"] = statements["release_claims"].replace(
        "state = 'claimed'", "state in ('claimed', 'calling')"
    )
    claim.STATEMENTS = statements


NONE: Final = ""
MUTANTS: Final = {
    NONE: Mutant(apply=stay_right),
    "answer before commit": Mutant(
        apply=answer_early, victim="desk", points=("ingest.before_commit",)
    ),
    "effects without the cursor": Mutant(apply=leave_cursor, points=("tick.after_commit",)),
    # Needs nobody to die: a writer that commits late is enough.
    "cursor by sequence": Mutant(apply=follow_sequence, calm_seconds=15.0, slowest_seconds=2.0),
    "blind retry of unknown": Mutant(apply=repeat_unknown, points=("send.after_accept",)),
}
