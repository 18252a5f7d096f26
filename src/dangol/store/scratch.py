"""A scratch schema: every table of Dangol once more, empty, beside the live ones and then gone.

Statements name tables without a schema, so a connection whose search path holds nothing but the
scratch schema can neither read nor write a live table. It needs neither a superuser nor the right
to create databases, only ``create`` on this one.
"""

import secrets
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Final, LiteralString

import psycopg
from psycopg import sql

from dangol.store.connect import (
    Connection,
    StoreError,
    connect_bare,
    prepare_working,
    read_sql,
)
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")
PREFIX: Final = "dangol_trial_"
# Whoever uses a scratch schema holds a lock of this class on its name as long as they live.
IN_USE: Final = 7_264_647
# Locks that name a workspace are the whole database's. A workspace that is tried out has a number
# that no live one has, so that neither ever waits for the other.
FIRST_WORKSPACE: Final = 1 << 30
# How statements are planned that are about few rows.
FOR_FEW: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
# What a sweep waits for a statement that outlives its killed client.
PATIENCE: Final = "2s"


@contextmanager
def open_scratch(dsn: str) -> Generator[Connection, None, None]:
    """Lend a connection to tables of its own, with the working tables; drop them all at the end.

    First drops what killed users have left behind.

    Raises:
        StoreError: the server cannot be reached, or the role may not create a schema.
    """
    name = f"{PREFIX}{secrets.token_hex(8)}"
    with closing(connect_bare(dsn)) as keeper:
        keeper.autocommit = True
        sweep_scratch(keeper)
        try:
            make_schema(keeper, name)
            with closing(connect_scratch(dsn, name)) as connection:
                yield connection
        finally:
            # A server that is gone cannot be asked; the next user sweeps.
            with suppress(psycopg.OperationalError):
                drop_schema(keeper, name)


def connect_scratch(dsn: str, name: str) -> Connection:
    """Open a connection that sees one scratch schema and nothing else, and make its tables."""
    connection = connect_bare(dsn)
    try:
        set_path = sql.SQL("set search_path to {}").format(sql.Identifier(name))
        connection.execute(set_path)
        # What is lost with the machine's power would have been dropped anyway.
        connection.execute("set synchronous_commit to off")
        connection.execute(read_sql("schema.sql"))
        first = sql.Literal(FIRST_WORKSPACE + secrets.randbelow(FIRST_WORKSPACE - 1))
        restart = sql.SQL("alter table workspace alter column id restart with {}").format(first)
        connection.execute(restart)
        prepare_working(connection)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def make_schema(keeper: Connection, name: str) -> None:
    """Make an empty schema and mark it as used for as long as the keeper is connected."""
    keeper.execute("select pg_advisory_lock(%s, hashtext(%s))", (IN_USE, name))
    try:
        keeper.execute(sql.SQL("create schema {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as refused:
        info = keeper.info
        raise StoreError(
            f"The role {info.user} may not create a schema in the database {info.dbname}, and a "
            "trial needs one for itself. Run as the database's owner: "
            f"grant create on database {info.dbname} to {info.user};"
        ) from refused


def drop_schema(keeper: Connection, name: str) -> None:
    """Drop a schema with all that is in it."""
    keeper.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(name)))


def sweep_scratch(keeper: Connection) -> list[str]:
    """Drop the scratch schemas that nobody uses any more; return their names.

    One that is still being written to is left to the next sweep.
    """
    names = keeper.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s)"
        " and pg_has_role(nspowner, 'usage') order by nspname",
        (PREFIX,),
    ).fetchall()
    swept: list[str] = []
    for (name,) in names:
        taken = keeper.execute(
            "select pg_try_advisory_lock(%s, hashtext(%s))", (IN_USE, name)
        ).fetchone()
        if taken != (True,):
            continue
        try:
            keeper.execute("select set_config('lock_timeout', %s, false)", (PATIENCE,))
            drop_schema(keeper, name)
            swept.append(name)
        except psycopg.errors.LockNotAvailable:
            pass
        finally:
            keeper.execute("reset lock_timeout")
            keeper.execute("select pg_advisory_unlock(%s, hashtext(%s))", (IN_USE, name))
    return swept


def carry_rows(
    live: Connection,
    scratch: Connection,
    *,
    table: LiteralString,
    statement: LiteralString,
    values: Mapping[str, object],
) -> None:
    """Copy what a statement selects from the live tables into a table of the scratch schema.

    The statement's columns are named like the table's; numbers that the table would give out
    itself are kept.
    """
    chosen = sql.SQL(statement)
    none = sql.SQL("select carried.* from ({}) as carried limit 0").format(chosen)
    columns = [column.name for column in live.execute(none, values).description or ()]
    taken = sql.SQL("copy ({}) to stdout").format(chosen)
    with (
        live.cursor().copy(taken, values) as rows,
        scratch.cursor().copy(into(table, columns)) as copy,
    ):
        for block in rows:
            copy.write(block)


