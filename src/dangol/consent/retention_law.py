"""How long the law wants records kept at least, as data.

Source: 전자상거래 등에서의 소비자보호에 관한 법률 시행령 (Enforcement Decree of the Act on Consumer
Protection in Electronic Commerce) article 6 ①. A period has the most days that so many years or
months can have, leap days included, so that none ends too early.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

SOURCE: Final = "전자상거래법 시행령 제6조 제1항"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPeriod:
    """A kind of record, for how many days it is kept at least, and which events are such records.

    In the names of events ``*`` is any text.
    """

    kind: str
    title_ko: str
    title_en: str
    days: int
    source: str
    event_names: tuple[str, ...] = ()


FIVE_YEARS: Final = 1827
THREE_YEARS: Final = 1096
SIX_MONTHS: Final = 184
LEGAL_PERIODS: Final = (
    LegalPeriod(
        kind="contract",
        title_ko="계약 또는 청약철회 등에 관한 기록",
        title_en="records of contracts and withdrawals",
        days=FIVE_YEARS,
        source=f"{SOURCE} 제2호",
        event_names=("Order *", "order_*", "Return *", "return_*"),
    ),
    LegalPeriod(
        kind="payment",
        title_ko="대금결제 및 재화등의 공급에 관한 기록",
        title_en="records of payment and supply",
        days=FIVE_YEARS,
        source=f"{SOURCE} 제3호",
        event_names=(
            *("Payment *", "Refund *", "Shipment *", "Delivery *"),
            *("payment_*", "refund_*", "shipment_*", "delivery_*"),
        ),
    ),
    LegalPeriod(
        kind="complaint",
        title_ko="소비자의 불만 또는 분쟁처리에 관한 기록",
        title_en="records of complaints and disputes",
        days=THREE_YEARS,
        source=f"{SOURCE} 제4호",
        event_names=("Complaint *", "complaint_*", "Dispute *", "dispute_*"),
    ),
    # Those are messages, which have a period of their own: rights/old_messages.py.
    LegalPeriod(
        kind="advertising",
        title_ko="표시·광고에 관한 기록",
        title_en="records of labelling and advertising",
        days=SIX_MONTHS,
        source=f"{SOURCE} 제1호",
    ),
)
# An event of each pattern: they tell which purpose covers what the law is about.
EXAMPLES: Final = tuple(
    pattern.replace("*", "Completed" if " " in pattern else "completed")
    for period in LEGAL_PERIODS
    for pattern in period.event_names
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """An event that its purpose keeps for less time than the law asks."""

    purpose: str
    event_name: str
    days: int
    period: LegalPeriod

    @property
    def fault(self) -> str:
        """Say so, with the remedy."""
        return (
            f"keep_events_days {self.days} of {self.purpose!r}: it covers {self.event_name!r}, one "
            f"of the {self.period.title_en} ({self.period.title_ko}), which {self.period.source} "
            f"wants kept at least {self.period.days} days. Write {self.period.days} or more, leave "
            "it out to keep them for good, or have another purpose cover such events."
        )


def legal_period(event_name: str) -> LegalPeriod | None:
    """Return the longest period that the law asks for an event of this name, None: for none."""
    asked = [
        period
        for period in LEGAL_PERIODS
        if any(fnmatchcase(event_name, pattern) for pattern in period.event_names)
    ]
    return max(asked, key=lambda period: period.days, default=None)
