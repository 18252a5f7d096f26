"""What a customer goes by, as the statements of an erasure need it."""

from dataclasses import dataclass

from dangol.rights.find import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vault import BadToken, Vault

# The purpose under which the log knows a name.
LOGGED: str = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The identifiers and addresses of one customer, by kind; contact data as keyed hashes."""

    workspace_id: int
    customer_id: int
    user_ids: list[str]
    anonymous_ids: list[str]
    contact_keys: list[str]

    @property
    def values(self) -> dict[str, object]:
        """What a statement about this customer is given."""
        return {name: getattr(self, name) for name in Names.__slots__}

    def hashed(self, vault: Vault) -> list[str]:
        """Return the names as the erasure log keeps them."""
        kinds = {"external": self.user_ids, "anonymous": self.anonymous_ids}
        named = [(kind, key) for kind, keys in kinds.items() for key in keys]
        named += [("contact", key) for key in self.contact_keys]
        return sorted(hash_name(vault, self.workspace_id, kind, key) for kind, key in named)

    def quotes(self, connection: Connection, vault: Vault) -> list[str]:
        """Return, in lower case, how a report would quote the customer."""
        values = {"workspace_id": self.workspace_id, "customer_id": self.customer_id}
        rows = connection.execute(STATEMENTS["read_sealed"], values).fetchall()
        opened: list[str] = []
        for kind, sealed, wrapped in rows:
            try:
                opened.append(vault.open_for(self.workspace_id, kind, sealed, wrapped))
            except BadToken:
                # It cannot be read, so nobody can quote it.
                continue
        return [text.lower() for text in (*self.user_ids, *opened)]


def read_names(connection: Connection, workspace_id: int, customer_id: int) -> Names:
    """Return what a customer goes by now."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    rows = connection.execute(STATEMENTS["read_names"], values).fetchall()
    return Names(
        workspace_id=workspace_id,
        customer_id=customer_id,
        user_ids=[key for kind, key in rows if kind == "external"],
        anonymous_ids=[key for kind, key in rows if kind == "anonymous"],
        contact_keys=[key for kind, key in rows if kind in ("email", "phone")],
    )


def hash_name(vault: Vault, workspace_id: int, kind: str, key: str) -> str:
    """Return the form in which the erasure log knows an identifier."""
    return vault.key(workspace_id, LOGGED, f"{kind}:{key}")
