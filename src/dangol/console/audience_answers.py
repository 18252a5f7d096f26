"""What the API answers and is told about ad audiences: what is given to which network of whom."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from dangol.audiences.audience import LONGEST, MOST_MAX
from dangol.store.vocabulary import AdNetwork, AudienceReason, Channel

# Why a network was not told everything, in words a page has: sending is paused, its settings are
# missing, it was slow or silent, it wants fewer calls, or the account or audience there is wrong.
Fault = Literal["paused", "not_set", "transient", "throttled", "account"]


class AudienceLine(msgspec.Struct, frozen=True, kw_only=True):
    """An audience as it stands; every number counts addresses.

    ``left_out`` are those of the segment that are not in it, by why. ``fault_said`` is what the
    network answered, in its own words.
    """

    name: str
    segment: str
    network: AdNetwork
    network_ref: str
    channels: list[Channel]
    most: int
    ends_at: datetime
    ended: bool
    removed_at: datetime | None
    paused_at: datetime | None
    synced_at: datetime | None
    added: int
    adding: int
    leaving: int
    left_out: dict[AudienceReason, int]
    fault: Fault | None
    fault_said: str


class NetworkSetup(msgspec.Struct, frozen=True, kw_only=True):
    """An ad network, and whether the settings let us in."""

    network: AdNetwork
    is_set: bool


class AudiencesPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every audience, with those that were removed, and the networks there are."""

    audiences: list[AudienceLine]
    networks: list[NetworkSetup]


class AudienceWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an audience is to be; in ``days`` everybody is taken out again.

    ``channels`` are email and sms (the telephone number), each with a consent of its own.
    """

    name: str
    segment: str
    network: AdNetwork
    network_ref: Annotated[str, msgspec.Meta(max_length=200)]
    channels: tuple[Channel, ...]
    most: Annotated[int, msgspec.Meta(ge=1, le=MOST_MAX)]
    days: Annotated[int, msgspec.Meta(ge=1, le=LONGEST.days)]
