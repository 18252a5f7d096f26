"""The ledger of consent: every word a customer said, and what holds now.

``consent_entry`` is append-only. ``consent`` is its fold: the last word per customer, channel and
purpose, where "no" wins at the same instant and an import never gives back what the customer
took away. Where several customers were found to be one, the ledger stays as written and the fold
is their head's: what a part said before it was joined speaks for that part only, and while any
part stands at "no", so does the head. Whoever changes a customer's consents locks the customer
first and folds afterwards, so that a withdrawal and a grant that meet are folded in turn and
neither is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.consent.evidence import Sealed
from dangol.store.connect import Connection, empty_working
from dangol.store.statements import load_statements
from dangol.store.vocabulary import (
    Channel,
    ConsentAction,
    ConsentSource,
    ConsentState,
    Purpose,
)

STATEMENTS = load_statements(__package__ or "dangol.consent")
# So many customers are folded anew, and locked, at once.
CUSTOMERS_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is known of how a word came to us, for the day somebody asks for proof.

    ``actor`` is who wrote it down (a key, a member), empty for the customer; ``box_preticked``
    whether the box was ticked before they came; ``client_at`` the time by the client's own clock;
    ``proof_token`` and ``proven_at`` a double opt-in: by which link, and when.
    """

    kind: ConsentSource | None = None
    actor: str = ""
    wording_version: str = ""
    box_preticked: bool | None = None
    client_at: datetime | None = None
    evidence: Sealed | None = None
    proof_token: str = ""
    proven_at: datetime | None = None

    @property
    def values(self) -> dict[str, object]:
        """Return it as the statements take it."""
        return {
            "source_kind": self.kind,
            "actor": self.actor,
            "wording_version": self.wording_version,
            "box_preticked": self.box_preticked,
            "client_at": self.client_at,
            "evidence": self.evidence.sealed if self.evidence else None,
            "evidence_hash": self.evidence.hash if self.evidence else None,
            "proof_token": self.proof_token,
            "proven_at": self.proven_at,
        }


UNKNOWN = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A consent that did not say what the ledger says; ``state`` is the ledger's, None for none."""

    customer_id: int
    channel: Channel
    purpose: Purpose
    state: ConsentState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A customer was told, by us, of their consent to advertising on a channel."""

    customer_id: int
    channel: Channel
    action: ConsentAction
    occurred_at: datetime


def record_entry(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    channel: Channel,
    purpose: Purpose,
    action: ConsentAction,
    source: str,
    occurred_at: datetime,
    now: datetime,
    wording: str = "",
    locale: str = "",
    imported_state: ConsentState | None = None,
    origin: Origin = UNKNOWN,
) -> int:
    """Record what a customer said, fold it, and return the entry's id.

    Raises:
        LookupError: the workspace has no such customer.
    """
    lock_customer(connection, workspace_id=workspace_id, customer_id=customer_id)
    entry_id = insert(
        connection,
        "insert_entry",
        workspace_id=workspace_id,
        customer_id=customer_id,
        channel=channel,
        purpose=purpose,
        collection=None,
        action=action,
        imported_state=imported_state,
        source=source,
        wording=wording,
        locale=locale,
        occurred_at=occurred_at,
        now=now,
        **origin.values,
    )
    fold_entries(connection, workspace_id=workspace_id, customer_ids=[customer_id])
    lift_suppressions(connection, workspace_id=workspace_id, customer_ids=[customer_id])
    return entry_id


def withdraw(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    channel: Channel,
    purpose: Purpose,
    source: str,
    now: datetime,
    origin: Origin = UNKNOWN,
) -> None:
    """Take consent away from ``now`` on, whatever was recorded before, even with a later date.

    Once the caller commits, no send begins that the consent would have allowed: the hand-off
    locks the consent for share, so this waits for those that are passing the door.

    Raises:
        LookupError: the workspace has no such customer.
    """
    lock_customer(connection, workspace_id=workspace_id, customer_id=customer_id)
    insert(
        connection,
        "insert_withdrawal",
        workspace_id=workspace_id,
        customer_id=customer_id,
        channel=channel,
        purpose=purpose,
        source=source,
        now=now,
        **origin.values,
    )
    fold_entries(connection, workspace_id=workspace_id, customer_ids=[customer_id])


def record_told(
    connection: Connection, told: Iterable[Told], *, workspace_id: int, now: datetime
) -> None:
    """Record what customers were told about their consents, and fold it, in a few statements."""
    rows = sorted(told, key=lambda one: (one.customer_id, one.occurred_at, one.channel))
    values = {
        "workspace_id": workspace_id,
        "customer_ids": [one.customer_id for one in rows],
        "channels": [one.channel.value for one in rows],
        "actions": [one.action.value for one in rows],
        "times": [one.occurred_at for one in rows],
        "now": now,
    }
    locked = [int(row[0]) for row in connection.execute(STATEMENTS["lock_told"], values)]
    connection.execute(STATEMENTS["insert_told"], values)
    fold_entries(connection, workspace_id=workspace_id, customer_ids=locked)


def fold_consents(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Record and fold what the tick's events say about consent; return how many entries that made.

    Claims that cannot be understood are parked with the field at fault and block nothing.
    """
    values = {"workspace_id": workspace_id, "now": now}
    empty_working(connection, "consent_claim")
    if not connection.execute(STATEMENTS["read_claims"], values).rowcount:
        return 0
    connection.execute(STATEMENTS["park_claims"], values)
    claimants = [int(row[0]) for row in connection.execute(STATEMENTS["lock_claimants"])]
    recorded = connection.execute(STATEMENTS["insert_claims"], values).rowcount
    fold_entries(connection, workspace_id=workspace_id, customer_ids=claimants)
    lift_suppressions(connection, workspace_id=workspace_id, customer_ids=claimants)
    return recorded


