"""What a command of `dangol` is made of; the parser and the reference page both read it."""

import argparse
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dangol.app.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument: positional without dashes, a flag where it has no ``kind``."""

    name: str
    help: str
    kind: Callable[[str], object] | None = str
    default: object = None
    required: bool = False
    choices: tuple[str, ...] | None = None
    # May be given several times; the values become a list.
    many: bool = False
    # Under which name the command finds it, where its own is a word of Python.
    to: str | None = None

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Add it to a parser."""
        if self.kind is None:
            _ = parser.add_argument(self.name, action="store_true", help=self.help)
        elif self.name.startswith("-"):
            _ = parser.add_argument(
                self.name,
                action="append" if self.many else "store",
                type=self.kind,
                default=self.default,
                required=self.required,
                dest=self.to,
                choices=self.choices,
                help=self.help,
            )
        else:
            _ = parser.add_argument(self.name, type=self.kind, choices=self.choices, help=self.help)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command. ``runs`` names a function (options, settings) -> exit code.

    It is named, not imported, so that `dangol --help` need not load everything.
    """

    name: str
    summary: str
    explanation: str
    examples: tuple[str, ...]
    runs: str
    arguments: tuple[Argument, ...] = ()

    def run(self, options: argparse.Namespace, settings: Settings) -> int:
        """Run it; return its exit code."""
        function: Callable[[argparse.Namespace, Settings], int] = pkgutil.resolve_name(self.runs)
        return function(options, settings)


JSON: Final = Argument(name="--json", kind=None, help="print one JSON object instead of sentences")
WORKSPACE: Final = Argument(
    name="--workspace", default="", help="the workspace's name; may be left out if there is one"
)
WHO: Final = Argument(
    name="who", help="an e-mail address, the shop's own id, a telephone number, or id:NUMBER"
)
WHO_MEANS: Final = (
    "Put email:, user:, phone: or id: in front where it may mean more than one thing.\n"
)
