"""The words of tests about journeys that move: what happens to somebody, and everybody's moves."""

import json
from collections.abc import Mapping
from datetime import datetime

from tests.build import NOON, one

from dangol.app.conditions import Conditions
from dangol.app.journeys import apply_journey
from dangol.journeys.advance import Advanced, advance_journeys
from dangol.store.connect import Connection

MANY = 10_000


def publish(
    connection: Connection, workspace: int, definition: Mapping[str, object], *, now: datetime
) -> None:
    """Publish a journey, or its next version, and let it run."""
    with connection.transaction():
        apply_journey(connection, workspace_id=workspace, text=json.dumps(definition), now=now)


def happen(
    connection: Connection,
    workspace: int,
    *,
    customer_id: int,
    name: str,
    at: datetime = NOON,
    message_id: str | None = None,
    properties: Mapping[str, object] | None = None,
) -> None:
    """Let an event be one of the tick's, as if just taken and folded."""
    count = one(connection, "select count(*) from tick_event")
    connection.execute(
        "insert into tick_event (event_id, occurred_at, received_at, type, name, message_id,"
        " customer_id, part_id, properties, traits, contacts, consents, keep_for_ever)"
        " values (%s, %s, %s, 'track', %s, %s, %s, %s, %s, '{}', '[]', '[]', false)",
        (
            count + 1,
            at,
            at,
            name,
            message_id or f"{name}:{customer_id}:{at.isoformat()}",
            customer_id,
            customer_id,
            json.dumps(properties or {}),
        ),
    )
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " values (%s, %s, %s, %s, %s, 1) on conflict (customer_id, event_name) do update set"
        " first_at = least(activity.first_at, excluded.first_at),"
        " last_at = greatest(activity.last_at, excluded.last_at), count = activity.count + 1",
        (workspace, customer_id, name, at, at),
    )


def move(connection: Connection, workspace: int, *, now: datetime, batch: int = MANY) -> Advanced:
    """Let everybody move on, in the caller's transaction."""
    return advance_journeys(
        connection, workspace_id=workspace, judge=Conditions(), now=now, batch=batch
    )
