"""`dangol story run`: tell stories, and say where one does not come true."""

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from dangol.app.database import url_of
from dangol.app.manage import CONSOLE, NOTES
from dangol.app.problem import EXIT_PROBLEM, EXIT_USAGE, ProblemError, about_file
from dangol.app.settings import Settings
from dangol.app.trial.play import Told, is_story, play_file
from dangol.app.trial.script import BadStory
from dangol.store.embedded import EmbeddedPostgres


def run_story(options: argparse.Namespace, settings: Settings) -> int:
    """Tell the story in a file, or every story in a folder."""
    told: list[Told] = []
    paths = find_stories(options.file)
    with lend_database(settings) as dsn:
        for path in paths:
            try:
                told.append(play_file(path, dsn=dsn))
            except BadStory as bad:
                return refuse(bad)
            except (OSError, UnicodeDecodeError) as error:
                raise unreadable(error, path) from error
            if not options.json:
                show(told[-1])
    if options.json:
        CONSOLE.print_json(msgspec.json.encode({"stories": [*map(as_fields, told)]}).decode())
    return EXIT_PROBLEM if any(one.failure for one in told) else 0


def find_stories(path: Path) -> list[Path]:
    """Return the file, or the stories in the folder and below it.

    Raises:
        ProblemError: there is none.
    """
    if not path.is_dir():
        return [path]
    found = [one for one in sorted(path.rglob("*.yaml")) if is_story(one)]
    if not found:
        raise ProblemError(
            f"There is no story in {path}. A story is a .yaml file with `story` and `lines`; "
            "docs/guides/stories.md shows one."
        )
    return found


@contextmanager
def lend_database(settings: Settings) -> Generator[str, None, None]:
    """Lend the database that the settings name, or a server that is gone afterwards."""
    if settings.database_url:
        yield settings.database_url
        return
    with TemporaryDirectory(prefix="dangol-trial-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres.start(Path(folder) / "postgres", durable=False)
        try:
            yield url_of(server)
        finally:
            server.stop()


def show(told: Told) -> None:
    """Say how a story ended."""
    if told.failure is None:
        CONSOLE.print(f"✓ {told.file}: {told.story} ({told.lines} lines)")
        return
    failure = told.failure
    CONSOLE.print(f"✗ {told.file}, line {failure.line}: {told.story}")
    CONSOLE.print(f"    expected {failure.expected}")
    CONSOLE.print(f"    but {failure.found}")
    for line in failure.why:
        CONSOLE.print(f"      {line}")


def as_fields(told: Told) -> dict[str, object]:
    """Return the end of a story for machines."""
    return {**asdict(told), "passed": told.failure is None}


def refuse(bad: BadStory) -> int:
    """Name everything that is wrong."""
    for fault in bad.faults:
        NOTES.print(f"dangol: {fault}")
    return EXIT_USAGE


def unreadable(error: OSError | UnicodeDecodeError, path: Path) -> ProblemError:
    if isinstance(error, UnicodeDecodeError):
        return ProblemError(f"{path} is no text in UTF-8. Save it as UTF-8.")
    return about_file(error, path=path, purpose="a story", remedy="Check the path.")
