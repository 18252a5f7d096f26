"""What the API answers and is told about sending: the gate, vendors, receivers of mail.

Rates are messages a second. Vendors belong to the installation, not to one of its shops.
"""

from datetime import date, datetime
from typing import Annotated

import msgspec

from dangol.channels.overdue import Backlog
from dangol.channels.rates import Health
from dangol.channels.warm_up import MOST_A_DAY, MOST_GROWTH
from dangol.providers.vendor import FaultKind
from dangol.store.vocabulary import Channel, Purpose

Rate = Annotated[float, msgspec.Meta(gt=0, le=1_000_000)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class GateView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the machine that answers may send; ``because`` is empty where it may.

    What somebody paused (``by_hand``) is resumed from anywhere; what a restore or a copy closed is
    resumed by a command on the machine.
    """

    sends: bool
    because: str
    by_hand: bool
    closed_at: datetime | None


class OverdueView(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of a channel and purpose that are due now."""

    channel: Channel
    purpose: Purpose
    waiting: int
    oldest_at: datetime


class LaneView(msgspec.Struct, frozen=True, kw_only=True):
    """Messages that wait for the vendors of a channel; ``later`` of them for a moment of their own.

    ``oldest_at`` is since when the first of the others could have gone.
    """

    channel: Channel
    purpose: Purpose
    waiting: int
    later: int
    oldest_at: datetime | None


class FaultView(msgspec.Struct, frozen=True, kw_only=True):
    """What kept a message from arriving, in the vendor's words; no kind: a call without answer."""

    fault: FaultKind | None
    code: str
    detail: str
    settled_at: datetime


class ReceiverView(msgspec.Struct, frozen=True, kw_only=True):
    """A receiver of mail that has a limit, or said that it was too much."""

    domain: str
    per_second: float | None
    health: Health
    failures: int
    rests_until: datetime | None


class WarmUpView(msgspec.Struct, frozen=True, kw_only=True):
    """How far a new sender is: ``taken`` of ``most`` mails on day ``day`` of ``days``.

    ``most`` is null once a day would have ``goal``; ``on`` is the day (Korea) that ``taken`` is of.
    """

    start: int
    growth: float
    goal: int
    day: int
    days: int
    most: int | None
    taken: int
    on: date | None


class VendorView(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor there could be, and how it fares.

    ``settings`` are the names of what has to be set. Today is the shop's; only its own messages
    are counted. ``parked_reports`` are reports about no message of this installation.
    """

    name: str
    channels: list[Channel]
    is_set: bool
    is_wrong: bool
    settings: list[str]
    health: Health
    per_second: float | None
    slowed_to: float | None
    failures: int
    rests_until: datetime | None
    paused_because: str | None
    paused_at: datetime | None
    taken_today: int
    refused_today: int
    parked_reports: int
    last_fault: FaultView | None
    receivers: list[ReceiverView]
    warm_up: WarmUpView | None


class Vendors(msgspec.Struct, frozen=True, kw_only=True):
    """Every vendor there could be."""

    vendors: list[VendorView]


class SendingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Whether anything is sent, what waits, and how vendors fare.

    Where several shops share the vendors (``shared``), none of them changes any.
    """

    now: datetime
    shared: bool
    gate: GateView
    overdue: list[OverdueView]
    lanes: list[LaneView]
    vendors: list[VendorView]


class PauseWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why nothing shall be sent; whoever finds it paused reads that."""

    because: Reason


class GoWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of what is due."""

    overdue: Backlog


class LimitWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Messages a second at most; null for as many as are taken."""

    per_second: Rate | None


class WarmUpWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mails on the first day, times as many on each that follows, and when there is no most.

    It begins with day 1. With ``day``, ``taken`` and ``on`` it goes on where it stood.
    """

    start: Annotated[int, msgspec.Meta(ge=1, le=MOST_A_DAY)]
    growth: Annotated[float, msgspec.Meta(gt=1, le=MOST_GROWTH)]
    goal: Annotated[int, msgspec.Meta(ge=1, le=MOST_A_DAY)]
    day: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    taken: Annotated[int, msgspec.Meta(ge=0, le=MOST_A_DAY)] = 0
    on: date | None = None
