"""The commands about the guard: how much a shop wants to say, and what has been stopped."""

import argparse
from dataclasses import asdict
from typing import Final

import msgspec

from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.guard.limits import Limits, read_limits, set_limits
from dangol.guard.stop_loss import Stop, list_stops, resume_message

MEANINGS: Final = {
    "cap_messages": "advertising messages a customer gets on one channel in cap_days",
    "cap_days": "days the cap counts",
    "daily_messages": "advertising messages a customer gets a day, over all channels",
    "sunset_messages": "messages without a reaction after which advertising stops on a channel",
    "sunset_days": "days over which they must have gone without one",
    "reduced_days": "days between two messages to who ignores every channel but still visits",
    "send_time_hours": "hours a message may wait for when its customer reacts; 0: none",
    "holdout_permille": "of a thousand customers, how many get no advertising",
    "opt_out_limit": "share of receivers who may opt out of a message before it is stopped",
    "consent_notices": "whether people are told what the law wants told about their consents",
    "quiet_from": "when advertising begins to wait, by the customer's clocks",
    "quiet_until": "when it goes on; the same as quiet_from: never waits",
    "message_events": "whether what becomes of messages is written as events, too",
    "similar_goods": "whether buyers may hear of goods like theirs, where the law lets them",
}


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """Say the limits and what is stopped."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        limits = read_limits(connection, workspace_id=workspace_id)
        stops = list_stops(connection, workspace_id=workspace_id)
    if options.json:
        told = {"limits": asdict(limits), "stopped": [asdict(stop) for stop in stops]}
        CONSOLE.print_json(msgspec.json.encode(told).decode())
        return 0
    say_limits(limits)
    for stop in stops:
        CONSOLE.print(
            f"stopped since {stop.stopped_at:%Y-%m-%d %H:%M} UTC: {stop.template} in "
            f"{stop.journey}, {say_why(stop)}"
        )
    return 0


def say_why(stop: Stop) -> str:
    """Say why a message is stopped."""
    if stop.refused_because is not None:
        return f"refused {stop.sent} times in a row: {stop.refused_because}"
    return (
        f"{stop.opt_outs} of {stop.sent} opted out (at least "
        f"{stop.share_at_least:.1%}, and {stop.opt_out_limit:.1%} is borne)"
    )


def run_set(options: argparse.Namespace, settings: Settings) -> int:
    """Change limits."""
    changes = {
        name: getattr(options, name) for name in MEANINGS if getattr(options, name) is not None
    }
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            limits = set_limits(connection, workspace_id=workspace_id, changes=changes)
        except ValueError as error:
            raise ProblemError(str(error)) from error
    say_limits(limits)
    return 0


def run_resume(options: argparse.Namespace, settings: Settings) -> int:
    """Let a stopped message go on."""
    with open_connection(settings) as connection:
        try:
            resume_message(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                journey=options.journey,
                template=options.template,
                by="command line",
                now=shifted_clock(connection),
            )
        except LookupError as error:
            raise ProblemError(error.args[0]) from error
    CONSOLE.print(f"{options.template} in {options.journey} goes on; its opt-outs count anew.")
    return 0


def say_limits(limits: Limits) -> None:
    for name, value in asdict(limits).items():
        CONSOLE.print(f"{name:<17} {value!s:<6} {MEANINGS[name]}")
