"""The commands about limits beside the shop's own."""

import argparse
from dataclasses import asdict

import msgspec

from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.guard.caps import Cap, list_caps, remove_cap, save_cap
from dangol.store.vocabulary import Channel


def run_cap(options: argparse.Namespace, settings: Settings) -> int:
    """Set, list or remove limits."""
    if options.action == "list":
        return list_all(options, settings)
    needed = ("messages", "days") if options.action == "set" else ("days",)
    for name in needed:
        if getattr(options, name) is None:
            raise ProblemError(f"--{name} is missing: how many? `dangol guard cap --help` shows.")
    return set_one(options, settings) if options.action == "set" else remove_one(options, settings)


def list_all(options: argparse.Namespace, settings: Settings) -> int:
    """List the limits."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        caps = list_caps(connection, workspace_id=workspace_id)
    if options.json:
        CONSOLE.print_json(msgspec.json.encode([asdict(cap) for cap in caps]).decode())
        return 0
    for cap in caps:
        CONSOLE.print(say_cap(cap))
    if not caps:
        CONSOLE.print("There are no limits beside those of `dangol guard show`.")
    return 0


def set_one(options: argparse.Namespace, settings: Settings) -> int:
    """Set a limit."""
    cap = Cap(
        channel=channel_of(options),
        topic=options.topic or None,
        messages=options.messages,
        days=options.days,
    )
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            save_cap(connection, cap, workspace_id=workspace_id)
        except (LookupError, ValueError) as error:
            raise ProblemError(error.args[0]) from error
    CONSOLE.print(say_cap(cap))
    return 0


def remove_one(options: argparse.Namespace, settings: Settings) -> int:
    """Remove a limit."""
    with open_connection(settings) as connection:
        try:
            remove_cap(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                channel=channel_of(options),
                topic=options.topic or None,
                days=options.days,
            )
        except LookupError as error:
            raise ProblemError(error.args[0]) from error
    CONSOLE.print("Removed.")
    return 0


def channel_of(options: argparse.Namespace) -> Channel | None:
    return Channel(options.channel) if options.channel else None


def say_cap(cap: Cap) -> str:
    """Say a limit in a line."""
    where = cap.channel or "all channels"
    about = f"about {cap.topic}" if cap.topic else "about everything"
    return f"at most {cap.messages} in {cap.days} days, {where}, {about}"
