"""`dangol access`: who saw whose data."""

import argparse
import getpass
import json
from dataclasses import asdict

from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.rights.access import Access, list_accesses
from dangol.rights.find import NobodyError, find_customer


def account() -> str:
    """Return the account of the machine that runs a command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown account"


def run_access_list(options: argparse.Namespace, settings: Settings) -> int:
    """List who saw whose data, newest first."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        customer_id = None
        if options.customer:
            try:
                customer_id = find_customer(
                    connection,
                    workspace_id=workspace_id,
                    vault=open_vault(settings.key_path),
                    who=options.customer,
                )
            except NobodyError as nobody:
                raise ProblemError(str(nobody)) from nobody
        found = list_accesses(
            connection,
            workspace_id=workspace_id,
            customer_id=customer_id,
            by_whom=options.by,
            most=options.most,
        )
    if options.json:
        CONSOLE.print(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return 0
    for one in found:
        CONSOLE.print(say_access(one))
    if not found:
        CONSOLE.print("Nobody has seen anything yet.")
    return 0


def say_access(one: Access) -> str:
    """Say an entry in a line."""
    whose = f"customers {', '.join(map(str, one.customer_ids))}" if one.customer_ids else ""
    parts = (
        f"{one.seen_at:%Y-%m-%d %H:%M:%S}Z",
        f"{one.by_kind} {one.by_whom}" + (f" ({one.role})" if one.role else ""),
        one.from_address,
        one.what,
        whose or f"{one.subjects:,} people",
        one.reason,
    )
    return " · ".join(filter(None, parts))
