"""What the API answers and is told about what messages came to and cost."""

from datetime import date
from typing import Annotated

import msgspec

from dangol.channels.prices import MOST_PRICE, PricedKind


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What became of messages; ``opened`` and ``clicked`` count what was likely a person.

    ``cost`` and ``revenue`` are in won, ``other_revenue`` is by currency (ISO 4217).
    ``conversions`` are those before which one of these messages came last.
    """

    sent: int
    failed: int
    delivered: int
    opened: int
    clicked: int
    replied: int
    complained: int
    unsubscribed: int
    cost: float
    conversions: int
    cost_per_conversion: float | None
    revenue: float
    other_revenue: dict[str, float]


class MessageResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one template of a journey."""

    template: str
    figures: Figures


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Who reached a journey's goal, of those held out from advertising and of the others.

    ``lift`` is the difference of the two shares, which lies between ``low`` and ``high`` at 95 %;
    null where one side is empty. Where not ``tells``, that may as well be none.
    """

    held_out: int
    held_out_converted: int
    others: int
    others_converted: int
    lift: float | None
    low: float | None
    high: float | None
    tells: bool


class JourneyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a journey came to; ``unattributed`` reached its goal before any message."""

    name: str
    title_ko: str
    title_en: str
    figures: Figures
    messages: list[MessageResult]
    unattributed: int
    comparison: Comparison | None


class PriceView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one message of a kind costs by a vendor, in won."""

    provider: Annotated[str, msgspec.Meta(max_length=40)]
    kind: PricedKind
    price: Annotated[float, msgspec.Meta(ge=0, lt=MOST_PRICE)]


class PricedVendor(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor that is set up, and what it has a price for."""

    provider: str
    kinds: list[PricedKind]


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """Every price there is, and who else may have one."""

    prices: list[PriceView]
    vendors: list[PricedVendor]


class ResultsPage(msgspec.Struct, frozen=True, kw_only=True):
    """What left from the first to the last day, both of the shop's and both included.

    ``held_out`` is how many of a thousand customers get no advertising, to compare with.
    """

    first: date
    last: date
    today: date
    total: Figures
    journeys: list[JourneyResult]
    held_out: int
    prices: Prices
