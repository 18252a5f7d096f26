"""Segments judge the conditions of journeys; neither stage knows the other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from dangol.journeys.asking import Names
from dangol.journeys.steps import Fault
from dangol.segments.at_once import check_at_once
from dangol.segments.comparison import Filter
from dangol.segments.condition import Condition, InSegment, OnList, leaves
from dangol.segments.faults import BadCondition, explain
from dangol.segments.in_database import judge_in_database
from dangol.segments.in_events import check_filters, judge_events
from dangol.segments.parse import CHOICES, VERSION, of_filters, parse_condition
from dangol.store.connect import Connection

ROOT = "$.where"


class Conditions:
    """Judges conditions in the grammar of segments, by what PostgreSQL knows at once."""

    def check(self, condition: object, *, place: str) -> list[Fault]:
        """List what is wrong with a condition, that only the history can answer it included."""
        try:
            check_at_once(read_condition(condition))
        except BadCondition as bad:
            return [as_fault(bad, place=place)]
        return []

    def check_filter(self, filters: object, *, place: str) -> list[Fault]:
        """List what is wrong with a list of filters over an event's properties."""
        try:
            parsed = read_filters(filters)
        except BadCondition as bad:
            return [as_fault(bad, place=place)]
        if faults := [as_fault(bad, place=place) for bad in of_filters(parsed, ROOT)]:
            return faults
        try:
            check_filters(parsed, ROOT)
        except BadCondition as bad:
            return [as_fault(bad, place=place)]
        return []

    def names_in(self, condition: object) -> Names:
        """Return what a sound condition refers to."""
        found = leaves(read_condition(condition))
        return Names(
            segments=frozenset(leaf.segment for leaf in found if isinstance(leaf, InSegment)),
            lists=frozenset(leaf.list for leaf in found if isinstance(leaf, OnList)),
        )

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
        held = judge_in_database(
            connection,
            {str(number): read_condition(tree) for number, tree in questions.items()},
            customers,
            workspace_id=workspace_id,
            now=now,
        )
        return {int(number): ids.tolist() for number, ids in held.items()}

    def judge_events(
        self,
        connection: Connection,
        questions: Mapping[int, object],
        *,
        workspace_id: int,
        now: datetime,
    ) -> Mapping[int, Sequence[int]]:
        """Return, for each question, which events of ``tick_event`` pass all its filters."""
        found = judge_events(
            connection,
            {number: read_filters(filters) for number, filters in questions.items()},
            workspace_id=workspace_id,
            now=now,
        )
        return {number: ids.tolist() for number, ids in found.items()}


def read_condition(condition: object) -> Condition:
    """Read a condition as a journey keeps it.

    Raises:
        BadCondition: naming the place in it and the remedy.
    """
    return parse_condition(msgspec.json.encode({"version": VERSION, "where": condition}))


def read_filters(filters: object) -> tuple[Filter, ...]:
    """Read filters as a journey keeps them.

    Raises:
        BadCondition: naming the place in them and the remedy.
    """
    kind = tuple[Filter, ...]
    try:
        return msgspec.convert(filters, Annotated[kind, msgspec.Meta(max_length=20)])
    except msgspec.ValidationError as fault:
        said = str(fault).replace("`$", "`$.where", 1)
        raise explain(said, choices=CHOICES, version=VERSION) from fault


def as_fault(bad: BadCondition, *, place: str) -> Fault:
    """Say what is wrong with a condition at its place in the journey."""
    where = place + bad.path.removeprefix(ROOT)
    remedy = bad.message.removesuffix(".")
    return Fault(place=where, problem="cannot be asked", remedy=remedy, ko=bad.say("ko"))
