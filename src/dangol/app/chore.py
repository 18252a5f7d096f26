"""A chore of the working process: something that is done on a beat, by one process at a time."""

import os
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from dangol.app.clock import STATEMENTS, frozen_time
from dangol.store.connect import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Something to do on a beat; ``do`` tells whether more of it waits right now."""

    name: str
    every_seconds: float
    do: Callable[[Connection], bool]


def is_frozen(connection: Connection) -> bool:
    """Tell whether a replay holds the clock: then it alone moves things."""
    with connection.transaction():
        return frozen_time(connection) is not None


@contextmanager
def beat(connection: Connection, *, chore: str, workspace_id: int) -> Generator[bool, None, None]:
    """Yield whether this process may do ``chore`` for the workspace now."""
    place = {"chore": chore, "workspace_id": workspace_id}
    with connection.transaction():
        row = connection.execute(STATEMENTS["take_beat"], place).fetchone()
    ours = bool(row and row[0])
    try:
        yield ours
    finally:
        if ours and not connection.closed:
            with connection.transaction():
                _ = connection.execute(STATEMENTS["release_beat"], place)


def worker_name() -> str:
    """Name this process among all that claim deliveries."""
    return f"{socket.gethostname()}:{os.getpid()}"
