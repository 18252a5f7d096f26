"""What a journey would have done in past days, tried beside the live tables."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from dangol.app.clock import STATEMENTS
from dangol.app.journeys import apply_journey
from dangol.app.problem import ProblemError
from dangol.app.trial.findings import Findings, Trial, gather
from dangol.app.trial.past import Window, lay_out_past
from dangol.app.trial.play import STORY_KEY
from dangol.app.trial.rerun import Rerun
from dangol.app.trial.telling import say_time
from dangol.journeys.definition import parse_journey
from dangol.journeys.steps import JourneyDefinition
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.scratch import FIRST_WORKSPACE, open_scratch
from dangol.store.vault import Vault
from dangol.store.workspace import read_workspace

EXAMPLES: Final = 10
STEP: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)
MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is tried: a journey over some days of a shop, the clock going on in steps."""

    workspace_id: int
    text: str
    first_day: date
    last_day: date
    step: timedelta = STEP
    examples: int = EXAMPLES
    # KRW a message, by channel.
    prices: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


def ignore(_: datetime) -> None:
    """Show no progress."""


def run_backtest(
    live: Connection,
    lake: Lake,
    plan: Plan,
    *,
    dsn: str,
    progress: Callable[[datetime], None] = ignore,
) -> Findings:
    """Let a journey run through past days, and return what it did.

    Reads the live tables and the lake, and writes only into a scratch schema of the database that
    ``dsn`` names. ``progress`` is told how far the clock is.

    Raises:
        BadJourney: the journey cannot run.
        ProblemError: nothing is known of these days.
    """
    definition = parse_journey(plan.text)
    with live.transaction():
        workspace = read_workspace(live, workspace_id=plan.workspace_id)
    window = window_of(plan, zone=workspace.zone, counted_days=workspace.counted_days)
    with open_scratch(dsn) as scratch:
        trial_id = FIRST_WORKSPACE + secrets.randbelow(FIRST_WORKSPACE - 1)
        past = lay_out_past(
            live,
            scratch,
            lake,
            workspace_id=plan.workspace_id,
            trial=trial_id,
            journey=definition.name,
            window=window,
        )
        if not past.size:
            raise ProblemError(
                f"The history holds no events from {plan.first_day} to {plan.last_day}. "
                "Choose other days with --from and --to."
            )
        trial, notes = publish(
            scratch, definition, plan, workspace_id=trial_id, zone=workspace.zone, window=window
        )
        watched, asked = read_events(scratch, trial)
        Rerun(
            scratch=scratch,
            workspace=trial_id,
            vault=Vault(STORY_KEY),
            past=past,
            window=window,
            every=plan.step,
            watched=watched,
            asked=asked,
        ).prepare().run(progress=progress)
        return gather(
            scratch,
            trial,
            prices=plan.prices,
            events=past.size,
            examples=plan.examples,
            notes=notes,
        )


def window_of(plan: Plan, *, zone: ZoneInfo, counted_days: int) -> Window:
    """Return the days as moments."""
    since, until = (
        datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        for day in (plan.first_day, plan.last_day + DAY)
    )
    counted_since = since - timedelta(days=counted_days)
    return Window(since=since, until=until - MOMENT, capped_since=counted_since)


def publish(
    scratch: Connection,
    definition: JourneyDefinition,
    plan: Plan,
    *,
    workspace_id: int,
    zone: ZoneInfo,
    window: Window,
) -> tuple[Trial, list[str]]:
    """Let the journey run from the first day on; return which it is, and what to know about it."""
    with scratch.transaction():
        apply_journey(scratch, workspace_id=workspace_id, text=plan.text, now=window.since)
        values = {
            "workspace_id": workspace_id,
            "journey": definition.name,
            "names": [definition.entry.segment] if definition.entry.segment else [],
            "since": window.since,
        }
        row = scratch.execute(STATEMENTS["find_trial_journey"], values).fetchone()
        young = scratch.execute(STATEMENTS["list_young_segments"], values).fetchall()
    assert row is not None  # noqa: S101 - it was published a moment ago
    journey_id, version_id, entered_before = row
    trial = Trial(
        workspace_id=workspace_id,
        journey=definition.name,
        journey_id=journey_id,
        version_id=version_id,
        zone=zone,
        since=window.since,
        until=window.until,
    )
    return trial, list(say_notes(young, entered_before, zone=zone))


def say_notes(
    young: list[tuple[str, datetime]], entered_before: int, *, zone: ZoneInfo
) -> Iterator[str]:
    """Say what of these days is known only in part."""
    for name, made_at in young:
        yield (
            f"the segment {name} was made at {say_time(made_at, zone)}; before that nobody "
            "is known to have come or gone."
        )
    if entered_before:
        yield (
            f"{entered_before:,} enrollments of the journey are from before; they are over, and "
            "count where somebody wants to enter again."
        )


def read_events(
    scratch: Connection, trial: Trial
) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Return the events at which the journey must be looked at, and those it may ask about.

    None for every event.
    """
    values = {"version_id": trial.version_id}
    with scratch.transaction():
        rows = scratch.execute(STATEMENTS["list_trial_events"], values).fetchall()
    watched = [name for name, is_watched in rows if is_watched]
    return every_or(watched), every_or([name for name, _ in rows])


def every_or(names: list[str | None]) -> frozenset[str] | None:
    """Return the names; None, which stands for every event, if it is among them."""
    found = frozenset(name for name in names if name is not None)
    return None if None in names else found
