"""The commands that give and take keys of the tracking API."""

import argparse

import msgspec

from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.ingest.keys import KeyFault, ListedKey, create_api_key, list_api_keys, revoke_api_key
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope


def run_key_create(options: argparse.Namespace, settings: Settings) -> int:
    """Create an API key and print it, this once."""
    with open_connection(settings) as connection:
        try:
            key = create_api_key(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                kind=ApiKeyKind(options.kind),
                now=shifted_clock(connection),
                scopes=[ApiKeyScope(scope) for scope in options.scope or ()],
            )
        except KeyFault as fault:
            raise ProblemError(str(fault)) from fault
    CONSOLE.print(key)
    return 0


def run_key_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the keys, those that hold first."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        keys = list_api_keys(connection, workspace_id=workspace_id)
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(keys).decode())
        return 0
    for key in keys:
        CONSOLE.print(say_key(key))
    if not keys:
        CONSOLE.print("There is no key yet. Create one with `dangol key create`.")
    return 0


def say_key(key: ListedKey) -> str:
    """Say what a key is in one line."""
    ended = f", revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
    made = f"made {key.created_at:%Y-%m-%d}{ended}"
    return f"{key.id:>4}  {key.prefix}…  {key.kind:<7}  {', '.join(key.scopes)}  ({made})"


def run_key_revoke(options: argparse.Namespace, settings: Settings) -> int:
    """End a key."""
    with open_connection(settings) as connection:
        try:
            prefix = revoke_api_key(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                key_id=options.id,
                now=shifted_clock(connection),
            )
        except KeyFault as fault:
            raise ProblemError(str(fault)) from fault
    CONSOLE.print(f"The key {prefix}… is revoked; servers refuse it within half a minute.")
    return 0
