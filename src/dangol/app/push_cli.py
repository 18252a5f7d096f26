"""What the commands about devices do."""

import argparse
from dataclasses import asdict

import msgspec

from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.channels.probes import count_devices, read_probe_days, set_probe_days


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """Say how many devices there are, and in which state."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        now = shifted_clock(connection)
        counted = count_devices(connection, workspace_id=workspace_id, now=now)
        days = read_probe_days(connection, workspace_id=workspace_id)
    if options.json:
        told = {"probe_days": days, "devices": [asdict(one) for one in counted]}
        CONSOLE.print_json(msgspec.json.encode(told).decode())
        return 0
    CONSOLE.print(say_days(days))
    for one in counted:
        CONSOLE.print(
            f"{one.platform:<8} {one.state:<12} {one.devices:>9,}   "
            f"{one.silent:,} to be asked for, {one.asked:,} asked for in 24 hours"
        )
    return 0


def run_probe_after(options: argparse.Namespace, settings: Settings) -> int:
    """Set after how many days devices are asked for."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            set_probe_days(connection, workspace_id=workspace_id, days=options.days)
        except ValueError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(say_days(options.days))
    return 0


def say_days(days: int) -> str:
    if not days:
        return "No app is asked for unseen."
    return f"An app that was sent nothing for {days} days is asked for, unseen."
