"""How many messages a turn of the delivery loop claims: as many as leave in about a second.

Many at once cost less each. But whoever opts out waits for what is being sent to them, so that a
slow mail server must not hold many.
"""

from dataclasses import dataclass
from typing import Final

FIRST: Final = 200
LEAST: Final = 50
# A turn shorter than this may be followed by a larger one, one longer than that by a smaller.
SHORT_SECONDS: Final = 1.0
LONG_SECONDS: Final = 3.0


@dataclass(slots=True, kw_only=True)
class Pace:
    """The size of the next turn, never above ``most``."""

    most: int
    size: int = FIRST

    def __post_init__(self) -> None:
        """Begin within the limit."""
        self.size = min(self.size, self.most)

    def note(self, *, claimed: int, seconds: float) -> None:
        """Learn from a turn; one that found less than it could take says nothing of speed."""
        if seconds > LONG_SECONDS:
            self.size = min(self.most, max(LEAST, self.size // 2))
        elif seconds < SHORT_SECONDS and claimed >= self.size:
            self.size = min(self.most, self.size * 2)
