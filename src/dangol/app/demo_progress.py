"""What a terminal shows while a year goes by."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from dangol.app.replay import Replay, Step


def show_progress(
    steps: Iterable[Step], *, replay: Replay, done: int, total: int, console: Console
) -> Iterator[Step]:
    """Yield the steps, showing after each how far it came."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
    with progress:
        task = progress.add_task("", total=total, completed=done)
        for step in steps:
            yield step
            progress.update(
                task,
                advance=len(step.events),
                description=describe(step, replay=replay),
            )


def describe(step: Step, *, replay: Replay) -> str:
    """Say where the replay is and what it has done."""
    done = replay.done
    return (
        f"{step.at.astimezone(replay.zone):%Y-%m-%d}  events {done['events']:,}  "
        f"enrolled {done['enrolled']:,}  decided {done['decided']:,}  mails {done['mails']:,}"
    )
