"""The lake: every event that acted, for good, as a Delta table that any warehouse can read.

One table, ``event``, partitioned by the UTC month of ``occurred_at``; each file is sorted by
customer. A flush moves events from PostgreSQL's inbox into it, exactly once: what it takes is
fixed in PostgreSQL first (cursor ``lake_plan``), the Delta commit carries the flush's number, and
the cursor ``lake`` follows. A flush cut off anywhere is repeated with the same events, and the
number tells whether the lake already has them.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from psycopg.pq import TransactionStatus
from pyarrow import dataset as arrow_dataset

from dangol.store.computing import ON_DUCKDB, Computing
from dangol.store.connect import Connection, StoreError
from dangol.store.crash import crashpoint
from dangol.store.lake_files import (
    KEEP_REPLACED_HOURS,
    LoggedFile,
    look_after,
    merge_month,
    misplaced,
    scattered_months,
    sync_commits,
    vacuum,
    worthwhile,
)
from dangol.store.lake_forget import Rows, count_rows, delete_rows, sweep_rows
from dangol.store.lake_rows import add_months, read_planned_events
from dangol.store.lake_schema import CONFIGURATION, EVENT_SCHEMA, fit, is_widened, missing_columns
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")
# DuckDB reads the first three as patterns; the Delta writer decodes the last.
MISREAD: Final = frozenset("*?[%")
APPEND_ATTEMPTS: Final = 5
EVENTS_PER_FLUSH: Final = 200_000


class Lake:
    """The Delta tables below one folder, or below one address of an object store."""

    def __init__(
        self,
        folder: Path | str,
        storage_options: Mapping[str, str] | None = None,
        *,
        computing: Computing = ON_DUCKDB,
        memory_mb: int | None = None,
    ) -> None:
        """Name the lake; its tables are created when first written.

        ``folder`` is a local path, or an address such as ``s3://bucket/lake`` for which
        ``storage_options`` carries what the store asks for. ``computing`` is the engine that
        answers questions about it; in this process it may use ``memory_mb`` of memory before it
        turns to the disk, None: as it sees fit.

        Raises:
            StoreError: a local folder has a name that some reader takes for a pattern.
        """
        self.is_local: Final = "://" not in str(folder)
        self.memory_mb: Final = memory_mb
        if self.is_local and MISREAD & set(str(folder)):
            raise StoreError(
                f"The lake's folder {folder} has one of {' '.join(sorted(MISREAD))} in its name, "
                "which readers take for a pattern. Rename the folder or choose another."
            )
        root = str(Path(folder).absolute()) if self.is_local else str(folder).rstrip("/")
        self._root: Final = root
        self._address: Final = f"{root}/event"
        self._options: Final = dict(storage_options or {})
        self.computing: Final = computing
        self._lock: Final = threading.RLock()
        self._table: DeltaTable | None = None
        # A pinned lake stays as it was.
        self._moves = True

    @property
    def store_options(self) -> Mapping[str, str]:
        """What the lake's store asks for; holds secrets."""
        return self._options

    def version(self) -> int:
        """Return the number of the newest commit, -1 while nothing was ever written."""
        table = self._open()
        return table.version() if table else -1

    def event_files(self) -> list[str]:
        """Return the files that hold the events now, as local paths where the lake is local."""
        table = self._open()
        files = table.file_uris() if table else []
        return [unquote(file) for file in files] if self.is_local else files

    def is_widened(self) -> bool:
        """Tell whether some files may lack columns, because an older Dangol wrote them."""
        table = self._open()
        return table is not None and (is_widened(table) or bool(missing_columns(table)))

    def event_dataset(self) -> arrow_dataset.Dataset:
        """Return the events for a reader that cannot open the lake's addresses by itself."""
        table = self._open()
        if table is None:
            return arrow_dataset.dataset(EVENT_SCHEMA.empty_table())
        return table.to_pyarrow_dataset()

    def count_events(self) -> int:
        """Return how many events the lake holds, of all workspaces."""
        return self.event_dataset().count_rows()

    def last_step(self, workspace_id: int) -> int:
        """Return the number of the workspace's newest flush that the lake holds, 0 before any."""
        table = self._open()
        step = table.transaction_version(f"flush:{workspace_id}") if table else None
        return step or 0

    def pinned(self) -> "Lake":
        """Return the lake as it is now, for a reader to whom it must not move.

        Its files stay for a day.
        """
        pinned = Lake(self._root, self._options, computing=self.computing, memory_mb=self.memory_mb)
        version = self.version()
        if version >= 0:
            pinned._table = DeltaTable(
                self._address, version=version, storage_options=self._options
            )
        pinned._moves = False
        return pinned

    def look_after_files(self) -> list[LoggedFile]:
        """Return each file that the log names, and what is there of it."""
        table = self._open()
        return look_after(table) if table else []

    def count_misplaced(self) -> dict[date, int]:
        """Return how many events lie in each month in which they did not occur."""
        return misplaced(self.event_dataset())

    def append_events(self, table: pa.Table, *, workspace_id: int, step: int) -> bool:
        """Add events as one commit; return False if this step was written before.

        ``table`` has the columns of ``EVENT_SCHEMA``, sorted by customer. Steps of a workspace
        grow. On a local disk the commit has reached the disk when this returns.
        """
        with self._lock:
            # The newest commit too: it may be this step's, by a process that died before the disk.
            before = self.version() - 1
            wrote = self._append(table, workspace_id=workspace_id, step=step)
            self._sync(since=before)
            return wrote

    def _append(self, table: pa.Table, *, workspace_id: int, step: int) -> bool:
        attempt = 1
        while True:
            try:
                return self._append_once(table, workspace_id=workspace_id, step=step)
            except CommitFailedError:
                # Somebody flushed the same step, or merged the month, since our look: look again.
                if attempt == APPEND_ATTEMPTS:
                    raise
                attempt += 1

    def _append_once(self, table: pa.Table, *, workspace_id: int, step: int) -> bool:
        application = f"flush:{workspace_id}"
        lake = self._open() or self._create()
        fit(lake)
        written = lake.transaction_version(application)
        if written is not None and written >= step:
            return False
        mark = CommitProperties(app_transactions=[Transaction(application, step)])
        write_deltalake(lake, table, mode="append", commit_properties=mark)
        return True

    def scattered(self) -> list[str]:
        """Return the months whose files it pays to merge, oldest first, as ISO dates."""
        table = self._open()
        return worthwhile(table) if table else []

    def merge(self, month: str) -> bool:
        """Merge a month's files into one, sorted by customer; False if it was written meanwhile.

        Readers that began before keep their files for a day.
        """
        with self._lock:
            table = self._open()
            if table is None:
                return True
            before = table.version()
            crashpoint("merge.before_commit")
            merged = merge_month(table, month=month)
            crashpoint("merge.after_commit")
            self._sync(since=before)
            return merged

    def compact(self) -> int:
        """Merge the files of every month that has several; return how many were merged."""
        table = self._open()
        return sum(map(self.merge, scattered_months(table))) if table else 0

    def vacuum(self, *, keep_hours: int = KEEP_REPLACED_HOURS) -> int:
        """Remove the files that were replaced so many hours ago; return how many."""
        table = self._open()
        if table is None:
            return 0
        crashpoint("vacuum.before_removal")
        removed = vacuum(table, keep_hours=keep_hours)
        crashpoint("vacuum.after_removal")
        return len(removed)

    def forget(self, *, workspace_id: int, customer_ids: Sequence[int]) -> int:
        """Take these customers' events out of every file of every version; return how many.

        Nobody may be writing their events meanwhile. Whoever asked the lake a question before may
        find that a file is gone, and has to ask again.
        """
        return self.forget_rows(Rows(workspace_id=workspace_id, customer_ids=customer_ids))

    def forget_rows(self, rows: Rows) -> int:
        """Do the same with any events."""
        with self._lock:
            table = self._open()
            if table is None or rows.is_empty:
                return 0
            before = table.version()
            gone = delete_rows(table, rows)
            self._sync(since=before)
            crashpoint("forget.after_delta")
            _ = sweep_rows(table, rows, options=self._options)
            return gone

    def holds(self, *, workspace_id: int, customer_ids: Sequence[int]) -> bool:
        """Tell whether the lake's newest version has an event of one of these customers."""
        return self.count(Rows(workspace_id=workspace_id, customer_ids=customer_ids)) > 0

    def count(self, rows: Rows) -> int:
        """Return how many of these events the lake's newest version has."""
        with self._lock:
            table = self._open()
            return 0 if table is None or rows.is_empty else count_rows(table, rows)

    def _open(self) -> DeltaTable | None:
        """Return the table as its newest commit has it, None while there is none."""
        with self._lock:
            if not self._moves:
                return self._table
            if self._table is not None:
                self._table.update_incremental()
                return self._table
            try:
                self._table = DeltaTable(self._address, storage_options=self._options)
            except TableNotFoundError:
                return None
            except OSError as fault:
                raise StoreError(
                    f"The lake at {self._address} cannot be reached: {fault}. Check "
                    "DANGOL_LAKE_URL, DANGOL_LAKE_ENDPOINT, the region and the keys."
                ) from fault
            return self._table

    def _create(self) -> DeltaTable:
        try:
            self._table = DeltaTable.create(
                self._address,
                EVENT_SCHEMA,
                mode="ignore",
                partition_by=["month"],
                configuration=CONFIGURATION,
                storage_options=self._options,
            )
        except (OSError, DeltaError) as fault:
            raise StoreError(
                f"The lake at {self._address} cannot be created: {fault}. "
                "Check that the folder exists or can be made, and that Dangol may write there."
            ) from fault
        return self._table

    def _sync(self, *, since: int) -> None:
        """See the commits after version ``since`` onto the disk.

        The writer leaves them to the operating system, and the cursor in PostgreSQL must not
        outlive a power cut that they do not.
        """
        if self.is_local:
            sync_commits(Path(self._address), first=since + 1, last=self.version())


