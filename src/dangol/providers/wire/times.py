"""Times as Korean vendors write them: ISO 8601, or without a zone, which then is Korea's."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

KOREA: Final = ZoneInfo("Asia/Seoul")


def read_time(text: str) -> datetime | None:
    """Return a time in UTC; None where there is none that can be read."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=KOREA)).astimezone(UTC)
