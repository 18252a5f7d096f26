"""The past of a shop, laid out beside the live tables: as it was, and what then came, in order."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, LiteralString

import pyarrow as pa
from psycopg import IsolationLevel
from pyarrow import compute, csv

from dangol.app.clock import STATEMENTS
from dangol.feedback.outcomes import FAILED, NAMES, SENT
from dangol.insight.past import read_past_activity, read_past_events
from dangol.store.connect import Connection
from dangol.store.heads import read_heads
from dangol.store.lake import Lake
from dangol.store.scratch import (
    carry_rows,
    count_again,
    highest_number,
    loosen,
    pour_csv,
    settle_in,
)

Row = tuple[Any, ...]
# What is copied as it is, in an order that references allow.
CARRIED: Final[tuple[tuple[LiteralString, str], ...]] = (
    ("workspace", "carry_workspace"),
    ("customer", "carry_customers"),
    ("address", "carry_addresses"),
    ("topic", "carry_topics"),
    ("topic_refusal", "carry_refusals"),
    ("preference", "carry_preferences"),
    ("silence", "carry_silences"),
    ("send_hour", "carry_send_hours"),
    ("message_cap", "carry_caps"),
    ("template", "carry_templates"),
    ("webhook_endpoint", "carry_endpoints"),
    ("segment", "carry_segments"),
    ("segment_version", "carry_segment_versions"),
    ("customer_list", "carry_lists"),
    ("list_entry", "carry_list_entries"),
    ("journey", "carry_journeys"),
    ("journey_version", "carry_versions"),
    ("enrollment", "carry_enrollments"),
)
NUMBERED: Final = (
    "template",
    "webhook_endpoint",
    "segment",
    "customer_list",
    "journey",
    "journey_version",
    "enrollment",
)
# Told again after the copies, and as the trial grows.
PLANNED_FOR: Final = ("customer", "address", "activity", "membership", "consent", "enrollment")
# How the ids begin of events that our stages write themselves.
WRITTEN_BY_US: Final = r"^(segment|journey|receipt|delivery):"
ACTIVITY: Final = ("customer_id", "event_name", "first_at", "last_at", "count", "revenue")


@dataclass(kw_only=True)
class Feed:
    """Rows that come one after another; each begins with the moment at which it does."""

    columns: tuple[str, ...]
    rows: list[Row]
    taken: int = 0

    def take(self, until: datetime) -> list[Row]:
        """Return what comes up to a moment and was not returned before, without the moments."""
        begin = self.taken
        while self.taken < len(self.rows) and self.rows[self.taken][0] <= until:
            self.taken += 1
        return [row[1:] for row in self.rows[begin : self.taken]]

    def highest(self) -> int:
        """Return the highest number that a row has."""
        place = self.columns.index("id") + 1
        return max((row[place] for row in self.rows), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days that are tried, after ``since`` and up to ``until``; how far back the cap looks."""

    since: datetime
    until: datetime
    capped_since: datetime


@dataclass(kw_only=True)
class Past:
    """What came in those days: events as an Arrow table, the rest in feeds."""

    events: pa.Table
    consents: Feed
    suppressions: Feed
    messages: Feed
    stays: Feed

    @property
    def size(self) -> int:
        """How many events there are."""
        return int(self.events.num_rows)


def lay_out_past(
    live: Connection,
    scratch: Connection,
    lake: Lake,
    *,
    workspace_id: int,
    trial: int,
    journey: str,
    window: Window,
) -> Past:
    """Copy the shop as it was at the window's beginning; return what came after.

    ``trial`` is the number that the shop gets in the scratch schema. The live tables are read as
    of one moment, by a transaction that cannot write.
    """
    values = {
        "workspace_id": workspace_id,
        "trial": trial,
        "journey": journey,
        "since": window.since,
        "until": window.until,
        "capped_since": window.capped_since,
    }
    with standing_still(live), scratch.transaction():
        loosen(scratch)
        for table, statement in CARRIED:
            carry_rows(live, scratch, table=table, statement=STATEMENTS[statement], values=values)
        heads = read_heads(live, workspace_id=workspace_id)
        known = known_customers(scratch, trial=trial)
        done = read_past_activity(lake, workspace_id=workspace_id, since=window.since, heads=heads)
        pour_activity(scratch, among(done, known), trial=trial)
        events = read_past_events(
            lake, workspace_id=workspace_id, since=window.since, until=window.until, heads=heads
        )
        past = Past(
            events=without_outcomes(among(events, known), journey=journey),
            consents=read_feed(live, "list_past_consents", values),
            suppressions=read_feed(live, "list_past_suppressions", values),
            messages=read_feed(live, "list_past_messages", values),
            stays=read_feed(live, "list_past_stays", values),
        )
        settle_in(
            scratch,
            {
                **{table: highest_number(scratch, table) for table in NUMBERED},
                "message": past.messages.highest(),
                "consent_entry": past.consents.highest(),
            },
        )
    with scratch.transaction():
        count_again(scratch, *PLANNED_FOR)
    return past


