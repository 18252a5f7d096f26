"""What stays of a contact is sealed under its customer's own key, once the tick knows whose it is.

The inbox's contacts are under the workspace's key, since the edge cannot know the customer; they
live for days. What is written about a customer for good lives as long as their key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg.rows import class_row

from dangol.store.connect import Connection, empty_working
from dangol.store.statements import load_statements
from dangol.store.vault import CustomerKey, Vault, version_of

STATEMENTS = load_statements("dangol.ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A contact that its customer has not had yet; ``wrapped`` is None where they have no key."""

    customer_id: int
    kind: str
    key: str
    sealed: bytes
    wrapped: bytes | None


def seal_contacts(connection: Connection, *, workspace_id: int, vault: Vault) -> int:
    """Fill ``tick_contact`` with the tick's new contacts; return how many there were.

    Raises:
        BadToken: one of them cannot be opened.
        MissingKeyError: the key file lacks the master key of one.
    """
    values = {"workspace_id": workspace_id}
    empty_working(connection, "tick_contact")
    with connection.cursor(row_factory=class_row(NewContact)) as cursor:
        contacts = cursor.execute(STATEMENTS["read_new_contacts"], values).fetchall()
    if contacts:
        keys = keys_of(connection, contacts, workspace_id=workspace_id, vault=vault)
        copy_contacts(connection, contacts, keys, workspace_id=workspace_id, vault=vault)
    return len(contacts)


def keys_of(
    connection: Connection, contacts: Sequence[NewContact], *, workspace_id: int, vault: Vault
) -> dict[int, CustomerKey]:
    """Return the key of each contact's customer; who has none gets one."""
    wrapped = {contact.customer_id: contact.wrapped for contact in contacts}
    keys = {who: vault.unwrap(workspace_id, key) for who, key in wrapped.items() if key is not None}
    made = {who: vault.make_key(workspace_id) for who in wrapped.keys() - keys.keys()}
    with connection.cursor() as cursor, cursor.copy(STATEMENTS["copy_keys"]) as copy:
        for who, (_, sealed) in made.items():
            copy.write_row((who, workspace_id, sealed, version_of(sealed)))
    return keys | {who: key for who, (key, _) in made.items()}


def copy_contacts(
    connection: Connection,
    contacts: Sequence[NewContact],
    keys: Mapping[int, CustomerKey],
    *,
    workspace_id: int,
    vault: Vault,
) -> None:
    """Copy the contacts, each under its customer's key."""
    with connection.cursor() as cursor, cursor.copy(STATEMENTS["copy_contacts"]) as copy:
        for contact in contacts:
            value = vault.open(workspace_id, contact.kind, contact.sealed)
            sealed = keys[contact.customer_id].seal(contact.kind, value)
            copy.write_row((contact.customer_id, contact.kind, contact.key, sealed))
