"""Faults put in on purpose: a campaign that does not find them would not find real ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.crash.journeys.plan import Kill
from tests.crash.mutants import NONE, stay_right


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A fault, and the kills under which it shows."""

    apply: Callable[[], None]
    kills: tuple[Kill, ...] = ()


MUTANTS: Final = {NONE: Mutant(apply=stay_right)}
