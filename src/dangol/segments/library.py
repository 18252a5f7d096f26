"""Ready-made conditions."""

from dataclasses import dataclass
from typing import Final, Literal

from dangol.segments.comparison import AtLeast
from dangol.segments.condition import PURCHASE, AllOf, Condition, EventMeasure

Group = Literal["lifecycle", "rfm", "value", "habits", "risk", "cart"]

# Bought at least twice, nothing for 90 days.
LAPSED_REGULARS: Final = AllOf(
    of=(
        EventMeasure(event=PURCHASE, test=AtLeast(value=2)),
        EventMeasure(event=PURCHASE, measure="days_since", test=AtLeast(value=90)),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMade:
    """A segment that a shop can begin with: its names, what it is good for, and its condition."""

    name: str
    title_ko: str
    title_en: str
    about_ko: str
    about_en: str
    group: Group
    condition: Condition


READY_MADE: Final = (
    ReadyMade(
        name="lapsed_regulars",
        title_ko="뜸해진 단골",
        title_en="Lapsed regulars",
        about_ko="두 번 넘게 샀지만 석 달째 오지 않은 손님이에요. 돌아오게 하기 가장 쉬워요.",
        about_en="They bought at least twice and nothing for three months: easiest to win back.",
        group="risk",
        condition=LAPSED_REGULARS,
    ),
)
