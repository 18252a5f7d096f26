"""Bring a database to the schema this version of Dangol is written for."""

from collections.abc import Iterable
from datetime import date, timedelta
from importlib import resources
from typing import Final, LiteralString

from psycopg import sql

from dangol.store.connect import Connection, StoreError
from dangol.store.job_tables import install_job_tables, job_tables_current
from dangol.store.statements import trusted

# Any two starters take turns: the number is arbitrary but must never change.
MIGRATION_LOCK: Final = 7_264_645
PARTITION_LOCK: Final = 7_264_646
PARTITION: Final = "event_{day:%Y%m%d}"


def migrate(connection: Connection) -> list[str]:
    """Apply the migrations this database lacks, in order and all or none; return their names.

    Raises:
        StoreError: the database was migrated by a newer Dangol.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        # A migration that waits for a lock makes everybody behind it wait as well.
        connection.execute("set local lock_timeout = '5s'")
        connection.execute("create table if not exists migration (name text primary key)")
        missing = missing_migrations(connection)
        for name in missing:
            connection.execute(read_migration(name))
            connection.execute("insert into migration (name) values (%s)", (name,))
        install_job_tables(connection)
    return missing


def missing_migrations(connection: Connection) -> list[str]:
    """Return the names of the migrations this database lacks, in the order they apply.

    Raises:
        StoreError: the database was migrated by a newer Dangol.
    """
    applied = {name for (name,) in connection.execute("select name from migration")}
    shipped = shipped_migrations()
    if unknown := applied - set(shipped):
        raise StoreError(
            f"The database holds migrations this Dangol does not know: {sorted(unknown)}. "
            "Start the newer version that applied them."
        )
    return [name for name in shipped if name not in applied]


def is_current(connection: Connection) -> bool:
    """Tell whether the database has every migration that ships."""
    with connection.transaction():
        row = connection.execute("select to_regclass('migration') is not null").fetchone()
        if not row or not row[0] or missing_migrations(connection):
            return False
        return job_tables_current(connection)


def shipped_migrations() -> list[str]:
    """Return the names of the migrations that ship, in the order they apply."""
    folder = resources.files("dangol.store") / "migrations"
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))


def read_migration(name: str) -> LiteralString:
    """Return the text of one migration."""
    folder = resources.files("dangol.store") / "migrations"
    return trusted((folder / name).read_text(encoding="utf-8"))


def ensure_event_partitions(connection: Connection, *, days: Iterable[date]) -> None:
    """Create the inbox's partition of each UTC day that has none yet.

    Writers who meet at midnight take turns, so that the second finds what the first has made.
    """
    for day in days:
        name = PARTITION.format(day=day)
        row = connection.execute("select to_regclass(%s) is not null", (name,)).fetchone()
        if row and row[0]:
            continue
        connection.execute("select pg_advisory_xact_lock(%s)", (PARTITION_LOCK,))
        connection.execute(
            sql.SQL(
                "create table if not exists {} partition of event for values from ({}) to ({})"
            ).format(
                sql.Identifier(name),
                sql.Literal(f"{day} 00:00+00"),
                sql.Literal(f"{day + timedelta(days=1)} 00:00+00"),
            )
        )


def event_partitions(connection: Connection) -> dict[date, str]:
    """Return the inbox's partitions by their UTC day."""
    rows = connection.execute(
        "select relname from pg_inherits join pg_class on pg_class.oid = inhrelid"
        " where inhparent = 'event'::regclass order by relname"
    )
    return {date.fromisoformat(name.removeprefix("event_")): name for (name,) in rows}


def drop_event_partitions(connection: Connection, *, before: date) -> list[str]:
    """Drop the inbox's partitions of days before ``before``; return their names.

    The caller makes sure that the lake has them.
    """
    old = [name for day, name in event_partitions(connection).items() if day < before]
    for name in old:
        connection.execute(sql.SQL("drop table {}").format(sql.Identifier(name)))
    return old
