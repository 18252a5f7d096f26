"""Write keys: what a shop's servers and pages show to be let in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import ApiKeyKind

STATEMENTS = load_statements("dangol.ingest")
SECRET_BYTES: Final = 32
PREFIX: Final = {ApiKeyKind.BROWSER: "dk_b_", ApiKeyKind.SERVER: "dk_s_"}
# Enough of a key to recognise it in a list, far too little to use it.
SHOWN: Final = 9
# How long a process may go on trusting a key that was revoked meanwhile.
TRUSTED_FOR: Final = timedelta(seconds=30)
MOST_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """Whose key it is and what it may do."""

    id: int
    workspace_id: int
    kind: ApiKeyKind


def create_api_key(
    connection: Connection, *, workspace_id: int, kind: ApiKeyKind, now: datetime
) -> str:
    """Make a key and return it; only its hash is kept, so it is shown this once."""
    key = PREFIX[kind] + secrets.token_urlsafe(SECRET_BYTES)
    _ = connection.execute(
        STATEMENTS["add_api_key"],
        {
            "workspace_id": workspace_id,
            "kind": kind,
            "key_hash": hash_key(key),
            "prefix": key[:SHOWN],
            "now": now,
        },
    )
    return key


def find_api_key(connection: Connection, *, key: str) -> ApiKey | None:
    """Return whose key it is; None when nobody's, or revoked."""
    row = connection.execute(STATEMENTS["find_api_key"], {"key_hash": hash_key(key)}).fetchone()
    return ApiKey(id=row[0], workspace_id=row[1], kind=ApiKeyKind(row[2])) if row else None


def hash_key(key: str) -> bytes:
    """Return what a key is kept as: 256 random bits need no slow hash."""
    return sha256(key.encode()).digest()


@dataclass(slots=True)
class KeyRing:
    """The keys seen lately, so that not every request asks the database."""

    seen: dict[str, tuple[datetime, ApiKey]] = field(
        default_factory=dict[str, tuple[datetime, ApiKey]]
    )

    def find(
        self, key: str, *, now: datetime, look_up: Callable[[], ApiKey | None]
    ) -> ApiKey | None:
        """Return whose key it is, asking ``look_up`` when we do not know or knew it too long ago.

        Unknown keys are not remembered: a key just created works at once.
        """
        found_at, found = self.seen.get(key, (None, None))
        if found_at is not None and abs(now - found_at) < TRUSTED_FOR:
            return found
        if len(self.seen) >= MOST_REMEMBERED:
            self.seen.clear()
        fresh = look_up()
        if fresh is not None:
            self.seen[key] = (now, fresh)
        else:
            _ = self.seen.pop(key, None)
        return fresh
