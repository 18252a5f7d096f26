"""Apache Spark as the engine: the same questions, on one machine or on many.

Spark reads the files of the Delta table's newest version, so it needs none of Delta's own jars.
"""

# pyarrow and ibis ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportArgumentType=false, reportReturnType=false

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import unquote

import ibis.expr.types as ir
import pyarrow as pa

from dangol.store.lake import Lake
from dangol.store.lake_schema import FILE_SCHEMA, MOMENT, MONEY
from dangol.store.spark_session import readable, start_spark
from dangol.store.spark_sql import write_sql

TYPES: Final = {
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.string(): "string",
    pa.date32(): "date",
    MOMENT: "timestamp",
    MONEY: "decimal(18, 4)",
}
COLUMNS: Final = ", ".join(f"{field.name} {TYPES[field.type]}" for field in FILE_SCHEMA)
# Spark takes these for a pattern, unless a backslash stands before them.
PATTERN: Final = re.compile(r"([{}\[\]*?\\])")
# What Spark's file system calls what the lake's store asks for.
STORE_OPTIONS: Final = {
    "AWS_ENDPOINT_URL": "fs.s3a.endpoint",
    "AWS_REGION": "fs.s3a.endpoint.region",
    "AWS_ACCESS_KEY_ID": "fs.s3a.access.key",
    "AWS_SECRET_ACCESS_KEY": "fs.s3a.secret.key",
}


class SparkEngine:
    """A session of Spark's, looking at one lake; questions take turns."""

    def __init__(self, master: str) -> None:
        self._spark: Final = start_spark(master)
        self._lock: Final = threading.Lock()
        self._seen: int | None = None

    def run(self, expression: ir.Table, lake: Lake, *, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Answer a question from what the lake holds now, and from tables that are handed in.

        Raises:
            StoreError: a file of the lake cannot be read.
        """
        return next(self.run_each(expression, lake, tables=[tables]))

    def run_each(
        self, expression: ir.Table, lake: Lake, *, tables: Iterable[Mapping[str, pa.Table]]
    ) -> Iterator[pa.Table]:
        """Answer a question once for each set of tables."""
        text, schema = write_sql(expression), expression.schema().to_pyarrow()
        for some in tables:
            with self._lock, readable():
                self._look_at(lake)
                for name, table in some.items():
                    self._spark.createDataFrame(table).createOrReplaceTempView(name)
                answer = self._spark.sql(text).toArrow().cast(schema)
            yield answer

    def _look_at(self, lake: Lake) -> None:
        """Let ``event`` name the lake's files of now."""
        version = lake.version()
        if version == self._seen:
            return
        for name, value in store_settings(lake.store_options).items():
            self._spark.conf.set(name, value)
        files = [as_spark_path(file, is_local=lake.is_local) for file in lake.event_files()]
        if files:
            # Months are folders, not columns; and a column that a file lacks reads as null.
            reader = self._spark.read.schema(COLUMNS).option("recursiveFileLookup", "true")
            found = reader.parquet(*files)
        else:
            found = self._spark.createDataFrame([], COLUMNS)
        found.createOrReplaceTempView("event")
        self._seen = version


def as_spark_path(file: str, *, is_local: bool) -> str:
    """Return a file's address as Spark takes it."""
    if is_local:
        return "file://" + PATTERN.sub(r"\\\1", file)
    scheme, _, rest = file.partition("://")
    if scheme == "file":
        rest = unquote(rest)
    return f"{'s3a' if scheme == 's3' else scheme}://" + PATTERN.sub(r"\\\1", rest)


def store_settings(options: Mapping[str, str]) -> dict[str, str]:
    """Return how Spark speaks to the lake's store; the rest is in spark-defaults.conf."""
    given = {STORE_OPTIONS[name]: value for name, value in options.items() if name in STORE_OPTIONS}
    if "AWS_ENDPOINT_URL" in options:
        # A store that is not Amazon's has its buckets in paths, rarely in names of hosts.
        given["fs.s3a.path.style.access"] = "true"
    return given
