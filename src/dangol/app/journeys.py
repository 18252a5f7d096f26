"""Publish a journey and let it run, in one go."""

from datetime import datetime

from dangol.app.clock import STATEMENTS
from dangol.app.conditions import Conditions
from dangol.journeys.definition import parse_journey
from dangol.journeys.publish import publish_journey, set_state
from dangol.store.connect import Connection
from dangol.store.vocabulary import JourneyState


def apply_journey(
    connection: Connection, *, workspace_id: int, text: str, now: datetime
) -> tuple[str, int]:
    """Publish the journey ``text`` defines and let it run; return its name and version number.

    Raises:
        BadJourney: with everything that is wrong in the text.
    """
    definition = parse_journey(text)
    version_id = publish_journey(
        connection,
        workspace_id=workspace_id,
        definition=definition,
        judge=Conditions(),
        now=now,
    )
    row = connection.execute(
        STATEMENTS["read_journey_of_version"], {"version_id": version_id}
    ).fetchone()
    if row is None:
        raise LookupError(f"version {version_id} vanished while it was published.")
    journey_id, number = row
    set_state(connection, journey_id=journey_id, state=JourneyState.RUNNING, now=now)
    return definition.name, number
