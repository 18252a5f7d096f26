"""Connections that every stage can rely on, and errors that say what to do about the server."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Final, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from dangol.store.statements import trusted

Connection = psycopg.Connection[TupleRow]

OLDEST_SERVER: Final = 15
# Nothing of ours runs long enough for compiling it to pay; and on no disk of today is a page at
# random four times as dear as the next one, which PostgreSQL believes unless told: it would read a
# table as a whole to find a few of its rows.
OPTIONS: Final = "-c timezone=UTC -c jit=off -c random_page_cost=1.1"
RECONNECT_SECONDS: Final = 1.0
# So many rows of a working table are sooner deleted than the table is truncated.
FEW: Final = 200
# What deleted rows leave behind; a working table that takes more (bytes) is truncated.
LARGE: Final = 262_144
# So many rows are worth telling the planner of, who would take any working table for a small one.
MANY: Final = 2_000
# Settings under which an acknowledged event could be lost; synchronous_commit may be stricter.
DURABLE: Final = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "remote_write", "remote_apply"),
    "full_page_writes": ("on",),
}


class StoreError(Exception):
    """The database cannot be used as it is; the text says why and what to do."""


def connect(dsn: str) -> Connection:
    """Open a connection in UTC with the tick's working tables in place.

    Raises:
        StoreError: the server cannot be reached, or the database has no Dangol tables yet.
    """
    connection = connect_bare(dsn)
    try:
        prepare_working(connection)
    except psycopg.errors.UndefinedObject:
        connection.close()
        raise StoreError(
            "The database has no Dangol tables yet. Run `dangol migrate` against it first."
        ) from None
    connection.commit()
    return connection


def connect_bare(dsn: str) -> Connection:
    """Open a connection in UTC to a database that may still be empty.

    Raises:
        StoreError: the server cannot be reached.
    """
    try:
        return psycopg.connect(
            dsn,
            application_name="dangol",
            options=OPTIONS,
        )
    except psycopg.ProgrammingError as fault:
        raise StoreError(
            f"DANGOL_DATABASE_URL cannot be read: {fault}. "
            "Write it as postgresql://user:password@host:5432/database."
        ) from fault
    except psycopg.OperationalError as fault:
        why = str(fault).strip().partition("\n")[0]
        raise StoreError(
            f"PostgreSQL cannot be reached: {why}. Check that the server runs and that "
            "DANGOL_DATABASE_URL names it, or unset it to use the embedded server."
        ) from fault


def prepare_working(connection: Connection) -> None:
    """Create the working tables of working.sql for this connection."""
    connection.execute(read_sql("working.sql"))


def ensure_working(connection: Connection) -> None:
    """Create the working tables unless this connection has them, as one of a pool may not."""
    row = connection.execute("select to_regclass('pg_temp.candidate') is null").fetchone()
    if row is None or row[0]:
        prepare_working(connection)


def empty_working(connection: Connection, *tables: LiteralString) -> None:
    """Empty those of these working tables that hold rows of an earlier use.

    Looking costs a fraction of emptying, and most are empty. A few rows are deleted: a table that
    is truncated is another file, for which every statement about it is planned anew. Many are
    truncated, and so is a table in which few at a time have left their room behind, so that no
    table grows: nothing but a truncation gives back what the rows of a temporary table took.
    """
    row = connection.execute(count_held(tables)).fetchone()
    held = dict(zip(tables, row or (), strict=True))
    if few := tuple(name for name, rows in held.items() if 0 < rows < FEW):
        connection.execute(delete_all(few))
    if many := tuple(name for name, rows in held.items() if rows >= FEW):
        names = sql.SQL(", ").join(map(sql.Identifier, many))
        connection.execute(sql.SQL("truncate {}").format(names))


def measure_working(connection: Connection, table: LiteralString, *, rows: int) -> None:
    """Let the planner know a working table that holds ``rows``, if so many change its mind."""
    if rows >= MANY:
        connection.execute(sql.SQL("analyze {}").format(sql.Identifier(table)))


@contextmanager
def join_by_hash(connection: Connection) -> Generator[None]:
    """Keep the planner from comparing every row of one working table with every row of another.

    How much they hold it cannot know, and a plan made while they held little is kept.
    """
    connection.execute("set local enable_nestloop = off")
    yield
    connection.execute("set local enable_nestloop = on")


@cache
def delete_all(tables: tuple[LiteralString, ...]) -> LiteralString:
    """Return one statement that deletes every row of some working tables."""
    first, *others = (sql.SQL("delete from {}").format(sql.Identifier(name)) for name in tables)
    if not others:
        return trusted(first.as_string())
    beside = [
        sql.SQL("{} as ({})").format(sql.Identifier(f"emptied_{number}"), other)
        for number, other in enumerate(others)
    ]
    return trusted(sql.SQL("with {} {}").format(sql.SQL(", ").join(beside), first).as_string())


@cache
def count_held(tables: tuple[LiteralString, ...]) -> LiteralString:
    """Return the statement that counts rows up to FEW; a table that takes much room holds as many.

    It is put together once: every tick asks it several times.
    """
    counts = [
        sql.SQL(
            "(select case when count(*) > 0 and pg_relation_size('pg_temp.{name}') > {large}"
            " then {few} else count(*) end from (select from {name} limit {few}) as few)"
        ).format(name=sql.Identifier(name), few=sql.Literal(FEW), large=sql.Literal(LARGE))
        for name in tables
    ]
    return trusted(sql.SQL("select {}").format(sql.SQL(", ").join(counts)).as_string())


def renew_statistics(connection: Connection) -> None:
    """Let the planner forget the values of deleted rows, which it keeps among the common ones."""
    connection.execute(
        "analyze customer, identifier, address, activity, enrollment, membership, acted_event,"
        " parked_event, shop_reference, shop_waiting, import_file, delivery, receipt, event"
    )


def check_server(connection: Connection) -> None:
    """Refuse a server that is too old, or that may lose what it has confirmed.

    Raises:
        StoreError: naming the setting, its value and the remedy.
    """
    version = connection.info.server_version // 10000
    if version < OLDEST_SERVER:
        raise StoreError(
            f"PostgreSQL {version} is too old: Dangol needs {OLDEST_SERVER} or newer. "
            "Upgrade the server, or unset DANGOL_DATABASE_URL to use the embedded one."
        )
    with connection.transaction():
        settings = connection.execute(
            "select name, setting from pg_settings where name = any(%s)", (list(DURABLE),)
        ).fetchall()
    for name, value in settings:
        if value not in DURABLE[name]:
            raise StoreError(
                f"PostgreSQL runs with {name} = {value}: a confirmed event could be lost. "
                f"Set {name} = on in postgresql.conf and reload the server."
            )


def open_pool(dsn: str, *, size: int) -> ConnectionPool[Connection]:
    """Open a pool for request handlers; a broken connection is replaced when next asked for."""
    return ConnectionPool(
        dsn,
        min_size=1,
        max_size=size,
        kwargs={
            "application_name": "dangol",
            "options": OPTIONS,
        },
        check=ConnectionPool.check_connection,
        # The pool waits twice as long after each failure. Giving up at once lets the next request
        # try anew, so that a database that is back is found within seconds, not minutes.
        reconnect_timeout=RECONNECT_SECONDS,
        open=True,
    )


def read_sql(name: str) -> LiteralString:
    """Return a SQL file that ships with the store."""
    return trusted(resources.files("dangol.store").joinpath(name).read_text(encoding="utf-8"))
