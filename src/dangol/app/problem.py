"""A problem its reader can solve: what is wrong, why, and what to do."""

from pathlib import Path

EXIT_PROBLEM = 1
EXIT_USAGE = 2


class ProblemError(Exception):
    """Shown to the person at the terminal as it stands: one or two plain sentences."""


def about_file(error: OSError, *, path: Path, purpose: str, remedy: str) -> ProblemError:
    """Turn what the operating system said about ``path`` into a problem with a remedy."""
    reason = error.strerror or type(error).__name__
    return ProblemError(f"{path} cannot be used as {purpose}: {reason}. {remedy}")
