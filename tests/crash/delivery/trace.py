"""What a child passed, told by memory that it shares with its parent: the dead tell nothing."""

import mmap
import os
import signal
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from tests.crash.delivery.plan import POINTS, Kill

# The last point passed.
LAYOUT: Final = struct.Struct("=h")
# What time it is, for whoever is alive.
CLOCK: Final = struct.Struct("=d")
CLOCK_AT: Final = 8
UNBORN: Final = -2
NOWHERE: Final = -1


@dataclass(kw_only=True)
class Trace:
    """One page of memory, for one child at a time."""

    page: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, mmap.PAGESIZE))

    def clear(self) -> None:
        LAYOUT.pack_into(self.page, 0, UNBORN)

    def begin(self) -> None:
        """Say that from now on every moment may be the last."""
        LAYOUT.pack_into(self.page, 0, NOWHERE)

    def set_clock(self, now: datetime) -> None:
        CLOCK.pack_into(self.page, CLOCK_AT, now.timestamp())

    def now(self) -> datetime:
        """Return what time it is: who has slept finds it later than it was."""
        return datetime.fromtimestamp(CLOCK.unpack_from(self.page, CLOCK_AT)[0], UTC)

    def watch(self) -> Callable[[], float]:
        """Return what tells how many seconds have gone by since."""
        began = self.now()

        def passed() -> float:
            return (self.now() - began).total_seconds()

        return passed

    @property
    def has_begun(self) -> bool:
        return LAYOUT.unpack_from(self.page)[0] != UNBORN

    @property
    def last_point(self) -> str:
        """The point that was passed last; empty where there was none."""
        number = LAYOUT.unpack_from(self.page)[0]
        return POINTS[number] if number >= 0 else ""

    def handler(self, kill: Kill) -> Callable[[str], None]:
        """Return what notes every point that is passed, and ends or stops the process at one."""
        passed = dict.fromkeys(POINTS, 0)

        def handle(name: str) -> None:
            passed[name] += 1
            LAYOUT.pack_into(self.page, 0, POINTS.index(name))
            if (name, passed[name]) == (kill.point, kill.nth):
                os.kill(os.getpid(), signal.SIGSTOP if kill.asleep else signal.SIGKILL)

        return handle
