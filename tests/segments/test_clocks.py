"""Hours and weekdays are those of the shop's clocks, also where clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.segments.random_world import event_table
from tests.segments.reference import Asking, Happened, World, passes
from tests.segments.test_window import ZONES

from dangol.segments.compare import Moment, fits_filters
from dangol.segments.comparison import Filter, HourFilter, WeekdayFilter
from dangol.store.engine import EVENT, run
from dangol.store.lake import Lake

# Clocks that were set by half an hour, for Ramadan, or not at all any more.
MORE = ("America/Caracas", "Asia/Gaza", "Asia/Pyongyang", "Pacific/Apia")
EVERY = [*ZONES, *map(ZoneInfo, MORE)]
NOW = datetime(2027, 12, 31, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def changes(zone: ZoneInfo) -> list[datetime]:
    """Find the hours in which clocks were set, in ten years."""
    hours = [NOW - HOUR * ago for ago in range(10 * 365 * 24)]
    ahead = [hour.astimezone(zone).utcoffset() for hour in hours]
    return [hours[n] for n in range(len(hours) - 1) if ahead[n] != ahead[n + 1]]


FILTERS: tuple[Filter, ...] = (
    *(HourFilter(first=hour, last=hour) for hour in range(24)),
    HourFilter(first=22, last=5),
    WeekdayFilter(days=("sunday",)),
    WeekdayFilter(days=("monday", "saturday")),
)


@pytest.mark.parametrize("zone", EVERY, ids=str)
def test_the_engine_reads_the_same_clocks(zone: ZoneInfo, tmp_path) -> None:
    """Around every change of clocks in ten years, and the midnights before and after it."""
    around = [
        change + timedelta(minutes=minutes) + nudge
        for change in [*changes(zone), NOW - HOUR * 30]
        for minutes in range(-25 * 60, 25 * 60, 30)
        for nudge in (-TICK, timedelta(0))
    ]
    events = [
        Happened(customer_id=1, event_id=number, name="A", occurred_at=moment)
        for number, moment in enumerate(around)
    ]
    lake = Lake(tmp_path)
    lake.append_events(event_table(World(customers={}, events=events)), workspace_id=1, step=1)
    asking = Asking(World(customers={}), 1, NOW, zone)
    at = Moment(now=NOW, zone=zone)

    columns = {f"fits_{n}": fits_filters([one], EVENT, at=at) for n, one in enumerate(FILTERS)}
    found = run(EVENT.select("event_id", **columns).order_by("event_id"), lake).to_pylist()

    assert found == [
        {"event_id": event.event_id}
        | {f"fits_{n}": passes(one, event, asking) for n, one in enumerate(FILTERS)}
        for event in events
    ]
