"""Ready-made conditions."""

from typing import Final

from dangol.segments.condition import AllOf, EventCount, NotSince

PURCHASE: Final = "Order Completed"

# Bought at least twice, nothing for 90 days.
LAPSED_REGULARS: Final = AllOf(
    of=(EventCount(event=PURCHASE, at_least=2), NotSince(event=PURCHASE, days=90))
)
