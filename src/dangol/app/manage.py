"""The commands that set a workspace up."""

import argparse
import secrets
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg
from rich.console import Console
from rich.progress import Progress

from dangol.app.clock import STATEMENTS, shifted_clock
from dangol.app.database import check_database, open_database, prepare_database
from dangol.app.keyfile import open_vault
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.app.starter import stock_workspace
from dangol.app.up import make_folder
from dangol.consent.purposes import install_purposes
from dangol.console.members import MemberError, create_member
from dangol.guard.limits import set_limits
from dangol.ingest.importer import import_file
from dangol.ingest.importer_guess import guess_mapping, say_guess
from dangol.ingest.importer_report import encode_report, say_report
from dangol.ingest.mapping import ImportFault, Mapping, load_mapping
from dangol.store.connect import Connection, connect
from dangol.store.workspace import create_workspace, read_workspace

CONSOLE: Final = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
NOTES: Final = Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)


@contextmanager
def open_dsn(settings: Settings) -> Generator[str, None, None]:
    """Yield where the installation's database is, which is up to date."""
    make_folder(settings.data_folder)
    with open_database(settings) as dsn:
        if settings.database_url:
            check_database(dsn)
        else:
            # Our own server has nobody else who could bring it up to date.
            _ = prepare_database(dsn)
        yield dsn


@contextmanager
def open_connection(settings: Settings) -> Generator[Connection, None, None]:
    """Yield a connection to the installation's database; what was done is committed at the end."""
    with open_dsn(settings) as dsn, connect(dsn) as connection:
        yield connection


@contextmanager
def asked(
    options: argparse.Namespace, settings: Settings, *refusals: type[Exception]
) -> Generator[tuple[Connection, int, datetime]]:
    """Lend a connection, the workspace meant and the time; say what cannot be done.

    Raises:
        ProblemError: the words of one of the refusals.
    """
    with open_connection(settings) as connection:
        try:
            workspace_id = find_workspace(connection, name=options.workspace)
            yield connection, workspace_id, shifted_clock(connection)
        except refusals as refusal:
            raise ProblemError(str(refusal)) from refusal


def find_workspace(connection: Connection, *, name: str) -> int:
    """Return the workspace of that name, or the only one.

    Raises:
        ProblemError: there is none, or several and none was named.
    """
    # A transaction of its own, so that what follows may commit in steps.
    with connection.transaction():
        found = connection.execute(STATEMENTS["find_workspaces"], {"name": name}).fetchall()
    if len(found) == 1:
        return found[0][0]
    if not found:
        what = f"There is no workspace named {name!r}." if name else "There is no workspace yet."
        raise ProblemError(f"{what} Create one with `dangol workspace add`.")
    names = ", ".join(row[1] for row in found)
    raise ProblemError(f"There are several workspaces ({names}). Name one with --workspace.")


def run_workspace_add(options: argparse.Namespace, settings: Settings) -> int:
    """Create a workspace."""
    with open_connection(settings) as connection:
        now = shifted_clock(connection)
        try:
            workspace_id = create_workspace(
                connection,
                name=options.name,
                time_zone=options.time_zone,
                default_locale=options.locale,
                sender_name=options.name,
                sender_email=options.sender_email,
                sender_postal=options.sender_postal,
                sender_phone=options.sender_phone,
                country=options.country,
                now=now,
            )
            # A shop that begins has no journeys that events of its messages could surprise.
            _ = set_limits(connection, workspace_id=workspace_id, changes={"message_events": True})
            stock_workspace(connection, workspace_id=workspace_id, locale=options.locale, now=now)
            install_purposes(
                connection, workspace_id=workspace_id, preset=options.collecting, now=now
            )
        except ValueError as error:
            raise ProblemError(str(error)) from error
        except psycopg.errors.UniqueViolation as error:
            raise ProblemError(
                f"There is a workspace named {options.name!r} already. Choose another --name."
            ) from error
    CONSOLE.print(f"Workspace {workspace_id} is ready. Next: dangol member add you@example.com")
    return 0


def run_member_add(options: argparse.Namespace, settings: Settings) -> int:
    """Let somebody sign in."""
    given = sys.stdin.readline().rstrip("\n") if options.password_stdin else ""
    password = given or secrets.token_urlsafe(12)
    with open_connection(settings) as connection:
        try:
            _ = create_member(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                email=options.email,
                password=password,
                role=options.role,
                locale=options.locale,
                now=shifted_clock(connection),
            )
        except MemberError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"{options.email} may sign in." if given else f"{options.email}  {password}")
    return 0


def run_import(options: argparse.Namespace, settings: Settings) -> int:
    """Import a file; print its report."""
    vault = open_vault(settings.key_path)
    try:
        given = load_mapping(options.mapping) if options.mapping else None
        with open_connection(settings) as connection, Progress(console=NOTES) as progress:
            workspace_id = find_workspace(connection, name=options.workspace)
            mapping = given or guess(connection, options, workspace_id=workspace_id)
            task = progress.add_task(f"{options.file.name}", total=None)
            report = import_file(
                connection,
                workspace_id=workspace_id,
                vault=vault,
                path=options.file,
                mapping=mapping,
                kind=options.kind,
                now=shifted_clock(connection),
                dry_run=options.dry_run,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    except ImportFault as error:
        raise ProblemError(str(error)) from error
    CONSOLE.print(encode_report(report).decode() if options.json else say_report(report))
    return 0


def guess(connection: Connection, options: argparse.Namespace, *, workspace_id: int) -> Mapping:
    """Guess what the columns of a file mean, and say so beside the report."""
    with connection.transaction():
        workspace = read_workspace(connection, workspace_id=workspace_id)
    mapping = guess_mapping(
        options.file,
        kind=options.kind,
        time_zone=workspace.time_zone,
        country=workspace.country,
    )
    NOTES.print(say_guess(mapping))
    return mapping


def read_text(path: Path) -> str:
    """Read a file the user named."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise about_file(
            error, path=path, purpose="input", remedy="Check the path and its permissions."
        ) from error
