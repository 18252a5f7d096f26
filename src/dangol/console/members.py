"""Members: who may sign in, and how a password is kept."""

from datetime import datetime
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from dangol.console.answers import Locale
from dangol.console.desk import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vault import normalize_email
from dangol.store.vocabulary import MemberRole

# One lane: a check then starts no threads, which a crowded machine may refuse it.
HASHER: Final = PasswordHasher(parallelism=1)
SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 200
# Each check takes 64 MiB on purpose; a crowd at the door must not take the machine's memory.
TURNSTILE: Final = BoundedSemaphore(2)
# Checked where no member has the e-mail, so that the answer takes as long as for one who exists.
NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=1$bm9ib2R5LWF0LWFsbCEhIQ$"
    "yQlzSQkDglLuNcNT2Hva6hMg1EOz5FZT7JHp1iFLsek"
)


class MemberError(Exception):
    """A member cannot be added as asked; the text names the field and the remedy."""


def create_member(
    connection: Connection,
    *,
    workspace_id: int,
    email: str,
    password: str,
    role: MemberRole,
    locale: Locale,
    now: datetime,
) -> int:
    """Add someone who may sign in to a workspace, and return the member's id.

    Raises:
        MemberError: the e-mail is none or is taken, or the password is too short or too long.
    """
    check_password_length(password)
    values = {
        "workspace_id": workspace_id,
        "email": checked_email(email),
        "password_hash": hash_password(password),
        "role": role,
        "locale": locale,
        "now": now,
    }
    row = connection.execute(STATEMENTS["add_member"], values).fetchone()
    if row is None:
        raise MemberError(
            f"email {email!r} already signs in to this workspace; choose another e-mail."
        )
    return int(row[0])


def checked_email(email: str) -> str:
    try:
        return normalize_email(email)
    except ValueError as fault:
        raise MemberError(str(fault)) from fault


def check_password_length(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise MemberError(
            f"password has {len(password)} characters; choose one of {SHORTEST_PASSWORD} "
            f"to {LONGEST_PASSWORD}."
        )


def hash_password(password: str) -> str:
    """Return the argon2id hash to store."""
    with TURNSTILE:
        return HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Tell whether a password is the one that was hashed.

    Raises:
        argon2.exceptions.VerificationError: it could not be compared, as when memory is short.
    """
    with TURNSTILE:
        try:
            return HASHER.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
