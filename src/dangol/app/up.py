"""`dangol up`: everything in one command, in one group of processes."""

import fcntl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dangol.app.database import list_workspaces, postgres_folder, prepare_database, url_of
from dangol.app.ports import hold_port
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings, as_environment
from dangol.app.supervisor import DangolProcess, PostgresChild, Supervisor, stop_on_signals
from dangol.store.connect import connect
from dangol.store.embedded import EmbeddedPostgres

NO_WORKSPACE = (
    "There is no workspace yet. Create one with `dangol workspace add --help`, "
    "or look at a year of shopping with `dangol demo`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What runs: its settings with the database's address filled in, and who keeps it alive."""

    settings: Settings
    supervisor: Supervisor

    def add(self, *arguments: str, name: str) -> None:
        """Start one more ``dangol`` command beside the others."""
        self.supervisor.add(
            DangolProcess(
                name=name, arguments=list(arguments), environment=as_environment(self.settings)
            )
        )


def up(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Run the database, the server and the workers until SIGTERM or Ctrl-C."""
    stop = stop_on_signals()
    with (
        hold_port(settings.host, settings.port),
        hold_folder(settings.data_folder),
        run_database(settings) as installation,
    ):
        installation.add("serve", name="serve")
        for number in range(settings.workers):
            installation.add("work", name=f"work-{number + 1}")
        say(f"Dangol listens at {settings.public_url}. Ctrl-C stops it.")
        with connect(installation.settings.database_url) as connection:
            if not list_workspaces(connection):
                say(NO_WORKSPACE)
        _ = stop.wait()
        say("Stopping: what has begun is finished.")


@contextmanager
def run_database(settings: Settings) -> Generator[Installation, None, None]:
    """Start or reach the database, bring it up to date, and yield what can run on it.

    At the end everything that was added is stopped, and then the database. The caller holds the
    data folder.
    """
    supervisor = Supervisor()
    if not settings.database_url:
        folder = postgres_folder(settings)
        child = PostgresChild(open=lambda: EmbeddedPostgres.start(folder))
        supervisor.add(child)
        if child.server is not None:
            settings = msgspec.structs.replace(settings, database_url=url_of(child.server))
    try:
        _ = prepare_database(settings.database_url)
        yield Installation(settings=settings, supervisor=supervisor)
    finally:
        supervisor.stop()


@contextmanager
def hold_folder(folder: Path) -> Generator[None, None, None]:
    """Make the data folder and keep others from running on it; a crash lets go of it.

    Raises:
        ProblemError: it cannot be written, or somebody else holds it.
    """
    make_folder(folder)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ProblemError(
                f"Another `dangol up` or `dangol demo` runs on {folder}. "
                "Stop it, or choose another folder."
            ) from error
        yield


def make_folder(folder: Path) -> None:
    """Make the data folder.

    Raises:
        ProblemError: it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise about_file(
            error,
            path=folder,
            purpose="the data folder",
            remedy="Set DANGOL_DATA_FOLDER (or --folder) to a folder you may write.",
        ) from error
