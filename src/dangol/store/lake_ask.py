"""What the proof asks the lake: sums of its events, and events that stand there twice."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false
# pyright: reportOperatorIssue=false, reportArgumentType=false, reportCallIssue=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from dangol.store.engine import EVENT, Expression, Question, run
from dangol.store.lake import Lake
from dangol.store.lake_digest import DIGESTED
from dangol.store.lake_forget import Rows
from dangol.store.lake_rows import Sum

LAST_NUMBER: Final = 2**63 - 1
SUMS: Final = {"events": lambda some: some.count(), "digests": lambda some: some.digest.sum()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Events that arrived on the UTC days from ``since`` until before ``until``, by number."""

    since: date
    until: date = date.max
    low: int = 0
    high: int = LAST_NUMBER

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment, and the one after the last."""
        first, end = (datetime.combine(day, time(), UTC) for day in (self.since, self.until))
        return first, end


def sum_months(lake: Lake) -> dict[tuple[int, date], Sum]:
    """Sum the whole lake by workspace and UTC month in which events occurred."""
    question = DIGESTED.group_by("workspace_id", "month").agg(**SUMS)
    return {(row["workspace_id"], row["month"]): as_sum(row) for row in ask(question, lake)}


def sum_days(lake: Lake, *, since: date) -> dict[tuple[int, date], Sum]:
    """Sum what arrived since a UTC day by workspace and day of arrival."""
    first, _ = Range(since=since).moments
    late = DIGESTED.filter(DIGESTED.received_at >= first)
    question = late.group_by("workspace_id", day=late.arrived).agg(**SUMS)
    return {(row["workspace_id"], row["day"]): as_sum(row) for row in ask(question, lake)}


def sum_parts(lake: Lake, within: Range, *, workspace_id: int, span: int) -> dict[int, Sum]:
    """Sum a workspace's events of a range, by ranges of ``span`` numbers each."""
    first, end = within.moments
    some = DIGESTED.filter(
        DIGESTED.workspace_id == workspace_id,
        DIGESTED.received_at >= first,
        DIGESTED.received_at < end,
        DIGESTED.event_id.between(within.low, within.high),
    )
    question = some.group_by(part=some.event_id // span).agg(**SUMS)
    return {row["part"]: as_sum(row) for row in ask(question, lake)}


def sum_rows(lake: Lake, rows: Rows) -> list[tuple[date, Sum]]:
    """Sum events by UTC month in which they occurred."""
    question = DIGESTED.filter(*wanted(rows)).group_by("month").agg(**SUMS)
    return [(row["month"], as_sum(row)) for row in ask(question, lake)]


def wanted(rows: Rows) -> list[Expression]:
    """Ask for events as a question does."""
    asked = [DIGESTED.workspace_id == rows.workspace_id]
    if rows.customer_ids is not None:
        asked.append(DIGESTED.customer_id.isin(list(rows.customer_ids)))
    if rows.names is not None:
        asked.append(DIGESTED.name.isin(list(rows.names)))
    if rows.before is not None:
        asked.append(DIGESTED.occurred_at < rows.before)
    if rows.up_to is not None:
        asked.append(DIGESTED.event_id <= rows.up_to)
    if rows.spared:
        asked.append(~DIGESTED.event_id.isin(list(rows.spared)))
    return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An event's name, when the first of its kind occurred (UTC), and the largest number."""

    name: str
    first_at: datetime
    last_number: int


def list_names(lake: Lake, *, workspace_id: int) -> list[Name]:
    """Return the names of a workspace's events in the lake, in their order."""
    some = EVENT.filter(EVENT.workspace_id == workspace_id)
    question = some.group_by("name").agg(
        first_at=some.occurred_at.min(), last_number=some.event_id.max()
    )
    return sorted((Name(**row) for row in ask(question, lake)), key=lambda one: one.name)


def count_parts(lake: Lake, rows: Rows, *, before: datetime) -> dict[str, list[Any]]:
    """Count, for each customer and name, the events that occurred before a moment.

    Returns columns: ``customer_id``, ``name``, ``gone`` (how many), ``revenue`` (their sum), and
    ``first_left``, when the first of those occurred that are not from before (None: there is none).
    Who has nothing from before is left out.
    """
    some = DIGESTED.filter(*wanted(rows), DIGESTED.customer_id.notnull())
    old = some.occurred_at < before
    counted = some.group_by("customer_id", "name").agg(
        gone=some.count(where=old),
        revenue=some.revenue.sum(where=old),
        first_left=some.occurred_at.min(where=~old),
    )
    question = counted.filter(counted.gone > 0).order_by("customer_id", "name")
    return run(question, lake).to_pydict()


def list_event_names(lake: Lake, *, workspace_id: int) -> list[str]:
    """Return the names of a workspace's events in the lake."""
    question = EVENT.filter(EVENT.workspace_id == workspace_id).select("name").distinct()
    return sorted(row["name"] for row in ask(question, lake))


def find_doubles(lake: Lake, *, limit: int) -> list[tuple[int, int, int]]:
    """Return workspace, number and count of some events that stand in the lake more than once."""
    counted = EVENT.group_by("workspace_id", "event_id").agg(count=EVENT.count())
    question = counted.filter(counted["count"] > 1).order_by("event_id").limit(limit)
    return [(row["workspace_id"], row["event_id"], row["count"]) for row in ask(question, lake)]


def ask(question: Question, lake: Lake) -> list[dict[str, Any]]:
    return run(question, lake).to_pylist()


def as_sum(row: dict[str, Any]) -> Sum:
    return Sum(row["events"], int(row["digests"] or 0))
