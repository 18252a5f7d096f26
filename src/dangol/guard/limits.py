"""How much a shop wants to say: the limits the guard judges by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import time
from typing import Final

from psycopg.rows import class_row

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.guard")
WHOLE: Final = 1_000
DAY_HOURS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A shop's limits on advertising, as its row in ``workspace`` has them.

    Quiet hours are of the customer's own clocks; equal ends switch them off.
    """

    cap_messages: int
    cap_days: int
    daily_messages: int
    sunset_messages: int
    sunset_days: int
    reduced_days: int
    send_time_hours: int
    holdout_permille: int
    opt_out_limit: float
    similar_goods: bool
    consent_notices: bool
    quiet_from: time
    quiet_until: time
    message_events: bool


def read_limits(connection: Connection, *, workspace_id: int) -> Limits:
    """Return a shop's limits.

    Raises:
        LookupError: there is no such workspace.
    """
    with connection.cursor(row_factory=class_row(Limits)) as cursor:
        found = cursor.execute(STATEMENTS["read_limits"], {"workspace_id": workspace_id}).fetchone()
    if found is None:
        raise LookupError(f"Workspace {workspace_id} does not exist; `dangol doctor` lists them.")
    return found


def set_limits(
    connection: Connection, *, workspace_id: int, changes: Mapping[str, int | float | bool | time]
) -> Limits:
    """Change some of a shop's limits, by the names of Limits; return all as they are then.

    Raises:
        LookupError: there is no such workspace.
        ValueError: a limit cannot be what it is given.
    """
    limits = replace(read_limits(connection, workspace_id=workspace_id), **changes)
    check_limits(limits)
    values = {**asdict(limits), "workspace_id": workspace_id}
    connection.execute(STATEMENTS["update_limits"], values)
    if not limits.send_time_hours:
        connection.execute(STATEMENTS["forget_send_hours"], values)
        connection.execute(STATEMENTS["delete_send_hours"], values)
    return limits


def check_limits(limits: Limits) -> None:
    for name in ("cap_messages", "cap_days", "daily_messages", "sunset_days", "reduced_days"):
        if getattr(limits, name) < 1:
            raise ValueError(f"{name} is {getattr(limits, name)}; it must be at least 1.")
    if limits.sunset_messages <= 1:
        raise ValueError(f"sunset_messages is {limits.sunset_messages}; it must be at least 2.")
    if not 0 <= limits.send_time_hours <= DAY_HOURS:
        raise ValueError(
            f"send_time_hours is {limits.send_time_hours}; write 1 to 24 hours, or 0 to wait for no"
            " hour."
        )
    if not 0 <= limits.holdout_permille <= WHOLE:
        raise ValueError(
            f"holdout_permille is {limits.holdout_permille}; it must lie between 0 and 1000."
        )
    if not 0 < limits.opt_out_limit < 1:
        raise ValueError(
            f"opt_out_limit is {limits.opt_out_limit}; write a share between 0 and 1, like 0.01."
        )
