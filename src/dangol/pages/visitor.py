"""Who looks at a page: the customer a message was for, while they are one."""

from dataclasses import dataclass

from dangol.content.masks import mask_email
from dangol.content.tokens import Reference
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vault import BadToken, Vault
from dangol.store.vocabulary import CustomerState
from dangol.store.workspace import Workspace, read_workspace

STATEMENTS = load_statements(__package__ or "dangol.pages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A customer and their shop; ``email`` is masked, it and its key empty where none is known."""

    workspace: Workspace
    workspace_id: int
    message_id: int
    customer_id: int
    email: str
    address_key: str


def read_visitor(
    connection: Connection, vault: Vault, *, named: Reference | None
) -> Visitor | None:
    """Return whom a token names; None where it names nobody, or who was forgotten."""
    if named is None:
        return None
    values = {"workspace_id": named.workspace_id, "message_id": named.message_id}
    row = connection.execute(STATEMENTS["read_visitor"], values).fetchone()
    if row is None or row[1] != CustomerState.ACTIVE:
        return None
    customer_id, _, key, sealed, wrapped = row
    return Visitor(
        workspace=read_workspace(connection, workspace_id=named.workspace_id),
        workspace_id=named.workspace_id,
        message_id=named.message_id,
        customer_id=customer_id,
        email=masked_address(vault, named.workspace_id, sealed, wrapped),
        address_key=key or "",
    )


def masked_address(
    vault: Vault, workspace_id: int, sealed: bytes | None, wrapped: bytes | None
) -> str:
    if sealed is None or wrapped is None:
        return ""
    try:
        return mask_email(vault.open_for(workspace_id, "email", sealed, wrapped))
    except BadToken:
        return ""
