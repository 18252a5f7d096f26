from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangol.guard.quiet import is_quiet, known_zone, quiet_end

# No clock changes; two each year; thirty minutes; south of the equator; ahead of all; half hours.
ZONES = [
    "Asia/Seoul",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Kiritimati",
    "Asia/Kolkata",
    "Africa/Casablanca",
]
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
MOMENTS = st.integers(0, 16 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


def night(now: datetime, zone: str = "Asia/Seoul") -> datetime | None:
    return quiet_end(zone, quiet_from=time(21), quiet_until=time(8), now=now)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-03-02 20:59:59", None),
        ("2027-03-02 21:00", "2027-03-03 08:00"),
        ("2027-03-02 23:59", "2027-03-03 08:00"),
        ("2027-03-03 00:00", "2027-03-03 08:00"),
        ("2027-03-03 07:59:59", "2027-03-03 08:00"),
        ("2027-03-03 08:00", None),
    ],
)
def test_the_night_lasts_from_nine_to_eight(now: str, until: str | None) -> None:
    assert night(seoul(now)) == (seoul(until) if until else None)


def test_the_answer_is_in_utc() -> None:
    end = night(seoul("2027-03-02 22:00"))

    assert end is not None
    assert end.tzinfo is UTC


def test_quiet_hours_may_lie_within_a_day() -> None:
    end = quiet_end(
        "Asia/Seoul",
        quiet_from=time(12),
        quiet_until=time(13),
        now=seoul("2027-03-02 12:30"),
    )

    assert end == seoul("2027-03-02 13:00")


@pytest.mark.parametrize("hour", range(24))
def test_equal_ends_mean_no_quiet_hours(hour: int) -> None:
    assert not is_quiet(time(hour), quiet_from=time(8), quiet_until=time(8))


def test_a_swallowed_end_gives_way_to_what_the_clock_shows_instead() -> None:
    """In New York 02:30 does not exist on 14 March 2027: the clock jumps from 02:00 to 03:00."""
    end = quiet_end(
        "America/New_York",
        quiet_from=time(21),
        quiet_until=time(2, 30),
        now=datetime(2027, 3, 14, 6, 0, tzinfo=UTC),
    )

    assert end == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_a_repeated_hour_is_quiet_both_times() -> None:
    """In New York 01:00 to 02:00 comes twice on 7 November 2027."""
    second = datetime(2027, 11, 7, 6, 10, tzinfo=UTC)

    end = quiet_end("America/New_York", quiet_from=time(1), quiet_until=time(1, 30), now=second)

    assert end == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)


@given(zone=st.sampled_from(ZONES), quiet_from=MINUTES, quiet_until=MINUTES, now=MOMENTS)
def test_quiet_ends_soon_and_for_sure(
    zone: str, quiet_from: time, quiet_until: time, now: datetime
) -> None:
    end = quiet_end(zone, quiet_from=quiet_from, quiet_until=quiet_until, now=now)

    wall = now.astimezone(ZoneInfo(zone)).time()
    assert (end is not None) == is_quiet(wall, quiet_from=quiet_from, quiet_until=quiet_until)
    if end is not None:
        then = end.astimezone(ZoneInfo(zone)).time()
        assert now < end <= now + timedelta(hours=25)
        assert not is_quiet(then, quiet_from=quiet_from, quiet_until=quiet_until)


def test_only_zones_that_exist_are_known() -> None:
    assert known_zone("Asia/Tokyo", otherwise="Asia/Seoul") == "Asia/Tokyo"
    assert known_zone("Asia", otherwise="Asia/Seoul") == "Asia/Seoul"
