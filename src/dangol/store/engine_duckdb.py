"""DuckDB as the engine: the only place that knows it."""

# pyarrow and ibis ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportArgumentType=false, reportReturnType=false

import tempfile
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from dangol.store.connect import StoreError
from dangol.store.lake import Lake
from dangol.store.lake_schema import FILE_SCHEMA

SETTINGS: Final = {
    "TimeZone": "UTC",
    # Everything needed is built in; a missing extension must be an error, not a download.
    "autoinstall_known_extensions": False,
    "preserve_insertion_order": False,
}


class DuckDBEngine:
    """DuckDB in this process, looking at one lake; questions take turns."""

    def __init__(self, *, memory_mb: int | None = None) -> None:
        spill = Path(tempfile.gettempdir()) / "dangol-spill"
        limit = {} if memory_mb is None else {"memory_limit": f"{memory_mb}MB"}
        config = {**SETTINGS, **limit, "temp_directory": str(spill)}
        self._duckdb: Final = duckdb.connect(config=config)
        self._ibis: Final = ibis.duckdb.from_connection(self._duckdb)
        _ = self._duckdb.execute("set enable_progress_bar = false")
        self._lock: Final = threading.Lock()
        self._seen: int | None = None

    def run(self, expression: ir.Table, lake: Lake, *, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Answer a question from what the lake holds now, and from tables that are handed in.

        Raises:
            StoreError: a file of the lake cannot be read.
        """
        with self._lock, readable():
            self._look_at(lake)
            for name, table in tables.items():
                self._duckdb.register(name, table)
            return self._ibis.to_pyarrow(expression)

    def run_each(
        self, expression: ir.Table, lake: Lake, *, tables: Iterable[Mapping[str, pa.Table]]
    ) -> Iterator[pa.Table]:
        """Answer a question once for each set of tables, one ahead of the caller."""
        text = str(self._ibis.compile(expression))
        with ThreadPoolExecutor(1) as ahead:
            answers = (ahead.submit(self._answer, text, lake, some) for some in tables)
            coming = next(answers, None)
            while coming is not None:
                answer = coming.result()
                coming = next(answers, None)
                yield answer

    def _answer(self, text: str, lake: Lake, tables: Mapping[str, pa.Table]) -> pa.Table:
        with self._lock, readable():
            self._look_at(lake)
            for name, table in tables.items():
                self._duckdb.register(name, table)
            return self._duckdb.sql(text).to_arrow_table()

    def _look_at(self, lake: Lake) -> None:
        """Let ``event`` name the lake's files of now."""
        version = lake.version()
        if version == self._seen:
            return
        self._event_of(lake).create_view("event", replace=True)
        self._seen = version

    def _event_of(self, lake: Lake) -> duckdb.DuckDBPyRelation:
        widened = lake.is_widened()
        files = lake.event_files() if lake.is_local else []
        if files:
            found = self._duckdb.read_parquet(files, hive_partitioning=False, union_by_name=widened)
        else:
            self._duckdb.register("event_dataset", lake.event_dataset())
            found = self._duckdb.table("event_dataset")
        return self._fill_up(found) if widened else found

    def _fill_up(self, found: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Add the columns that no file has yet, as nulls."""
        found.create_view("event_found", replace=True)
        self._duckdb.register("event_columns", FILE_SCHEMA.empty_table())
        both = "from event_columns union all by name select * from event_found"
        return self._duckdb.sql(both)


@contextmanager
def readable() -> Generator[None]:
    """Say what to do where a file of the lake cannot be read."""
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException, OSError) as fault:
        raise StoreError(
            f"The lake cannot be read: {fault}. Run `dangol lake verify` to see which of "
            "its files are lost or broken."
        ) from fault
