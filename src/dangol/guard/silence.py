"""Who has stopped reacting: noted once a day, for the guard to keep silent in turn."""

from datetime import datetime

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.guard")


def note_silences_daily(connection: Connection, *, workspace_id: int, now: datetime) -> bool:
    """Note who has stopped reacting unless that was done within a day; tell whether it was due."""
    values = {"workspace_id": workspace_id, "now": now}
    if not connection.execute(STATEMENTS["take_silence_turn"], values).rowcount:
        return False
    _ = note_silences(connection, workspace_id=workspace_id, now=now)
    return True


def note_silences(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Note anew who has stopped reacting on which channel; return on how many.

    Reads every message and reaction of the workspace: for once a day, not for the tick.
    """
    values = {"workspace_id": workspace_id, "now": now}
    connection.execute(STATEMENTS["delete_silences"], values)
    return connection.execute(STATEMENTS["note_silences"], values).rowcount
