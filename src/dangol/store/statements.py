"""Statements live in ``<stage>/sql/<name>.sql``, one per file."""

from collections.abc import Mapping
from importlib import resources
from typing import LiteralString, cast


def load_statements(package: str) -> Mapping[str, LiteralString]:
    """Return every statement of a stage, keyed by file name without the suffix.

    Each text starts with a ``/* stage/name */`` marker, so that a slow-query log or a
    ``pg_stat_statements`` row leads straight back to its file.
    """
    stage = package.rpartition(".")[2]
    folder = resources.files(package) / "sql"
    return {
        entry.name.removesuffix(".sql"): trusted(
            f"/* {stage}/{entry.name.removesuffix('.sql')} */ {entry.read_text(encoding='utf-8')}"
        )
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    }


def trusted(text: str) -> LiteralString:
    """Vouch for SQL that ships inside the package: as trustworthy as a literal in the code."""
    return cast("LiteralString", text)
