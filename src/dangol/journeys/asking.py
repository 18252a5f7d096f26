"""Who judges conditions for a journey. The stage that knows how is a stranger; ``app`` lends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dangol.journeys.steps import Fault
from dangol.store.connect import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a condition refers to by name."""

    segments: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


class Judge(Protocol):
    """Checks conditions and filters where a journey is published, and answers them in the tick.

    Conditions and filters are trees as journeys keep them: what JSON or YAML was taken apart to.
    """

    def check(self, condition: object, *, place: str) -> list[Fault]:
        """List what is wrong with a condition, that only the history can answer it included."""
        ...

    def check_filter(self, filters: object, *, place: str) -> list[Fault]:
        """List what is wrong with a list of filters over an event's properties."""
        ...

    def names_in(self, condition: object) -> Names:
        """Return what a sound condition refers to."""
        ...

    def judge(
        self,
        connection: Connection,
        questions: Mapping[int, object],
        customers: Sequence[int],
        *,
        workspace_id: int,
        now: datetime,
    ) -> Mapping[int, Sequence[int]]:
        """Return, for each question, which of these customers its condition holds for."""
        ...

    def judge_events(
        self,
        connection: Connection,
        questions: Mapping[int, object],
        *,
        workspace_id: int,
        now: datetime,
    ) -> Mapping[int, Sequence[int]]:
        """Return, for each question, which events of ``tick_event`` pass all its filters."""
        ...
