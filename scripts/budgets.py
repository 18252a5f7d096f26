"""Print how large the pieces are, beside the budgets of STYLE.md."""

import ast
import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "dangol"
TESTS = ROOT / "tests"
LONG_FUNCTION = 50
WORDS_MAX = 3
# Waits out whatever goes wrong in one round, and says so: the one place that may catch anything.
BROAD_EXCEPT_ALLOWED = SOURCE / "app" / "worker.py"
TYPE_IGNORE = re.compile(r"#\s*(?:type|pyright):\s*ignore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One figure and the bound it should keep."""

    name: str
    figure: float
    bound: str
    kept: bool


def at_most(name: str, figure: float, most: float) -> Budget:
    return Budget(name=name, figure=figure, bound=f"<= {most:g}", kept=figure <= most)


def below(name: str, figure: float, limit: float) -> Budget:
    return Budget(name=name, figure=figure, bound=f"< {limit:g}", kept=figure < limit)


def at_least(name: str, figure: float, least: float) -> Budget:
    return Budget(name=name, figure=figure, bound=f">= {least:g}", kept=figure >= least)


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(trees: Iterable[ast.Module]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def words(name: str) -> int:
    """Count the words of a snake_case or CamelCase name."""
    return len(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name))


def long_names(tree: ast.Module) -> int:
    """Count the public functions and classes of a module that say too much."""
    return sum(
        not node.name.startswith("_") and words(node.name) > WORDS_MAX
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    )


def broad_excepts(tree: ast.Module) -> int:
    """Count the handlers that catch everything and keep it to themselves."""
    return sum(
        is_broad(handler) and not any(isinstance(step, ast.Raise) for step in handler.body)
        for handler in ast.walk(tree)
        if isinstance(handler, ast.ExceptHandler)
    )


def is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    return caught is None or (
        isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"}
    )


def tenth_largest(sizes: list[int]) -> float:
    """Return the 90th percentile."""
    return statistics.quantiles(sizes, n=10, method="inclusive")[-1]


def total(count: Callable[[ast.Module], int], trees: Iterable[ast.Module]) -> int:
    return sum(map(count, trees))


def budgets() -> list[Budget]:
    """Measure the package as it lies on the disk."""
    trees = {path: ast.parse(path.read_bytes()) for path in sorted(SOURCE.rglob("*.py"))}
    sizes = [length(function) for function in functions(trees.values())]
    files = [line_count(path) for path in trees]
    statements = [line_count(path) for path in SOURCE.glob("*/sql/*.sql")]
    source_lines = sum(files)
    test_lines = sum(map(line_count, TESTS.rglob("*.py")))
    ignores = sum(len(TYPE_IGNORE.findall(path.read_text(encoding="utf-8"))) for path in trees)
    watched = [tree for path, tree in trees.items() if path != BROAD_EXCEPT_ALLOWED]
    long_share = 100 * sum(size > LONG_FUNCTION for size in sizes) / len(sizes)
    return [
        at_most("function lines, median", statistics.median(sizes), 9),
        at_most("function lines, 90th percentile", tenth_largest(sizes), 30),
        below(f"functions over {LONG_FUNCTION} lines, %", long_share, 3),
        at_most("file lines, median", statistics.median(files), 120),
        at_most("file lines, most", max(files), 400),
        at_most("statement lines, median", statistics.median(statements or [0]), 20),
        at_most(f"public names over {WORDS_MAX} words", total(long_names, trees.values()), 0),
        at_most("broad excepts outside app/worker.py", total(broad_excepts, watched), 0),
        below("type-ignores per 1,000 lines", 1000 * ignores / source_lines, 1),
        at_least("test lines per source line", test_lines / source_lines, 1.3),
    ]


def main() -> None:
    for budget in budgets():
        verdict = "" if budget.kept else "over budget"
        print(f"{budget.name:36} {budget.figure:8.4g}  {budget.bound:7} {verdict}".rstrip())


if __name__ == "__main__":
    main()
