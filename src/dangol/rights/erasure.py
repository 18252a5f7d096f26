"""The right to be forgotten: one state machine, each step of which may be repeated.

    ask      customer closed, journeys ended, messages skipped, the wish in ``erasure``
    note     the wish in the erasure log, a file that a restored database does not take back
    clear    once no call to them is under way: key destroyed, rows deleted          -> cleared
    forget   the lake's files written anew, older versions of them deleted
    await    until no ad network has an address of theirs            -> awaited, while one has
    close    what a flush or a refresh wrote in between deleted too                  -> done

Decisions, consents and messages stay, as rows about a number that leads to nobody. Whatever dies in
between, ``carry_out`` goes on where the row says that it stands.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from dangol.rights.erasure_log import ErasureLog, Wish
from dangol.rights.find import STATEMENTS
from dangol.rights.names import Names, read_names
from dangol.store.connect import Connection, renew_statistics
from dangol.store.crash import crashpoint
from dangol.store.lake import Lake
from dangol.store.lake_check import write_off_customer
from dangol.store.vault import Vault
from dangol.store.vocabulary import ErasureState

LONGEST_WAIT_SECONDS: Final = 30.0
PAUSE_SECONDS: Final = 0.05
# The steps of an erasure, as a progress bar counts them.
STEPS: Final = ("asked", "noted", "cleared", "forgotten", "closed")
# What is left of the customer's after the inbox; keys last, for rows are found by them.
CLEAR: Final = (
    "delete_references",
    "delete_webhook_calls",
    "blank_reports",
    "blank_deliveries",
    "blank_receipts",
    "blank_enrollments",
    "blank_attributions",
    "blank_conversions",
    "delete_keys",
    "delete_links",
    "delete_identifiers",
    "delete_addresses",
    "delete_devices",
    "delete_activity",
    "delete_silences",
    "delete_silence_totals",
    "delete_send_hours",
    "delete_notices",
    "delete_memberships",
    "delete_list_entries",
    "delete_choices",
    "empty_customer",
)
FROM_THE_START: Final[Mapping[str, object]] = {"written_by": "0", "event_id": 0}


class BusyError(Exception):
    """Somebody else has not done with the customer yet; what is left can go on later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A wish to be forgotten and how far it has come, as its row in ``erasure`` has it."""

    ref: uuid.UUID
    workspace_id: int
    # None where this database does not know them.
    customer_id: int | None
    state: ErasureState
    keys: list[str]
    asked_by: str
    asked_at: datetime
    done_at: datetime | None


def say_nothing(_: str) -> None:
    """Keep the progress to oneself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What an erasure works with.

    ``unpack`` writes into the inbox whatever has come in for a workspace; ``pause`` waits, ``say``
    hears of each step that is over.
    """

    vault: Vault
    lake: Lake
    log: ErasureLog
    clock: Callable[[Connection], datetime]
    unpack: Callable[[Connection, int], object]
    pause: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = say_nothing


def erase(
    connection: Connection, tools: Tools, *, workspace_id: int, customer_id: int, asked_by: str
) -> Erasure:
    """Forget a customer; return the erasure, done. Commits by itself.

    Raises:
        LookupError: the workspace has no such customer.
        BusyError: a message is being handed over, or an ad network has not let them go; the rest is
            done by ``carry_out`` later.
    """
    wishes = ask(
        connection,
        vault=tools.vault,
        workspace_id=workspace_id,
        customer_id=customer_id,
        asked_by=asked_by,
        now=tools.clock(connection),
    )
    tools.say("asked")
    quiet = replace(tools, say=say_nothing)
    for part in wishes[:-1]:
        _ = carry_out(connection, quiet, part)
    return carry_out(connection, tools, wishes[-1])


def ask(
    connection: Connection,
    *,
    vault: Vault,
    workspace_id: int,
    customer_id: int,
    asked_by: str,
    now: datetime,
    again: Wish | None = None,
) -> Sequence[Erasure]:
    """Write the wish down and stop everything towards the customer; asked twice, it is one wish.

    Who was made of several parts is forgotten in each of them, or in none: there is a wish for
    every part, and the last is the whole's. ``again`` is a wish of the log that this database has
    forgotten.

    Raises:
        LookupError: the workspace has no such customer.
    """
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    with connection.transaction():
        _ = connection.execute(STATEMENTS["wait_for_tick"], values)
        rows = connection.execute(STATEMENTS["list_people"], values).fetchall()
        numbers = [int(row[0]) for row in rows] or [customer_id]
        wishes = [
            ask_one(
                connection,
                vault=vault,
                workspace_id=workspace_id,
                customer_id=number,
                asked_by=asked_by,
                now=now,
                again=again if number == numbers[-1] else None,
            )
            for number in numbers
        ]
        crashpoint("erase.before_asked")
    crashpoint("erase.after_asked")
    return wishes


def ask_one(
    connection: Connection,
    *,
    vault: Vault,
    workspace_id: int,
    customer_id: int,
    asked_by: str,
    now: datetime,
    again: Wish | None = None,
) -> Erasure:
    """Write the wish down for one row of a customer, in the transaction that is open.

    Raises:
        LookupError: the workspace has no such customer.
    """
    values = {"workspace_id": workspace_id, "customer_id": customer_id, "now": now}
    if connection.execute(STATEMENTS["lock_customer"], values).fetchone() is None:
        raise LookupError(
            f"Customer {customer_id} is not known here; take the number from their page."
        )
    known = find_erasure(connection, workspace_id=workspace_id, customer_id=customer_id)
    if known is not None:
        return known
    wish = Erasure(
        ref=again.ref if again else uuid.uuid4(),
        workspace_id=workspace_id,
        customer_id=customer_id,
        state=ErasureState.ASKED,
        keys=read_names(connection, workspace_id, customer_id).hashed(vault),
        asked_by=asked_by,
        asked_at=again.asked_at if again else now,
        done_at=None,
    )
    write_down(connection, wish)
    for step in (
        "close_customer",
        "end_enrollments",
        "release_claims",
        "skip_messages",
        "drop_webhook_calls",
    ):
        _ = connection.execute(STATEMENTS[step], values)
    return wish


def write_down(connection: Connection, wish: Erasure) -> None:
    """Keep the wish, unless it is kept already."""
    values = {name: getattr(wish, name) for name in Erasure.__slots__}
    _ = connection.execute(STATEMENTS["insert_erasure"], values)


def find_erasure(connection: Connection, *, workspace_id: int, customer_id: int) -> Erasure | None:
    """Return a customer's erasure; None while nobody asked for it."""
    found = read_erasures(connection, workspace_id=workspace_id, customer_id=customer_id)
    return found[-1] if found else None


