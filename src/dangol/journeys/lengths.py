"""Lengths of time, times of the day and days of the week, as authors write them."""

import re
from datetime import datetime, time, timedelta
from typing import Final

DURATION: Final = re.compile(r"([1-9][0-9]{0,5}) (minute|hour|day|week)s?")
DURATION_MAX: Final = timedelta(days=3650)
TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
YEARS: Final = range(2000, 2200)
# By their numbers of ISO 8601.
WEEKDAYS: Final = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}


def read_duration(text: str) -> timedelta | None:
    """Read "30 minutes", "12 hours", "14 days" or "2 weeks"; None for anything else."""
    match = DURATION.fullmatch(text)
    if not match:
        return None
    length = timedelta(**{f"{match[2]}s": int(match[1])})
    return length if length <= DURATION_MAX else None


def duration(text: str) -> timedelta:
    """Read a duration that the definition's check has found sound."""
    length = read_duration(text)
    assert length is not None, text  # noqa: S101 - parse_journey refuses such a definition
    return length


def read_time(text: str) -> time | None:
    """Read a local time, "09:30"; None for anything else."""
    return time.fromisoformat(text) if TIME.fullmatch(text) else None


def read_moment(text: str) -> datetime | None:
    """Read a local day and time, "2027-03-02 09:30", without a zone; None for anything else."""
    if not MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None


def offset(*, before: str | None, after: str | None) -> timedelta:
    """Return how far from a date is meant; before it is negative."""
    if before:
        return -duration(before)
    return duration(after) if after else timedelta()


def interval(length: timedelta) -> str:
    """Write a length for PostgreSQL; days stay days, for the sake of local times."""
    return f"{length.days} days {length.seconds} seconds"
