"""Who shall be shown advertising elsewhere, or no longer: what every ad network's folder takes.

Networks match people by hashes. How an address is written before it is hashed differs from network
to network, and one wrong character matches nobody, so each folder has rules of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final, TypeVar

from dangol.providers.vendor import FaultKind

# No network takes more people a call.
BATCH: Final = 10_000
DETAIL_MAX: Final = 200

Item = TypeVar("Item")


class Change(StrEnum):
    """What becomes of people in an audience."""

    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a network may know one of its people by; empty where we do not know it."""

    email: str = ""
    # International, with a +: +821012345678.
    phone: str = ""
    given_name: str = ""
    family_name: str = ""
    # Two letters of ISO 3166.
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a network did. Saying the same again does no harm, so that a fault may be tried anew."""

    # How many people it took before the first fault, and how many of these it understood.
    taken: int
    understood: int
    # None where all went well; else why it stopped.
    fault: FaultKind | None = None
    code: str = ""
    detail: str = ""


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal; empty for an empty one, whose hash all share."""
    return sha256(text.encode()).hexdigest() if text else ""


def batches(items: Sequence[Item], *, size: int = BATCH) -> Iterator[Sequence[Item]]:
    """Cut a list into parts that a call may hold."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
