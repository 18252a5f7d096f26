"""A customer's timeline: what they did, from the lake, and what we did, from the tables."""

from datetime import datetime

from dangol.console.answers import Moment, Timeline
from dangol.console.desk import STATEMENTS
from dangol.console.rows import fetch_all
from dangol.insight.timeline import TimelineEvent, timeline
from dangol.store.connect import Connection
from dangol.store.lake import Lake


def read_timeline(
    connection: Connection, lake: Lake, *, workspace_id: int, customer_id: int, limit: int
) -> Timeline:
    """Return the newest ``limit`` moments of a customer, newest first."""
    at = {"workspace_id": workspace_id, "customer_id": customer_id, "batch": limit + 1}
    ours = fetch_all(connection, STATEMENTS["list_moments"], Moment, at)
    theirs = timeline(
        connection, lake, workspace_id=workspace_id, customer_id=customer_id, limit=limit + 1
    )
    moments = sorted([*ours, *map(as_moment, theirs)], key=when, reverse=True)
    return Timeline(moments=moments[:limit], complete=len(moments) <= limit)


def when(moment: Moment) -> datetime:
    return moment.at


def as_moment(event: TimelineEvent) -> Moment:
    return Moment(
        at=event.occurred_at,
        kind="event",
        name=event.name,
        detail=event.category,
        revenue=None if event.revenue is None else f"{event.revenue.normalize():f}",
        currency=event.currency,
    )
