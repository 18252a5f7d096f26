"""The inbox: events are durable here before anybody is told that they were taken.

A line is an event in COPY's text form. What needs no judging comes in blocks, a row of
``event_block`` each, which the tick unpacks into rows of ``event``; the rest is written there at
once.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import psycopg
import pyarrow as pa

from dangol.store.connect import Connection
from dangol.store.migrate import ensure_event_partitions
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")
# What PostgreSQL raises when it is the content of a line that it refuses.
CONTENT_ERRORS: Final = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.errors.StatementTooComplex,
)
CODEC: Final = pa.Codec("zstd", compression_level=1)


def write_lines(connection: Connection, lines: Sequence[str], *, days: Iterable[date]) -> int:
    """Append lines, received on these UTC days, to the inbox in one COPY; return how many.

    Nothing is promised until the caller commits.
    """
    if lines:
        ensure_event_partitions(connection, days=days)
        with connection.cursor() as cursor, cursor.copy(STATEMENTS["copy_events"]) as copy:
            copy.write("".join(lines))
    return len(lines)


@dataclass(frozen=True, slots=True)
class Block:
    """Bodies of one moment: ``content`` holds so many events."""

    received_at: datetime
    events: int
    content: bytes


def write_block(connection: Connection, block: Block, *, workspace_id: int) -> None:
    """Append a block, to be unpacked later.

    Nothing is promised until the caller commits.
    """
    values = {
        "workspace_id": workspace_id,
        "received_at": block.received_at,
        "events": block.events,
        "size": len(block.content),
        "bodies": CODEC.compress(block.content, asbytes=True),
    }
    _ = connection.execute(STATEMENTS["insert_block"], values)


def take_blocks(connection: Connection, *, workspace_id: int, most: int) -> list[Block]:
    """Take out the oldest blocks until they hold ``most`` events, in their order.

    They are gone once the caller commits.
    """
    values = {"workspace_id": workspace_id, "most": most}
    rows = connection.execute(STATEMENTS["take_blocks"], values).fetchall()
    return [
        Block(received_at, events, CODEC.decompress(bodies, size, asbytes=True))
        for _, received_at, events, size, bodies in sorted(rows, key=lambda row: row[0])
    ]


def park_text(
    connection: Connection, text: str, *, workspace_id: int, received_at: datetime, reason: str
) -> None:
    """Keep what the inbox cannot take as an event that tells of it, set aside for ``reason``."""
    ensure_event_partitions(connection, days=[received_at.date()])
    values = {
        "workspace_id": workspace_id,
        "received_at": received_at,
        "text": text,
        "reason": reason,
    }
    _ = connection.execute(STATEMENTS["park_text"], values)
