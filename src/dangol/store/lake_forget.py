"""Taking events, of people or of a time, out of the lake: out of every file of every version."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, WriterProperties
from deltalake.exceptions import CommitFailedError
from deltalake.fs import DeltaStorageHandler
from pyarrow import dataset as arrow_dataset
from pyarrow import fs

from dangol.store.lake_files import ROWS_PER_GROUP

DELETE_ATTEMPTS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which events are meant: of these customers, of these names, from before a moment (UTC).

    None leaves a question open; an empty sequence is nobody and nothing. ``up_to`` is the largest
    number (event_id) meant, ``spared`` are numbers that are not.
    """

    workspace_id: int
    customer_ids: Sequence[int] | None = None
    names: Sequence[str] | None = None
    before: datetime | None = None
    up_to: int | None = None
    spared: Sequence[int] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no event can be meant."""
        return (self.customer_ids is not None and not self.customer_ids) or (
            self.names is not None and not self.names
        )

    @property
    def wanted(self) -> pc.Expression:
        """Ask for them as pyarrow does."""
        asked = pc.field("workspace_id") == self.workspace_id
        if self.customer_ids is not None:
            asked &= pc.field("customer_id").isin(list(self.customer_ids))
        if self.names is not None:
            # As plain text: pyarrow cannot compare a view of a text with a file's statistics.
            asked &= pc.field("name").cast(pa.string()).isin(list(self.names))
        if self.before is not None:
            asked &= pc.field("occurred_at") < pa.scalar(self.before, pa.timestamp("us", "UTC"))
        if self.up_to is not None:
            asked &= pc.field("event_id") <= self.up_to
        if self.spared:
            asked &= ~pc.field("event_id").isin(list(self.spared))
        return asked

    @property
    def predicate(self) -> str:
        """Ask for them as the Delta writer does."""
        asked = [f"workspace_id = {self.workspace_id}"]
        if self.customer_ids is not None:
            numbers = ", ".join(str(number) for number in self.customer_ids)
            asked.append(f"customer_id in ({numbers})")
        if self.names is not None:
            names = ", ".join("'" + name.replace("'", "''") + "'" for name in self.names)
            asked.append(f"name in ({names})")
        if self.before is not None:
            moment = self.before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            asked.append(f"occurred_at < '{moment}'")
        if self.up_to is not None:
            asked.append(f"event_id <= {self.up_to}")
        if self.spared:
            numbers = ", ".join(str(number) for number in self.spared)
            asked.append(f"event_id not in ({numbers})")
        return " and ".join(asked)


def count_rows(table: DeltaTable, rows: Rows) -> int:
    """Return how many of these events the newest version holds."""
    return table.to_pyarrow_dataset().count_rows(filter=rows.wanted)


def delete_rows(table: DeltaTable, rows: Rows) -> int:
    """Write anew the files that hold one of these events; return how many events went.

    Raises:
        CommitFailedError: others kept writing to the same months.
    """
    found = count_rows(table, rows)
    attempt = 1
    while count_rows(table, rows):
        try:
            table.delete(
                rows.predicate,
                writer_properties=WriterProperties(max_row_group_size=ROWS_PER_GROUP),
            )
        except CommitFailedError:
            if attempt == DELETE_ATTEMPTS:
                raise
            attempt += 1
        finally:
            table.update_incremental()
    return found


def sweep_rows(table: DeltaTable, rows: Rows, *, options: Mapping[str, str]) -> int:
    """Delete every file that only older versions know, or none, and that holds one of them.

    Returns how many files went. A vacuum would delete all old files, also those that somebody who
    asked the lake a question before is still reading.
    """
    files = fs.PyFileSystem(DeltaStorageHandler(table.table_uri, dict(options)))
    current = {unquote(path) for path in table_paths(table)}
    swept = [path for path in data_files(files) if path not in current]
    swept = [path for path in swept if holds(files, path, rows.wanted)]
    for path in swept:
        files.delete_file(path)
    return len(swept)


def table_paths(table: DeltaTable) -> Iterator[str]:
    """Yield the files of the newest version, below the table."""
    root = table.table_uri.rstrip("/")
    for uri in table.file_uris():
        yield uri.removeprefix(root).lstrip("/")


def data_files(files: fs.FileSystem) -> Iterator[str]:
    """Yield every data file below the table, whoever wrote it."""
    for found in files.get_file_info(fs.FileSelector("", recursive=True)):
        if found.type == fs.FileType.File and found.path.endswith(".parquet"):
            path = found.path.lstrip("/")
            if not path.startswith("_delta_log/"):
                yield path


def holds(files: fs.FileSystem, path: str, wanted: pc.Expression) -> bool:
    """Tell whether a file holds a row that is asked for; one that is no whole file holds none."""
    try:
        one = arrow_dataset.dataset(path, filesystem=files, format="parquet")
        return one.count_rows(filter=wanted) > 0
    except (OSError, ValueError):
        return False
