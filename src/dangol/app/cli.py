"""`dangol`: every command, what it does, and examples that work."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from dangol.app.arguments import Command
from dangol.app.commands import COMMANDS
from dangol.app.logs import configure_logs
from dangol.app.problem import EXIT_PROBLEM, ProblemError
from dangol.app.settings import Settings, load_settings
from dangol.store.connect import StoreError

AddParser = Callable[..., argparse.ArgumentParser]
EXIT_INTERRUPTED: Final = 130
ABOUT: Final = (
    "Dangol keeps customers coming back: it listens to what they do, asks what they allow, "
    "and writes when it helps."
)
FOOT: Final = (
    "Start here:  dangol demo\n"
    "Settings:    DANGOL_* variables or dangol.toml; see docs/reference/settings.md\n"
    "Trouble:     dangol doctor"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 a problem that was explained, 2 usage."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    command: Command | None = options.command
    if command is None:
        parser.print_help()
        return 0
    try:
        return command.run(options, read_settings(options))
    except (ProblemError, StoreError) as problem:
        return explain(problem, debug=options.debug)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough of it.
        sys.stderr.close()
        return 0


def read_settings(options: argparse.Namespace) -> Settings:
    """Read the settings of this process and configure its logs by them."""
    settings = load_settings(os.environ, folder=Path.cwd())
    configure_logs("debug" if options.debug else settings.log_level)
    return settings


def explain(problem: Exception, *, debug: bool) -> int:
    """Print a problem in its own words, and its origin only when asked for."""
    if debug:
        traceback.print_exception(problem)
    print(f"dangol: {problem}", file=sys.stderr)  # noqa: T201 - this is what a terminal reads
    return EXIT_PROBLEM


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "dangol", description=ABOUT, epilog=FOOT, formatter_class=formatter
    )
    parser.set_defaults(command=None, debug=False)
    groups = parser.add_subparsers(title="commands", metavar="COMMAND")
    nested: dict[str, AddParser] = {}
    for command in COMMANDS:
        head, _, rest = command.name.partition(" ")
        if rest and head not in nested:
            group = groups.add_parser(head, help=f"{command.summary}; see dangol {head} --help")
            inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
            nested[head] = inner.add_parser
        add_command(nested[head] if rest else groups.add_parser, command, name=rest or head)
    return parser


def add_command(add_parser: AddParser, command: Command, *, name: str) -> None:
    """Add one command with its arguments and examples."""
    examples = "\n".join(f"  {line}" for line in command.examples)
    parser = add_parser(
        name,
        help=command.summary,
        description=f"{command.summary}.\n\n{command.explanation}",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _ = parser.add_argument("--debug", action="store_true", help="show where a problem comes from")
    for argument in command.arguments:
        argument.add_to(parser)
    parser.set_defaults(command=command)


if __name__ == "__main__":
    sys.exit(main())
