"""Blocks: bodies that were acknowledged as they came, and their way into the inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from dangol.ingest.calls import open_envelope
from dangol.ingest.event import Event
from dangol.ingest.fault import BadPayload
from dangol.ingest.lines import Lines, Opened, Scribe, open_body, read_lines
from dangol.ingest.payload import Reception
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.inbox import (
    CONTENT_ERRORS,
    Block,
    park_text,
    take_blocks,
    write_block,
    write_lines,
)
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyKind


class Packed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One body and how it came; ``path_type`` is None for a batch."""

    path_type: str | None
    body: bytes


# How many events are held in memory at a time.
PORTION: Final = 20_000
ENCODE: Final = msgspec.msgpack.Encoder().encode
DECODE: Final = msgspec.msgpack.Decoder(list[Packed]).decode


def write_bodies(
    connection: Connection,
    bodies: Sequence[Packed],
    *,
    events: int,
    workspace_id: int,
    received_at: datetime,
) -> None:
    """Keep bodies that ``sure.open_sure`` vouches for; they hold so many events.

    Nothing is promised until the caller commits.
    """
    block = Block(received_at, events, ENCODE(bodies))
    write_block(connection, block, workspace_id=workspace_id)


def unpack_blocks(connection: Connection, *, workspace_id: int, vault: Vault, most: int) -> int:
    """Turn waiting blocks into rows of the inbox, in one transaction; return how many events.

    Takes the oldest blocks until they hold ``most`` events. What the inbox refuses against all
    expectation is parked with the reason and stops nothing else.
    """
    with connection.transaction():
        blocks = take_blocks(connection, workspace_id=workspace_id, most=most)
        if not blocks:
            return 0
        opened = [
            (packed, open_reception(block, workspace_id=workspace_id, vault=vault))
            for block in blocks
            for packed in DECODE(block.content)
        ]
        unpack_all(connection, opened)
        crashpoint("unpack.before_commit")
    return sum(block.events for block in blocks)


def open_reception(block: Block, *, workspace_id: int, vault: Vault) -> Reception:
    """Return how a block's bodies are read: what needs rights is in none of them."""
    return Reception(
        vault=vault,
        workspace_id=workspace_id,
        key_kind=ApiKeyKind.BROWSER,
        received_at=block.received_at,
    )


def unpack_all(connection: Connection, opened: Sequence[tuple[Packed, Reception]]) -> None:
    """Write every call as a line of one COPY; what does not fit that is written by itself."""
    lines: list[str] = []
    odd: list[tuple[Packed, Reception]] = []
    for packed, reception in opened:
        made = read_plainly(packed, reception)
        if made is None:
            odd.append((packed, reception))
        else:
            lines += made.lines
    days = sorted({reception.received_at.date() for _, reception in opened})
    try:
        with connection.transaction():
            _ = write_lines(connection, lines, days=days)
    except CONTENT_ERRORS:
        odd = [*opened]
    for packed, reception in odd:
        unpack_apart(connection, packed, reception)


def read_plainly(packed: Packed, reception: Reception) -> Lines | None:
    """Return a body's lines; None where some call of it is refused."""
    try:
        opened = open_body(packed.body, path_type=packed.path_type)
        made = read_lines(opened, reception=reception, check=allow)
    except BadPayload:
        return None
    return None if made.refused else made


def unpack_apart(connection: Connection, packed: Packed, reception: Reception) -> None:
    """Write each call of a body by itself, with care, or park it."""
    around = open_envelope(packed.body)
    scribe = Scribe(
        Opened(body=packed.body, path_type=packed.path_type, around=around), reception, allow
    )
    received_at = reception.received_at
    for place, raw in enumerate(scribe.raw):
        try:
            with connection.transaction():
                _ = write_lines(connection, [scribe.write(place)], days=[received_at.date()])
        except (BadPayload, *CONTENT_ERRORS) as fault:
            park_text(
                connection,
                bytes(raw).decode(),
                workspace_id=reception.workspace_id,
                received_at=received_at,
                reason=f"not_storable: {str(fault).partition(chr(10))[0]}",
            )


def allow(_: Event) -> None:
    """Let an event pass: its scopes were looked at when it came."""


def unpack_everything(connection: Connection, *, workspace_id: int, vault: Vault) -> None:
    """Turn every waiting block into rows of the inbox, a portion at a time."""
    while unpack_blocks(connection, workspace_id=workspace_id, vault=vault, most=PORTION):
        pass
