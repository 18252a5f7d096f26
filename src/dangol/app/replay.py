"""The replay: past events through the live stages, on a clock that stands still at each step."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

import httpx
import psycopg

from dangol.app.chores import drop_old_events
from dangol.app.clock import freeze_clock, frozen_time
from dangol.app.tick import tick_until_done
from dangol.channels.claim import recover_claims
from dangol.ingest.event import Event
from dangol.ingest.inbox import write_events
from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection, StoreError
from dangol.store.crash import crashpoint
from dangol.store.lake import Lake, flush_events
from dangol.store.vault import Vault

LOGGER: Final = logging.getLogger("dangol.replay")
# What a database or a server that is being started again looks like from here.
PASSING: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    StoreError,
    httpx.TransportError,
)
MOST_ATTEMPTS: Final = 120
RETRY_SECONDS: Final = 0.5
TICK_BATCH: Final = 20_000
EVENT_KEEP: Final = timedelta(days=3)
# Segments are refreshed at this hour of the shop's day, before people read their mail.
REFRESH_HOUR: Final = 9
EVENING: Final = clock_time(21)


@dataclass(kw_only=True)
class Stopwatch:
    """Seconds spent per stage."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict[str, float](float))

    @contextmanager
    def measure(self, stage: str) -> Generator[None, None, None]:
        """Count the time of a block to a stage."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stop of the clock: ``at``, and what was received since the stop before."""

    since: datetime
    at: datetime
    events: Sequence[Event]


@dataclass(kw_only=True)
class Replay:
    """What a replay works on; ``deliver`` and ``read`` act at the time the clock shows."""

    open_connection: Callable[[], Connection]
    lake: Lake
    vault: Vault
    workspace_id: int
    zone: ZoneInfo
    deliver: Callable[[Connection], int]
    read: Callable[[Connection, Step], None]
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    done: Counter[str] = field(default_factory=Counter[str])
    _connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The connection in use; a new one after a failure."""
        if self._connection is None:
            self._connection = self.open_connection()
        return self._connection

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def take(self, step: Step) -> None:
        """Move everything to the time of one step, however often the database goes away.

        Repeating a step changes nothing: its events and the clock are written together, and
        whatever is due at a time is done only once.
        """
        self._insist(lambda: self._take(step))

    def finish(self, now: datetime) -> None:
        """Write the last day to the history, too, and deliver what that leads to."""
        self._insist(lambda: self._finish(now))

    def _insist(self, do: Callable[[], None]) -> None:
        for attempt in count():
            try:
                do()
            except PASSING as error:
                self.close()
                if attempt == MOST_ATTEMPTS:
                    raise
                LOGGER.warning("a step is repeated", exc_info=error, extra={"count": attempt})
                time.sleep(RETRY_SECONDS)
            else:
                return

    def _take(self, step: Step) -> None:
        self._write(step)
        self._settle(step)

    def _finish(self, now: datetime) -> None:
        self._begin_day(now)
        self._deliver(now)

    def _write(self, step: Step) -> None:
        """Write the step's events, unless an attempt or a run before this one has."""
        with self.stopwatch.measure("ingest"), self.connection.transaction():
            reached = frozen_time(self.connection)
            if reached is not None and reached >= step.at:
                return
            self.done["events"] += write_events(
                self.connection,
                step.events,
                workspace_id=self.workspace_id,
                received_at=step.at,
            )
            freeze_clock(self.connection, at=step.at)
        crashpoint("replay.after_commit")

    def _settle(self, step: Step) -> None:
        """Do all that is due at the step's time, its events being in the inbox."""
        with self.stopwatch.measure("feedback"):
            self.read(self.connection, step)
        self._tick(step.at)
        if step.at.astimezone(self.zone).hour == REFRESH_HOUR:
            self._begin_day(step.at)
        self._deliver(step.at)

    def _deliver(self, now: datetime) -> None:
        with self.stopwatch.measure("deliver"):
            with self.connection.transaction():
                recover_claims(self.connection, workspace_id=self.workspace_id, now=now)
            while claimed := self.deliver(self.connection):
                self.done["mails"] += claimed

    def _tick(self, now: datetime) -> None:
        with self.stopwatch.measure("tick"):
            ticked = tick_until_done(
                self.connection,
                workspace_id=self.workspace_id,
                vault=self.vault,
                now=now,
                batch=TICK_BATCH,
            )
        for name in ("enrolled", "decided"):
            self.done[name] += ticked[name]

    def _begin_day(self, now: datetime) -> None:
        """Write yesterday to the history, refresh the segments, and act on who came and went."""
        with self.stopwatch.measure("flush"):
            _ = flush_events(self.connection, self.lake, workspace_id=self.workspace_id, now=now)
            _ = drop_old_events(self.connection, keep=EVENT_KEEP)
            if now.day == 1:
                # A replay has no worker beside it to merge a day's small files.
                _ = self.lake.compact()
        with self.stopwatch.measure("segments"), self.connection.transaction():
            _ = refresh_segments(
                self.connection, self.lake, workspace_id=self.workspace_id, now=now
            )
        self._tick(now)


def cut_steps(
    events: Iterator[Event], *, begin: datetime, reached: datetime | None, every: timedelta
) -> Iterator[Step]:
    """Cut events, in the order they occurred, into steps of the clock.

    What happened before ``begin`` is in the first step. Events up to ``reached`` are left out: an
    earlier run has written them.
    """
    since, pending = reached or begin, list[Event]()
    for event in events:
        if reached is not None and event.occurred_at <= reached:
            continue
        while event.occurred_at > since + every:
            yield Step(since=since, at=since + every, events=pending)
            since, pending = since + every, []
        pending.append(event)
    if pending:
        yield Step(since=since, at=since + every, events=pending)


def evening_before(moment: datetime, *, zone: ZoneInfo) -> datetime:
    """Return 21:00 of the shop's day before ``moment``, in UTC.

    From there, steps of six and of twelve hours stop at nine in the morning.
    """
    local = moment.astimezone(zone)
    evening = datetime.combine(local.date() - timedelta(days=1), EVENING, tzinfo=zone)
    return evening.astimezone(UTC)
