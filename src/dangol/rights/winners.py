"""The members of a segment with what a list of winners shows: name, telephone, e-mail."""

from dataclasses import dataclass

from dangol.rights.find import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """One of them, unmasked; empty where something is not known."""

    customer_id: int
    name: str
    phone: str
    email: str


def list_winners(
    connection: Connection, *, vault: Vault, workspace_id: int, segment: str
) -> list[Winner]:
    """Return who is in a segment now, in the order of their numbers.

    Raises:
        LookupError: there is no segment of this name.
    """
    values = {"workspace_id": workspace_id, "segment": segment}
    if connection.execute(STATEMENTS["find_segment"], values).fetchone() is None:
        raise LookupError(
            f"There is no segment {segment!r}; `dangol segment list` shows those there are."
        )
    found: list[Winner] = []
    for customer_id, name, email, email_key, phone, phone_key in connection.execute(
        STATEMENTS["list_winners"], values
    ):
        found.append(
            Winner(
                customer_id=customer_id,
                name=name or "",
                email=vault.open_for(workspace_id, "email", email, email_key) if email else "",
                phone=vault.open_for(workspace_id, "phone", phone, phone_key) if phone else "",
            )
        )
    return found
