"""Ready-made segments; docs/guides/segments.md tells marketers what each is for.

They are ordinary conditions: a shop copies one, changes its numbers and gives it a name of its own.
"""

from typing import Final

from dangol.segments.comparison import AtLeast
from dangol.segments.condition import PURCHASE, AllOf, EventMeasure
from dangol.segments.library_entry import ReadyMade
from dangol.segments.library_habits import HABITS, VALUE
from dangol.segments.library_signs import CARTS, RISKS
from dangol.segments.library_stages import LIFECYCLE, RFM

# Bought at least twice, nothing for 90 days.
LAPSED_REGULARS: Final = AllOf(
    of=(
        EventMeasure(event=PURCHASE, test=AtLeast(value=2)),
        EventMeasure(event=PURCHASE, measure="days_since", test=AtLeast(value=90)),
    )
)
READY_MADE: Final[tuple[ReadyMade, ...]] = (
    *LIFECYCLE,
    ReadyMade(
        name="lapsed_regulars",
        group="lifecycle",
        title_ko="한동안 뜸한 단골",
        title_en="Lapsed regulars",
        about_ko="두 번 이상 샀지만 90일 넘게 사지 않은 고객입니다.",
        about_en="Bought at least twice, and nothing for 90 days.",
        condition=LAPSED_REGULARS,
    ),
    *RFM,
    *VALUE,
    *HABITS,
    *RISKS,
    *CARTS,
)
