"""`dangol apply`: make segments what files say, after showing what that changes."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from rich.progress import Progress

from dangol.app.clock import machine_time, shifted_clock
from dangol.app.history import open_lake
from dangol.app.manage import CONSOLE, NOTES, find_workspace, open_connection, read_text
from dangol.app.problem import EXIT_USAGE, ProblemError
from dangol.app.settings import Settings
from dangol.segments.change import SegmentFault
from dangol.segments.document import BadFiles, Fault, Wanted, read_documents
from dangol.segments.faults import BadCondition
from dangol.segments.plan import Step, carry_out, look_ahead, make_plan
from dangol.segments.wording import say
from dangol.store.connect import Connection
from dangol.store.lake import Lake

# For each segment that is judged ahead, and for all; what is left over is estimated. A refresh
# that ends meanwhile waits.
BUDGET: Final = timedelta(seconds=3)
IN_ALL: Final = timedelta(minutes=1)
SIGNS: Final = {"add": "+", "change": "~", "keep": "=", "restore": "+", "archive": "-"}


def run_apply(options: argparse.Namespace, settings: Settings) -> int:
    """Show what files change, ask, and do all of it or nothing."""
    try:
        wanted = read_files(options.f)
        with open_connection(settings) as connection:
            workspace_id = find_workspace(connection, name=options.workspace)
            now = shifted_clock(connection)
            plan = foresee(
                connection,
                open_lake(settings),
                wanted,
                workspace_id=workspace_id,
                prune=options.prune,
                now=now,
            )
            show(plan, as_json=options.json)
            if options.dry_run or all(step.action == "keep" for step in plan):
                return 0
            if not options.yes:
                ask()
            with connection.transaction():
                again = make_plan(
                    connection, wanted, workspace_id=workspace_id, prune=options.prune, now=now
                )
                if [one.action for one in again] != [one.action for one in plan]:
                    raise ProblemError("Somebody changed segments meanwhile. Run it again.")
                carry_out(connection, again, workspace_id=workspace_id, now=now)
    except BadFiles as bad:
        return refuse(bad)
    except (BadCondition, SegmentFault) as fault:
        raise ProblemError(f"Somebody changed segments meanwhile: {fault} Run it again.") from fault
    if not options.json:
        CONSOLE.print("Done. Members are found at the next refresh.")
    return 0


def read_files(paths: list[Path]) -> list[Wanted]:
    """Read every document of every file.

    Raises:
        BadFiles: with everything that is wrong in any of them.
        ProblemError: a file cannot be read.
    """
    wanted: list[Wanted] = []
    faults: list[Fault] = []
    for path in paths:
        found, wrong = read_documents(read_text(path), file=str(path))
        wanted += found
        faults += wrong
    if faults:
        raise BadFiles(faults)
    if not wanted:
        names = ", ".join(map(str, paths))
        raise BadFiles([Fault(place=names, path="$", remedy="There is no segment. Write one.")])
    return wanted


def refuse(bad: BadFiles) -> int:
    """Name everything that is wrong."""
    for fault in bad.faults:
        NOTES.print(f"dangol: {fault}")
    NOTES.print(f"{len(bad.faults)} to mend; nothing was changed.")
    return EXIT_USAGE


def foresee(
    connection: Connection,
    lake: Lake,
    wanted: list[Wanted],
    *,
    workspace_id: int,
    prune: bool,
    now: datetime,
) -> list[Step]:
    """Do it, look at what it does, and undo it.

    Raises:
        BadFiles: with everything that keeps the files from being applied.
    """
    plan: list[Step] = []
    with Progress(console=NOTES, transient=True) as progress, connection.transaction():
        plan = make_plan(connection, wanted, workspace_id=workspace_id, prune=prune, now=now)
        task = progress.add_task("looking ahead", total=len(plan))
        carry_out(connection, plan, workspace_id=workspace_id, now=now)
        plan = look_ahead(
            connection,
            lake,
            plan,
            workspace_id=workspace_id,
            now=now,
            timer=machine_time,
            budget=min(BUDGET, IN_ALL / max(len(plan), 1)),
            progress=lambda step: progress.update(task, advance=1, description=step.name),
        )
        raise psycopg.Rollback
    return plan


def show(plan: list[Step], *, as_json: bool) -> None:
    """Say what a plan does."""
    if as_json:
        changes = [as_change(step) for step in plan]
        CONSOLE.print_json(msgspec.json.encode({"changes": changes}).decode())
        return
    for step in plan:
        if step.action != "keep":
            for line in say_step(step):
                CONSOLE.print(line)
    kept = sum(step.action == "keep" for step in plan)
    if kept:
        CONSOLE.print(f"= {kept:,} as they are")


def as_change(step: Step) -> dict[str, object]:
    """Return a step for machines."""
    old, new = sentences(step)
    seen = asdict(step.seen) if step.seen else {}
    return {
        "action": step.action,
        "name": step.name,
        "was": old,
        "becomes": new,
        "entering": seen.get("entering", 0),
        "leaving": leaving(step),
        "exact": step.seen is None or step.seen.exact,
    }


def leaving(step: Step) -> int:
    """Return how many leave, about."""
    if step.action == "archive":
        return step.before.size if step.before else 0
    return step.seen.leaving if step.seen else 0


def sentences(step: Step) -> tuple[str, str]:
    """Return what a segment asked, and what it is going to ask."""
    old = step.before.published if step.before and step.action != "add" else None
    return (
        say(old, "en") if old else "",
        say(step.wanted.condition, "en") if step.wanted else "",
    )


def say_step(step: Step) -> Iterator[str]:
    """Say what becomes of a segment, in lines."""
    old, new = sentences(step)
    extra = {"restore": ", which was archived", "archive": " is archived"}.get(step.action, "")
    yield f"{SIGNS[step.action]} {step.name}{extra}"
    if step.wanted and step.before and step.action != "add":
        before = (step.before.title_ko, step.before.title_en)
        after = (step.wanted.title_ko, step.wanted.title_en)
        if before != after:
            yield f"    title: {' / '.join(before)} → {' / '.join(after)}"
    if old != new:
        if old:
            yield f"    - {old}"
        if new:
            yield f"    + {new}"
    if step.seen:
        about = "" if step.seen.exact else "about "
        yield f"    {about}{step.seen.entering:,} enter, {about}{step.seen.leaving:,} leave"
    elif step.action == "archive":
        yield f"    {leaving(step):,} leave, and no journey hears of it"


def ask() -> None:
    """Ask whether to go on.

    Raises:
        ProblemError: the answer was not yes, or there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise ProblemError("There is nobody to ask. Add --yes to apply, or --dry-run to look only.")
    NOTES.print("Apply this? [y/N]", end=" ")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise ProblemError("Nothing was changed.")
