"""Customers' ids in bulk: PostgreSQL sends eight bytes each, numpy reads them where they are."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from dangol.segments.sweep import Ints as Ids
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")
NONE: Final[Ids] = np.empty(0, np.int64)


def read_ids(
    connection: Connection, statement: str, values: Mapping[str, object]
) -> dict[int, Ids]:
    """Run a statement whose rows are a number and ids as bytes; return the ids in order."""
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(STATEMENTS[statement], values).fetchall()
    return {int(number): unpack(packed) for number, packed in rows}


def read_named(
    connection: Connection, statement: str, values: Mapping[str, object]
) -> dict[str, Ids]:
    """Run a statement whose rows are a name and ids as bytes; return the ids in order."""
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(STATEMENTS[statement], values).fetchall()
    return {str(name): unpack(packed) for name, packed in rows}


def unpack(packed: bytes | None) -> Ids:
    """Read what ``string_agg(int8send(id), '')`` makes; nothing of nothing."""
    return NONE if packed is None else np.sort(np.frombuffer(packed, ">i8").astype(np.int64))


def as_array(ids: Ids) -> str:
    """Write ids as PostgreSQL reads an array; handing them over one by one takes far longer."""
    return f"{{{','.join(map(str, ids.tolist()))}}}"


def read_customers(connection: Connection, *, workspace_id: int) -> Ids:
    """Return everybody who may belong to a segment."""
    found = read_ids(connection, "collect_customers", {"workspace_id": workspace_id})
    return found[workspace_id]


def read_some(connection: Connection, ids: Ids, *, workspace_id: int) -> tuple[Ids, Ids]:
    """Return, of these customers and whom they count for, who may belong to a segment; and all."""
    values = {"workspace_id": workspace_id, "customer_ids": as_array(ids)}
    found = read_ids(connection, "collect_some", values)
    belonging = found.get(1, NONE)
    return belonging, np.union1d(belonging, found.get(0, NONE))


def read_members(
    connection: Connection, segment_ids: Iterable[int], *, among: Ids | None = None
) -> dict[int, Ids]:
    """Return the members of each segment, all of them or those among some customers."""
    segments = list(segment_ids)
    if among is None:
        found = read_ids(connection, "collect_members", {"segment_ids": segments})
    else:
        values = {"segment_ids": segments, "customer_ids": as_array(among)}
        found = read_ids(connection, "collect_theirs", values)
    return {segment_id: found.get(segment_id, NONE) for segment_id in segments}
