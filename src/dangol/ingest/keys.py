"""Write keys: what a shop's servers and pages show to be let in."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from dangol.ingest.fault import BadPayload
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

STATEMENTS = load_statements("dangol.ingest")
SECRET_BYTES: Final = 32
PREFIX: Final = {ApiKeyKind.BROWSER: "dk_b_", ApiKeyKind.SERVER: "dk_s_"}
# Enough of a key to recognise it in a list, far too little to use it.
SHOWN: Final = 9
# How long a process may go on trusting a key that was revoked meanwhile.
TRUSTED_FOR: Final = timedelta(seconds=30)
MOST_REMEMBERED: Final = 1_000
# What a key may do unless its owner says otherwise; who reads or changes customers is said aloud.
USUAL_SCOPES: Final = {
    ApiKeyKind.BROWSER: (ApiKeyScope.TRACK,),
    ApiKeyKind.SERVER: (ApiKeyScope.TRACK, ApiKeyScope.IMPORT, ApiKeyScope.FEEDBACK),
}


class KeyFault(Exception):  # noqa: N818 - a fault of what was asked, said to its owner
    """A key cannot be made or ended like this; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """Whose key it is and what it may do."""

    id: int
    workspace_id: int
    kind: ApiKeyKind
    scopes: frozenset[ApiKeyScope] = frozenset()
    # Where a telephone number without a country code is at home.
    country: str = "KR"


def create_api_key(
    connection: Connection,
    *,
    workspace_id: int,
    kind: ApiKeyKind,
    now: datetime,
    scopes: Sequence[ApiKeyScope] = (),
) -> str:
    """Make a key and return it; only its hash is kept, so it is shown this once.

    Without ``scopes`` it may do what is usual for its kind (``USUAL_SCOPES``).

    Raises:
        KeyFault: a browser key was to do more than track.
    """
    chosen = tuple(dict.fromkeys(scopes)) or USUAL_SCOPES[kind]
    if kind is ApiKeyKind.BROWSER and chosen != USUAL_SCOPES[kind]:
        raise KeyFault(
            "A browser key stands in a page, where everybody can read it: it may only track. "
            "Leave --scope out, or create a server key."
        )
    key = PREFIX[kind] + secrets.token_urlsafe(SECRET_BYTES)
    _ = connection.execute(
        STATEMENTS["add_api_key"],
        {
            "workspace_id": workspace_id,
            "kind": kind,
            "scopes": list(chosen),
            "key_hash": hash_key(key),
            "prefix": key[:SHOWN],
            "now": now,
        },
    )
    return key


def find_api_key(connection: Connection, *, key: str) -> ApiKey | None:
    """Return whose key it is; None when nobody's, or revoked."""
    row = connection.execute(STATEMENTS["find_api_key"], {"key_hash": hash_key(key)}).fetchone()
    if row is None:
        return None
    key_id, workspace_id, kind, scopes, country = row
    return ApiKey(
        id=key_id,
        workspace_id=workspace_id,
        kind=ApiKeyKind(kind),
        scopes=frozenset(map(ApiKeyScope, scopes)),
        country=country,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKey:
    """One key as its owner sees it: never the key itself."""

    id: int
    kind: ApiKeyKind
    prefix: str
    scopes: list[ApiKeyScope]
    created_at: datetime
    revoked_at: datetime | None


def list_api_keys(connection: Connection, *, workspace_id: int) -> list[ListedKey]:
    """Return every key of a workspace, those that hold first."""
    rows = connection.execute(STATEMENTS["list_api_keys"], {"workspace_id": workspace_id})
    return [
        ListedKey(
            id=key_id,
            kind=ApiKeyKind(kind),
            prefix=prefix,
            scopes=[ApiKeyScope(scope) for scope in scopes],
            created_at=created_at,
            revoked_at=revoked_at,
        )
        for key_id, kind, prefix, scopes, created_at, revoked_at in rows
    ]


def revoke_api_key(connection: Connection, *, workspace_id: int, key_id: int, now: datetime) -> str:
    """End a key and return its first characters; servers go on trusting it for ``TRUSTED_FOR``.

    Raises:
        KeyFault: the workspace has no such key that holds.
    """
    values = {"workspace_id": workspace_id, "key_id": key_id, "now": now}
    row = connection.execute(STATEMENTS["revoke_api_key"], values).fetchone()
    if row is None:
        raise KeyFault(f"There is no key {key_id} that holds: `dangol key list` shows them.")
    return row[0]


def require_scope(key: ApiKey, scope: ApiKeyScope) -> None:
    """Let a key pass that may do this.

    Raises:
        BadPayload: it may not; it says which scope is missing and how to get it.
    """
    if scope not in key.scopes:
        raise missing_scope(key, scope)


def missing_scope(key: ApiKey, scope: ApiKeyScope) -> BadPayload:
    """Say which scope a key lacks and how to get it."""
    browser = key.kind is ApiKeyKind.BROWSER
    lacks = "is a browser key, which only tracks, and lacks" if browser else "lacks"
    return BadPayload(
        "missing_scope",
        f"This key {lacks} the scope {scope}: use one made with "
        f"`dangol key create server --scope {scope}`.",
    )


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
