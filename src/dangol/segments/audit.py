"""The audit: do the beats leave everybody where a full recomputation would put them?"""

from dataclasses import dataclass
from datetime import datetime

from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection, StoreError
from dangol.store.lake import Lake
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found: members too many and too few, and in which segments."""

    segments: int
    members: int
    surplus: int
    missing: int
    wrong: tuple[str, ...]


def audit_segments(
    connection: Connection, lake: Lake, *, workspace_id: int, now: datetime
) -> Audit:
    """Let a beat pass, ask everybody everything, put right what differs, and keep what it was.

    To be called inside a transaction, and while no flush is under way: an event that came between
    the two would look like a mistake.

    Raises:
        StoreError: another process is refreshing the segments; to be tried again.
    """
    values = {"workspace_id": workspace_id, "now": now}
    if connection.execute(STATEMENTS["lock_segments"], values).fetchone() != (True,):
        raise StoreError("The segments are being refreshed; they are audited when that is done.")
    as_it_is = lake.pinned()
    _ = refresh_segments(connection, as_it_is, workspace_id=workspace_id, now=now)
    full = refresh_segments(connection, as_it_is, workspace_id=workspace_id, now=now, afresh=True)
    audit = Audit(
        segments=len(full),
        members=sum(one.size for one in full),
        surplus=sum(one.left for one in full),
        missing=sum(one.entered for one in full),
        wrong=tuple(one.name for one in full if one.entered or one.left),
    )
    found = {
        "segments": audit.segments,
        "members": audit.members,
        "surplus": audit.surplus,
        "missing": audit.missing,
        "wrong": list(audit.wrong),
    }
    connection.execute(STATEMENTS["insert_audit"], {**values, **found})
    return audit


def workspaces_due(connection: Connection, *, now: datetime) -> list[int]:
    """Return the workspaces that have segments and where it is time for the nightly audit."""
    rows = connection.execute(STATEMENTS["list_unaudited"], {"now": now}).fetchall()
    return [int(row[0]) for row in rows]
