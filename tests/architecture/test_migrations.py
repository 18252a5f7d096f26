"""Applying every migration to an empty database gives exactly what schema.sql describes."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from dangol.store.connect import Connection, connect_bare, read_sql
from dangol.store.migrate import migrate, shipped_migrations

# Column order is left out: a migration can only append, schema.sql is read in flow order.
# Partitions are data: they come and go with the days.
CATALOG = """
with relation as (
    select oid, relname, relkind, relrowsecurity, relpersistence
    from pg_class
    where relnamespace = 'public'::regnamespace and not relispartition
)
select 'relation', relname, '', relkind::text || relpersistence::text || relrowsecurity::text
from relation
union all
select
    'column', relation.relname, attname,
    concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
        pg_get_expr(adbin, adrelid))
from pg_attribute
inner join relation on attrelid = relation.oid
left join pg_attrdef on adrelid = attrelid and adnum = attnum
where attnum > 0 and not attisdropped and relation.relkind in ('r', 'p', 'v', 'm')
union all
select 'constraint', relation.relname, conname, pg_get_constraintdef(pg_constraint.oid)
from pg_constraint inner join relation on conrelid = relation.oid
union all
select 'index', relation.relname, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
from pg_index inner join relation on indrelid = relation.oid
union all
select 'trigger', relation.relname, tgname, pg_get_triggerdef(pg_trigger.oid)
from pg_trigger inner join relation on tgrelid = relation.oid
where not tgisinternal
union all
select 'policy', tablename, policyname, concat_ws(' ', permissive, roles, cmd, qual, with_check)
from pg_policies where schemaname = 'public'
union all
select 'view', relname, '', pg_get_viewdef(oid) from relation where relkind in ('v', 'm')
union all
select 'enum', typname, '', string_agg(enumlabel, ' ' order by enumsortorder)
from pg_enum inner join pg_type on enumtypid = pg_type.oid
where typnamespace = 'public'::regnamespace
group by typname
union all
select 'function', proname, pg_get_function_identity_arguments(oid), pg_get_functiondef(oid)
from pg_proc where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
"""
# What a migrated database has on top: the note of what was applied.
LEDGER = "migration"


def catalog(connection: Connection) -> set[tuple[str, ...]]:
    rows = connection.execute(CATALOG).fetchall()
    return {row for row in rows if not row[1].startswith(LEDGER)}


@pytest.fixture
def empty(empty_dsn: str) -> Iterator[Connection]:
    """Open a connection to a database in which nothing was ever made."""
    with closing(connect_bare(empty_dsn)) as connection:
        yield connection


def test_migrations_lead_to_the_schema(connection: Connection, empty: Connection) -> None:
    empty.execute(read_sql("schema.sql"))

    assert catalog(connection) == catalog(empty)


def test_migrations_apply_once(empty: Connection) -> None:
    assert migrate(empty) == shipped_migrations()
    assert migrate(empty) == []
