"""Who is meant: by number, by the shop's own id, by e-mail address or by telephone number."""

import re
from typing import Final

from dangol.store.connect import Connection
from dangol.store.phones import normalize_phone
from dangol.store.statements import load_statements
from dangol.store.vault import Vault, normalize_email
from dangol.store.workspace import read_workspace

STATEMENTS = load_statements(__package__ or "dangol.rights")
PREFIXES: Final = ("id", "user", "email", "phone")
NUMBER: Final = re.compile(r"[0-9]{1,18}")


class NobodyError(Exception):
    """Nobody is known by this, or several are; the text says what to do."""


def find_customer(connection: Connection, *, workspace_id: int, vault: Vault, who: str) -> int:
    """Return the customer that ``who`` names.

    ``who`` is an e-mail address, the shop's own id, a telephone number or our number, tried in this
    order; ``email:``, ``user:``, ``phone:`` or ``id:`` in front says which.

    Raises:
        NobodyError: nobody is known by it, or several are.
    """
    found = find_all(connection, workspace_id=workspace_id, vault=vault, who=who.strip())
    if len(found) == 1:
        return found[0]
    if not found:
        raise NobodyError(
            f"Nobody is known by {who!r} here. Give an e-mail address, a telephone number, the "
            "shop's own id, or our number as id:NUMBER."
        )
    numbers = ", ".join(f"id:{number}" for number in found)
    raise NobodyError(f"Several customers are known by {who!r}: {numbers}. Give one of these.")


def find_all(
    connection: Connection, *, workspace_id: int, vault: Vault, who: str
) -> tuple[int, ...]:
    """Return everybody whom ``who`` may mean, in the first sense in which it means anybody."""
    country = read_workspace(connection, workspace_id=workspace_id).country
    given, _, rest = who.partition(":")
    senses = [(given, rest)] if given in PREFIXES and rest else [(kind, who) for kind in ORDER]
    for sense, text in senses:
        key = key_of(vault, workspace_id, sense, text, country=country)
        values = {"workspace_id": workspace_id, "kind": KINDS.get(sense), "key": key}
        values["customer_id"] = int(text) if sense == "id" and NUMBER.fullmatch(text) else None
        rows = connection.execute(STATEMENTS["find_customers"], values).fetchall()
        if rows:
            return tuple(int(row[0]) for row in rows)
    return ()


ORDER: Final = ("email", "user", "phone", "id")
KINDS: Final = {"email": "email", "user": "external", "phone": "phone"}


def key_of(vault: Vault, workspace_id: int, sense: str, text: str, *, country: str) -> str | None:
    """Return what is looked for; None where ``text`` cannot be one of these.

    A telephone number without a country code is at home in ``country``.
    """
    if sense == "user":
        return text
    try:
        if sense == "email":
            return vault.key(workspace_id, "email", normalize_email(text))
        if sense == "phone":
            return vault.key(workspace_id, "phone", normalize_phone(text, country))
    except ValueError:
        return None
    return None
