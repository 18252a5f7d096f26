"""The inbox: events are durable here before anybody is told that they were taken."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from dangol.ingest.event import Event
from dangol.store.connect import Connection
from dangol.store.migrate import ensure_event_partitions
from dangol.store.statements import load_statements

STATEMENTS = load_statements("dangol.ingest")
# What the text form of COPY reads as something else than itself, and what text cannot hold.
SPECIAL: Final = re.compile(r"[\\\t\n\r\0]")
ESCAPED: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": None})
NULL: Final = r"\N"
# jsonb cannot hold the NUL character; a backslash before it belongs to another pair.
NUL_ESCAPE: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
ENCODE: Final = msgspec.json.Encoder().encode


def write_events(
    connection: Connection, events: Sequence[Event], *, workspace_id: int, received_at: datetime
) -> int:
    """Append events to the inbox in one COPY; return how many.

    Nothing is promised until the caller commits. NUL characters, which PostgreSQL cannot hold,
    are dropped.
    """
    if not events:
        return 0
    ensure_event_partitions(connection, days=[received_at.date()])
    head = f"{workspace_id}\t{received_at.isoformat()}\t"
    with connection.cursor() as cursor, cursor.copy(STATEMENTS["copy_events"]) as copy:
        copy.write("".join([to_line(head, event) for event in events]))
    return len(events)


def to_line(head: str, event: Event) -> str:
    """Return an event as a line of COPY's text form."""
    fields = (
        event.name,
        event.message_id,
        event.user_id,
        event.anonymous_id,
        event.order_id,
        event.currency,
        event.product_id,
        event.category,
    )
    (name, message, user, anonymous, order, currency, product, category) = [
        NULL if text is None else to_field(text) for text in fields
    ]
    return (
        f"{head}{event.occurred_at.isoformat()}\t{event.type.value}\t{name}\t{message}\t{user}\t"
        f"{anonymous}\t{order}\t{to_number(event.revenue)}\t{currency}\t{product}\t{category}\t"
        f"{to_number(event.quantity)}\t{to_json(event.properties)}\t{to_json(event.traits)}\t"
        f"{to_json(event.contacts)}\t{to_json(event.consents)}\n"
    )


def to_field(text: str) -> str:
    """Return text so that COPY reads it as it is."""
    return text.translate(ESCAPED) if SPECIAL.search(text) else text


def to_number(number: object) -> str:
    """Return a number, or COPY's word for none."""
    return NULL if number is None else str(number)


def to_json(value: object) -> str:
    """Return a value as JSON so that COPY reads it as it is."""
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    text = ENCODE(value)
    if b"\\" not in text:
        return text.decode()
    return NUL_ESCAPE.sub(rb"\1", text).replace(b"\\", rb"\\").decode()
