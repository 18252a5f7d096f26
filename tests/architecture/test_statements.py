"""Every .sql file is valid against the schema, says what it touches, and takes its clock."""

import re
from importlib import resources
from pathlib import Path

import psycopg
import pytest

ROOT = Path(str(resources.files("dangol")))
STATEMENTS = sorted(ROOT.glob("*/sql/*.sql"))
CLOCK = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\("
    r"|\b(?:current_(?:timestamp|date|time)|local(?:timestamp|time))\b",
    re.IGNORECASE,
)
COMMENT = re.compile(r"--.*")
PARAMETER = re.compile(r"%\((\w+)\)[sbt]")
# Line one is a sentence about the whole; the line before the statement says what it touches.
HEADER = re.compile(
    r"-- [A-Z][^\n]*\n"
    r"(?:-- [^\n]*\n)*?"
    r"-- (?:Reads [^\n]+|Writes [^\n]+|Locks [^\n]+|Releases [^\n]+)\n"
    r"(?:-- [^\n]*\n)*"
    r"(?!--)"
)
NAME = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")


def name(path: Path) -> str:
    return f"{path.parts[-3]}/{path.stem}"


def numbered(sql: str) -> str:
    """Write psycopg's named parameters as PostgreSQL's numbered ones."""
    names = list(dict.fromkeys(PARAMETER.findall(sql)))
    return PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", sql).replace("%%", "%")


def complaint(connection: psycopg.Connection, path: Path) -> str | None:
    """Return what PostgreSQL says against the statement, in one line."""
    try:
        with connection.transaction():
            connection.execute(f"prepare under_test as {numbered(path.read_text())}".encode())
            connection.execute("deallocate under_test")
    except psycopg.Error as error:
        return str(error).partition("\n")[0]
    return None


def test_every_statement_prepares_against_the_schema(connection: psycopg.Connection) -> None:
    complaints = {name(path): complaint(connection, path) for path in STATEMENTS}

    assert {at: said for at, said in complaints.items() if said} == {}


@pytest.mark.parametrize("path", STATEMENTS, ids=name)
def test_statement_takes_its_clock_as_a_parameter(path: Path) -> None:
    assert not CLOCK.search(COMMENT.sub("", path.read_text()))


@pytest.mark.parametrize("path", STATEMENTS, ids=name)
def test_statement_opens_with_what_it_does_and_what_it_touches(path: Path) -> None:
    assert HEADER.match(path.read_text())


@pytest.mark.parametrize("path", STATEMENTS, ids=name)
def test_statement_is_called_by_a_verb_and_its_object(path: Path) -> None:
    assert NAME.fullmatch(path.stem)


@pytest.mark.parametrize("path", STATEMENTS, ids=name)
def test_statement_is_run_by_its_own_stage(path: Path) -> None:
    stage = path.parent.parent

    assert any(f'"{path.stem}"' in code.read_text() for code in stage.rglob("*.py"))


def test_sql_lives_in_statement_files() -> None:
    """Only schema, working tables and migrations are SQL without being a statement."""
    elsewhere = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.sql")
        if path.parent.name not in {"sql", "migrations"}
    }

    assert elsewhere == {"store/schema.sql", "store/working.sql"}
