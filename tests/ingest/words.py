"""The words of the ingest tests."""

import base64
import time
from datetime import datetime

from msgspec import structs
from psycopg import sql
from tests.build import NOON, TEST_VAULT

from dangol.ingest.contacts import normalize, seal_contact
from dangol.ingest.event import Event
from dangol.ingest.inbox import write_events
from dangol.ingest.tick import take_events
from dangol.store.connect import Connection
from dangol.store.vocabulary import EventType

# Stands where a contact is to be sealed for the workspace it arrives in.
UNSEALED = ""


def told(
    message_id: str,
    *,
    name: str = "Visited",
    user: str | None = None,
    anonymous: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    at: datetime = NOON,
    workspace: int = 1,
    **fields: object,
) -> Event:
    """An event as the edge hands it on."""
    contacts = []
    if email is not None:
        value = normalize("email", "email", email) or ""
        contacts = [seal_contact(TEST_VAULT, workspace, "email", value)]
    if phone is not None:
        contacts.append(seal_contact(TEST_VAULT, workspace, "phone", phone))
    return Event(
        type=EventType.TRACK,
        name=name,
        message_id=message_id,
        occurred_at=at,
        user_id=user,
        anonymous_id=anonymous,
        contacts=contacts,
        **fields,
    )


def arrive(connection: Connection, workspace: int, *events: Event, at: datetime = NOON) -> None:
    """Events come in and are durable."""
    connection.commit()  # What the test has read so far must not keep a transaction open.
    sealed = [seal_in(workspace, event) for event in events]
    with connection.transaction():
        write_events(connection, sealed, workspace_id=workspace, received_at=at)
    wait_for_vacuum(connection)


def wait_for_vacuum(connection: Connection) -> None:
    """Let the server's own transactions end: a tick reads nothing newer than they are."""
    for _ in range(100):
        with connection.transaction():
            row = connection.execute(
                "select bool_and(written_by < pg_snapshot_xmin(pg_current_snapshot())) from event"
            ).fetchone()
        if row != (False,):
            return
        time.sleep(0.02)


def seal_in(workspace: int, event: Event) -> Event:
    """The event with the contacts sealed that carry no seal yet."""
    contacts = [
        contact
        if contact["sealed"] != UNSEALED
        else contact | {"sealed": seal(workspace, contact["kind"], contact["key"])}
        for contact in event.contacts
    ]
    return structs.replace(event, contacts=contacts)


def seal(workspace: int, kind: str, key: str) -> str:
    value = f"{key}@shop.example" if kind == "email" else key
    return base64.b64encode(TEST_VAULT.seal(workspace, kind, value)).decode()


def tick(connection: Connection, workspace: int, *, batch: int = 1000) -> list[tuple[str, int]]:
    """Take what has arrived; return the message ids that acted, each with its customer."""
    with connection.transaction():
        take_events(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=batch)
        return connection.execute(
            "select message_id, customer_id from tick_event order by event_id"
        ).fetchall()


def tick_all(connection: Connection, workspace: int, *, batch: int = 1000) -> None:
    """Take until nothing is left."""
    while True:
        with connection.transaction():
            if not take_events(
                connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=batch
            ):
                return


def customers(connection: Connection) -> int:
    return connection.execute("select count(*) from customer").fetchone()[0]


def parked(connection: Connection) -> list[str]:
    rows = connection.execute("select reason from parked_event order by event_id")
    return [reason for (reason,) in rows]


def owner(connection: Connection, kind: str, key: str) -> int | None:
    row = connection.execute(
        "select customer_id from identifier where kind = %s and key = %s", (kind, key)
    ).fetchone()
    return row[0] if row else None


def forget_everybody(connection: Connection) -> None:
    """Start an example anew."""
    connection.commit()
    for table in (
        "event",
        "acted_event",
        "event_cursor",
        "activity",
        "address",
        "device",
        "consent",
        "customer_merge",
        "identity_link",
        "identifier",
        "customer",
    ):
        connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
    connection.commit()
