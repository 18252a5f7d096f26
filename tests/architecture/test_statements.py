"""Every .sql file is valid against the schema, says what it touches, and takes its clock."""

import ast
import re
from importlib import resources
from pathlib import Path

import psycopg

ROOT = Path(str(resources.files("dangol")))
STATEMENTS = sorted(ROOT.glob("*/sql/*.sql"))
CLOCK = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\("
    r"|\b(?:current_(?:timestamp|date|time)|local(?:timestamp|time))\b",
    re.IGNORECASE,
)
# Statements that ask the server for its own clock, and why.
CLOCK_READERS = {"app/read_server_clock": "the doctor compares it with the machine's"}
COMMENT = re.compile(r"--.*")
COPY = re.compile(r"(?:--.*\n)*copy ")
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
            judge(connection, path.read_text())
    except psycopg.Error as error:
        return str(error).partition("\n")[0]
    return None


def judge(connection: psycopg.Connection, sql: str) -> None:
    """Let PostgreSQL read a statement against the schema without doing anything."""
    if COPY.match(sql):
        # A copy cannot be prepared; one of no rows changes nothing.
        with connection.cursor() as cursor, cursor.copy(sql.encode()):
            return
    connection.execute(f"prepare under_test as {numbered(sql)}".encode())
    connection.execute("deallocate under_test")


def test_every_statement_prepares_against_the_schema(connection: psycopg.Connection) -> None:
    complaints = {name(path): complaint(connection, path) for path in STATEMENTS}

    assert {at: said for at, said in complaints.items() if said} == {}


def test_statements_take_their_clock_as_a_parameter() -> None:
    readers = {name(path) for path in STATEMENTS if CLOCK.search(COMMENT.sub("", path.read_text()))}

    assert readers == set(CLOCK_READERS)


def test_statements_open_with_what_they_do_and_what_they_touch() -> None:
    assert [name(path) for path in STATEMENTS if not HEADER.match(path.read_text())] == []


def test_statements_are_called_by_a_verb_and_its_object() -> None:
    assert [name(path) for path in STATEMENTS if not NAME.fullmatch(path.stem)] == []


def test_statements_are_run_by_their_own_stage() -> None:
    code = {stage: words_of(stage) for stage in {path.parent.parent for path in STATEMENTS}}

    assert [name(path) for path in STATEMENTS if path.stem not in code[path.parent.parent]] == []


def words_of(stage: Path) -> set[str]:
    """Return every name that stands in quotes in a stage's code."""
    return {
        word for code in stage.rglob("*.py") for word in re.findall(r'"(\w+)"', code.read_text())
    }


def test_sql_lives_in_statement_files() -> None:
    """Only schema, working tables and migrations are SQL without being a statement."""
    elsewhere = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.sql")
        if path.parent.name not in {"sql", "migrations"}
    }

    assert elsewhere == {"store/schema.sql", "store/working.sql"}


def written_in_place(path: Path) -> list[str]:
    """Return the calls in a module that run SQL written right there."""
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"execute", "executemany", "copy"}
        and call.args
        and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    ]


def test_no_code_runs_sql_written_in_place() -> None:
    """Only the store's own plumbing (locks, settings, partitions) may, where no table is meant."""
    found = {
        place
        for path in ROOT.rglob("*.py")
        if path.parent.name != "store"
        for place in written_in_place(path)
    }

    assert found == set()
