"""The commands about dead letters: what has not arrived, and trying it again."""

import argparse
import json
from dataclasses import asdict

from dangol.app.accesses import account
from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.channels.dead import Dead, find_dead, list_dead, list_retries, retry_dead, why_not
from dangol.providers.vendor import FaultKind
from dangol.store.vocabulary import DeliveryState


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """List dead letters."""
    with open_connection(settings) as connection:
        found = list_dead(
            connection,
            workspace_id=find_workspace(connection, name=options.workspace),
            provider=options.vendor,
            fault=options.fault and FaultKind(options.fault),
            state=options.state and DeliveryState(options.state),
            before=options.before,
            most=options.most,
        )
    if options.json:
        CONSOLE.print_json(json.dumps([asdict(one) for one in found], default=str))
        return 0
    for one in found:
        CONSOLE.print(say_dead(one))
    if not found:
        CONSOLE.print("Nothing has failed for good.")
    return 0


def say_dead(one: Dead) -> str:
    """Say a dead letter in a line; it names nobody."""
    parts = (
        str(one.id),
        f"{one.settled_at:%Y-%m-%d %H:%M}Z",
        f"{one.provider} {one.channel} {one.purpose}",
        f"{one.journey or '-'} / {one.template}",
        f"{one.state} {one.fault or ''}".strip(),
        f"{one.code} {one.detail}".strip(),
    )
    return "  ".join(parts)


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """Show one dead letter, and whether it may be tried again."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            dead = find_dead(connection, workspace_id=workspace_id, delivery_id=options.id)
        except LookupError as error:
            raise ProblemError(str(error)) from error
        retries = list_retries(connection, workspace_id=workspace_id, delivery_id=dead.id)
        why = why_not(dead, even_if_sent=False, now=shifted_clock(connection))
    if options.json:
        told = {**asdict(dead), "why_not": why, "retries": [asdict(one) for one in retries]}
        CONSOLE.print_json(json.dumps(told, default=str))
        return 0
    CONSOLE.print(say_dead(dead))
    CONSOLE.print(f"message {dead.message_id}, customer {dead.customer_id}, try {dead.attempt}")
    for one in retries:
        CONSOLE.print(f"tried again {one.asked_at:%Y-%m-%d %H:%M}Z by {one.asked_by}: {one.reason}")
    CONSOLE.print(f"Not tried again: {why}." if why else "It may be tried again.")
    return 0


def run_retry(options: argparse.Namespace, settings: Settings) -> int:
    """Try dead letters again; exit 1 where one was refused."""
    with open_connection(settings) as connection:
        try:
            retried = retry_dead(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                delivery_ids=[int(number) for number in options.ids.split(",")],
                asked_by=f"command {account()}",
                reason=options.because,
                even_if_sent=options.even_if_sent,
                now=shifted_clock(connection),
            )
        except ValueError as error:
            raise ProblemError(f"{options.ids!r} with {options.because!r}: {error}") from error
    for number in retried.retried:
        CONSOLE.print(f"{number} is tried again, past the guard.")
    for number, why in retried.refused.items():
        CONSOLE.print(f"{number} is not: {why}.")
    return int(bool(retried.refused))
