"""What time it is: the machine's time, moved by a replay where there is one."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements("dangol.app")

# Tells the time on behalf of everybody who must not ask the machine: aware, in UTC.
Clock = Callable[[Connection], datetime]
# Tells how many seconds ago it was started.
Watch = Callable[[], float]

# Where there is none, the steady clock goes on while the machine sleeps, or nothing does.
BOOT_CLOCK: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def shifted_clock(connection: Connection) -> datetime:
    """Return the installation's time: a replay may have moved it or made it stand still."""
    # A transaction of its own, so that asking the time leaves none open.
    with connection.transaction():
        row = connection.execute(STATEMENTS["read_clock"]).fetchone()
    if row is None:
        return machine_time()
    shift, frozen_at = row
    return frozen_at if frozen_at is not None else machine_time() + shift


def freeze_clock(connection: Connection, *, at: datetime) -> None:
    """Let time stand still at ``at`` until the next call."""
    _ = connection.execute(STATEMENTS["set_clock"], {"shift": at - machine_time(), "frozen_at": at})


def start_clock(connection: Connection, *, at: datetime) -> None:
    """Let time run on from ``at``."""
    _ = connection.execute(
        STATEMENTS["set_clock"], {"shift": at - machine_time(), "frozen_at": None}
    )


def frozen_time(connection: Connection) -> datetime | None:
    """Return where a replay stands; None when time runs."""
    row = connection.execute(STATEMENTS["read_clock"]).fetchone()
    return row[1] if row else None


def machine_time() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


def start_watch() -> Watch:
    """Return what tells how long ago this was, by whichever clock says the most.

    The steady clock of a process stops while its machine sleeps, that of the machine's uptime while
    the machine itself is paused from outside; the wall's is set again after both, if anybody does.
    """
    booted, seen = time.clock_gettime(BOOT_CLOCK), machine_time()

    def passed() -> float:
        by_uptime = time.clock_gettime(BOOT_CLOCK) - booted
        return max(by_uptime, (machine_time() - seen).total_seconds())

    return passed
