"""A vendor's codes as data: what each means for a message, in the vendor's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing

LONGEST_DETAIL: Final = 200
# A kind of fault that another attempt, later or once the account is mended, may not meet again.
PASSING: Final = frozenset({FaultKind.TRANSIENT, FaultKind.THROTTLED, FaultKind.CONFIGURATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one code says, in Korean and English; ``fault`` is None where nothing is wrong."""

    fault: FaultKind | None
    ko: str
    en: str


Codes = Mapping[str, Meaning]


def table(*groups: tuple[FaultKind | None, Mapping[str, tuple[str, str]]]) -> Codes:
    """Make a table of codes, written by what they mean."""
    return {
        code: Meaning(fault=fault, ko=ko, en=en)
        for fault, codes in groups
        for code, (ko, en) in codes.items()
    }


def fate_of(fault: FaultKind) -> Fate:
    """Say what a fault makes of a message that was not taken."""
    return Fate.RETRYABLE if fault in PASSING else Fate.REJECTED


def refuse(
    message: Outgoing, meaning: Meaning, *, code: str, said: str = "", vendor_id: str = ""
) -> Outcome:
    """Return the outcome of a message that the vendor did not take; ``said`` are its own words."""
    fault = meaning.fault or FaultKind.TRANSIENT
    return Outcome(
        delivery_id=message.delivery_id,
        fate=fate_of(fault),
        code=code,
        detail=(f"{said} ({meaning.en})" if said else meaning.en)[:LONGEST_DETAIL],
        address_gone=fault is FaultKind.PERMANENT,
        vendor_id=vendor_id,
        fault=fault,
    )


def refuse_all(
    messages: "list[Outgoing]",
    *,
    fault: FaultKind,
    code: str,
    detail: str,
    retry_after: timedelta | None = None,
) -> list[Outcome]:
    """Return the outcomes of a call that was refused as a whole."""
    return [
        Outcome(
            delivery_id=message.delivery_id,
            fate=fate_of(fault),
            code=code,
            detail=detail[:LONGEST_DETAIL],
            fault=fault,
            retry_after=retry_after,
        )
        for message in messages
    ]


def accept(message: Outgoing, *, code: str, vendor_id: str) -> Outcome:
    """Return the outcome of a message that the vendor took."""
    return Outcome(
        delivery_id=message.delivery_id,
        fate=Fate.ACCEPTED,
        code=code,
        detail="",
        vendor_id=vendor_id,
    )


def wonder(messages: "list[Outgoing]", *, code: str, detail: str) -> list[Outcome]:
    """Return the outcomes of a call that the vendor may or may not have taken."""
    return [
        Outcome(
            delivery_id=message.delivery_id,
            fate=Fate.UNKNOWN,
            code=code,
            detail=detail[:LONGEST_DETAIL],
        )
        for message in messages
    ]
