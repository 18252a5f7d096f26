"""Functions and files stay small enough to read in one look."""

import ast
from importlib import resources
from pathlib import Path

ROOT = Path(str(resources.files("dangol")))
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400

# Longer on purpose. Each entry says why; an entry that is no longer needed fails the test.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_FILES = {
    "store/vocabulary.py": "one word of the tables after another",
    "store/schema.sql": "read from top to bottom, as a customer's day flows",
    "store/migrations/0001_initial.sql": "is schema.sql until the first release",
}


def long_functions() -> set[str]:
    return {
        f"{path.relative_to(ROOT)}::{node.name}"
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES_MAX
    }


def long_files() -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in [*ROOT.rglob("*.py"), *ROOT.rglob("*.sql")]
        if len(path.read_text().splitlines()) > FILE_LINES_MAX
    }


def test_long_functions_are_exactly_the_excused_ones() -> None:
    assert long_functions() == set(LONG_FUNCTIONS)


def test_long_files_are_exactly_the_excused_ones() -> None:
    assert long_files() == set(LONG_FILES)
