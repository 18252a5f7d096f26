"""Who is meant: by number, by the shop's own id, by e-mail address or by telephone number."""

import re
from typing import Final

from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vault import Vault, normalize_email

STATEMENTS = load_statements(__package__ or "dangol.rights")
PREFIXES: Final = ("id", "user", "email", "phone")
NUMBER: Final = re.compile(r"[0-9]{1,18}")
PUNCTUATION: Final = re.compile(r"[\s().\-/]")


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
    given, _, rest = who.partition(":")
    senses = [(given, rest)] if given in PREFIXES and rest else [(kind, who) for kind in ORDER]
    for sense, text in senses:
        key = key_of(vault, workspace_id, sense, text)
        values = {"workspace_id": workspace_id, "kind": KINDS.get(sense), "key": key}
        values["customer_id"] = int(text) if sense == "id" and NUMBER.fullmatch(text) else None
        rows = connection.execute(STATEMENTS["find_customers"], values).fetchall()
        if rows:
            return tuple(int(row[0]) for row in rows)
    return ()


ORDER: Final = ("email", "user", "phone", "id")
KINDS: Final = {"email": "email", "user": "external", "phone": "phone"}


def key_of(vault: Vault, workspace_id: int, sense: str, text: str) -> str | None:
    """Return what is looked for; None where ``text`` cannot be one of these."""
    if sense == "user":
        return text
    try:
        if sense == "email":
            return vault.key(workspace_id, "email", normalize_email(text))
        if sense == "phone":
            return vault.key(workspace_id, "phone", normalize_phone(text))
    except ValueError:
        return None
    return None


def normalize_phone(value: str) -> str:
    """Return a telephone number as it is stored; one with a single leading zero is Korean.

    Raises:
        ValueError: it is none.
    """
    digits = PUNCTUATION.sub("", value)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+82{digits[1:]}"
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", digits):
        raise ValueError(f"phone {value!r} is not a telephone number.")
    return digits
