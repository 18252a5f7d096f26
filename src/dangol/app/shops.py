"""The commands that connect shop platforms."""

import argparse
import sys

from dangol.app.clock import shifted_clock
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.ingest.event import Json
from dangol.ingest.mapping import MappingFault
from dangol.ingest.shops.connections import ShopFault, add_shop
from dangol.ingest.shops.mapping import load_webhook_mapping
from dangol.store.vocabulary import ShopPlatform


def run_shop_add(options: argparse.Namespace, settings: Settings) -> int:
    """Connect a shop and print the address to enter at its platform."""
    if not options.secret_stdin:
        raise ProblemError("The secret is missing: give --secret-stdin and write it there.")
    secret = sys.stdin.readline().strip()
    with open_connection(settings) as connection:
        try:
            path = add_shop(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                platform=ShopPlatform(options.platform),
                name=options.name,
                secret=secret,
                vault=open_vault(settings.key_path),
                now=shifted_clock(connection),
                mapping=read_mapping(options),
            )
        except ShopFault as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"{settings.public_url}{path}")
    return 0


def read_mapping(options: argparse.Namespace) -> Json | None:
    """Read the mapping that the user named, if any."""
    if options.mapping is None:
        return None
    try:
        return load_webhook_mapping(options.mapping)
    except MappingFault as error:
        raise ProblemError(str(error)) from error
    except OSError as error:
        raise about_file(
            error, path=options.mapping, purpose="mapping", remedy="Check the path."
        ) from error
