"""Merging two customers by hand, and undoing a merge that was wrong."""

from datetime import datetime, timedelta
from typing import Final

from dangol.ingest.identity import (
    STATEMENTS,
    Scope,
    begin_anew,
    combine_heads,
    place_people,
    refold_consents,
)
from dangol.store.connect import Connection

UNMERGE_DAYS: Final = 30


class MergeFault(Exception):  # noqa: N818 - a refusal with its reason, no error of ours
    """Customers who cannot be merged, or a merge that cannot be undone; says why and what to do."""


def merge_customers(
    connection: Connection, *, workspace_id: int, one_id: int, other_id: int, now: datetime
) -> int:
    """Make two customers one; return the id of their head.

    Waits for a tick that is under way. To be called inside a transaction of its own.

    Raises:
        MergeFault: they are no two customers of this workspace, or one of them was erased.
    """
    values = Scope(workspace_id=workspace_id, now=now)
    _ = connection.execute(STATEMENTS["lock_identities"], values)
    begin_anew(connection)
    heads = [read_head(connection, values, customer_id=each) for each in (one_id, other_id)]
    if heads[0] == heads[1]:
        raise MergeFault(
            f"Customers {one_id} and {other_id} are one already: their head is {heads[0]}."
        )
    _ = connection.execute(STATEMENTS["link_customers"], {**values, "customer_ids": heads})
    settle(connection, values)
    return read_head(connection, values, customer_id=one_id)


def unmerge_customer(
    connection: Connection, *, workspace_id: int, customer_id: int, now: datetime
) -> int:
    """Give a part its own life back, and what it had brought; return the head it leaves.

    What said that the two are one is marked as wrong and never counts again. Waits for a tick
    that is under way. To be called inside a transaction of its own.

    Raises:
        MergeFault: the customer is part of nobody, or became so more than 30 days ago.
    """
    values = Scope(workspace_id=workspace_id, now=now)
    of_part = {**values, "customer_id": customer_id}
    _ = connection.execute(STATEMENTS["lock_identities"], values)
    begin_anew(connection)
    merge = connection.execute(STATEMENTS["find_merge"], of_part).fetchone()
    if merge is None:
        raise MergeFault(
            f"Customer {customer_id} is part of no other here. "
            "Take the number of a part from the customer's page."
        )
    head_id, merged_at = merge
    if merged_at < now - timedelta(days=UNMERGE_DAYS):
        raise MergeFault(
            f"Customer {customer_id} was merged on {merged_at:%Y-%m-%d}: a merge can be undone "
            f"for {UNMERGE_DAYS} days. Export both and start anew if they must be told apart."
        )
    _ = connection.execute(STATEMENTS["undo_links"], of_part)
    settle(connection, values)
    return int(head_id)


def read_head(connection: Connection, values: Scope, *, customer_id: int) -> int:
    """Return who a customer counts for.

    Raises:
        MergeFault: there is no such customer, or they were erased.
    """
    at = {**values, "customer_id": customer_id}
    row = connection.execute(STATEMENTS["read_head"], at).fetchone()
    if row is None:
        raise MergeFault(
            f"Customer {customer_id} cannot be merged: there is none with this number, or they "
            "asked to be forgotten. Take the number from the customer's page."
        )
    return int(row[0])


def settle(connection: Connection, values: Scope) -> None:
    """Work out who is who from the evidence of now, and what is known of them."""
    place_people(connection, values)
    combine_heads(connection, values)
    refold_consents(connection, values)
