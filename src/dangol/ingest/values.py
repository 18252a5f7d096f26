"""Single values from outside, each turned into the one form the inbox keeps, or refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from dangol.ingest.fault import bad_value

SCALAR: Final = (str, int, float)
# Longer ones would not fit the indexes that find customers by them.
LONGEST_ID: Final = 255
# What sloppy clients send for "nobody"; taken as ids they would glue strangers together.
NOBODY: Final = frozenset({"", "null", "undefined", "none", "nan", "[object object]"})
LONGEST_NOBODY: Final = max(map(len, NOBODY))
# The inbox keeps 14 digits before the point.
LARGEST_AMOUNT: Final = 10**14 - 1
CURRENCY_LETTERS: Final = 3
# A date before this is a program's zero, not a purchase.
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
NO_TIME: Final = timedelta(0)
FUTURE_ALLOWED: Final = timedelta(hours=1)


def to_id(value: str | int | None, *, field: str) -> str | None:
    """Return an id as text; None for what clients send when they know nobody."""
    if value is None:
        return None
    text = str(value).strip()
    if len(text) > LONGEST_ID:
        raise bad_value(field, text, f"ids have at most {LONGEST_ID} characters.")
    return None if len(text) <= LONGEST_NOBODY and text.lower() in NOBODY else text


def to_text(value: object) -> str | None:
    """Return a short scalar as text; None for anything else, which then stays as it is."""
    if isinstance(value, bool) or not isinstance(value, SCALAR):
        return None
    text = str(value).strip()
    return text if 0 < len(text) <= LONGEST_ID else None


def to_amount(value: object, *, field: str) -> Decimal | None:
    """Return a number as an exact decimal, taking 39000, 39000.5 and "39000.50"."""
    if value is None or value == "":
        return None
    if type(value) is int and -LARGEST_AMOUNT <= value <= LARGEST_AMOUNT:
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, SCALAR):
        raise bad_value(field, value, "write a number, like 39000.")
    try:
        # A float goes through its shortest text: 0.1 means 0.1.
        amount = Decimal(value if isinstance(value, int) else str(value).strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > LARGEST_AMOUNT:
        raise bad_value(
            field, value, "write a number under 10^14 without separators or signs, like 39000."
        )
    return amount


def to_currency(value: object) -> str | None:
    """Return an ISO 4217 code in capitals."""
    if value is None or value == "":
        return None
    code = value.strip().upper() if isinstance(value, str) else ""
    if len(code) != CURRENCY_LETTERS or not code.isascii() or not code.isalpha():
        raise bad_value("properties.currency", value, "write an ISO 4217 code, like KRW.")
    return code


def to_time(text: str | None, *, field: str) -> datetime | None:
    """Return an ISO 8601 time in UTC; one without an offset is taken as UTC."""
    if not text:
        return None
    time = read_time(text)
    if time is None or time < EARLIEST:
        raise bad_value(
            field, text, "write an ISO 8601 time from 1970 on, like 2026-11-21T01:00:00Z."
        )
    return time


def read_time(text: str) -> datetime | None:
    """Return what a text says, None when that is no time."""
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is UTC:
            return time
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def correct_time(
    occurred_at: datetime | None, *, sent_at: datetime | None, received_at: datetime
) -> datetime:
    """Return when it happened by our clock, whatever the client's clock says.

    The client's own delay between happening and sending is kept; its clock's error is not.
    More than an hour ahead of us is taken as now.
    """
    if occurred_at is None:
        return received_at
    if sent_at is not None:
        delay = sent_at - occurred_at
        # A clock may be thousands of years ahead, so that the delay leads to before all calendars.
        delay = min(delay, received_at - EARLIEST)
        occurred_at = received_at - delay if delay > NO_TIME else received_at
    ahead = occurred_at > received_at + FUTURE_ALLOWED
    return received_at if ahead else max(occurred_at, EARLIEST)
