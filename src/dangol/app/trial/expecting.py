"""What a backtest is expected to find, as a pipeline says it: "messages<5000"."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dangol.app.trial.findings import Findings

SAID: Final = re.compile(r"\s*([a-z_]+(?:\.[\w-]+)?)\s*(<=|>=|==|!=|=|<|>)\s*(-?\d+(?:\.\d+)?)\s*")
COMPARED: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}
# Figures, and breakdowns of which a part is named after a dot; without it they are added up.
FIGURES: Final[Mapping[str, Callable[[Findings], int | str]]] = {
    "enrollments": lambda found: found.enrollments,
    "turned_away": lambda found: found.turned_away,
    "most_a_day": lambda found: found.most_a_day,
    "cost_krw": lambda found: found.cost_krw,
    "parked": lambda found: found.parked,
    "conversions": lambda found: found.conversions.count,
}
BREAKDOWNS: Final[Mapping[str, Callable[[Findings], Mapping[str, int]]]] = {
    "messages": lambda found: found.by_channel,
    "holds": lambda found: found.holds,
    "skips": lambda found: found.skips,
    "ends": lambda found: found.ends,
    "inside": lambda found: found.inside,
    "steps": lambda found: found.steps,
    "over_cap": lambda found: found.collisions.over_cap,
    "crowded_out": lambda found: found.collisions.crowded_out,
    "same_day": lambda found: found.collisions.same_day,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A figure, how it is compared, and with what."""

    text: str
    name: str
    part: str
    compare: str
    bound: Decimal

    def value(self, found: Findings) -> Decimal:
        """Return the figure that a report has."""
        if self.name in FIGURES:
            return Decimal(FIGURES[self.name](found))
        counts = BREAKDOWNS[self.name](found)
        return Decimal(counts.get(self.part, 0) if self.part else sum(counts.values()))

    def holds(self, found: Findings) -> bool:
        """Tell whether the report is as expected."""
        return COMPARED[self.compare](self.value(found), self.bound)


def read_expectation(text: str) -> Expectation:
    """Read "messages<5000" or "skips.no_consent <= 20".

    Raises:
        ValueError: naming what can be written.
    """
    found = SAID.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no expectation. Write one like messages<5000.")
    name, _, part = found[1].partition(".")
    if name not in {*FIGURES, *BREAKDOWNS} or (part and name in FIGURES):
        plain = ", ".join(FIGURES)
        parted = ", ".join(BREAKDOWNS)
        raise ValueError(
            f"{text!r} names no figure of the report. Write one of {plain}, or one of {parted}, "
            "of which a part may be named: skips.no_consent<20."
        )
    return Expectation(text=text, name=name, part=part, compare=found[2], bound=Decimal(found[3]))
