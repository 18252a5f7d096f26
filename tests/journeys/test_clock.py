"""What the clock does not forget when a journey is paused or changed, and what it does."""

from datetime import datetime, timedelta

import pytest
from tests.build import NOON, customer, template
from tests.journeys.test_kinds import DAY, HOUR, run, say, tick

from dangol.journeys.publish import set_state
from dangol.store.connect import Connection
from dangol.store.vocabulary import JourneyState

INSTANT = timedelta(microseconds=1)
REST = "steps: [{name: rest, kind: wait, for: 30 days}]"
LONGER = REST.replace("30", "60")
# Noon is three in the morning in London and noon in Seoul, the shop's zone.
RENEWAL = 'entry: {date: {trait: renews_on, at: "%s"}}\n'
ONCE = 'entry: {schedule: {at: "2027-03-02 13:00"}}\n'


@pytest.fixture
def five(connection: Connection, workspace: int) -> list[int]:
    template(connection, workspace)
    names = [f"customer {number}" for number in range(5)]
    return [customer(connection, workspace, name=name, email=None) for name in names]


def enrolled(connection: Connection, workspace: int, *, now: datetime, batch: int = 9) -> int:
    return tick(connection, workspace, now=now, batch=batch).enrolled


def test_a_day_that_came_while_its_journey_was_paused_is_missed(
    connection: Connection, workspace: int, five: list[int]
) -> None:
    say(connection, five[0], renews_on="2027-03-02")
    say(connection, five[1], renews_on="2027-03-03")
    journey = run(connection, workspace, RENEWAL % "13:00" + REST)
    for state, at in ((JourneyState.PAUSED, NOON), (JourneyState.RUNNING, NOON + HOUR + INSTANT)):
        with connection.transaction():
            set_state(connection, journey_id=journey, state=state, now=at)

    assert enrolled(connection, workspace, now=NOON + 3 * HOUR) == 0
    assert enrolled(connection, workspace, now=NOON + DAY + HOUR) == 1


@pytest.mark.parametrize("zones", ["shop", "customer"])
def test_a_day_moved_by_hours_is_looked_at_when_they_have_come(
    connection: Connection, workspace: int, five: list[int], zones: str
) -> None:
    say(connection, five[0], renews_on="2027-03-03")
    renewal = RENEWAL.replace('"%s"', '"05:00", before: 12 hours')
    run(connection, workspace, f"time_zone: {zones}\n" + renewal + REST)

    assert enrolled(connection, workspace, now=NOON + 5 * HOUR - INSTANT) == 0
    assert enrolled(connection, workspace, now=NOON + 5 * HOUR) == 1


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("already", [0, 2, 4])
def test_a_new_version_lets_in_the_rest_of_whom_the_one_before_was_letting_in(
    connection: Connection, workspace: int, already: int
) -> None:
    run(connection, workspace, ONCE + REST)
    moment = NOON + HOUR
    for _ in range(already // 2):
        assert enrolled(connection, workspace, now=moment, batch=2) == 2

    run(connection, workspace, ONCE + LONGER)

    assert enrolled(connection, workspace, now=moment + HOUR) == 5 - already
    assert enrolled(connection, workspace, now=moment + 2 * HOUR) == 0


def test_a_new_version_misses_no_day_of_the_one_before(
    connection: Connection, workspace: int, five: list[int]
) -> None:
    say(connection, five[0], renews_on="2027-03-02")
    run(connection, workspace, RENEWAL % "12:00" + REST)
    connection.execute("update journey_schedule set begun_at = begun_at - interval '1 minute'")
    run(connection, workspace, RENEWAL % "12:00" + LONGER)

    assert enrolled(connection, workspace, now=NOON + HOUR) == 1


def test_a_version_of_another_day_lets_in_nobody_whose_day_has_been(
    connection: Connection, workspace: int, five: list[int]
) -> None:
    say(connection, five[0], renews_on="2027-03-02")
    run(connection, workspace, RENEWAL % "12:30" + REST)
    run(connection, workspace, RENEWAL % "11:59" + REST)

    assert enrolled(connection, workspace, now=NOON + HOUR) == 0
    assert enrolled(connection, workspace, now=NOON + DAY) == 0
