"""What the id of an audience makes the fakes of ad networks do.

``error-190`` always gives that error, ``limit-2`` refuses every third call as too many,
``expire-2`` takes two calls and lets the token expire, ``partial-3`` understands all but three of
each call.
"""

import re
from collections import Counter
from enum import Enum, auto
from typing import Final

SCRIPT: Final = re.compile(r"(error|limit|expire|partial)-(\d+)")


class Verdict(Enum):
    """What becomes of a call beside what is wrong with it."""

    TAKEN = auto()
    TOO_MANY = auto()
    EXPIRED = auto()


class AudienceScripts:
    """Counts the calls of each audience, and judges them as its id asks for."""

    def __init__(self) -> None:
        self._calls: Final[Counter[str]] = Counter()

    def judge(self, audience: str) -> Verdict:
        """Count a call, and say what becomes of it."""
        self._calls[audience] += 1
        kind, number = read_script(audience)
        if kind == "limit" and self._calls[audience] % (number + 1) == 0:
            return Verdict.TOO_MANY
        if kind == "expire" and self._calls[audience] > number:
            return Verdict.EXPIRED
        return Verdict.TAKEN


def error_of(audience: str) -> int:
    """Return the error that an audience asks for; 0 for none."""
    kind, number = read_script(audience)
    return number if kind == "error" else 0


def left_out(audience: str) -> int:
    """Return how many of each call are not understood."""
    kind, number = read_script(audience)
    return number if kind == "partial" else 0


def read_script(audience: str) -> tuple[str, int]:
    found = SCRIPT.fullmatch(audience)
    return (found[1], int(found[2])) if found else ("", 0)
