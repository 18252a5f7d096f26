"""The commands that connect shop platforms."""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from dangol.app.clock import shifted_clock
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.ingest.event import Json
from dangol.ingest.mapping import MappingFault
from dangol.ingest.shops.connections import (
    ListedShop,
    ShopFault,
    add_shop,
    list_shops,
    remove_shop,
    rotate_shop,
)
from dangol.ingest.shops.mapping import load_webhook_mapping
from dangol.store.vocabulary import ShopPlatform


def run_shop_add(options: argparse.Namespace, settings: Settings) -> int:
    """Connect a shop and print the address to enter at its platform."""
    secret = read_secret(options)
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


def read_secret(options: argparse.Namespace) -> str:
    """Read the secret from standard input, so that no list of processes shows it."""
    if not options.secret_stdin:
        raise ProblemError("The secret is missing: give --secret-stdin and write it there.")
    return sys.stdin.readline().strip()


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


def run_shop_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the shops, where each posts to, and what waits."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        now = shifted_clock(connection)
        shops = list_shops(connection, workspace_id=workspace_id, now=now)
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(shops).decode())
        return 0
    for shop in shops:
        CONSOLE.print(f"{shop.name}  {shop.platform}  {settings.public_url}{shop.path}")
        for line in notes_on(shop, now=now):
            CONSOLE.print(f"    {line}")
    if not shops:
        CONSOLE.print("No shop is connected. Connect one with `dangol shop add --help`.")
    return 0


def notes_on(shop: ListedShop, *, now: datetime) -> Iterator[str]:
    """Say what is not as usual with a shop."""
    if shop.previous_until is not None:
        yield f"the secret before is accepted until {shop.previous_until:%Y-%m-%d %H:%M} UTC"
    if shop.oldest_waiting_at is not None:
        days = (now - shop.oldest_waiting_at).days
        yield (
            f"{shop.waiting:,} events wait to hear whose they are, the oldest for {days} days: "
            "let the platform send those orders again"
        )


def run_shop_rotate(options: argparse.Namespace, settings: Settings) -> int:
    """Give a shop a new secret."""
    secret = read_secret(options)
    grace = timedelta(hours=options.grace)
    with open_connection(settings) as connection:
        try:
            rotate_shop(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                name=options.name,
                secret=secret,
                vault=open_vault(settings.key_path),
                now=shifted_clock(connection),
                grace=grace,
            )
        except ShopFault as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(
        f"{options.name} has its new secret; the one before is accepted for {options.grace} hours."
    )
    return 0


def run_shop_remove(options: argparse.Namespace, settings: Settings) -> int:
    """End a shop's connection."""
    with open_connection(settings) as connection:
        try:
            remove_shop(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                name=options.name,
                drop_waiting=options.drop_waiting,
                now=shifted_clock(connection),
            )
        except ShopFault as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"{options.name} is no longer connected; what it has told stays.")
    return 0
