"""Why people stopped, where they said so: one word of a list, optional, and nothing about them."""

from dataclasses import dataclass
from datetime import datetime

from dangol.feedback.bounces import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import ExitReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Exits:
    """Whom messages made stop since a moment, and why, as far as they said; the most first."""

    left: int
    answers: dict[ExitReason, int]


def save_exit_answer(
    connection: Connection,
    *,
    workspace_id: int,
    message_id: int,
    reason: ExitReason,
    now: datetime,
) -> None:
    """Keep why the recipient of a message stopped; of who has not, nothing is kept."""
    values = {
        "workspace_id": workspace_id,
        "message_id": message_id,
        "reason": reason,
        "now": now,
    }
    _ = connection.execute(STATEMENTS["save_exit_answer"], values)


def count_exits(connection: Connection, *, workspace_id: int, since: datetime) -> Exits:
    """Count who stopped since a moment, and why."""
    values = {"workspace_id": workspace_id, "since": since}
    rows = connection.execute(STATEMENTS["count_exit_answers"], values).fetchall()
    left = connection.execute(STATEMENTS["count_leavers"], values).fetchone()
    return Exits(
        left=int(left[0]) if left else 0,
        answers={ExitReason(reason): int(answers) for reason, answers in rows},
    )
