"""Checks of the settings that are addresses."""

from urllib.parse import urlsplit

from dangol.app.problem import ProblemError


def check_url(name: str, value: str, *, schemes: tuple[str, ...]) -> None:
    """Check one setting; an empty one is not set.

    Raises:
        ProblemError: naming the setting and the remedy, never the value: it may hold a password.
    """
    if not value:
        return
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ProblemError(
            f"The setting {name} is not an address: {error}. Write it as {schemes[0]}://host."
        ) from error
    if parts.scheme not in schemes or not (parts.netloc or parts.query):
        raise ProblemError(
            f"The setting {name} does not begin with {' or '.join(f'{s}://' for s in schemes)}. "
            f"Correct DANGOL_{name.upper()} or {name} in dangol.toml."
        )
