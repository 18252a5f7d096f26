"""Working tables are emptied between uses, and no use leaves them larger for the next."""

from dangol.store.connect import FEW, LARGE, Connection, empty_working

PAGE = 8_192
FILL = """
insert into moving
select 0, 1, 1, place, place, to_timestamp(0), 1, 0, false, array_fill(1, array[20])
from generate_series(1, %s) as place
"""


def fill(connection: Connection, rows: int) -> None:
    connection.execute(FILL, (rows,))


def held(connection: Connection, table: str = "moving") -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()  # noqa: S608
    return row[0] if row else 0


def test_few_and_many_rows_are_gone(connection):
    connection.execute("insert into touched values ('email', 'one')")
    for rows in (FEW - 1, FEW, FEW + 1):
        fill(connection, rows)

        empty_working(connection, "moving", "rested", "touched")

        assert (held(connection), held(connection, "touched")) == (0, 0)


def test_few_rows_at_a_time_never_make_a_table_large(connection):
    largest = 0
    for _ in range(60):
        with connection.transaction():
            empty_working(connection, "moving")
            fill(connection, FEW - 1)
            row = connection.execute("select pg_relation_size('moving')").fetchone()
            largest = max(largest, row[0] if row else 0)
        connection.commit()

    # The last use before it is noticed may still add its own rows.
    assert largest <= LARGE + FEW * 200 + PAGE
