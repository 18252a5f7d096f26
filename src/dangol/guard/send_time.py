"""When customers usually react: noted once a day, for advertising to wait for it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dangol.guard.law.pack import NightRule
from dangol.guard.law.terms import night_end, rules_of
from dangol.guard.quiet import is_quiet, known_zone
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.guard")
# How many hours a customer's best ones are, from the noted one on.
WINDOW: Final = 3
DAY_HOURS: Final = 24


def note_send_hours_daily(connection: Connection, *, workspace_id: int, now: datetime) -> bool:
    """Note when customers react if the shop asks for it and nobody did within a day; say whether.

    Nothing is noted about anybody while ``send_time_hours`` is 0.
    """
    values = {"workspace_id": workspace_id, "now": now}
    if not connection.execute(STATEMENTS["take_send_hour_turn"], values).rowcount:
        return False
    _ = note_send_hours(connection, workspace_id=workspace_id, now=now)
    return True


def note_send_hours(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Note anew when customers react on which channel; return for how many channels it is known.

    Reads half a year of reactions of the workspace: for once a day, not for the tick.
    """
    values = {"workspace_id": workspace_id, "now": now}
    connection.execute(STATEMENTS["delete_send_hours"], values)
    return connection.execute(STATEMENTS["note_send_hours"], values).rowcount


def send_values(
    places: Sequence[tuple[str, str, str, time, time, int]], *, now: datetime
) -> dict[str, object]:
    """Return when the hours begin that are worth waiting for, and which are night by law.

    ``places`` are the rows of ``read_zones.sql``. Hours that go on, that begin later than
    ``send_time_hours`` allows or in the shop's quiet hours are left out.
    """
    starts: dict[tuple[str, int], datetime] = {}
    dark: set[tuple[str, str, str, int]] = set()
    for law, zone, shop_zone, quiet_from, quiet_until, most in places:
        if not most:
            continue
        known = known_zone(zone, otherwise=shop_zone)
        for hour, at in next_starts(ZoneInfo(known), until=now + timedelta(hours=most), now=now):
            wall = at.astimezone(ZoneInfo(known)).time()
            if is_quiet(wall, quiet_from=quiet_from, quiet_until=quiet_until):
                continue
            starts[zone, hour] = at
            dark |= {
                (law, channel.value, zone, hour)
                for pack, rule, channel in rules_of(NightRule)
                if pack.code == law and night_end(pack, rule, known, at) is not None
            }
    return {
        "send_zones": [zone for zone, _ in starts],
        "send_hours": [hour for _, hour in starts],
        "send_starts": list(starts.values()),
        "dark_laws": [law for law, *_ in dark],
        "dark_channels": [channel for _, channel, *_ in dark],
        "dark_zones": [zone for *_, zone, _ in dark],
        "dark_hours": [hour for *_, hour in dark],
    }


def next_starts(
    place: ZoneInfo, *, until: datetime, now: datetime
) -> Iterator[tuple[int, datetime]]:
    """Yield each hour of the day from which on a window next begins up to ``until``, with when."""
    for hour in range(DAY_HOURS):
        at = next_start(place, hour=hour, now=now)
        if at is not None and at <= until:
            yield hour, at


def next_start(place: ZoneInfo, *, hour: int, now: datetime) -> datetime | None:
    """Return when the hours from ``hour`` on next begin in ``place``, in UTC; None while they last.

    Where a clock change swallows the hour, they begin when the clocks have been put forward; where
    it comes twice, with the first.
    """
    wall = now.astimezone(place)
    if (wall.hour - hour) % DAY_HOURS < WINDOW:
        return None
    begins = (
        datetime.combine(wall.date() + timedelta(days=day), time(hour), tzinfo=place).astimezone(
            UTC
        )
        for day in (0, 1, 2)
    )
    return min(start for start in begins if start > now)
