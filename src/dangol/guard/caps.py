"""Limits beside the shop's own: so many advertising messages in so many days, of a kind."""

from dataclasses import asdict, dataclass

from psycopg.rows import class_row

from dangol.guard.limits import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most ``messages`` to one customer in ``days``; None: on all channels, about all topics."""

    channel: Channel | None
    # A topic's name.
    topic: str | None
    messages: int
    days: int


def list_caps(connection: Connection, *, workspace_id: int) -> list[Cap]:
    """Return a shop's limits beside its own, the widest first."""
    with connection.cursor(row_factory=class_row(Cap)) as cursor:
        return cursor.execute(STATEMENTS["list_caps"], {"workspace_id": workspace_id}).fetchall()


def save_cap(connection: Connection, cap: Cap, *, workspace_id: int) -> None:
    """Set a limit, or give the one of the same channel, topic and days another number.

    Raises:
        ValueError: a number is below 1.
        LookupError: there is no such topic.
    """
    for name in ("messages", "days"):
        if getattr(cap, name) < 1:
            raise ValueError(f"{name} is {getattr(cap, name)}; it must be at least 1.")
    values = {**asdict(cap), "workspace_id": workspace_id}
    if not connection.execute(STATEMENTS["save_cap"], values).rowcount:
        raise LookupError(f"There is no topic {cap.topic!r}; `dangol topic list` names them.")


def remove_cap(
    connection: Connection,
    *,
    workspace_id: int,
    channel: Channel | None,
    topic: str | None,
    days: int,
) -> None:
    """Remove a limit.

    Raises:
        LookupError: there is none like it.
    """
    values = {"workspace_id": workspace_id, "channel": channel, "topic": topic, "days": days}
    if not connection.execute(STATEMENTS["delete_cap"], values).rowcount:
        raise LookupError(
            f"There is no limit in {days} days on {channel or 'all channels'} about "
            f"{topic or 'all topics'}; `dangol guard cap list` names them."
        )
