"""The commands that run an installation."""

import argparse
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console

from dangol.app.database import check_database, open_database, prepare_database
from dangol.app.forget import remember
from dangol.app.mailbox import serve_mailbox
from dangol.app.serve import serve
from dangol.app.settings import Settings, as_environment
from dangol.app.supervisor import follow_parent, stop_on_signals
from dangol.app.up import make_folder, up
from dangol.app.worker import work

CONSOLE: Final = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
BACKUP_HINT: Final = """\
Four things hold everything; keep 1 and 2 together, and 3 and 4 apart from them.

1. PostgreSQL (customers, consents, messages, settings):
   pg_dump --format=custom --file=dangol.dump {database}
2. The history (Delta tables), any time, by copying:
   {lake}
3. The key that opens sealed addresses; without it 1 is readable only in part:
   {key}
4. The log of who was forgotten; keep its newest copy only, and never put an older one back:
   {log}

Leave dangol.fence, beside the key, out of every backup: it tells a restored copy from the original.

To restore: pg_restore --create into an empty server, put 2 and 3 back in their places and the
newest 4, then start with `dangol up`, which forgets again who was forgotten since. Nothing is sent
until you have looked at `dangol doctor` and said `dangol sending resume`.
"""


def run_up(options: argparse.Namespace, settings: Settings) -> int:
    """Run everything."""
    up(with_port(options, settings), say=CONSOLE.print)
    return 0


def run_serve(options: argparse.Namespace, settings: Settings) -> int:
    """Run the HTTP server."""
    follow_parent()
    settings = with_port(options, settings)
    make_folder(settings.data_folder)
    with open_database(settings) as dsn:
        check_database(dsn)
        settings = msgspec.structs.replace(settings, database_url=dsn)
        remember(settings)
        # The server's own process reads its settings from the environment.
        serve(settings, environment=as_environment(settings))
    return 0


def run_work(_: argparse.Namespace, settings: Settings) -> int:
    """Run one worker."""
    stop = stop_on_signals()
    follow_parent()
    make_folder(settings.data_folder)
    with open_database(settings) as dsn:
        check_database(dsn)
        settings = msgspec.structs.replace(settings, database_url=dsn)
        remember(settings)
        work(settings, stop=stop)
    return 0


def run_migrate(_: argparse.Namespace, settings: Settings) -> int:
    """Bring the database up to date."""
    make_folder(settings.data_folder)
    with open_database(settings) as dsn:
        applied = prepare_database(dsn)
        remember(msgspec.structs.replace(settings, database_url=dsn))
    CONSOLE.print("\n".join(applied) or "The database is up to date.")
    return 0


def run_backup_hint(_: argparse.Namespace, settings: Settings) -> int:
    """Print how to back up; a password in the database's address is not repeated."""
    hint = BACKUP_HINT.format(
        database='"$DANGOL_DATABASE_URL"' if settings.database_url else embedded_dump(settings),
        lake=settings.lake_folder,
        key=settings.key_path,
        log=settings.erasure_path,
    )
    CONSOLE.print(hint)
    return 0


def embedded_dump(settings: Settings) -> str:
    """Say how to reach our own server, which listens on a socket only."""
    folder = Path(settings.data_folder).resolve()
    return f"'host={folder}/postgres.sock user=postgres dbname=postgres'"


def run_mailbox(options: argparse.Namespace, _: Settings) -> int:
    """Run the demonstration's mail server."""
    stop = stop_on_signals()
    follow_parent()
    serve_mailbox(folder=options.folder, port=options.port, stop=stop)
    return 0


def with_port(options: argparse.Namespace, settings: Settings) -> Settings:
    """Let --port have the last word."""
    port: int | None = options.port
    return settings if port is None else msgspec.structs.replace(settings, port=port)