@contextmanager
def standing_still(live: Connection) -> Generator[None, None, None]:
    """Read the live tables as of one moment, without being able to write."""
    live.commit()
    before = live.isolation_level, live.read_only
    live.isolation_level, live.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with live.transaction():
            yield
    finally:
        live.isolation_level, live.read_only = before


def read_feed(live: Connection, statement: str, values: Mapping[str, object]) -> Feed:
    """Read rows that come one after another."""
    rows = live.execute(STATEMENTS[statement], values)
    columns = tuple(column.name for column in rows.description or ())
    return Feed(columns=columns[1:], rows=rows.fetchall())


def known_customers(scratch: Connection, *, trial: int) -> pa.Array:
    """Return everybody who is in the trial."""
    rows = scratch.execute(STATEMENTS["list_trial_customers"], {"workspace_id": trial})
    return pa.array([row[0] for row in rows], pa.int64())


def among(table: pa.Table, customers: pa.Array) -> pa.Table:
    """Return the rows about these customers: the lake may still hold some who are forgotten."""
    return table.filter(compute.is_in(table["customer_id"], value_set=customers))


def without_outcomes(events: pa.Table, *, journey: str) -> pa.Table:
    """Leave out what became of a journey's own messages: they are not those that it now plans."""
    names = pa.array([SENT, FAILED, *NAMES.values()])
    theirs = compute.match_substring_regex(events["properties"], rf'"journey":\s*"{journey}"')
    own = compute.and_(compute.is_in(events["name"], value_set=names), theirs)
    return events.filter(compute.invert(compute.fill_null(own, fill_value=False)))


def pour_activity(scratch: Connection, table: pa.Table, *, trial: int) -> None:
    """Write what everybody had done by then."""
    whole = table.select(list(ACTIVITY)).append_column(
        "workspace_id", pa.array([trial] * table.num_rows, pa.int32())
    )
    pour_csv(scratch, as_csv(whole), table="activity", columns=whole.column_names)


def moments_of(events: pa.Table) -> list[datetime]:
    """Return when each event occurred, in UTC."""
    return [moment.astimezone(UTC) for moment in events["occurred_at"].to_pylist()]


def only_named(events: pa.Table, names: frozenset[str] | None) -> pa.Table:
    """Return the events of these names, in their order; all where there are no names."""
    if names is None:
        return events
    return events.filter(compute.is_in(events["name"], value_set=pa.array(sorted(names))))


def arrivals(events: pa.Table) -> pa.Table:
    """Return events in the columns in which they arrive in a tick."""
    size = events.num_rows
    table = events
    for name, column in (
        ("received_at", events["occurred_at"]),
        ("part_id", events["customer_id"]),
        # Whoever did something was seen, except where a stage of ours wrote it.
        ("user_id", visitors(events)),
        ("traits", pa.array(["{}"] * size, pa.string())),
        ("contacts", pa.array(["[]"] * size, pa.string())),
        ("consents", pa.array(["[]"] * size, pa.string())),
        ("keep_for_ever", pa.array([False] * size, pa.bool_())),
    ):
        table = table.append_column(name, column)
    return table


def visitors(events: pa.Table) -> pa.Array:
    """Return an id for every event that the customer caused, none for what our stages wrote."""
    ours = compute.match_substring_regex(events["message_id"], WRITTEN_BY_US)
    return compute.if_else(ours, pa.scalar(None, pa.string()), pa.scalar("-"))


def as_csv(table: pa.Table) -> bytes:
    """Write rows as PostgreSQL reads CSV: null is nothing at all, and an empty text is quoted."""
    text = io.BytesIO()
    csv.write_csv(table, text, csv.WriteOptions(include_header=False))
    return text.getvalue()


def changes(rows: list[Row]) -> Iterator[tuple[bool, list[Row]]]:
    """Part who came into segments and who left them into runs of one kind, in order."""
    for enters, run in groupby(rows, key=itemgetter(1)):
        yield enters, list(run)