def rebuild(connection: Connection, *, workspace_id: int) -> list[Difference]:
    """Fold the whole ledger anew; return, already mended, the consents that said otherwise."""
    differences: list[Difference] = []
    after: int | None = 0
    while after is not None:
        after, found = rebuild_some(connection, workspace_id=workspace_id, after=after)
        differences += found
    return differences


def rebuild_some(
    connection: Connection, *, workspace_id: int, after: int
) -> tuple[int | None, list[Difference]]:
    """Fold anew for the next customers behind ``after``; return the last of them, None at the end.

    Locks them until the transaction ends: whoever withdraws meanwhile waits for as many only.
    """
    values = {"workspace_id": workspace_id, "after": after, "most": CUSTOMERS_AT_ONCE}
    locked = connection.execute(STATEMENTS["lock_recorded"], values).fetchall()
    customers = {**values, "customer_ids": [row[0] for row in locked]}
    unfounded = connection.execute(STATEMENTS["delete_unfounded"], customers).fetchall()
    connection.execute(STATEMENTS["delete_stale_collections"], customers)
    heads = [int(customer_id) for customer_id, is_head in locked if is_head]
    changed = fold_entries(connection, workspace_id=workspace_id, customer_ids=heads)
    removed = [
        Difference(
            customer_id=customer_id, channel=Channel(channel), purpose=Purpose(purpose), state=None
        )
        for customer_id, channel, purpose in unfounded
    ]
    last = int(locked[-1][0]) if len(locked) == CUSTOMERS_AT_ONCE else None
    return last, removed + changed


def fold_entries(
    connection: Connection, *, workspace_id: int, customer_ids: list[int]
) -> list[Difference]:
    """Make the consents of these customers, whom the caller has locked, follow their ledger.

    For a part, its head's consents follow; so does what may be collected of them. Returns what
    changed about sending.
    """
    values = {"workspace_id": workspace_id, "customer_ids": customer_ids}
    connection.execute(STATEMENTS["fold_collections"], values)
    rows = connection.execute(STATEMENTS["fold_entries"], values)
    return [
        Difference(
            customer_id=customer_id,
            channel=Channel(channel),
            purpose=Purpose(purpose),
            state=ConsentState(state),
        )
        for customer_id, channel, purpose, state in rows
    ]


def lift_suppressions(
    connection: Connection, *, workspace_id: int, customer_ids: list[int]
) -> None:
    """Let addresses be written to again whose holders have agreed anew (docs/decisions/0052)."""
    values = {"workspace_id": workspace_id, "customer_ids": customer_ids}
    _ = connection.execute(STATEMENTS["lift_suppressions"], values)


def lock_customer(connection: Connection, *, workspace_id: int, customer_id: int) -> None:
    """Lock a customer and, where they are a part, their head."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    row = connection.execute(STATEMENTS["lock_customer"], values).fetchone()
    if row and row[0]:
        connection.execute(STATEMENTS["lock_customer"], {**values, "customer_id": row[0]})
    if row is None:
        raise LookupError(
            f"customer_id {customer_id} is not a customer of workspace {workspace_id}; "
            "take the id from the customer's page."
        )


def insert(connection: Connection, statement: str, **values: object) -> int:
    row = connection.execute(STATEMENTS[statement], values).fetchone()
    assert row is not None  # noqa: S101 - both statements insert one row and return its id
    return int(row[0])
