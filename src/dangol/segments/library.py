"""Ready-made conditions."""

from typing import Final

from dangol.segments.comparison import AtLeast
from dangol.segments.condition import PURCHASE, AllOf, EventMeasure

# Bought at least twice, nothing for 90 days.
LAPSED_REGULARS: Final = AllOf(
    of=(
        EventMeasure(event=PURCHASE, test=AtLeast(value=2)),
        EventMeasure(event=PURCHASE, measure="days_since", test=AtLeast(value=90)),
    )
)
