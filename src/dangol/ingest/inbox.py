"""Events as lines of the inbox."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from dangol.ingest.event import Event
from dangol.store.connect import Connection
from dangol.store.inbox import write_lines

# What the text form of COPY reads as something else than itself, and what text cannot hold.
ESCAPED: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": None})
NULL: Final = r"\N"
# jsonb cannot hold the NUL character; a backslash before it belongs to another pair.
NUL_ESCAPE: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
NUL_ESCAPED: Final = rb"\u0000"
ENCODE: Final = msgspec.json.Encoder().encode


def write_events(
    connection: Connection, events: Sequence[Event], *, workspace_id: int, received_at: datetime
) -> int:
    """Append events to the inbox in one COPY; return how many.

    Nothing is promised until the caller commits. NUL characters, which PostgreSQL cannot hold,
    are dropped.
    """
    head = to_head(workspace_id, received_at)
    return write_lines(
        connection, [to_line(head, event) for event in events], days=[received_at.date()]
    )


def to_head(workspace_id: int, received_at: datetime) -> str:
    """Return what every line received at one moment for one workspace begins with."""
    return f"{workspace_id}\t{received_at.isoformat()}"


def to_line(head: str, event: Event) -> str:
    """Return an event as a line of COPY's text form.

    Few lines hold anything to escape, and one look at the whole line finds that out.
    """
    texts = (
        event.type,
        event.name,
        event.message_id,
        event.user_id,
        event.anonymous_id,
        event.order_id,
        None if event.revenue is None else str(event.revenue),
        event.currency,
        event.product_id,
        event.category,
        None if event.quantity is None else str(event.quantity),
    )
    fields = [NULL if text is None else text for text in texts]
    fields += (
        to_json(event.properties) if event.properties else "{}",
        to_json(event.traits) if event.traits else "{}",
        to_json(event.contacts) if event.contacts else "[]",
        to_json(event.consents) if event.consents else "[]",
    )
    # JSON is the quickest way to write a time.
    head = f"{head}\t{ENCODE(event.occurred_at)[1:-1].decode()}\t"
    line = "\t".join(fields)
    if not is_plain(line, tabs=len(fields) - 1, nulls=texts.count(None)):
        escaped = (NULL if text is None else text.translate(ESCAPED) for text in texts)
        line = "\t".join((*escaped, *(field.translate(ESCAPED) for field in fields[len(texts) :])))
    return f"{head}{line}\n"


def is_plain(line: str, *, tabs: int, nulls: int) -> bool:
    """Tell whether COPY reads joined fields, so many of them null, exactly as they are."""
    return (
        line.count("\\") == nulls
        and line.count("\t") == tabs
        and "\n" not in line
        and "\r" not in line
        and "\0" not in line
    )


def to_json(document: object) -> str:
    """Return a document as JSON without NUL characters."""
    text = ENCODE(document)
    return (NUL_ESCAPE.sub(rb"\1", text) if NUL_ESCAPED in text else text).decode()
