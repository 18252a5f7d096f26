"""Messages that vendors refuse for what they say: after so many in a row, the step stops."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.guard.decide import STATEMENTS
from dangol.store.connect import Connection

LOGGER: Final = logging.getLogger("dangol.guard")
#: So many in a row are no accident.
REFUSED_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Which message of which journey it was, and what was said about it."""

    journey_id: int
    template_id: int
    said: str = ""


def stop_refused(
    connection: Connection, refused: Collection[Said], *, workspace_id: int, now: datetime
) -> int:
    """Count refusals, and stop what was refused too often in a row; return how many that is.

    The owner lets it go on with `dangol guard resume`, as after too many opt-outs.
    """
    if not refused:
        return 0
    values = {
        "journey_ids": [one.journey_id for one in refused],
        "template_ids": [one.template_id for one in refused],
        "said": [one.said for one in refused],
        "most": REFUSED_MAX,
    }
    over = connection.execute(STATEMENTS["count_content_faults"], values).fetchall()
    for journey_id, template_id, times, said in over:
        stop = {
            "workspace_id": workspace_id,
            "journey_id": journey_id,
            "template_id": template_id,
            "sent": times,
            "opt_outs": 0,
            "share_at_least": 0.0,
            "opt_out_limit": 0.0,
            "refused_because": said,
            "now": now,
        }
        connection.execute(STATEMENTS["insert_stop"], stop)
        LOGGER.warning(
            "a message was stopped: vendors refuse it",
            extra={"journey_id": journey_id, "template_id": template_id, "reason": said},
        )
    forget_refused(connection, [Said(journey_id=row[0], template_id=row[1]) for row in over])
    return len(over)


def forget_refused(connection: Connection, taken: Collection[Said]) -> None:
    """Begin to count anew for messages that were taken."""
    if taken:
        values = {
            "journey_ids": [one.journey_id for one in taken],
            "template_ids": [one.template_id for one in taken],
        }
        connection.execute(STATEMENTS["forget_content_faults"], values)
