"""The engine that computes over the lake: the only place that knows DuckDB.

A question is an Ibis expression over ``EVENT``, which belongs to no engine; ``run`` lets DuckDB
answer it from the files the lake holds at that moment.
"""

# pyarrow and ibis ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportArgumentType=false, reportReturnType=false

import tempfile
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from dangol.store.connect import StoreError
from dangol.store.heads import HEAD_SCHEMA
from dangol.store.lake import Lake
from dangol.store.lake_schema import EVENT_SCHEMA

NO_COMMIT: Final = -1
# The month names a folder rather than a column of the files.
COLUMNS: Final = EVENT_SCHEMA.remove(EVENT_SCHEMA.get_field_index("month"))
EVENT: Final[ir.Table] = ibis.table(ibis.Schema.from_pyarrow(COLUMNS), name="event")
PART_HEAD: Final[ir.Table] = ibis.table(ibis.Schema.from_pyarrow(HEAD_SCHEMA), name="part_head")
NOBODY: Final = HEAD_SCHEMA.empty_table()
NO_FACTS: Final[Mapping[str, pa.Table]] = {}
# What a question is made of, for those who write one and must not know the engine.
Question = ir.Table
Expression = ir.Value
SETTINGS: Final = {
    "TimeZone": "UTC",
    # Everything needed is built in; a missing extension must be an error, not a download.
    "autoinstall_known_extensions": False,
    "preserve_insertion_order": False,
}


class Engine:
    """DuckDB in this process, looking at one lake; questions take turns."""

    def __init__(self) -> None:
        spill = Path(tempfile.gettempdir()) / "dangol-spill"
        self._duckdb: Final = duckdb.connect(config={**SETTINGS, "temp_directory": str(spill)})
        self._ibis: Final = ibis.duckdb.from_connection(self._duckdb)
        self._lock: Final = threading.Lock()
        self._seen: int | None = None

    def run(
        self, expression: ir.Table, lake: Lake, *, heads: pa.Table, facts: Mapping[str, pa.Table]
    ) -> pa.Table:
        """Answer a question from what the lake holds now, and from tables that are handed in.

        Raises:
            StoreError: a file of the lake cannot be read.
        """
        with self._lock:
            try:
                self._look_at(lake)
                for name, table in {"part_head": heads, **facts}.items():
                    self._duckdb.register(name, table)
                return self._ibis.to_pyarrow(expression)
            except (duckdb.IOException, duckdb.InvalidInputException, OSError) as fault:
                raise StoreError(
                    f"The lake cannot be read: {fault}. Run `dangol lake verify` to see which of "
                    "its files are lost or broken."
                ) from fault
            finally:
                for name in facts:
                    self._duckdb.unregister(name)

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
        self._duckdb.register("event_columns", COLUMNS.empty_table())
        both = "from event_columns union all by name select * from event_found"
        return self._duckdb.sql(both)


_engines: Final[WeakKeyDictionary[Lake, Engine]] = WeakKeyDictionary()
_starting: Final = threading.Lock()


def people(event: ir.Table, *, heads: pa.Table) -> ir.Table:
    """Put every event of a part under its head; ``heads`` is handed to ``run`` again.

    Asks for no join where nobody was ever merged.
    """
    if not heads.num_rows:
        return event
    joined = event.left_join(PART_HEAD, event.customer_id == PART_HEAD.part_id)
    whose = ibis.coalesce(joined.head_id, joined.customer_id)
    return joined.mutate(customer_id=whose).select(*event.columns)


@ibis.udf.scalar.builtin(name="json_extract", signature=(("json", "string"), "json"))
def json_at(document: ir.JSONValue, pointer: str) -> ir.JSONValue:
    """Take one value out of JSON by its pointer (RFC 6901), so that any name can be asked for."""
    raise NotImplementedError


def property_at(document: ir.JSONValue, names: Iterable[str]) -> ir.JSONValue:
    """Take the value of a property out of JSON, by its names from the outside in."""
    steps = (name.replace("~", "~0").replace("/", "~1") for name in names)
    return json_at(document, ibis.literal("".join(f"/{step}" for step in steps)))


def run(
    expression: ir.Table,
    lake: Lake,
    *,
    heads: pa.Table = NOBODY,
    facts: Mapping[str, pa.Table] = NO_FACTS,
) -> pa.Table:
    """Answer a question over ``EVENT`` from what the lake holds now.

    ``facts`` are tables that the question names beside it, by their names.
    """
    with _starting:
        engine = _engines.get(lake) or _engines.setdefault(lake, Engine())
    return engine.run(expression, lake, heads=heads, facts=facts)
