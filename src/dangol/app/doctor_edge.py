"""What `dangol doctor` says about what comes in: shops that wait, traits, products."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from psycopg.rows import class_row

from dangol.app.clock import STATEMENTS, shifted_clock
from dangol.store.connect import Connection

# Most platforms say whose an order is within minutes.
LONG_WAIT: Final = timedelta(days=2)
LONGEST_LIST: Final = 200


class Edge(NamedTuple):
    """What has come in and is worth a word, over all workspaces."""

    waiting: int
    oldest_waiting_at: datetime | None
    traits: int
    mixed_names: str
    surplus: int
    products: int


def examine_edge(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Yield check, finding and remedy (empty where all is well)."""
    with connection.cursor(row_factory=class_row(Edge)) as cursor:
        edge = cursor.execute(STATEMENTS["count_edge"]).fetchone()
    if edge is not None:
        yield ("shops", *say_waiting(edge, now=shifted_clock(connection)))
        yield ("traits", *say_traits(edge))
        yield ("products", f"{edge.products:,}", "")


def say_waiting(edge: Edge, *, now: datetime) -> tuple[str, str]:
    """Say how many webhooks wait to hear whose they are, and for how long."""
    if edge.oldest_waiting_at is None:
        return "no event waits for its customer", ""
    age = now - edge.oldest_waiting_at
    found = f"{edge.waiting:,} events wait for their customer, the oldest for {age.days} days"
    remedy = "See `dangol shop list`, and let the platform send those orders again."
    return found, remedy if age > LONG_WAIT else ""


def say_traits(edge: Edge) -> tuple[str, str]:
    """Say which traits come with two kinds, and how much went beyond the limits."""
    found = f"{edge.traits:,} names"
    if edge.mixed_names:
        found += f"; of two kinds: {edge.mixed_names[:LONGEST_LIST]}"
    if edge.surplus:
        remedy = "Send fewer names; docs/guides/tracking.md lists the limits."
        return f"{found}; {edge.surplus:,} values went beyond the limits", remedy
    return found, ""
