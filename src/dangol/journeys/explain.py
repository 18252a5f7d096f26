"""What the decoder complains of, in words for the person who wrote the journey."""

import re
from collections.abc import Mapping
from typing import Final

from dangol.journeys.steps import Fault, kinds_of_step
from dangol.store.vocabulary import Channel, Purpose

# What the decoder says; what an author can do about it; all of it in Korean.
COMPLAINTS: Final = (
    ("got `null`", "Write it", "비어 있습니다. 적어 주세요."),
    ("missing required field `{}`", "Add it", "“{}”이(가) 없습니다. 더해 주세요."),
    (
        "unknown field `{}`",
        "Correct its spelling, or remove it",
        "“{}”(이)라는 항목은 여기에 없습니다. 철자를 고치거나 지워 주세요.",
    ),
    ("Expected `object`", "Write fields with values, one a line", "항목과 값을 적어 주세요."),
    (
        "Expected `array`",
        "Write a list, each item beginning with a dash",
        "목록으로 적어 주세요. 줄마다 -로 시작합니다.",
    ),
    (
        "Expected `str",
        "Write text, in quotes if it looks like a number",
        "글자로 적어 주세요. 수처럼 보이면 따옴표 안에 적습니다.",
    ),
    ("Expected `int", "Write a whole number", "정수로 적어 주세요."),
    ("Expected `bool", "Write true or false", "true 또는 false로 적어 주세요."),
)
# What may stand in a field, by the end of its path.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    ".kind": tuple(kinds_of_step()),
    ".channel": tuple(Channel),
    ".purpose": tuple(Purpose),
    ".when": ("entered", "left"),
    ".every": ("day", "week", "month"),
    ".on[]": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    ".ending": ("completed", "goal_met", "exited"),
    "time_zone": ("customer", "shop"),
}
ANYTHING: Final = ("See docs/guides/journeys.md", "docs/guides/journeys.md를 보세요.")


def as_fault(problem: str, *, place: str) -> Fault:
    """Say what the decoder complained of, and what to do about it."""
    remedy, ko = remedy_for(problem, place=place)
    return Fault(place=place or "the text", problem=problem, remedy=remedy, ko=ko)


def remedy_for(problem: str, *, place: str) -> tuple[str, str]:
    if problem.startswith("Invalid"):
        plain = re.sub(r"\[\d+\]", "[]", place)
        for ending, words in CHOICES.items():
            if plain.endswith(ending):
                choices = ", ".join(words)
                return f"Write one of: {choices}", f"다음 중 하나를 적어 주세요: {choices}."
    about = problem.partition("`")[2].partition("`")[0]
    for said, remedy, ko in COMPLAINTS:
        if said.replace("{}", about) in problem:
            return remedy, ko.replace("{}", about)
    return ANYTHING
