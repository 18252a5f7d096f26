"""The tables of background jobs: procrastinate's own, in a schema of their own.

They are made and kept up to date by what procrastinate ships, so that its functions and its code
always agree; nothing of ours refers to them by foreign key.
"""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, LiteralString

from dangol.store.connect import Connection
from dangol.store.statements import trusted

# What a connection needs that is to run procrastinate's statements.
JOB_OPTIONS: Final = "-c search_path=procrastinate -c timezone=UTC"


def install_job_tables(connection: Connection) -> None:
    """Make the tables, or apply the migrations they lack, inside the caller's transaction."""
    connection.execute("create schema if not exists procrastinate")
    connection.execute(
        "create table if not exists procrastinate.dangol_applied (name text primary key)"
    )
    there = is_there(connection)
    connection.execute("set local search_path = procrastinate")
    if not there:
        connection.execute(read(shipped("sql") / "schema.sql"))
    for migration in missing(connection):
        if there:
            connection.execute(read(migration))
        connection.execute("insert into dangol_applied (name) values (%s)", (migration.name,))
    connection.execute("set local search_path = default")


def job_tables_current(connection: Connection) -> bool:
    """Tell whether the tables are those of the procrastinate that is installed."""
    return is_there(connection) and not any(missing(connection))


def is_there(connection: Connection) -> bool:
    row = connection.execute(
        "select to_regclass('procrastinate.procrastinate_jobs') is not null"
    ).fetchone()
    return bool(row and row[0])


def missing(connection: Connection) -> Iterator[Traversable]:
    """Yield the migrations that the tables lack, in the order they apply."""
    rows = connection.execute("select name from procrastinate.dangol_applied").fetchall()
    applied = {name for (name,) in rows}
    files = sorted(shipped("sql", "migrations").iterdir(), key=lambda file: file.name)
    for file in files:
        if file.name.endswith(".sql") and file.name not in applied:
            yield file


def shipped(*folders: str) -> Traversable:
    """Return a folder of procrastinate's; loads it, so only who migrates calls this."""
    return resources.files("procrastinate").joinpath(*folders)


def read(file: Traversable) -> LiteralString:
    return trusted(file.read_text(encoding="utf-8"))
