"""Past days once more, with one journey that did not run then.

The clock jumps from one moment at which something is to be done to the next, rounded up to a step:
an event that a journey looks at, a wait that is over, a message the guard wants to see again. What
lies between is fed in on the way, so that whatever is asked is asked of what was known by then. The
stages are the live ones; only what they read was written by the past. Events that nobody would ask
about are left out.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import time
from bisect import bisect_right
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, LiteralString, Self

from dangol.app.clock import STATEMENTS
from dangol.app.conditions import Conditions
from dangol.app.tick import Turn, decide_and_fall, run_tick
from dangol.app.trial.past import (
    Feed,
    Past,
    Window,
    arrivals,
    as_csv,
    changes,
    moments_of,
    only_named,
)
from dangol.consent.ledger import fold_entries
from dangol.ingest.identity import Scope
from dangol.ingest.tick import run_all
from dangol.journeys.advance import advance_journeys
from dangol.store.connect import Connection, empty_working
from dangol.store.migrate import ensure_event_partitions
from dangol.store.scratch import (
    count_again,
    keep_working,
    planned_for_few,
    planned_for_many,
    pour_csv,
    pour_rows,
)
from dangol.store.vault import Vault

BATCH: Final = 20_000
# What the past's events do before journeys look at them; whose they are is known. When somebody was
# last seen is of use to conditions alone.
FOLD: Final = ("fold_activity",)
FOLD_FOR_CONDITIONS: Final = ("fold_visits", "fold_activity")
# Tables that grow from stop to stop, and those that hold a stop's few rows.
GROWING: Final = ("enrollment", "message", "decision", "activity", "conversion")
WORKING: Final = (
    "tick_event",
    "entrant",
    "moving",
    "rested",
    "candidate",
    "objection",
    "ruling",
    "crowded",
    "competitor",
)
# Another program's open transaction may keep our own events from being read for a moment.
PATIENCE_SECONDS: Final = 0.01
MOST_WAITS: Final = 6_000
BEFORE: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(kw_only=True)
class Rerun:
    """One journey running through past days, in tables of its own."""

    scratch: Connection
    workspace: int
    vault: Vault
    past: Past
    window: Window
    every: timedelta
    # The events at which the journey must be looked at; None: every event.
    watched: frozenset[str] | None
    # The events of which it must be known who did them; None: every event.
    asked: frozenset[str] | None
    now: datetime = BEFORE
    marks: list[datetime] = field(default_factory=list[datetime])
    arriving: Any = None
    # When each of those occurred.
    times: list[datetime] = field(default_factory=list[datetime])
    fed: int = 0
    # When next something is due without an event.
    due: datetime | None = None
    # Events that the journey itself wrote, and that no tick has read.
    written: int = 0
    # The last day that has a place in the inbox.
    opened: date | None = None
    stops: int = 0
    done: int = 0
    counted: int = 250

    def prepare(self) -> Self:
        """Stand at the window's beginning, knowing what was known then."""
        self.now = self.window.since
        self.marks = self.find_marks()
        self.arriving = arrivals(only_named(self.past.events, self.asked))
        self.times = moments_of(self.arriving)
        with self.scratch.transaction():
            keep_working(self.scratch, "arrival", "tick_event")
            self.feed_facts(self.now)
            self.due = self.find_due()
        with self.scratch.transaction():
            count_again(self.scratch, "membership", "consent", "consent_entry", "suppression")
            count_again(self.scratch, *WORKING)
        return self

    def find_marks(self) -> list[datetime]:
        """Return when events happened that the journey must be looked at for."""
        return moments_of(only_named(self.past.events, self.watched))

    def run(self, *, progress: Callable[[datetime], None]) -> None:
        """Go through the window."""
        # A condition may be asked of everybody by everything there is.
        with planned_for_few(self.scratch) if self.asked is not None else nullcontext():
            while (stop := self.next_stop()) < self.window.until:
                self.stand(stop)
                progress(stop)
            self.stand(self.window.until)
            progress(self.window.until)

    def next_stop(self) -> datetime:
        """Return the next moment at which something is to be done, or the window's end."""
        place = bisect_right(self.marks, self.now)
        moments = [
            self.window.until,
            *([self.due] if self.due else []),
            *self.marks[place : place + 1],
        ]
        steps = -((self.window.since - min(moments)) // self.every)
        return min(self.window.since + steps * self.every, self.window.until)

    def find_due(self) -> datetime | None:
        """Return when next somebody wakes, a message is looked at again, or a schedule is due."""
        values = {"workspace_id": self.workspace, "now": self.now}
        row = self.scratch.execute(STATEMENTS["find_next_stop"], values).fetchone()
        return row[0] if row else None

    def stand(self, moment: datetime) -> None:
        """Do all that is to be done at a moment, by what came until then."""
        self.now = moment
        self.stops += 1
        full = self.tick(feed=True)
        while full:
            full = self.tick(feed=False)
        if self.written:
            self.read_own_events()
        if self.done > 2 * self.counted:
            self.counted = self.done
            with self.scratch.transaction():
                count_again(self.scratch, *GROWING, *WORKING)

    def tick(self, *, feed: bool) -> bool:
        """Let journeys and guard act once, in one transaction; tell whether more waits."""
        at = Turn(workspace_id=self.workspace, now=self.now, batch=BATCH)
        fed = False
        with self.scratch.transaction():
            if self.now.date() != self.opened:
                # What a journey writes itself needs a day to be written on.
                ensure_event_partitions(self.scratch, days=[self.now.date()])
                self.opened = self.now.date()
            if feed:
                self.feed_facts(self.now)
                fed = self.feed_events(self.now)
            advanced = advance_journeys(self.scratch, judge=Conditions(), **at)
            decisions, rungs = decide_and_fall(self.scratch, **at)
            decided = sum(decisions.values())
            self.due = self.find_due()
            if fed:
                empty_working(self.scratch, "tick_event")
        self.done += advanced.enrolled + decided
        self.written += advanced.written
        return advanced.unfinished or max(advanced.moved, decided, rungs) >= BATCH

    def read_own_events(self) -> None:
        """Let what the journey itself wrote act, at the same moment."""
        at = Turn(workspace_id=self.workspace, now=self.now, batch=BATCH)
        self.written = 0
        for _ in range(MOST_WAITS):
            with self.scratch.transaction():
                unread = self.scratch.execute(STATEMENTS["has_unread_events"], at).fetchone()
                self.due = self.find_due()
            if unread != (True,):
                return
            ticked = run_tick(self.scratch, vault=self.vault, **at)
            with self.scratch.transaction():
                empty_working(self.scratch, "arrival", "tick_event")
            if ticked is not None and not ticked.events:
                time.sleep(PATIENCE_SECONDS)

    # What comes in.

    def feed_events(self, until: datetime) -> bool:
        """Hand the events up to a moment to the tick, and fold them; tell whether any came."""
        end = bisect_right(self.times, until, lo=self.fed)
        if end == self.fed:
            return False
        some = self.arriving.slice(self.fed, end - self.fed)
        self.fed = end
        pour_csv(self.scratch, as_csv(some), table="tick_event", columns=some.column_names)
        fold = FOLD_FOR_CONDITIONS if self.asked is None else FOLD
        run_all(self.scratch, fold, Scope(workspace_id=self.workspace, now=until))
        return True

    def feed_facts(self, until: datetime) -> None:
        """Write what was known by a moment: consents, suppressions, stays, others' messages."""
        said = self.past.consents.take(until)
        self.pour("consent_entry", self.past.consents, said)
        if said:
            place = self.past.consents.columns.index("customer_id")
            whose = sorted({row[place] for row in said})
            with planned_for_many(self.scratch):
                fold_entries(self.scratch, workspace_id=self.workspace, customer_ids=whose)
        suppressed = self.past.suppressions.take(until)
        self.pour("suppression", self.past.suppressions, suppressed)
        self.pour("message", self.past.messages, self.past.messages.take(until))
        self.feed_stays(until)

    def pour(self, table: LiteralString, feed: Feed, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            pour_rows(self.scratch, rows, table=table, columns=feed.columns)

    def feed_stays(self, until: datetime) -> None:
        """Let customers in and out of segments as they came and went."""
        stays = self.past.stays
        begin = stays.taken
        stays.take(until)
        for enters, run in changes(stays.rows[begin : stays.taken]):
            moments, _, segments, customers = map(list, zip(*run, strict=True))
            values = {
                "workspace_id": self.workspace,
                "segment_ids": segments,
                "customer_ids": customers,
                "moments": moments,
            }
            statement = "let_in" if enters else "let_out"
            self.scratch.execute(STATEMENTS[statement], values)
