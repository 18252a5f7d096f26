"""What every platform says alike: somebody has left the shop."""

from datetime import datetime

from dangol.ingest.event import Event
from dangol.ingest.shops.consents import marketing_consent
from dangol.ingest.shops.fields import Fields
from dangol.ingest.shops.shop import Person, Scribe, Told
from dangol.store.vocabulary import EventType


def tell_gone(
    scribe: Scribe,
    fields: Fields,
    *,
    user_id: str | None,
    source: str,
    at: datetime | None = None,
) -> list[Told]:
    """Whoever has left gets no more advertising; erasing is for a person to decide.

    Without ``at`` they left when we heard of it.
    """
    if user_id is None:
        return []
    left_at = at or scribe.received_at
    event = Event(
        type=EventType.TRACK,
        name="Customer Deleted",
        message_id=f"{user_id}:deleted",
        occurred_at=left_at,
        consents=marketing_consent(granted=False, source=source, at=left_at),
    )
    return [scribe.tell(event, matter="customer", fields=fields, person=Person(user_id=user_id))]
