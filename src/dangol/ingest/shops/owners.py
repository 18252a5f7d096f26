"""Whose event it is, where a webhook names only an order, a checkout or a cart.

Every webhook that names a person tells it to its references; one that names nobody asks them, and
waits where they do not know yet. Both lock the reference, so that two that come at the same
moment meet, and the order in which webhooks come does not matter.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from dangol.ingest.event import Event
from dangol.ingest.fault import BadPayload
from dangol.ingest.shops.shop import Told
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements("dangol.ingest")
DECODE: Final = msgspec.json.Decoder(Event)


def settle_owners(
    connection: Connection, told: Sequence[Told], *, connection_id: int, now: datetime
) -> list[Event]:
    """Return the events that can go into the inbox now: these, and those that waited for them.

    Raises:
        BadPayload: an event names nobody, and nothing by which its person could be found.
    """
    owners = Owners(connection, connection_id, now)
    settled: list[Event] = []
    for one in told:
        settled += owners.introduce(one) if one.is_known else owners.ask(one)
    return settled


class Owners:
    """The references of one connection, in the caller's transaction."""

    def __init__(self, connection: Connection, connection_id: int, now: datetime) -> None:
        self.connection = connection
        self.values = {"connection_id": connection_id, "now": now}

    def introduce(self, told: Told) -> list[Event]:
        """Tell the references whose they are; return the event and those that waited."""
        events = [told.event]
        for reference in sorted(told.references):
            owned = self.note(reference, told.event)
            values = {**self.values, "reference": reference}
            rows = self.connection.execute(STATEMENTS["release_events"], values)
            events += [owned_by(owned, DECODE.decode(text)) for (text,) in rows]
        return events

    def ask(self, told: Told) -> list[Event]:
        """Return the event with its person, or nothing and let it wait."""
        if not told.references:
            raise BadPayload(
                "missing_id",
                "The webhook says of nobody: let it name the member, the buyer's e-mail address "
                "or phone number, or the order.",
            )
        for reference in sorted(told.references):
            owned = self.note(reference, told.event)
            if owned.user_id or owned.contacts:
                return [owned_by(owned, told.event)]
        for reference in told.references:
            values = {
                "reference": reference,
                "message_id": told.event.message_id,
                "event": msgspec.json.encode(told.event).decode(),
            }
            _ = self.connection.execute(STATEMENTS["hold_event"], {**self.values, **values})
        return []

    def note(self, reference: str, event: Event) -> Event:
        """Tell a reference what an event says about its person; return what it knows now."""
        values = {
            "reference": reference,
            "user_id": event.user_id,
            # A member id is enough; what else came with it need not lie here too.
            "contacts": msgspec.json.encode([] if event.user_id else event.contacts).decode(),
        }
        row = self.connection.execute(
            STATEMENTS["tell_reference"], {**self.values, **values}
        ).fetchone()
        user_id, contacts = row or (None, [])
        return msgspec.structs.replace(event, user_id=user_id, contacts=contacts)


def owned_by(owner: Event, event: Event) -> Event:
    """Return the event as its owner's."""
    return msgspec.structs.replace(event, user_id=owner.user_id, contacts=owner.contacts)
