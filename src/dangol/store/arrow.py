"""Rows of PostgreSQL as an Arrow table."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

import io
from collections.abc import Mapping
from typing import LiteralString

import pyarrow as pa
from psycopg import sql
from pyarrow import csv

from dangol.store.connect import Connection


def read_table(
    connection: Connection,
    statement: LiteralString,
    values: Mapping[str, object],
    schema: pa.Schema,
) -> pa.Table:
    """Return what a statement selects; ``schema`` names its columns in their order."""
    query = sql.SQL("copy ({}) to stdout (format csv)").format(sql.SQL(statement))
    text = io.BytesIO()
    with connection.cursor().copy(query, values) as rows:
        for block in rows:
            text.write(block)
    return parse_rows(text.getvalue(), schema)


def parse_rows(text: bytes, schema: pa.Schema) -> pa.Table:
    """Read PostgreSQL's CSV: null is nothing at all, and an empty text is quoted."""
    if not text:
        return schema.empty_table()
    return csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(column_names=schema.names),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
