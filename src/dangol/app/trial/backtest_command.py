"""`dangol backtest`: try a journey on past days, report, and say whether that is as expected."""

import argparse
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from dangol.app.clock import shifted_clock
from dangol.app.history import open_lake
from dangol.app.manage import CONSOLE, NOTES, find_workspace, open_dsn, read_text
from dangol.app.problem import EXIT_PROBLEM, EXIT_USAGE, ProblemError
from dangol.app.settings import Settings
from dangol.app.trial.backtest import Plan, run_backtest
from dangol.app.trial.expecting import Expectation, read_expectation
from dangol.app.trial.findings import Findings
from dangol.app.trial.findings_text import say_findings
from dangol.journeys.steps import BadJourney
from dangol.store.connect import connect

STEP: Final = re.compile(r"([1-9][0-9]{0,3})(m|h)")
UNITS: Final = {"m": "minutes", "h": "hours"}
LONGEST_STEP: Final = timedelta(days=1)


def run_command(options: argparse.Namespace, settings: Settings) -> int:
    """Run a backtest; print its report, and what of it is not as expected."""
    try:
        asked: list[str] = options.expect or []
        expected = [read_expectation(text) for text in asked]
    except ValueError as fault:
        NOTES.print(f"dangol: --expect: {fault}")
        return EXIT_USAGE
    text = read_text(options.file)
    try:
        found = run_plan(options, settings, text)
    except BadJourney as bad:
        raise ProblemError(f"{options.file} cannot run:\n{bad}") from bad
    if options.json:
        # Bytes that depend on the report alone, not on the terminal.
        CONSOLE.file.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
        CONSOLE.file.flush()
    else:
        for line in say_findings(found):
            CONSOLE.print(line)
    return judge(found, expected)


def run_plan(options: argparse.Namespace, settings: Settings, text: str) -> Findings:
    """Run the backtest that the options ask for."""
    with open_dsn(settings) as dsn, connect(dsn) as live:
        plan = Plan(
            workspace_id=find_workspace(live, name=options.workspace),
            text=text,
            first_day=read_day(options.first, option="--from"),
            last_day=read_day(options.last, option="--to"),
            step=read_step(options.step),
            examples=options.examples,
            prices={"email": Decimal(str(settings.email_price_krw))},
        )
        check_days(plan, today=shifted_clock(live).date())
        with show_progress(plan) as progress:
            return run_backtest(live, open_lake(settings), plan, dsn=dsn, progress=progress)


def read_day(text: str, *, option: str) -> date:
    """Read a day.

    Raises:
        ProblemError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ProblemError(f"{option} {text} is no day. Write one like 2027-03-02.") from error


def check_days(plan: Plan, *, today: date) -> None:
    """Refuse days that have not been, or the wrong way round.

    Raises:
        ProblemError: saying which to change.
    """
    if plan.last_day < plan.first_day:
        raise ProblemError(f"--to {plan.last_day} is before --from {plan.first_day}. Swap them.")
    if plan.first_day > today:
        raise ProblemError(f"--from {plan.first_day} has not been yet. Choose past days.")


def read_step(text: str) -> timedelta:
    """Read "15m" or "1h": how finely the clock stops.

    Raises:
        ProblemError: it is none.
    """
    found = STEP.fullmatch(text)
    step = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < step <= LONGEST_STEP:
        raise ProblemError(f"--step {text} is no step. Write one like 15m or 1h, up to 24h.")
    return step


@contextmanager
def show_progress(plan: Plan) -> Generator[Callable[[datetime], None], None, None]:
    """Show how far the clock is."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=NOTES,
        transient=True,
    )
    with progress:
        days = (plan.last_day - plan.first_day).days + 1
        task = progress.add_task("reading the past", total=days * 86_400)
        begun: list[datetime] = []

        def show(moment: datetime) -> None:
            begun[1:] = []
            begun.append(moment)
            passed = (moment - begun[0]).total_seconds()
            progress.update(task, completed=passed, description=f"{moment:%Y-%m-%d}")

        yield show


def judge(found: Findings, expected: list[Expectation]) -> int:
    """Say which expectations the report does not meet; 1 if there is one."""
    failed = [one for one in expected if not one.holds(found)]
    for one in failed:
        NOTES.print(f"dangol: expected {one.text}, but it is {one.value(found)}.")
    return EXIT_PROBLEM if failed else 0
