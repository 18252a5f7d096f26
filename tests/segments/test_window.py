"""Windows hold whole local days, also where clocks change and months end."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.segments.reference import Asking, World, lies_in

from dangol.segments.window import (
    Between,
    Calendar,
    Rolling,
    Since,
    Span,
    Unit,
    Window,
    day_start,
    span_of,
)

# Clocks that skip midnight (Cairo, Santiago, Beirut, and São Paulo up to 2018), change by half an
# hour (Lord Howe), and stand still.
ZONES = [
    ZoneInfo(name)
    for name in (
        "Africa/Cairo",
        "America/New_York",
        "America/Santiago",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "Asia/Seoul",
        "Australia/Lord_Howe",
        "Europe/Berlin",
        "UTC",
    )
]
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2014, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by timezones
dates = st.dates(date(2014, 1, 1), date(2030, 1, 1))
windows = st.one_of(
    st.builds(
        lambda unit, which: Calendar(unit=unit, which=which),
        st.sampled_from(get_args(Unit)),
        st.sampled_from(["this", "last"]),
    ),
    st.builds(lambda day: Since(date=day), dates),
    st.builds(lambda a, b: Between(start=min(a, b), end=max(a, b)), dates, dates),
    st.builds(lambda n, ago: Rolling(days=n, ago_days=ago), st.integers(1, 400), st.integers(0, 9)),
)
SOON = timedelta(days=800)


@given(
    window=windows,
    now=moments,
    away=st.timedeltas(-SOON, SOON),
    zone=zones,
)
def test_a_moment_lies_in_a_window_as_the_local_calendar_says(
    window: Window, now: datetime, away: timedelta, zone: ZoneInfo
) -> None:
    asking = Asking(World(customers={}), 1, now, zone)
    span = span_of(window, now=now, zone=zone)

    for moment in {now + away, *edges(span)}:
        assert holds(span, moment) == lies_in(moment, window, asking)


def holds(span: Span, moment: datetime) -> bool:
    if span.rolling:
        assert span.start
        assert span.end
        return span.start < moment <= span.end
    return (not span.start or span.start <= moment) and (not span.end or moment < span.end)


def edges(span: Span) -> set[datetime]:
    tick = timedelta(microseconds=1)
    return {
        edge + nudge for edge in (span.start, span.end) if edge for nudge in (-tick, tick, tick * 0)
    }


@given(day=dates, zone=zones)
def test_a_day_begins_with_its_first_moment(day: date, zone: ZoneInfo) -> None:
    start = day_start(day, zone)

    assert start.astimezone(zone).date() == day
    assert (start - timedelta(microseconds=1)).astimezone(zone).date() < day


@pytest.mark.parametrize(
    ("now", "window", "hours"),
    [
        ("2027-03-14T12:00-04:00", Calendar(unit="day"), 23),
        ("2027-11-07T12:00-05:00", Calendar(unit="day"), 25),
        ("2027-03-31T12:00-04:00", Calendar(unit="month"), 31 * 24 - 1),
        ("2027-03-01T00:00-05:00", Calendar(unit="month", which="last"), 28 * 24),
        ("2028-03-31T12:00-04:00", Calendar(unit="month", which="last"), 29 * 24),
        ("2027-01-01T00:00-05:00", Calendar(unit="quarter", which="last"), 92 * 24 + 1),
        ("2027-03-15T12:00-04:00", Rolling(days=1), 24),
    ],
)
def test_a_window_in_new_york_is_as_long_as_the_clocks_make_it(
    now: str, window: Window, hours: int
) -> None:
    span = span_of(window, now=datetime.fromisoformat(now), zone=ZoneInfo("America/New_York"))

    assert span.start
    assert span.end
    assert span.end - span.start == timedelta(hours=hours)
