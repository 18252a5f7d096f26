"""Checks of the settings that are addresses."""

from typing import Final
from urllib.parse import urlsplit

from dangol.app.problem import ProblemError

WEB: Final = ("https", "http")
# The settings that are addresses, those of vendors aside, and how they may begin.
SCHEMES: Final = {
    "database_url": ("postgresql", "postgres"),
    "base_url": ("http", "https"),
    "smtp_url": ("smtp", "smtps"),
    "lake_endpoint": WEB,
    "fcm_url": WEB,
    "apns_url": ("https",),
}


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
