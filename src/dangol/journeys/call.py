"""Let a customer into a journey because somebody asked for it."""

from datetime import datetime

import msgspec

from dangol.journeys.publish import BadChange
from dangol.journeys.references import stored
from dangol.journeys.rows import CALL_EVENT
from dangol.journeys.versions import STATEMENTS, Journey, read_versions
from dangol.store.connect import Connection
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vocabulary import JourneyState


def call_journey(
    connection: Connection,
    *,
    workspace_id: int,
    journey: Journey,
    customer_id: int,
    key: str,
    properties: dict[str, object],
    now: datetime,
) -> str:
    """Write the event that lets a customer in; return its message id.

    The next tick acts on it, once for each key and customer, by the journey's own rules.

    Raises:
        BadChange: the journey does not run, or does not begin with a call.
    """
    if journey.state != JourneyState.RUNNING:
        raise BadChange(
            f"{journey.name} is {journey.state!s}: nobody can enter. Let it run first, with "
            f"`dangol journey resume {journey.name}` where that can be."
        )
    versions = read_versions(connection, journey_id=journey.id)
    current = next(one for one in versions if one.id == journey.version_id)
    if not stored(current.definition).entry.call:
        raise BadChange(
            f"{journey.name} does not begin with a call: give it `entry: {{call: true}}`."
        )
    message_id = f"call:{journey.id}:{customer_id}:{key}"
    ensure_event_partitions(connection, days=[now.date()])
    said = msgspec.json.encode({**properties, "journey": journey.name}).decode()
    connection.execute(
        STATEMENTS["call_journey"],
        {
            "workspace_id": workspace_id,
            "customer_id": customer_id,
            "name": CALL_EVENT,
            "message_id": message_id,
            "properties": said,
            "now": now,
        },
    )
    return message_id
