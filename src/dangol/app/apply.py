"""`dangol apply`: make segments and journeys what files say, after showing what that changes."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
import psycopg
from rich.progress import Progress

from dangol.app.clock import machine_time, shifted_clock
from dangol.app.files import Files, read_files
from dangol.app.history import open_lake
from dangol.app.journey_words import as_journey_change, say_journey
from dangol.app.journeys import JourneyChange, put_journeys, who_asks
from dangol.app.manage import CONSOLE, NOTES, find_workspace, open_connection
from dangol.app.problem import EXIT_USAGE, ProblemError
from dangol.app.settings import Settings
from dangol.journeys.inside import Inside
from dangol.segments.change import SegmentFault
from dangol.segments.document import BadFiles
from dangol.segments.faults import BadCondition
from dangol.segments.plan import Step, carry_out, look_ahead, make_plan
from dangol.segments.wording import say
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vocabulary import InsidePolicy

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
            order = Order(
                files=wanted,
                workspace_id=workspace_id,
                prune=options.prune,
                inside=Inside(policy=InsidePolicy(options.inside)),
                now=now,
            )
            plan = foresee(connection, open_lake(settings), order)
            show(plan, as_json=options.json)
            if options.dry_run or all(action == "keep" for action in actions(plan)):
                return 0
            if not options.yes:
                ask()
            with connection.transaction():
                again = do(connection, order)
                if actions(again) != actions(plan):
                    raise ProblemError("Somebody changed something meanwhile. Run it again.")
    except BadFiles as bad:
        return refuse(bad)
    except (BadCondition, SegmentFault) as fault:
        raise ProblemError(f"Somebody changed segments meanwhile: {fault} Run it again.") from fault
    if not options.json:
        CONSOLE.print("Done. Members are found at the next refresh.")
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done, and when."""

    files: Files
    workspace_id: int
    prune: bool
    inside: Inside
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What files change."""

    segments: list[Step]
    journeys: list[JourneyChange]


def actions(plan: Plan) -> list[str]:
    """Return what is done to each, in order."""
    return [one.action for one in (*plan.segments, *plan.journeys)]


def do(connection: Connection, order: Order) -> Plan:
    """Do it all; return what it was. To be called inside a transaction.

    Raises:
        BadFiles: with everything that keeps the files from being applied.
    """
    workspace_id, now = order.workspace_id, order.now
    segments = make_plan(
        connection, order.files.segments, workspace_id=workspace_id, prune=order.prune, now=now
    )
    carry_out(connection, segments, workspace_id=workspace_id, now=now)
    journeys = put_journeys(
        connection,
        order.files.journeys,
        workspace_id=workspace_id,
        inside=order.inside,
        now=now,
        by=who_asks(),
    )
    return Plan(segments=segments, journeys=journeys)


def refuse(bad: BadFiles) -> int:
    """Name everything that is wrong."""
    for fault in bad.faults:
        NOTES.print(f"dangol: {fault}")
    NOTES.print(f"{len(bad.faults)} to mend; nothing was changed.")
    return EXIT_USAGE


def foresee(connection: Connection, lake: Lake, order: Order) -> Plan:
    """Do it, look at what it does, and undo it.

    Raises:
        BadFiles: with everything that keeps the files from being applied.
    """
    plan = Plan(segments=[], journeys=[])
    with Progress(console=NOTES, transient=True) as progress, connection.transaction():
        plan = do(connection, order)
        task = progress.add_task("looking ahead", total=len(plan.segments))
        seen = look_ahead(
            connection,
            lake,
            plan.segments,
            workspace_id=order.workspace_id,
            now=order.now,
            timer=machine_time,
            budget=min(BUDGET, IN_ALL / max(len(plan.segments), 1)),
            progress=lambda step: progress.update(task, advance=1, description=step.name),
        )
        plan = Plan(segments=seen, journeys=plan.journeys)
        raise psycopg.Rollback
    return plan


def show(plan: Plan, *, as_json: bool) -> None:
    """Say what a plan does."""
    if as_json:
        changes = [as_change(step) for step in plan.segments]
        journeys = [as_journey_change(one) for one in plan.journeys]
        written = msgspec.json.encode({"changes": changes, "journeys": journeys})
        CONSOLE.print_json(written.decode())
        return
    said = [say_step(step) for step in plan.segments if step.action != "keep"]
    said += [say_journey(one) for one in plan.journeys if one.action != "keep"]
    for lines in said:
        for line in lines:
            CONSOLE.print(line)
    kept = actions(plan).count("keep")
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
