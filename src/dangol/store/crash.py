"""Named points where a crash test may end the process; nothing happens at them otherwise."""

from collections.abc import Callable


def _stay_alive(_name: str) -> None:
    """Do nothing: the production handler."""


_handlers: list[Callable[[str], None]] = [_stay_alive]


def crashpoint(name: str) -> None:
    """Mark a place whose survival the crash campaign proves."""
    _handlers[-1](name)


def handle_crashpoints(handler: Callable[[str], None]) -> None:
    """Let ``handler`` decide what happens at each named point; only the edge calls this."""
    _handlers.append(handler)
