"""Taking people out of the lake: out of its newest version, and out of every file of older ones."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

import pyarrow.compute as pc
from deltalake import DeltaTable, WriterProperties
from deltalake.exceptions import CommitFailedError
from deltalake.fs import DeltaStorageHandler
from pyarrow import dataset as arrow_dataset
from pyarrow import fs

from dangol.store.lake_files import ROWS_PER_GROUP

DELETE_ATTEMPTS: Final = 10


def theirs(workspace_id: int, customer_ids: Sequence[int]) -> pc.Expression:
    """Ask for the rows of these customers."""
    return (pc.field("workspace_id") == workspace_id) & pc.field("customer_id").isin(customer_ids)


def count_theirs(table: DeltaTable, *, workspace_id: int, customer_ids: Sequence[int]) -> int:
    """Return how many events of these customers the newest version holds."""
    wanted = theirs(workspace_id, customer_ids)
    return table.to_pyarrow_dataset().count_rows(filter=wanted)


def delete_theirs(table: DeltaTable, *, workspace_id: int, customer_ids: Sequence[int]) -> int:
    """Write anew the files that hold an event of these customers; return how many events went.

    Raises:
        CommitFailedError: others kept writing to the same months.
    """
    found = count_theirs(table, workspace_id=workspace_id, customer_ids=customer_ids)
    attempt = 1
    while count_theirs(table, workspace_id=workspace_id, customer_ids=customer_ids):
        try:
            numbers = ", ".join(str(number) for number in customer_ids)
            table.delete(
                f"workspace_id = {workspace_id} and customer_id in ({numbers})",
                writer_properties=WriterProperties(max_row_group_size=ROWS_PER_GROUP),
            )
        except CommitFailedError:
            if attempt == DELETE_ATTEMPTS:
                raise
            attempt += 1
        finally:
            table.update_incremental()
    return found


def sweep_theirs(
    table: DeltaTable,
    *,
    options: Mapping[str, str],
    workspace_id: int,
    customer_ids: Sequence[int],
) -> int:
    """Delete every file that only older versions know, or none, and that holds one of them.

    Returns how many files went. A vacuum would delete all old files, also those that somebody who
    asked the lake a question before is still reading.
    """
    files = fs.PyFileSystem(DeltaStorageHandler(table.table_uri, dict(options)))
    current = {unquote(path) for path in table_paths(table)}
    wanted = theirs(workspace_id, customer_ids)
    swept = [path for path in data_files(files) if path not in current]
    swept = [path for path in swept if holds(files, path, wanted)]
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
