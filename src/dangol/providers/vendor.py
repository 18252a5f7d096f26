"""What every vendor's sender takes and answers; no vendor knows another, nor any stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message ready to leave: every byte decided, for one recipient."""

    # The delivery's id; comes back in the outcome.
    delivery_id: int
    # What the vendor, or our Message-ID, will call it.
    vendor_id: str
    sender: str
    recipient: str
    content: bytes


class Fate(StrEnum):
    """What a vendor did with a message; named like the states of a delivery."""

    ACCEPTED = "accepted"
    # A firm no: trying again would get the same answer.
    REJECTED = "rejected"
    # Surely not taken, for a reason that may pass.
    RETRYABLE = "retryable"
    # Perhaps taken: the answer never came. Nobody may repeat it blindly.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The fate of one delivery, with the vendor's own words."""

    delivery_id: int
    fate: Fate
    code: str
    detail: str
    # True where the address itself is dead, so that nobody should write to it again.
    address_gone: bool = False
    vendor_id: str = ""


class Sender(Protocol):
    """Hands messages to one vendor."""

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Return exactly one outcome per message; never raise for what a vendor did."""
        ...
