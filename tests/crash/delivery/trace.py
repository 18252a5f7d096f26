"""What a child passed, told by memory that it shares with its parent: the dead tell nothing."""

import mmap
import os
import signal
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.crash.delivery.plan import POINTS, Kill

# The last point passed.
LAYOUT: Final = struct.Struct("=h")
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
