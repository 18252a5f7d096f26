"""Uploaded lists: customers as a file names them, kept as customers and not as addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.store.connect import Connection
from dangol.store.phones import normalize_phone
from dangol.store.statements import load_statements
from dangol.store.vault import Vault, normalize_email
from dangol.store.vocabulary import IdentifierKind
from dangol.store.workspace import read_workspace

STATEMENTS = load_statements(__package__ or "dangol.segments")
AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What became of a file: every row led to a customer, or stands in one of the two others.

    ``unknown`` are rows that lead to nobody, or to several; ``unreadable`` those that are empty or
    no such address: by where they stand in the file, from 0.
    """

    rows: int
    customers: int
    unknown: list[int]
    unreadable: list[int]


def upload_list(
    connection: Connection,
    given: Sequence[str],
    *,
    name: str,
    kind: IdentifierKind,
    workspace_id: int,
    vault: Vault,
    now: datetime,
) -> Uploaded:
    """Make a list of those whom some ids, e-mail addresses or telephone numbers lead to.

    The same name again replaces the list. Who becomes a customer later is not on it. To be called
    inside a transaction: the old list is there until the new one is whole.
    """
    values = {
        "workspace_id": workspace_id,
        "name": name,
        "kind": kind,
        "now": now,
        "rows_given": len(given),
    }
    ((list_id,),) = connection.execute(STATEMENTS["save_list"], values).fetchall()
    values["list_id"] = list_id
    _ = connection.execute(STATEMENTS["empty_list"], values)
    country = read_workspace(connection, workspace_id=workspace_id).country
    keys = [key_of(vault, workspace_id, kind, text, country=country) for text in given]
    known = fill(connection, [key for key in keys if key], values)
    return Uploaded(
        rows=len(given),
        customers=len({known[key] for key in keys if key in known}),
        unknown=[row for row, key in enumerate(keys) if key and key not in known],
        unreadable=[row for row, key in enumerate(keys) if not key],
    )


def fill(
    connection: Connection, keys: Sequence[str], values: Mapping[str, object]
) -> dict[str, int]:
    """Put whom the keys lead to on the list; return who that is, by key."""
    found: dict[str, int] = {}
    for first in range(0, len(keys), AT_ONCE):
        some = {**values, "keys": list(keys[first : first + AT_ONCE])}
        found.update(connection.execute(STATEMENTS["fill_list"], some).fetchall())
    return found


def key_of(
    vault: Vault, workspace_id: int, kind: IdentifierKind, text: str, *, country: str
) -> str | None:
    """Return what a customer is looked up by; None where the text cannot be one of these."""
    try:
        match kind:
            case IdentifierKind.EMAIL:
                return vault.key(workspace_id, "email", normalize_email(text))
            case IdentifierKind.PHONE:
                return vault.key(workspace_id, "phone", normalize_phone(text, country))
            case _:
                return text.strip() or None
    except ValueError:
        return None
