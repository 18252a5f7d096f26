"""All that stands in the live tables, so that two moments can be compared."""

from psycopg import sql

from dangol.store.connect import connect_bare


def photograph(dsn: str) -> dict[str, list[str]]:
    """Every row of every live table, and where every sequence stands, as text."""
    with connect_bare(dsn) as connection:
        relations = connection.execute(
            "select relname, relkind from pg_class"
            " join pg_namespace on relnamespace = pg_namespace.oid"
            " where nspname = 'public' and relkind in ('r', 'S') order by 1"
        ).fetchall()
        rows = "select format('%s', live) from (select * from {}) as live order by 1"
        return {
            name: [row[0] for row in connection.execute(sql.SQL(rows).format(sql.Identifier(name)))]
            for name, _ in relations
        }