def pour_rows(
    scratch: Connection,
    rows: Iterable[Sequence[object]],
    *,
    table: LiteralString,
    columns: Sequence[str],
) -> None:
    """Add rows to a table of the scratch schema."""
    with scratch.cursor().copy(into(table, columns)) as copy:
        for row in rows:
            copy.write_row(row)


def pour_csv(
    scratch: Connection, text: bytes, *, table: LiteralString, columns: Sequence[str]
) -> None:
    """Add rows written as CSV without a header to a table of the scratch schema."""
    with scratch.cursor().copy(into(table, columns) + sql.SQL(" (format csv)")) as copy:
        copy.write(text)


def into(table: LiteralString, columns: Sequence[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)


def settle_in(scratch: Connection, highest: Mapping[LiteralString, int]) -> None:
    """Let tables that rows are copied into give out numbers above the highest of these.

    A trial is one long run of small statements, for which compiling them never pays.
    """
    for table, number in highest.items():
        scratch.execute(
            "select setval(pg_get_serial_sequence(%s, 'id'), %s, false)", (table, number + 1)
        )
    scratch.execute("set jit to off")


def keep_working(scratch: Connection, *tables: LiteralString) -> None:
    """Let working tables that empty themselves at every commit keep what they hold.

    A table that empties itself makes every commit dearer, and every statement about it is planned
    anew: whoever ticks thousands of times over few rows empties it by hand, after each tick.
    """
    for name in tables:
        table = sql.Identifier(name)
        for step in (
            "create temporary table kept (like {} including all)",
            "drop table pg_temp.{}",
            "alter table kept rename to {}",
        ):
            scratch.execute(sql.SQL(step).format(table))


def loosen(scratch: Connection) -> None:
    """Take away what guards rows that come from outside, and what notes changes for segments.

    What is copied fits together, what is written is written by the stages, and nobody refreshes
    segments: foreign keys are a fifth of a trial's work. Keys, checks and all other triggers stay.
    """
    drops: dict[LiteralString, LiteralString] = {
        "list_foreign_keys": "alter table {} drop constraint {}",
        "list_touch_triggers": "drop trigger {} on {}",
    }
    for listed, drop in drops.items():
        for names in scratch.execute(STATEMENTS[listed]).fetchall():
            scratch.execute(sql.SQL(drop).format(*map(sql.Identifier, names)))


@contextmanager
def planned_for_few(scratch: Connection) -> Generator[None, None, None]:
    """Let statements be planned once, and for few rows, until the end.

    PostgreSQL has no statistics about working tables and takes them for large: it reads a whole
    table to join a handful of rows. Each column they are joined by has an index.
    """
    with scratch.transaction():
        for name, value in FOR_FEW.items():
            scratch.execute("select set_config(%s, %s, false)", (name, value))
    try:
        yield
    finally:
        # A broken connection has no settings to return to.
        if not scratch.broken:
            with scratch.transaction():
                for name in FOR_FEW:
                    scratch.execute(sql.SQL("reset {}").format(sql.Identifier(name)))


@contextmanager
def planned_for_many(scratch: Connection) -> Generator[None, None, None]:
    """Let a few statements within a transaction be planned for as many rows as there are."""
    names = sql.SQL(", ").join(
        sql.SQL("current_setting({})").format(sql.Literal(name)) for name in FOR_FEW
    )
    before = scratch.execute(sql.SQL("select {}").format(names)).fetchone() or ()
    for name in FOR_FEW:
        scratch.execute(sql.SQL("set local {} to default").format(sql.Identifier(name)))
    yield
    for name, value in zip(FOR_FEW, before, strict=True):
        scratch.execute("select set_config(%s, %s, true)", (name, value))


def highest_number(scratch: Connection, table: LiteralString) -> int:
    """Return the highest number that a row of a table has."""
    query = sql.SQL("select coalesce(max(id), 0) from {}").format(sql.Identifier(table))
    row = scratch.execute(query).fetchone()
    return int(row[0]) if row else 0


def count_again(scratch: Connection, *tables: LiteralString) -> None:
    """Let the planner know how many rows tables have by now; nobody else does that in time."""
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    scratch.execute(sql.SQL("analyze {}").format(names))
