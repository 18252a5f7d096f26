"""What the commands about ad audiences do."""

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

import msgspec

from dangol.app.ad_networks import open_networks
from dangol.app.audience_sync import Syncing, sync_audience
from dangol.app.chore import beat
from dangol.app.clock import shifted_clock
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.audiences.audience import (
    Audience,
    Plan,
    create_audience,
    find_audience,
    list_audiences,
    pause_audience,
    remove_audience,
    resume_audience,
)
from dangol.store.connect import Connection
from dangol.store.vocabulary import AdNetwork, Channel


@contextmanager
def open_shop(
    options: argparse.Namespace, settings: Settings
) -> Generator[tuple[Connection, int], None, None]:
    """Yield a connection and the workspace; what cannot be done is said as a problem."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            yield connection, workspace_id
        except (LookupError, ValueError) as error:
            raise ProblemError(str(error.args[0])) from error


def run_create(options: argparse.Namespace, settings: Settings) -> int:
    """Make an audience."""
    with open_shop(options, settings) as (connection, workspace_id):
        now = shifted_clock(connection)
        plan = Plan(
            name=options.name,
            segment=options.segment,
            network=AdNetwork(options.network),
            network_ref=options.ref,
            channels=tuple(Channel(one) for one in options.channel or ["email"]),
            most=options.most,
            ends_at=now + timedelta(days=options.days),
        )
        create_audience(connection, plan, workspace_id=workspace_id, now=now)
        CONSOLE.print(say(find_audience(connection, workspace_id=workspace_id, name=plan.name)))
    return 0


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the audiences."""
    with open_shop(options, settings) as (connection, workspace_id):
        found = list_audiences(connection, workspace_id=workspace_id)
    if options.json:
        CONSOLE.print_json(msgspec.json.encode([asdict(one) for one in found]).decode())
        return 0
    for one in found:
        CONSOLE.print(say(one))
    if not found:
        CONSOLE.print("There is no ad audience.")
    return 0


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """Show one audience."""
    with open_shop(options, settings) as (connection, workspace_id):
        found = find_audience(connection, workspace_id=workspace_id, name=options.name)
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(asdict(found)).decode())
        return 0
    CONSOLE.print(say(found))
    for reason, count in found.left_out.items():
        CONSOLE.print(f"  left out, {reason}: {count:,}")
    if found.fault:
        CONSOLE.print(f"  {found.network} said: {found.fault}")
    return 0


def run_sync(options: argparse.Namespace, settings: Settings) -> int:
    """Bring one audience in line, and say what that came to."""
    tools = Syncing(
        networks=open_networks(settings),
        vault=open_vault(settings.key_path),
        clock=shifted_clock,
    )
    with (
        open_shop(options, settings) as (connection, workspace_id),
        beat(connection, chore="audiences", workspace_id=workspace_id) as ours,
    ):
        if not ours:
            raise ProblemError("A worker is at it. Look again with `dangol audience show`.")
        with connection.transaction():
            found = find_audience(connection, workspace_id=workspace_id, name=options.name)
        turn = sync_audience(connection, tools, found)
    if turn.fault:
        raise ProblemError(f"{found.network} was not told everything: {turn.fault}.")
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in turn.left_out.items())
    CONSOLE.print(
        f"{turn.added:,} added, {turn.removed:,} taken out; left out: {left_out or 'nobody'}"
    )
    return 0


def run_pause(options: argparse.Namespace, settings: Settings) -> int:
    """Let nobody come into an audience for now."""
    with open_shop(options, settings) as (connection, workspace_id):
        now = shifted_clock(connection)
        pause_audience(connection, workspace_id=workspace_id, name=options.name, now=now)
    CONSOLE.print("Nobody comes in; who may not be in it any more is taken out all the same.")
    return 0


def run_resume(options: argparse.Namespace, settings: Settings) -> int:
    """Let people come into an audience again."""
    with open_shop(options, settings) as (connection, workspace_id):
        now = shifted_clock(connection)
        resume_audience(connection, workspace_id=workspace_id, name=options.name, now=now)
    CONSOLE.print("Workers let come in whoever may, within a minute.")
    return 0


def run_remove(options: argparse.Namespace, settings: Settings) -> int:
    """Let everybody leave an audience."""
    with open_shop(options, settings) as (connection, workspace_id):
        now = shifted_clock(connection)
        remove_audience(connection, workspace_id=workspace_id, name=options.name, now=now)
    CONSOLE.print("Workers take everybody out; `dangol audience list` says how far they are.")
    return 0


def say(one: Audience) -> str:
    """Say an audience in a line."""
    way = "".join(
        f", {count:,} {word}"
        for word, count in (("adding", one.adding), ("leaving", one.leaving))
        if count
    )
    if one.paused_at is not None and one.removed_at is None:
        way += f", paused since {one.paused_at:%Y-%m-%d}"
    until = (
        f"removed {one.removed_at:%Y-%m-%d}" if one.removed_at else f"until {one.ends_at:%Y-%m-%d}"
    )
    return (
        f"{one.name}: {one.segment} at {one.network} ({one.network_ref}), "
        f"{', '.join(one.channels)}; {one.added:,} of at most {one.most:,}{way}; {until}"
    )
