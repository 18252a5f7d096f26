"""When schedules and dates come round."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from dangol.journeys.occasions import (
    NEVER,
    days_meant,
    last_occasion,
    moment_of,
    next_look,
    next_occasion,
)
from dangol.store.connect import Connection

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "America/New_York",
    "Europe/London",
    "Asia/Seoul",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Chatham",
)
HOUR = timedelta(hours=1)
WEEKLY = {"at": "10:00", "every": "week", "on": ["mon", "thu"]}


def local(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("schedule", "since", "expected"),
    [
        ({"at": "2027-03-02 10:00"}, "2027-03-02 10:00", "2027-03-02 10:00"),
        ({"at": "10:00", "every": "day"}, "2027-03-02 10:00", "2027-03-02 10:00"),
        ({"at": "10:00", "every": "day"}, "2027-03-02 10:01", "2027-03-03 10:00"),
        (
            {"at": "10:00", "every": "week", "on": ["mon", "thu"]},
            "2027-03-02 00:00",
            "2027-03-04 10:00",
        ),
        ({"at": "10:00", "every": "month", "day": 31}, "2027-01-31 11:00", "2027-02-28 10:00"),
        ({"at": "10:00", "every": "month", "day": 31}, "2028-02-01 00:00", "2028-02-29 10:00"),
        ({"at": "10:00", "every": "month", "day": 31}, "2027-02-28 11:00", "2027-03-31 10:00"),
        ({"at": "10:00", "every": "month", "day": 1}, "2027-12-01 11:00", "2028-01-01 10:00"),
    ],
)
def test_the_next_moment_of_a_schedule(schedule, since: str, expected: str) -> None:
    assert next_occasion(schedule, zone=SEOUL, since=local(since)) == local(expected)


def test_what_was_once_never_comes_again() -> None:
    once = {"at": "2027-03-02 10:00"}

    assert next_occasion(once, zone=SEOUL, since=local("2027-03-02 10:01")) == NEVER


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        # Clocks go from 02:00 to 03:00, and in autumn from 03:00 back to 02:00.
        ("2027-03-28", "02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-10-31", "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_clock_changes_move_what_does_not_exist_and_keep_the_first_of_two(
    day: str, clock: str, expected: datetime
) -> None:
    since = datetime.fromisoformat(day).replace(tzinfo=BERLIN)

    assert next_occasion({"at": clock, "every": "day"}, zone=BERLIN, since=since) == expected


def test_of_missed_moments_the_last_counts() -> None:
    daily = {"at": "10:00", "every": "day"}

    last = last_occasion(
        daily, zone=SEOUL, since=local("2027-03-01 10:00"), now=local("2027-03-04 09:00")
    )

    assert last == local("2027-03-03 10:00")


def test_a_date_is_looked_at_when_its_hour_comes_in_the_next_zone() -> None:
    looks = [local("2027-03-02 10:00")]
    for _ in range(2):
        looks.append(next_look(time(10), zones=("Asia/Seoul", "Europe/Berlin"), since=looks[-1]))

    assert looks[1:] == [local("2027-03-02 10:00", BERLIN), local("2027-03-03 10:00")]


def test_whoever_was_born_on_a_leap_day_is_meant_at_the_end_of_february() -> None:
    days, years = days_meant(
        since=local("2027-02-27 10:00"),
        until=local("2027-02-28 10:00"),
        offset=timedelta(),
        yearly=True,
    )

    assert {"02-27", "02-28", "02-29", "03-01"} <= set(days)
    assert years == [2027]


@pytest.mark.parametrize("name", ZONES)
def test_the_database_means_the_same_by_a_local_time(connection: Connection, name: str) -> None:
    """Half an hour by half an hour on both sides of every clock change from 2020 to 2035."""
    zone = ZoneInfo(name)
    hours = (datetime(2020, 1, 1, tzinfo=UTC) + n * HOUR for n in range(16 * 366 * 24))
    ahead = [(at, at.astimezone(zone).utcoffset()) for at in hours]
    changes = [after for (_, one), (after, other) in pairwise(ahead) if one != other]
    edges = changes or [datetime(2027, 3, 2, tzinfo=UTC)]
    walls = [
        edge.astimezone(zone).replace(tzinfo=None) + n * timedelta(minutes=30)
        for edge in edges
        for n in range(-6, 7)
    ]

    rows = connection.execute(
        "select local_moment(wall, %s) from unnest(%s::timestamp[]) with ordinality"
        " as clock (wall, place) order by place",
        (name, walls),
    ).fetchall()

    assert [moment for (moment,) in rows] == [moment_of(wall, zone=zone) for wall in walls]
