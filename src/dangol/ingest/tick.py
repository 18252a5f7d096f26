"""The first half of the tick: new events become known customers and what is known about them.

Whose event it is, is decided by the strongest identifier that came with it: external id, else
anonymous id, else e-mail address, else phone number. What nobody has yet makes a new customer.
Which customers are one person is worked out from what came together, whatever came first: see
``dangol.ingest.identity``. An event's facts are folded into its part, and the parts into the head
that journeys and the guard work with; for almost everybody the two are the same row.
"""

from datetime import datetime
from typing import Final

import psycopg

from dangol.consent.ledger import fold_consents
from dangol.ingest.gate import withhold
from dangol.ingest.identity import (
    Scope,
    begin_anew,
    combine_heads,
    note_evidence,
    place_people,
    refold_consents,
)
from dangol.ingest.registration import register_devices
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


# From what has arrived to what acts, and from what acts to what is known.
SIFT: Final = ("park_arrivals", "drop_repeats")
FOLD: Final = (
    "remember_acted",
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
        act_on_arrivals(connection, values, vault=vault)
    return read


def act_on_arrivals(
    connection: Connection, values: Scope, *, vault: Vault, fold: tuple[str, ...] = FOLD
) -> None:
    """Find out whose the events are that arrived, and fold what they say."""
    begin_anew(connection)
    run_all(connection, SIFT, values)
    _ = withhold(connection, values)
    note_evidence(connection, values)
    place_people(connection, values)
    _ = connection.execute(STATEMENTS["fill_tick_events"], values)
    fold_types(connection, workspace_id=values["workspace_id"])
    if seal_contacts(connection, workspace_id=values["workspace_id"], vault=vault):
        _ = connection.execute(STATEMENTS["seal_identifiers"], values)
    run_all(connection, fold, values)
    _ = register_devices(connection, **values, vault=vault)
    combine_heads(connection, values)
    refold_consents(connection, values)
    _ = fold_consents(connection, workspace_id=values["workspace_id"], now=values["now"])


def run_all(connection: Connection, names: tuple[str, ...], values: Scope) -> None:
    """Run statements in their order."""
    for name in names:
        _ = connection.execute(STATEMENTS[name], values)


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
