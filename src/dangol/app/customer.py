"""The commands about one person: what is known, a copy of it, and forgetting it."""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from rich.progress import Progress, TaskID

from dangol.app.accesses import account
from dangol.app.clock import shifted_clock
from dangol.app.database import one_moment
from dangol.app.forget import make_tools
from dangol.app.history import open_lake
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, NOTES, find_workspace, open_connection
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.console.why import say_why
from dangol.content.masks import mask_email, mask_phone
from dangol.rights.access import Seen, Viewer, note_seen
from dangol.rights.erasure import STEPS, BusyError, erase, find_erasure
from dangol.rights.export import export_customer
from dangol.rights.find import NobodyError, find_customer
from dangol.rights.gather import Subject
from dangol.rights.sections import SECTIONS
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vault import Vault
from dangol.store.vocabulary import AccessBy
from dangol.store.workspace import read_workspace

MASKS: Final = {"email": mask_email, "phone": mask_phone}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The person a command is about."""

    connection: Connection
    vault: Vault
    lake: Lake
    workspace_id: int
    customer_id: int

    @property
    def subject(self) -> Subject:
        """What it takes to read all about them."""
        zone = read_workspace(self.connection, workspace_id=self.workspace_id).time_zone
        return Subject(
            connection=self.connection,
            lake=self.lake,
            vault=self.vault,
            workspace_id=self.workspace_id,
            customer_id=self.customer_id,
            explain=lambda number: say_why(
                self.connection,
                number,
                workspace_id=self.workspace_id,
                customer_id=self.customer_id,
                time_zone=zone,
            ),
        )


@contextmanager
def open_person(options: argparse.Namespace, settings: Settings) -> Generator[Meant, None, None]:
    """Yield the person whom the command names, outside of any transaction."""
    vault = open_vault(settings.key_path)
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            with connection.transaction():
                customer_id = find_customer(
                    connection, workspace_id=workspace_id, vault=vault, who=options.who
                )
        except NobodyError as error:
            raise ProblemError(str(error)) from error
        yield Meant(
            connection=connection,
            vault=vault,
            lake=open_lake(settings),
            workspace_id=workspace_id,
            customer_id=customer_id,
        )


def note_command(meant: Meant, what: str) -> None:
    """Write down that a command showed this person."""
    with meant.connection.transaction():
        note_seen(
            meant.connection,
            Viewer(kind=AccessBy.COMMAND, name=account()),
            [Seen(what=what, customer_ids=[meant.customer_id])],
            workspace_id=meant.workspace_id,
            now=shifted_clock(meant.connection),
        )


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """Print who it is, masked, and how much is held about them."""
    with open_person(options, settings) as meant:
        note_command(meant, "customer show")
        show(meant)
    return 0


def show(meant: Meant) -> None:
    with one_moment(meant.connection):
        subject = meant.subject
        for name in ("customer", "identifiers", "addresses", "consents"):
            for row in subject.rows(name):
                CONSOLE.print(describe(name, row))
        for section in SECTIONS[4:]:
            count = sum(1 for _ in subject.rows(section.name))
            CONSOLE.print(f"{section.name}: {count:,}")
        erasure = find_erasure(
            meant.connection, workspace_id=meant.workspace_id, customer_id=meant.customer_id
        )
        if erasure is not None:
            CONSOLE.print(f"erasure: {erasure.state}, asked {erasure.asked_at:%Y-%m-%d %H:%M} UTC")


def describe(section: str, row: tuple[object, ...]) -> str:
    """Return one row in a line, contact data masked."""
    shown = [str(value) for value in row if value is not None and value != ""]
    mask = MASKS.get(shown[0]) if section in ("identifiers", "addresses") else None
    if mask and len(shown) > 1:
        shown[1] = mask(shown[1])
    return f"{section}: {' · '.join(shown)}"


def run_export(options: argparse.Namespace, settings: Settings) -> int:
    """Write everything held about them into a folder."""
    folder: Path = options.to
    with open_person(options, settings) as meant, Progress(console=NOTES) as progress:
        task = progress.add_task("", total=None)
        make_empty(folder)
        note_command(meant, "customer export")
        now = shifted_clock(meant.connection)
        with one_moment(meant.connection):
            counts = export_customer(
                meant.subject,
                folder,
                now=now,
                progress=lambda name, count: show_count(progress, task, name, count),
            )
    CONSOLE.print(f"{sum(counts.values()):,} rows about them are in {folder}; see README.md there.")
    return 0


def show_count(progress: Progress, task: TaskID, name: str, count: int) -> None:
    progress.update(task, description=name, completed=count)


def show_step(progress: Progress, task: TaskID, step: str) -> None:
    progress.update(task, advance=1, description=step)


def make_empty(folder: Path) -> None:
    """Make the folder, for its owner only.

    Raises:
        ProblemError: it cannot be made, or holds something already.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        used = any(folder.iterdir())
    except OSError as error:
        remedy = "Choose another --to."
        raise about_file(
            error, path=folder, purpose="the export's folder", remedy=remedy
        ) from error
    if used:
        raise ProblemError(f"{folder} holds something already. Choose an empty folder with --to.")


def run_erase(options: argparse.Namespace, settings: Settings) -> int:
    """Forget somebody, after asking to type again who."""
    with open_person(options, settings) as meant, Progress(console=NOTES) as progress:
        if not options.yes:
            progress.stop()
            insist(options.who, meant.customer_id)
            progress.start()
        task = progress.add_task("erasing", total=len(STEPS))
        tools = make_tools(settings, vault=meant.vault, lake=meant.lake)
        tools = replace(tools, say=partial(show_step, progress, task))
        try:
            erasure = erase(
                meant.connection,
                tools,
                workspace_id=meant.workspace_id,
                customer_id=meant.customer_id,
                asked_by="command",
            )
        except BusyError as error:
            raise ProblemError(
                f"{error} Running workers see to it; `dangol up` has one."
            ) from error
    CONSOLE.print(f"Customer {meant.customer_id} is forgotten ({erasure.ref}).")
    return 0


def insist(who: str, customer_id: int) -> None:
    """Have the name typed again.

    Raises:
        ProblemError: something else was typed.
    """
    NOTES.print(f"This deletes everything about customer {customer_id} and cannot be undone.")
    NOTES.print("Type it again to go on:", end=" ")
    if sys.stdin.readline().strip() != who.strip():
        raise ProblemError("That is not the same. Nothing was deleted.")
