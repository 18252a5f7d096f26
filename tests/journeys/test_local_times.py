"""Waits until a local time, around every change of the clocks in six zones from 2020 to 2035."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from tests.build import customer
from tests.journeys.words import happen, move, publish

from dangol.store.connect import Connection

ZONES: Final = (
    "America/New_York",
    "Europe/London",
    "Asia/Seoul",  # no changes
    "Australia/Lord_Howe",  # by half an hour
    "America/Sao_Paulo",  # none any more
    "Africa/Casablanca",  # back for Ramadan
    "Pacific/Chatham",  # a quarter of an hour beside the others
)
CHANGING: Final = [zone for zone in ZONES if zone not in {"Asia/Seoul", "America/Sao_Paulo"}]
YEARS: Final = (2020, 2035)
CLOCKS: Final = ("00:00", "01:30", "01:45", "02:00", "02:30", "02:45", "03:00", "12:00")
# Of the moments around a change, those at which a wait begins.
AROUND: Final = [timedelta(minutes=m) for m in (-1500, -45, 10)]
MINUTE: Final = timedelta(minutes=1)
QUARTER: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)


def changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the first moment of each new offset from UTC."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (YEARS[0], YEARS[1] + 1))
    days = [first + DAY * number for number in range((last - first).days + 1)]
    for before, after in pairwise(days):
        low, high = before, after
        if offset(low, zone) == offset(high, zone):
            continue
        while high - low > MINUTE:
            middle = low + (high - low) // MINUTE // 2 * MINUTE
            low, high = (
                (middle, high) if offset(middle, zone) == offset(low, zone) else (low, middle)
            )
        yield high


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def moments(name: str) -> list[datetime]:
    """Return when waits begin: around every change, or now and then where there is none."""
    found = list(changes(ZoneInfo(name)))
    quarters = [datetime(y, m, 20, 15, tzinfo=UTC) for y in (2020, 2035) for m in (1, 4, 7, 10)]
    return [moment + around for moment in found or quarters for around in AROUND]


def wakes(clock: str, begins: datetime, zone: ZoneInfo) -> datetime:
    """Return the first time the clocks show it; of two the first, and where skipped, after it."""
    today = begins.astimezone(zone).date()
    shown = (
        datetime.combine(today + DAY * days, time.fromisoformat(clock), zone) for days in range(9)
    )
    return next(moment for each in shown if (moment := each.astimezone(UTC)) >= begins)


def wait_until(clock: str) -> dict[str, object]:
    return {
        "name": f"until-{clock.replace(':', '')}",
        "title": {"ko": "기다림", "en": "Wait"},
        "entry": {"event": "Cart Viewed", "reentry_days": 0},
        "steps": [{"name": "rest", "kind": "wait", "until": {"at": clock}}],
    }


def begin(
    connection: Connection, workspace: int, who: int, *, at: datetime
) -> list[tuple[str, datetime]]:
    """Let somebody begin to wait in every journey; return the clock and when each wait ends."""
    with connection.transaction():
        happen(connection, workspace, customer_id=who, name="Cart Viewed", at=at)
        move(connection, workspace, now=at)
        begun = connection.execute(
            "select journey_version.definition #>> '{steps,0,until,at}',"
            " coalesce(enrollment.wake_at, enrollment.ended_at) from enrollment"
            " join journey_version on journey_version.id = enrollment.version_id"
            " where enrollment.entered_at = %s",
            (at,),
        ).fetchall()
        # Nobody wakes while the next begin.
        connection.execute(
            "update enrollment set state = 'ended', wake_at = null, end_reason = 'stopped',"
            " ended_at = %s where state = 'waiting'",
            (at,),
        )
    return begun


@pytest.mark.parametrize("name", ZONES)
def test_waits_end_when_the_clocks_of_the_customer_show_the_time(
    connection: Connection, workspace: int, name: str
) -> None:
    """Every change of the clocks from 2020 to 2035; also that there are any."""
    who = customer(connection, workspace, email=None, time_zone=name)
    for clock in CLOCKS:
        publish(connection, workspace, wait_until(clock), now=datetime(2020, 1, 1, tzinfo=UTC))
    zone = ZoneInfo(name)

    wrong = [
        (clock, moment, woke, wakes(clock, moment, zone))
        for moment in moments(name)
        for clock, woke in begin(connection, workspace, who, at=moment)
        if woke != wakes(clock, moment, zone)
    ]

    assert wrong == []


@pytest.mark.parametrize("name", CHANGING)
def test_every_quarter_of_an_hour_around_a_change_is_one_moment(
    connection: Connection, name: str
) -> None:
    """What the clocks show twice is the first of the two, what they skip is after it."""
    zone = ZoneInfo(name)
    shown = [
        (moment + QUARTER * number).astimezone(zone).replace(tzinfo=None, fold=0)
        for moment in changes(zone)
        for number in range(-12, 13)
    ]
    shown += [local + timedelta(hours=1) for local in shown]

    found = connection.execute(
        "select local_moment(local.shown, %s) from unnest(%s::timestamp[])"
        " with ordinality as local (shown, place) order by place",
        (name, shown),
    ).fetchall()

    expected = [local.replace(tzinfo=zone).astimezone(UTC) for local in shown]
    assert [row[0] for row in found] == expected


@pytest.mark.parametrize("name", CHANGING)
def test_a_zone_whose_clocks_change_does_so_at_least_thirty_times(name: str) -> None:
    assert len(list(changes(ZoneInfo(name)))) >= 30


@pytest.mark.parametrize("name", ZONES)
def test_a_date_in_a_trait_is_waited_for_in_the_zone_of_the_customer(
    connection: Connection, workspace: int, name: str
) -> None:
    """Three days before each change, and at the very hour that it skips or repeats."""
    zone = ZoneInfo(name)
    days = [moment.astimezone(zone).date() for moment in list(changes(zone))[:12]]
    days = days or [datetime(2027, 3, 14, tzinfo=UTC).date()]
    who = customer(connection, workspace, email=None, time_zone=name)
    renewal = {"trait": "renews_on", "before": "1 day", "at": "02:15"}
    waits = {
        **wait_until("02:15"),
        "steps": [{"name": "rest", "kind": "wait", "until_date": renewal}],
    }
    publish(connection, workspace, waits, now=datetime(2020, 1, 1, tzinfo=UTC))

    found = []
    for day in days:
        connection.execute(
            "update customer set traits = %s where id = %s",
            (json.dumps({"renews_on": str(day + DAY)}), who),
        )
        found += begin(
            connection, workspace, who, at=datetime.combine(day, time(12), UTC) - DAY * 9
        )

    shown = [datetime.combine(day, time(2, 15), zone).astimezone(UTC) for day in days]
    assert [woke for _, woke in found] == shown
