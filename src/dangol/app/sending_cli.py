"""The commands about whether anything is sent at all."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from dangol.app.clock import shifted_clock
from dangol.app.fence import open_fence, pause
from dangol.app.manage import CONSOLE, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.channels.overdue import DROPPED, Backlog, Overdue, count_overdue, expire_overdue
from dangol.store.connect import Connection
from dangol.store.vocabulary import Purpose

QUESTION: Final = "What shall happen with them: send, drop-advertising or drop? "


def run_status(options: argparse.Namespace, settings: Settings) -> int:
    """Say whether anything is sent; exit 1 where nothing is."""
    with open_connection(settings) as connection:
        why = open_fence(settings).why_closed(connection)
        overdue = count_overdue(connection, now=shifted_clock(connection))
    if options.json:
        told = {"sends": not why, "because": why, "overdue": [asdict(one) for one in overdue]}
        CONSOLE.print_json(json.dumps(told, default=str))
        return int(bool(why))
    CONSOLE.print(f"Nothing is sent: {why}." if why else "Sending goes on.")
    say_overdue(overdue)
    if why:
        CONSOLE.print("Make sure that no other copy sends, then: dangol sending resume")
    return int(bool(why))


def say_overdue(overdue: Sequence[Overdue]) -> None:
    for one in overdue:
        CONSOLE.print(
            f"{one.waiting:>9,}  {one.channel} {one.purpose}, since {one.oldest_at:%Y-%m-%d %H:%M}Z"
        )


def run_pause(options: argparse.Namespace, settings: Settings) -> int:
    """Let nothing be sent."""
    because = str(options.because).strip()
    if not because:
        raise ProblemError("--because is empty; say why, for whoever finds it paused.")
    with open_connection(settings) as connection:
        pause(connection, because=because)
    CONSOLE.print("Nothing is sent any more. Calls under way end; what is due waits.")
    return 0


def run_resume(options: argparse.Namespace, settings: Settings) -> int:
    """Let this machine send again, once it is said what becomes of what is due."""
    with open_connection(settings) as connection:
        overdue = count_overdue(connection, now=shifted_clock(connection))
        dropped = DROPPED[Backlog(options.overdue or ask(overdue))]
        resume(connection, settings, dropped=dropped)
    return 0


def ask(overdue: Sequence[Overdue]) -> str:
    """Show what is due and ask what becomes of it.

    Raises:
        ProblemError: nobody can be asked, or the answer is none of the three.
    """
    if not overdue:
        return "send"
    CONSOLE.print("These messages are due; after a restore some may have been sent already:")
    say_overdue(overdue)
    answer = input(QUESTION).strip() if sys.stdin.isatty() else ""
    if answer not in set(Backlog):
        raise ProblemError(
            "Nothing has been resumed. Say what becomes of what is due with --overdue: "
            f"{', '.join(Backlog)}."
        )
    return answer


def resume(connection: Connection, settings: Settings, *, dropped: Sequence[Purpose]) -> None:
    """Drop what was asked for and open the fence, in one transaction."""
    now = shifted_clock(connection)
    with connection.transaction():
        over = expire_overdue(connection, purposes=dropped, now=now)
        open_fence(settings).let_in(connection)
    CONSOLE.print(f"This machine sends. {over:,} messages that were due are over.")
