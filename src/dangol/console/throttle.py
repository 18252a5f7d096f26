"""Guessing passwords must be slow, in every process alike: failures are counted in the database."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from dangol.console.desk import STATEMENTS
from dangol.console.rows import fetch_all
from dangol.store.connect import Connection
from dangol.store.vault import Vault

WINDOW: Final = timedelta(minutes=10)
# Few for one place, more for one e-mail: a stranger elsewhere cannot easily lock a member out.
FAILURES_FROM_CALLER: Final = 5
FAILURES_IN_ALL: Final = 50

Subjects = Mapping[str, int]


class FailureCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often one subject failed."""

    subject_key: str
    failures: int


def subjects_of(vault: Vault, *, email: str, caller: str) -> Subjects:
    """Return what is counted, each with how many failures it may have; only hashes are kept."""
    return {
        vault.key(0, "sign_in", f"{email} {caller}"): FAILURES_FROM_CALLER,
        vault.key(0, "sign_in", email): FAILURES_IN_ALL,
    }


def is_closed(connection: Connection, *, subjects: Subjects, now: datetime) -> bool:
    """Tell whether any subject has used up its failures."""
    values = {"subject_keys": list(subjects), "since": now - WINDOW}
    counted = fetch_all(connection, STATEMENTS["count_failures"], FailureCount, values)
    return any(found.failures >= subjects[found.subject_key] for found in counted)


def add_failure(connection: Connection, *, subjects: Subjects, now: datetime) -> None:
    """Remember that a sign-in failed."""
    values = {"subject_keys": list(subjects), "since": now - WINDOW, "now": now}
    connection.execute(STATEMENTS["add_failures"], values)
