"""What the lake does to the files below a Delta table: merge them, and see them onto the disk."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError
from pyarrow import dataset as arrow_dataset

# How long a reader may keep working with files that a compaction has replaced.
KEEP_REPLACED_HOURS: Final = 24
# An append and a question take longer with every file; see worthwhile.
FEWEST_FILES: Final = 8
MOST_FILES: Final = 256
SMALL_SHARE: Final = 4
# What DuckDB reads at once. Since files are sorted, one customer's events lie in one or two groups:
# asking for them takes a quarter of the time it takes with the writer's groups of a million.
ROWS_PER_GROUP: Final = 122_880
# Of a month that is merged, so many events are sorted at once: some hundred megabytes.
ROWS_AT_ONCE: Final = 1_000_000
ORDER: Final = [("customer_id", "ascending"), ("occurred_at", "ascending")]


class Added(msgspec.Struct, frozen=True):
    """The path, below the table, of a data file that a commit adds."""

    path: str


class Action(msgspec.Struct, frozen=True):
    """One line of a commit; only the files it adds matter here."""

    add: Added | None = None


def merge_month(table: DeltaTable, *, month: str) -> bool:
    """Merge one month's files; return False where another wrote to the month meanwhile.

    Replaces the month rather than calling ``optimize``: two optimizers at once keep both results,
    so that every event stands twice, whereas of two replacements one is refused.
    """
    try:
        write_deltalake(
            table,
            read_sorted(table.to_pyarrow_dataset(), month=month),
            mode="overwrite",
            predicate=f"month = '{month}'",
            writer_properties=WriterProperties(max_row_group_size=ROWS_PER_GROUP),
        )
    except CommitFailedError:
        return False
    finally:
        table.update_incremental()
    return True


def read_sorted(
    events: arrow_dataset.Dataset, *, month: str, at_once: int = ROWS_AT_ONCE
) -> pa.RecordBatchReader:
    """Read a month's events sorted by customer and time, some of the customers at once.

    What is held in memory does not grow with the month.
    """
    only = pc.field("month") == date.fromisoformat(month)
    customers = events.to_table(columns=["customer_id"], filter=only)["customer_id"]
    slices = slice_customers(customers, at_once=at_once)

    def batches() -> Iterator[pa.RecordBatch]:
        for some in slices:
            yield from events.to_table(filter=only & some).sort_by(ORDER).to_batches()

    return pa.RecordBatchReader.from_batches(events.schema, batches())


def slice_customers(customers: pa.ChunkedArray, *, at_once: int) -> list[pc.Expression]:
    """Part customers, given once for each of their events, in ranges of about as many events.

    The ranges follow one another; who is nobody's comes last.
    """
    places = range(at_once, len(customers), at_once)
    known = customers.drop_null().sort()
    bounds = sorted({known[place].as_py() for place in places if place < len(known)})
    field = pc.field("customer_id")
    edges = [None, *bounds, None]
    ranges: list[pc.Expression] = []
    for low, high in pairwise(edges):
        within = field.is_valid()
        if low is not None:
            within &= field >= low
        if high is not None:
            within &= field < high
        ranges.append(within)
    return [*ranges, field.is_null()]


def vacuum(table: DeltaTable, *, keep_hours: int) -> list[str]:
    """Remove the files that no commit of the last hours needs; return their names."""
    return table.vacuum(keep_hours, dry_run=False, enforce_retention_duration=False)


def worthwhile(table: DeltaTable) -> list[str]:
    """Return the months whose files it pays to merge, oldest first, as ISO dates.

    Merging writes the whole month again, so it waits until the small files are a good part of it:
    over a month's life each event is then written a few times, not once for every few flushes.
    """
    logged = pa.table(table.get_add_actions(flatten=True))
    sizes: dict[str, list[int]] = defaultdict(list)
    for month, size in zip(
        logged["partition.month"].to_pylist(), logged["size_bytes"].to_pylist(), strict=True
    ):
        sizes[str(month)].append(size)
    return sorted(month for month, files in sizes.items() if pays(files))


def pays(sizes: list[int]) -> bool:
    """Tell whether it pays to merge files of these sizes, in bytes."""
    if len(sizes) < FEWEST_FILES:
        return False
    largest = max(sizes)
    return len(sizes) >= MOST_FILES or (sum(sizes) - largest) * SMALL_SHARE >= largest


def scattered_months(table: DeltaTable) -> list[str]:
    """Return the months that have more than one file, oldest first, as ISO dates."""
    files = Counter(Path(uri).parent.name.removeprefix("month=") for uri in table.file_uris())
    return sorted(month for month, count in files.items() if count > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedFile:
    """A data file that the log names: what it says, and what is there (None: nothing)."""

    path: str
    logged_size: int
    size: int | None


def look_after(table: DeltaTable) -> list[LoggedFile]:
    """Put each file that the log names beside what is there."""
    logged = pa.table(table.get_add_actions())
    paths = [unquote(path) for path in logged["path"].to_pylist()]
    infos = table.to_pyarrow_dataset().filesystem.get_file_info(paths)
    return [
        LoggedFile(path=path, logged_size=size, size=info.size if info.is_file else None)
        for path, size, info in zip(paths, logged["size_bytes"].to_pylist(), infos, strict=True)
    ]


def misplaced(dataset: arrow_dataset.Dataset) -> dict[date, int]:
    """Return how many events lie in each month in which they did not occur, or on another day."""
    count: Counter[date] = Counter()
    for batch in dataset.to_batches(columns=["month", "day", "occurred_at"]):
        month = pc.floor_temporal(batch["occurred_at"], unit="month").cast(pa.date32())
        day = batch["occurred_at"].cast(pa.date32())
        right = pc.and_(pc.equal(month, batch["month"]), pc.equal(day, batch["day"]))
        count.update(batch["month"].filter(pc.invert(right)).to_pylist())
    return dict(count)


def sync_commits(folder: Path, *, first: int, last: int) -> None:
    """Force the commits of these versions, their checkpoints and their files to the disk."""
    log = folder / "_delta_log"
    logged = [file for version in range(first, last + 1) for file in log.glob(f"{version:020}*")]
    added = [folder / path for file in logged for path in added_paths(file)]
    # The data before the log that names it: a cut between leaves files nobody refers to.
    for path in (*added, *{file.parent for file in added}, *logged, log):
        sync_path(path)


def added_paths(commit: Path) -> Iterator[str]:
    """Yield the data files that a commit adds; a checkpoint only repeats what commits said."""
    if commit.suffix != ".json":
        return
    for line in commit.read_bytes().splitlines():
        added = msgspec.json.decode(line, type=Action).add
        if added:
            yield unquote(added.path)


def sync_path(path: Path) -> None:
    """Force one file or folder to the disk; a file that a compaction removed needs nothing."""
    with suppress(FileNotFoundError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