def list_erasures(connection: Connection, *, only_open: bool = False) -> list[Erasure]:
    """Return the erasures of all workspaces, oldest first."""
    with connection.transaction():
        return read_erasures(connection, only_open=only_open)


def read_erasures(
    connection: Connection,
    *,
    workspace_id: int | None = None,
    customer_id: int | None = None,
    only_open: bool = False,
) -> list[Erasure]:
    """Return the erasures of one customer or of everybody, oldest first."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id, "open": only_open}
    with connection.cursor(row_factory=class_row(Erasure)) as cursor:
        return cursor.execute(STATEMENTS["read_erasures"], values).fetchall()


def carry_out(connection: Connection, tools: Tools, wish: Erasure) -> Erasure:
    """Go on with an erasure until it is done; return it as it then is.

    Raises:
        BusyError: a message is being handed over to the customer, or an ad network has them still.
    """
    tools.log.append(as_logged(wish))
    crashpoint("erase.after_noted")
    tools.say("noted")
    customer_id = wish.customer_id
    if customer_id is None or wish.state == ErasureState.DONE:
        return wish
    if wish.state == ErasureState.ASKED:
        await_silence(connection, tools, wish)
        clear(connection, tools, wish, to=ErasureState.CLEARED)
        crashpoint("erase.after_cleared")
    tools.say("cleared")
    if wish.state == ErasureState.AWAITED:
        await_networks(connection, tools, wish)
    forget_events(connection, tools.lake, wish.workspace_id, [customer_id])
    with connection.transaction():
        renew_statistics(connection)
    crashpoint("erase.after_forgotten")
    tools.say("forgotten")
    await_networks(connection, tools, wish)
    clear(connection, tools, wish, to=ErasureState.DONE)
    crashpoint("erase.after_done")
    tools.say("closed")
    done = find_erasure(connection, workspace_id=wish.workspace_id, customer_id=customer_id)
    connection.commit()
    return done or wish


def as_logged(wish: Erasure) -> Wish:
    return Wish(
        ref=wish.ref,
        workspace_id=wish.workspace_id,
        customer_id=wish.customer_id,
        keys=wish.keys,
        asked_by=wish.asked_by,
        asked_at=wish.asked_at,
    )


def await_silence(connection: Connection, tools: Tools, wish: Erasure) -> None:
    """Wait until nothing is being handed over to the customer.

    Raises:
        BusyError: that took too long.
    """
    values = {"workspace_id": wish.workspace_id, "customer_id": wish.customer_id}
    for _ in range(round(LONGEST_WAIT_SECONDS / PAUSE_SECONDS)):
        with connection.transaction():
            row = connection.execute(STATEMENTS["count_calls"], values).fetchone()
        if row == (0,):
            return
        tools.pause(PAUSE_SECONDS)
    raise BusyError(
        "A message to them is being handed over to the mail server. Nothing else will be sent; "
        "the rest is deleted as soon as it has answered, at the latest in ten minutes."
    )


def await_networks(connection: Connection, tools: Tools, wish: Erasure) -> None:
    """Go on only once every ad network has said that it took the customer out.

    Raises:
        BusyError: one has not yet; whoever goes on later looks here first.
    """
    values = {"workspace_id": wish.workspace_id, "customer_id": wish.customer_id}
    with connection.transaction():
        row = connection.execute(STATEMENTS["count_audiences"], values).fetchone()
        if row == (0,):
            return
        now = tools.clock(connection)
        moved = {"ref": wish.ref, "state": ErasureState.AWAITED, "now": now}
        _ = connection.execute(STATEMENTS["move_erasure"], moved)
    raise BusyError(
        "Everything here is deleted, but an ad network has not yet confirmed that it took them "
        "out. It is asked every minute (`dangol audience list` says how that goes)."
    )


def clear(connection: Connection, tools: Tools, wish: Erasure, *, to: ErasureState) -> None:
    """Destroy the key and delete the rows, in one transaction in which no tick runs.

    The inbox is gone through before, as far as the tick has come, so that ticks wait for the rest
    of it only.
    """
    workspace_id, customer_id = wish.workspace_id, wish.customer_id
    assert customer_id is not None  # noqa: S101 - the caller has looked
    with connection.transaction():
        _ = tools.unpack(connection, workspace_id)
        names = read_names(connection, workspace_id, customer_id)
        position = read_position(connection, workspace_id)
        _ = delete_events(connection, names, position=FROM_THE_START)
        _ = connection.execute(STATEMENTS["disown_acted"], {**names.values, "event_ids": None})
    crashpoint("erase.between_inboxes")
    now = tools.clock(connection)
    with connection.transaction():
        values = {**names.values, "now": now}
        _ = connection.execute(STATEMENTS["wait_for_tick"], values)
        if to is ErasureState.CLEARED:
            write_off(connection, tools.lake, workspace_id, [customer_id])
        # A tick may have told us more of them in between.
        names = read_names(connection, workspace_id, customer_id)
        _ = tools.unpack(connection, workspace_id)
        late = delete_events(connection, names, position=position)
        _ = connection.execute(STATEMENTS["disown_acted"], {**names.values, "event_ids": late})
        values = {**names.values, "quotes": names.quotes(connection, tools.vault)}
        for step in CLEAR:
            _ = connection.execute(STATEMENTS[step], values)
        moved = {"ref": wish.ref, "state": to, "now": now}
        _ = connection.execute(STATEMENTS["move_erasure"], moved)
        crashpoint("erase.before_cleared")


def write_off(
    connection: Connection, lake: Lake, workspace_id: int, customer_ids: Sequence[int]
) -> None:
    """Let the proof of the lake expect these customers' events no longer, once this commits."""
    _ = connection.execute(STATEMENTS["wait_for_flush"], {"workspace_id": workspace_id})
    for customer_id in customer_ids:
        write_off_customer(connection, lake, workspace_id=workspace_id, customer_id=customer_id)


def read_position(connection: Connection, workspace_id: int) -> Mapping[str, object]:
    """Return how far the tick has come in the inbox."""
    row = connection.execute(STATEMENTS["read_cursor"], {"workspace_id": workspace_id}).fetchone()
    return {"written_by": row[0], "event_id": row[1]} if row else FROM_THE_START


def delete_events(
    connection: Connection, names: Names, *, position: Mapping[str, object]
) -> list[int]:
    """Delete the customer's events behind a position of the inbox; return their ids."""
    rows = connection.execute(STATEMENTS["delete_events"], {**names.values, **position})
    return [int(row[0]) for row in rows]


def forget_events(
    connection: Connection, lake: Lake, workspace_id: int, customer_ids: Sequence[int]
) -> int:
    """Take customers out of the lake while no flush of the workspace runs; return how many events.

    What a flush had already read it has then written, and later ones find nothing of them.
    """
    with connection.transaction():
        _ = connection.execute(STATEMENTS["wait_for_flush"], {"workspace_id": workspace_id})
        return lake.forget(workspace_id=workspace_id, customer_ids=customer_ids)
