"""The first half of the tick: new events become known customers and what is known about them.

Whose event it is, is decided by the strongest identifier that came with it: external id, else
anonymous id, else e-mail address, else phone number. What nobody has yet makes a new customer.
An anonymous id belongs to the first external id it is seen with, and a customer who was only
anonymous until now takes the first external id that comes along. An e-mail address or phone
number belongs to whoever gave it first; others may still be reached at it.

Customers are never merged here: an anonymous id that belongs to one customer stays with them when
another logs in on the same device. Merging, and undoing it, is a matter of its own.
"""

from datetime import datetime
from typing import Final, TypedDict

import psycopg

from dangol.consent.ledger import fold_consents
from dangol.ingest.reseal import seal_contacts
from dangol.ingest.traits import fold_types
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vault import BadToken, Vault

STATEMENTS = load_statements("dangol.ingest")

# What a statement raises when the content of some row is at fault, not the server.
CONTENT_ERRORS: Final = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.errors.ProgramLimitExceeded,
    # A contact that nobody can have sealed.
    BadToken,
)


class Scope(TypedDict):
    """What every statement of one tick is about."""

    workspace_id: int
    now: datetime


EXTERNAL: Final = ["external"]
OTHERS: Final = ["anonymous", "email", "phone"]

# From what has arrived to what every stage of the tick reads. The order is the meaning: external
# ids exist before anonymous ones can belong to them.
RESOLVE: Final = (
    ("park_arrivals", EXTERNAL),
    ("drop_repeats", EXTERNAL),
    ("adopt_customers", EXTERNAL),
    ("create_customers", EXTERNAL),
    ("link_anonymous", EXTERNAL),
    ("create_customers", OTHERS),
    ("fill_tick_events", OTHERS),
)
FOLD: Final = (
    "remember_acted",
    "attach_identifiers",
    "attach_addresses",
    "fold_visits",
    "fold_traits",
    "fold_activity",
)
LONGEST_REASON: Final = 300


def take_events(
    connection: Connection, *, workspace_id: int, vault: Vault, now: datetime, batch: int
) -> int:
    """Read at most ``batch`` new events, act on each message id once, and fill ``tick_event``.

    Returns how many rows were read, repeats and parked ones included; 0 means that nothing is
    left. The caller's transaction holds the effects and the cursor together.

    An event that makes the tick fail must not stop the others: the batch is halved until the one
    at fault stands alone, and that one is parked.
    """
    values = Scope(workspace_id=workspace_id, now=now)
    _ = connection.execute(STATEMENTS["open_cursor"], values)
    while True:
        try:
            with connection.transaction():
                return act_on_batch(connection, values, vault=vault, batch=batch)
        except CONTENT_ERRORS as fault:
            if batch == 1:
                return set_aside(connection, values, reason=str(fault))
        batch //= 2


def act_on_batch(connection: Connection, values: Scope, *, vault: Vault, batch: int) -> int:
    """Read, resolve and fold one batch; return how many rows were read."""
    read = read_batch(connection, values, batch=batch)
    if read:
        for name, kinds in RESOLVE:
            _ = connection.execute(STATEMENTS[name], {**values, "kinds": kinds})
        fold_types(connection, workspace_id=values["workspace_id"])
        _ = seal_contacts(connection, workspace_id=values["workspace_id"], vault=vault)
        for name in FOLD:
            _ = connection.execute(STATEMENTS[name], values)
        _ = fold_consents(connection, workspace_id=values["workspace_id"], now=values["now"])
    return read


def read_batch(connection: Connection, values: Scope, *, batch: int) -> int:
    """Copy the next events into ``arrival`` and move the cursor behind them."""
    row = connection.execute(STATEMENTS["lock_cursor"], values).fetchone()
    written_by, event_id = row or ("0", 0)
    position = {"written_by": written_by, "event_id": event_id, "batch": batch}
    read = connection.execute(STATEMENTS["read_arrivals"], {**values, **position}).rowcount
    if read:
        _ = connection.execute(STATEMENTS["move_cursor"], values)
    return read


def set_aside(connection: Connection, values: Scope, *, reason: str) -> int:
    """Park the next event unread, because ``reason``."""
    with connection.transaction():
        read = read_batch(connection, values, batch=1)
        shortened = reason.partition("\n")[0][:LONGEST_REASON]
        _ = connection.execute(STATEMENTS["park_event"], {**values, "reason": shortened})
        _ = connection.execute(STATEMENTS["forget_arrivals"])
    return read
