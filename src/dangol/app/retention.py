"""`dangol retention`: how long data is kept, and deleting what is older."""

import argparse
from typing import Final

import msgspec

from dangol.app.clock import shifted_clock
from dangol.app.history import open_lake
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.purposes import days_of
from dangol.app.settings import Settings
from dangol.consent.purposes import CollectionPurpose, list_purposes, list_short
from dangol.consent.retention_law import LEGAL_PERIODS
from dangol.rights.old_messages import read_message_period, set_message_period
from dangol.rights.retention import (
    Counts,
    Run,
    count_retention,
    read_last_run,
    run_retention,
)
from dangol.store.connect import StoreError

FOR_GOOD: Final = "ever"
# What no purpose has a period for.
OTHERS: Final = {
    "access log": "1 year, 2 from 50,000 customers on",
    "consents": "for good: they are the proof",
}


def run_retention_show(options: argparse.Namespace, settings: Settings) -> int:
    """Show the periods, the last run, and what the law asks."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        purposes = list_purposes(connection, workspace_id=workspace_id)
        last = read_last_run(connection, workspace_id=workspace_id)
        short = list_short(connection, workspace_id=workspace_id)
        messages = read_message_period(connection, workspace_id=workspace_id)
    if options.json:
        found = {
            "purposes": [
                {
                    "name": one.name,
                    "keep_events_days": one.keep_events_days,
                    "keep_traits_days": one.keep_traits_days,
                    "active": one.active,
                }
                for one in purposes
            ],
            "keep_messages_days": messages,
            "others": OTHERS,
            "law": [msgspec.to_builtins(period) for period in LEGAL_PERIODS],
            "shorter_than_law": [one.fault for one in short],
            "last_run": last,
        }
        CONSOLE.print(msgspec.json.encode(found).decode())
        return 0
    counts = last.counts if last else Counts()
    for purpose in purposes:
        CONSOLE.print(say_purpose(purpose, counts))
    CONSOLE.print(
        f"messages, with decisions, deliveries and receipts: {days_of(messages)} "
        f"({counts.messages:,} deleted at the last run)"
    )
    for what, period in OTHERS.items():
        CONSOLE.print(f"{what}: {period}")
    for one in LEGAL_PERIODS:
        CONSOLE.print(f"law: {one.title_ko} / {one.title_en}: {one.days} days ({one.source})")
    for one in short:
        CONSOLE.print(f"! {one.fault} Until then the law's period holds.")
    CONSOLE.print(f"last run: {last.finished_at:%Y-%m-%d %H:%M} UTC" if last else "never run yet")
    return 0


def run_retention_messages(options: argparse.Namespace, settings: Settings) -> int:
    """Set for how long messages are kept."""
    try:
        days = None if options.days == FOR_GOOD else int(options.days)
    except ValueError as error:
        raise ProblemError(
            f"days is {options.days!r}; write a number of days, or {FOR_GOOD}."
        ) from error
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            set_message_period(connection, workspace_id=workspace_id, days=days)
        except ValueError as error:
            raise ProblemError(str(error)) from error
        holds = read_message_period(connection, workspace_id=workspace_id)
    CONSOLE.print(f"Messages are kept {days_of(holds)}.")
    return 0


def say_purpose(purpose: CollectionPurpose, counts: Counts) -> str:
    """Say a purpose's periods and what the last run deleted by them."""
    return (
        f"{purpose.name}{'' if purpose.active else ' (not active)'}: "
        f"events {days_of(purpose.keep_events_days)} "
        f"({counts.events.get(purpose.name, 0):,} deleted at the last run), "
        f"traits {days_of(purpose.keep_traits_days)} ({counts.traits.get(purpose.name, 0):,})"
    )


def run_retention_now(options: argparse.Namespace, settings: Settings) -> int:
    """Delete what is older than its period, or only count it."""
    lake = open_lake(settings)
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        if options.dry_run:
            now = shifted_clock(connection)
            run = count_retention(connection, lake, workspace_id=workspace_id, now=now)
        else:
            try:
                run = run_retention(
                    connection, lake, workspace_id=workspace_id, clock=shifted_clock
                )
            except StoreError as error:
                raise ProblemError(str(error)) from error
    if options.json:
        done = {"dry_run": options.dry_run, **msgspec.to_builtins(run)}
        CONSOLE.print(msgspec.json.encode(done).decode())
        return 0
    CONSOLE.print("\n".join(say_run(run, dry=options.dry_run)))
    return 0


def say_run(run: Run, *, dry: bool) -> list[str]:
    """Say what went, a line for each purpose and kind."""
    verb = "would be deleted" if dry else "deleted"
    counts = run.counts
    said = [f"{purpose}: {count:,} events {verb}" for purpose, count in counts.events.items()]
    said += [f"{purpose}: {count:,} traits {verb}" for purpose, count in counts.traits.items()]
    said.append(f"messages: {counts.messages:,} {verb}")
    return [*said, f"access log: {counts.accesses:,} entries {verb}"]
