"""How often one link, and one network address, may ask for a page that shows something.

What stops a mail is never refused: mail programs post it for thousands of people from few
addresses.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final, cast

from litestar.datastructures import State

from dangol.pages.visit import Asked

# So many may come at once, and again in the minute after.
PER_LINK: Final = 60
PER_ADDRESS: Final = 600
# Of links that open nothing: whoever tries many is guessing.
PER_ADDRESS_BAD: Final = 30
MINUTE_SECONDS: Final = 60.0
# The least recently seen are forgotten, so that strangers cannot fill the memory.
MOST_KEPT: Final = 20_000


@dataclass(slots=True, kw_only=True)
class Turns:
    """What is left for one name, as of a moment."""

    left: float
    at: datetime


@dataclass(slots=True, kw_only=True)
class PageLimiter:
    """Counts for one process; safe to use from several threads. ``clock`` is the machine's."""

    clock: Callable[[], datetime]
    names: OrderedDict[str, Turns] = field(default_factory=OrderedDict[str, Turns])
    lock: Lock = field(default_factory=Lock)

    def take(self, name: str, *, a_minute: int) -> float:
        """Take one of the turns of a name; return the seconds to wait where none is left, or 0."""
        now = self.clock()
        with self.lock:
            turns = self.names.setdefault(name, Turns(left=a_minute, at=now))
            self.names.move_to_end(name)
            while len(self.names) > MOST_KEPT:
                _ = self.names.popitem(last=False)
            passed = max(0.0, (now - turns.at).total_seconds())
            turns.left = min(a_minute, turns.left + passed * a_minute / MINUTE_SECONDS)
            turns.at = now
            if turns.left < 1:
                return (1 - turns.left) * MINUTE_SECONDS / a_minute
            turns.left -= 1
            return 0.0


def take_turn(state: State, request: Asked, *, token: str, is_good: bool) -> int:
    """Take a request's turn; return the seconds to wait where too many came, or 0.

    They came with this link, or from this network address.
    """
    limiter = cast("PageLimiter", state.page_limiter)
    caller = request.client.host if request.client else ""
    name, a_minute = (f"link {token}", PER_LINK) if is_good else (f"bad {caller}", PER_ADDRESS_BAD)
    waits = (
        limiter.take(f"caller {caller}", a_minute=PER_ADDRESS),
        limiter.take(name, a_minute=a_minute),
    )
    return math.ceil(max(waits))
