"""From where a person acted, sealed under their own key, so that erasing them takes it away."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from dangol.consent.verify import canonical
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vault import BadToken, MissingKeyError, Vault

STATEMENTS = load_statements(__package__ or "dangol.consent")
KIND: Final = "consent_evidence"
# Of what a browser says of itself, so much is kept.
LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The address a person acted from, and the program they did it with."""

    address: str
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Evidence as it is stored: unreadable without the customer's key, and the hash it is bound by.

    What is sealed holds a secret of its own: without the key nobody can test guesses by the hash.
    """

    sealed: bytes
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Evidence of an act whose customer is still to be found, and what seals it under their key."""

    vault: Vault
    evidence: Evidence

    def seal(self, connection: Connection, *, workspace_id: int, customer_id: int) -> Sealed | None:
        """Seal it for a customer; None where they have no key, as once erased."""
        return seal_evidence(
            connection,
            workspace_id=workspace_id,
            customer_id=customer_id,
            vault=self.vault,
            evidence=self.evidence,
        )


def seal_evidence(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    vault: Vault,
    evidence: Evidence,
) -> Sealed | None:
    """Seal evidence under the customer's key; None where they have none, as once erased."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    row = connection.execute(STATEMENTS["read_customer_key"], values).fetchone()
    if row is None:
        return None
    text = canonical(
        {
            "address": evidence.address[:LONGEST],
            "program": evidence.program[:LONGEST],
            "secret": secrets.token_hex(16),
        }
    )
    sealed = vault.unwrap(workspace_id, row[0]).seal(KIND, text.decode())
    return Sealed(sealed=sealed, hash=sha256(text).digest())


def open_evidence(
    vault: Vault, workspace_id: int, sealed: bytes, wrapped: bytes | None
) -> str | None:
    """Return what was sealed; None once the key is destroyed, or where it was tampered with."""
    if wrapped is None:
        return None
    try:
        return vault.open_for(workspace_id, KIND, sealed, wrapped)
    except (BadToken, MissingKeyError):
        return None
