"""What the commands about vendors do."""

import argparse

import msgspec

from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.app.vendor_callbacks import callback_path
from dangol.app.vendor_desks import DESKS
from dangol.store.workspace import set_opt_out


def run_callbacks(options: argparse.Namespace, settings: Settings) -> int:
    """Print a workspace's callback addresses."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
    vault = open_vault(settings.key_path)
    urls = {
        vendor: settings.public_url + callback_path(vault, vendor=vendor, workspace_id=workspace_id)
        for vendor in DESKS
    }
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(urls).decode())
        return 0
    for vendor, url in urls.items():
        CONSOLE.print(f"{vendor}  {url}")
    return 0


def run_opt_out(options: argparse.Namespace, settings: Settings) -> int:
    """Set the number by which texts are refused."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            set_opt_out(connection, workspace_id=workspace_id, number=options.number)
        except ValueError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"Texts end with 무료수신거부 {options.number or '(a link)'}.")
    return 0
