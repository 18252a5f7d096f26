"""Who counts for whom: the lake keeps each event under its part, and readers ask for people.

The mapping from parts to heads is small (nobody stands in it who was never merged) and read from
PostgreSQL whenever a question is asked, so that a merge and its undoing need no lake file touched.
"""

# ibis and pyarrow ship no types, and an expression has its operators only at run time.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")

# One row a part: its own id, and its head's.
HEAD_SCHEMA: Final = pa.schema([("part_id", pa.int64()), ("head_id", pa.int64())])


def read_heads(
    connection: Connection, *, workspace_id: int, among: npt.NDArray[np.int64] | None = None
) -> pa.Table:
    """Return every part of a workspace with its head, in the columns of ``HEAD_SCHEMA``.

    ``among`` are the heads that are asked for, where not all are.
    """
    head_ids = None if among is None else among.tolist()
    values = {"workspace_id": workspace_id, "head_ids": head_ids}
    rows = connection.execute(STATEMENTS["list_heads"], values).fetchall()
    columns = zip(*rows, strict=True) if rows else ((), ())
    return pa.table(
        [pa.array(column, pa.int64()) for column in columns],
        schema=HEAD_SCHEMA,
    )


def read_person(connection: Connection, *, workspace_id: int, customer_id: int) -> list[int]:
    """Return under which ids the lake keeps a customer's events: their own and their parts'."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    rows = connection.execute(STATEMENTS["list_parts"], values).fetchall()
    return [int(row[0]) for row in rows]
