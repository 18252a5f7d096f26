"""Python and PostgreSQL use the same words, in the same order."""

import inspect
import re
from enum import StrEnum

import psycopg

from dangol.store import vocabulary

ENUMS = """
select pg_type.typname, array_agg(pg_enum.enumlabel::text order by pg_enum.enumsortorder)
from pg_enum
inner join pg_type on pg_enum.enumtypid = pg_type.oid
where pg_type.typnamespace = 'public'::regnamespace
group by pg_type.typname
"""


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def words_in_python() -> dict[str, list[str]]:
    return {
        snake_case(name): [word.value for word in kind]
        for name, kind in inspect.getmembers(vocabulary, inspect.isclass)
        if issubclass(kind, StrEnum) and kind is not StrEnum
    }


def words_in_postgresql(connection: psycopg.Connection) -> dict[str, list[str]]:
    return dict(connection.execute(ENUMS).fetchall())


def test_every_word_of_python_is_a_word_of_postgresql(connection: psycopg.Connection) -> None:
    assert words_in_python() == words_in_postgresql(connection)
