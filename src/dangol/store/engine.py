"""The engine that computes over the lake, whichever was chosen.

A question is an Ibis expression over ``EVENT``, which belongs to no engine; ``run`` lets DuckDB or
Apache Spark answer it from the files the lake holds at that moment. tests/conformance holds both to
the same answers.
"""

# pyarrow and ibis ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportArgumentType=false, reportReturnType=false

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol, assert_never
from weakref import WeakKeyDictionary

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from dangol.store.computing import ON_DUCKDB, Computing, OnDuckDB, OnSpark
from dangol.store.connect import StoreError
from dangol.store.engine_duckdb import DuckDBEngine
from dangol.store.heads import HEAD_SCHEMA
from dangol.store.lake import Lake
from dangol.store.lake_schema import FILE_SCHEMA

EVENT: Final[ir.Table] = ibis.table(ibis.Schema.from_pyarrow(FILE_SCHEMA), name="event")
PART_HEAD: Final[ir.Table] = ibis.table(ibis.Schema.from_pyarrow(HEAD_SCHEMA), name="part_head")
NOBODY: Final = HEAD_SCHEMA.empty_table()
NO_FACTS: Final[Mapping[str, pa.Table]] = {}
# Whom a question is about, where it is not about everybody.
ASKED_SCHEMA: Final = pa.schema([("customer_id", pa.int64())])
ASKED: Final[ir.Table] = ibis.table(ibis.Schema.from_pyarrow(ASKED_SCHEMA), name="asked")
# What a question is made of, for those who write one and must not know the engine.
Question = ir.Table
Expression = ir.Value


class Engine(Protocol):
    """What computes over one lake; questions take turns."""

    def run(self, expression: ir.Table, lake: Lake, *, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Answer a question from what the lake holds now, and from tables that are handed in."""
        ...

    def run_each(
        self, expression: ir.Table, lake: Lake, *, tables: Iterable[Mapping[str, pa.Table]]
    ) -> Iterator[pa.Table]:
        """Answer a question once for each set of tables."""
        ...


_engines: Final[WeakKeyDictionary[Lake, dict[Computing, Engine]]] = WeakKeyDictionary()
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


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))
def clock_at(zone: str, moment: ir.TimestampValue) -> ir.TimestampValue:
    """Return what the clocks of a zone show at a moment, without a zone."""
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
    return engine_of(lake).run(expression, lake, tables={PART_HEAD.get_name(): heads, **facts})


def look_up(expression: ir.Table, lake: Lake) -> pa.Table:
    """Answer a question about one customer, in this process whichever engine was chosen.

    A few pages of a few files are read before Spark would have begun.
    """
    engine = engine_of(lake, computing=ON_DUCKDB)
    return engine.run(expression, lake, tables={PART_HEAD.get_name(): NOBODY})


def run_each(
    expression: ir.Table, lake: Lake, *, asked: Iterable[pa.Table], heads: pa.Table = NOBODY
) -> Iterator[pa.Table]:
    """Answer a question over ``EVENT`` and ``ASKED`` for each group of customers in turn.

    While the caller looks at one answer, the engine prepares the next.
    """
    tables = ({PART_HEAD.get_name(): heads, ASKED.get_name(): some} for some in asked)
    return engine_of(lake).run_each(expression, lake, tables=tables)


def engine_of(lake: Lake, *, computing: Computing | None = None) -> Engine:
    """Return the engine that looks at a lake: its own, or another."""
    chosen = computing or lake.computing
    with _starting:
        engines = _engines.setdefault(lake, {})
        return engines.get(chosen) or engines.setdefault(
            chosen, start(chosen, memory_mb=lake.memory_mb)
        )


def start(computing: Computing, *, memory_mb: int | None = None) -> Engine:
    """Start an engine; ``memory_mb`` limits what runs in this process.

    Raises:
        StoreError: Spark is not installed, or does not start.
    """
    match computing:
        case OnDuckDB():
            return DuckDBEngine(memory_mb=memory_mb)
        case OnSpark(master=master):
            try:
                # Optional, and slow to load.
                from dangol.store.engine_spark import SparkEngine  # noqa: PLC0415
            except ModuleNotFoundError as missing:
                raise StoreError(
                    f"DANGOL_ENGINE is spark, but the package {missing.name} is not installed. Run "
                    "pip install 'dangol[spark]' and install Java 17 or newer, or set "
                    "DANGOL_ENGINE=duckdb."
                ) from missing
            return SparkEngine(master)
        case _:
            assert_never(computing)
