"""Stop a message that too many opt out of, and let it go on when somebody says so.

A message is a template within a journey. Its opt-outs and complaints are weighed by a test that may
be looked at all the time, counted since the month began or since it was last let go on.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from psycopg.rows import class_row

from dangol.guard.sequential import at_least, is_over
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.guard")
LOGGER: Final = logging.getLogger("dangol.guard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many got a message since it was last looked at afresh, and how many of them opted out."""

    journey_id: int
    journey: str
    template_id: int
    template: str
    sent: int
    opt_outs: int
    opt_out_limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A message that is stopped."""

    id: int
    workspace: str
    journey: str
    template: str
    sent: int
    opt_outs: int
    share_at_least: float
    opt_out_limit: float
    stopped_at: datetime
    #: What vendors said who refused it; None where too many opted out of it.
    refused_because: str | None = None


def stop_losses(connection: Connection, *, workspace_id: int, now: datetime) -> list[Tally]:
    """Stop every message whose opt-outs are over the shop's limit; return them.

    Looks at nothing unless somebody has opted out lately: without that no evidence grows.
    """
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    values = {"workspace_id": workspace_id, "now": now, "month": month}
    row = connection.execute(STATEMENTS["has_opt_outs"], values).fetchone()
    if row != (True,):
        return []
    with connection.cursor(row_factory=class_row(Tally)) as cursor:
        tallies = cursor.execute(STATEMENTS["count_opt_outs"], values).fetchall()
    over = [one for one in tallies if is_over(one.sent, one.opt_outs, limit=one.opt_out_limit)]
    for tally in over:
        stop_message(connection, tally, workspace_id=workspace_id, now=now)
    return over


def stop_message(connection: Connection, tally: Tally, *, workspace_id: int, now: datetime) -> None:
    """Stop one message, and say so in the log."""
    values = {
        "workspace_id": workspace_id,
        "journey_id": tally.journey_id,
        "template_id": tally.template_id,
        "sent": tally.sent,
        "opt_outs": tally.opt_outs,
        "share_at_least": at_least(tally.sent, tally.opt_outs),
        "opt_out_limit": tally.opt_out_limit,
        "refused_because": None,
        "now": now,
    }
    connection.execute(STATEMENTS["insert_stop"], values)
    LOGGER.warning(
        "a message was stopped: too many opted out of it",
        extra={
            "journey": tally.journey,
            "template": tally.template,
            "sent": tally.sent,
            "opt_outs": tally.opt_outs,
        },
    )


def list_stops(connection: Connection, *, workspace_id: int | None = None) -> list[Stop]:
    """Return the messages that are stopped, the latest first; of every workspace without one."""
    values = {"workspace_id": workspace_id}
    with connection.cursor(row_factory=class_row(Stop)) as cursor:
        return cursor.execute(STATEMENTS["list_stops"], values).fetchall()


def resume_message(
    connection: Connection,
    *,
    workspace_id: int,
    journey: str,
    template: str,
    by: str,
    now: datetime,
) -> None:
    """Let a stopped message go on; what it held is looked at again at once.

    Raises:
        LookupError: no such message is stopped.
    """
    values = {
        "workspace_id": workspace_id,
        "journey": journey,
        "template": template,
        "by": by,
        "now": now,
    }
    if not connection.execute(STATEMENTS["resume_stopped"], values).rowcount:
        raise LookupError(
            f"journey {journey!r} has no stopped message {template!r}; "
            "`dangol guard show` lists those that are."
        )
    connection.execute(STATEMENTS["wake_stopped"], values)
