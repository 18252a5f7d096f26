"""Rows as the API's own structs, checked on the way."""

from collections.abc import Mapping
from typing import LiteralString, TypeVar

import msgspec
from psycopg.rows import dict_row

from dangol.store.connect import Connection

T = TypeVar("T")


def fetch_all(
    connection: Connection,
    statement: LiteralString,
    kind: type[T],
    values: Mapping[str, object],
) -> list[T]:
    """Return every row of a statement whose columns are the fields of ``kind``."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return msgspec.convert(cursor.execute(statement, values).fetchall(), list[kind])


def fetch_one(
    connection: Connection,
    statement: LiteralString,
    kind: type[T],
    values: Mapping[str, object],
) -> T | None:
    """Return the first row of a statement, or None where it has none."""
    return next(iter(fetch_all(connection, statement, kind, values)), None)