def flush_events(connection: Connection, lake: Lake, *, workspace_id: int, now: datetime) -> int:
    """Move what the tick has read since the last flush into the lake; return how many events.

    Every event that acted reaches the lake exactly once, whatever dies in between. Runs its own
    transactions; returns 0 at once while another process flushes the same workspace.

    Raises:
        StoreError: the connection is inside a transaction.
    """
    if connection.info.transaction_status != TransactionStatus.IDLE:
        raise StoreError("flush_events needs a connection without a transaction: commit first.")
    total = 0
    while True:
        plan_flush(connection, workspace_id=workspace_id, now=now)
        moved = carry_out_plan(connection, lake, workspace_id=workspace_id, now=now)
        if moved is None:
            return total
        total += moved


def plan_flush(connection: Connection, *, workspace_id: int, now: datetime) -> None:
    """Commit which events the next flush takes, unless a plan is still open."""
    values = {"workspace_id": workspace_id, "now": now, "batch": EVENTS_PER_FLUSH}
    with connection.transaction():
        connection.execute(STATEMENTS["plan_flush"], values)
    crashpoint("flush.after_plan")


def carry_out_plan(
    connection: Connection, lake: Lake, *, workspace_id: int, now: datetime
) -> int | None:
    """Finish the open plan; return how many events it moved, None if there was nothing to do."""
    values = {"workspace_id": workspace_id}
    with connection.transaction():
        locked = connection.execute(STATEMENTS["lock_flush"], values).fetchone()
        unfinished = connection.execute(STATEMENTS["read_flush_step"], values).fetchone()
        if locked != (True,) or unfinished is None:
            return None
        step = int(unfinished[0])
        planned = read_planned_events(connection, workspace_id=workspace_id)
        crashpoint("flush.before_delta")
        if planned.events.num_rows:
            lake.append_events(planned.events, workspace_id=workspace_id, step=step)
        crashpoint("flush.after_delta")
        # The only writes, and the last: until here the transaction has no id for a tick to await.
        add_months(connection, planned.months, workspace_id=workspace_id)
        connection.execute(STATEMENTS["finish_flush"], {**values, "step": step, "now": now})
        crashpoint("flush.before_cursor")
    crashpoint("flush.after_cursor")
    return planned.events.num_rows


def flushed_until(connection: Connection, *, now: datetime) -> datetime:
    """Return the moment before which every event that arrived is in the lake, of all workspaces.

    Inbox partitions of days before it may be dropped; events that were set aside, or repeated
    others, never reach the lake.
    """
    row = connection.execute(STATEMENTS["read_flushed_until"]).fetchone()
    return row[0] if row and row[0] else now
