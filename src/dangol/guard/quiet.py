"""Quiet hours and days: when advertising may next be heard where a customer lives."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def quiet_end(zone: str, *, quiet_from: time, quiet_until: time, now: datetime) -> datetime | None:
    """Return when the quiet hours that hold in ``zone`` at ``now`` end, in UTC; None if it is loud.

    ``quiet_from`` and ``quiet_until`` are what the clocks on the wall there show; equal ends mean
    no quiet hours. Where a clock change swallows or repeats the end, the first moment after
    ``now`` at which the quiet is over counts.
    """
    place = ZoneInfo(zone)

    def quiet(moment: datetime) -> bool:
        wall = moment.astimezone(place).time()
        return is_quiet(wall, quiet_from=quiet_from, quiet_until=quiet_until)

    if not quiet(now):
        return None
    today = now.astimezone(place).date()
    ends = [
        datetime.combine(today + timedelta(days=day), quiet_until, tzinfo=place)
        .replace(fold=fold)
        .astimezone(UTC)
        for day in (0, 1)
        for fold in (0, 1)
    ]
    return min(end for end in ends if end > now and not quiet(end))


def is_quiet(wall: time, *, quiet_from: time, quiet_until: time) -> bool:
    """Tell whether ``wall`` lies between ``quiet_from`` and just before ``quiet_until``."""
    if quiet_from <= quiet_until:
        return quiet_from <= wall < quiet_until
    return wall >= quiet_from or wall < quiet_until


def day_of(zone: str, *, now: datetime) -> tuple[datetime, datetime]:
    """Return when the day that it is in ``zone`` at ``now`` begins, and the next one, in UTC."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    begins, ends = (
        datetime.combine(today + timedelta(days=day), time(), tzinfo=place).astimezone(UTC)
        for day in (0, 1)
    )
    return begins, ends


def known_zone(name: str, *, otherwise: str) -> str:
    """Return ``name`` if it is an IANA time zone, else ``otherwise``.

    A trait may hold anything; a customer on Mars/Phobos keeps the shop's hours.
    """
    return name if name in zone_names() else otherwise


@cache
def zone_names() -> frozenset[str]:
    """Return every zone this machine knows, read once."""
    return frozenset(available_timezones())
