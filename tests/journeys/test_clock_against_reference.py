"""The engine and the plain reference agree on what random histories hardly reach by the clock.

Each test says besides who entered and when: two accounts could agree on nobody.
"""

from datetime import UTC, datetime, timedelta

import pytest
from tests.journeys.both import Both
from tests.journeys.random_journeys import MAIN, OTHER, PEOPLE, SEGMENT, Words

from dangol.store.connect import Connection
from dangol.store.vocabulary import JourneyState

TITLE = {"ko": "여정", "en": "Journey"}
REST = [{"kind": "wait", "name": "s1", "for": "1 day"}]
AGAIN = {"reentry_days": 0}
CALLED = {"name": OTHER, "title": TITLE, "entry": {"call": True}, "steps": REST}
DAILY = {"schedule": {"at": "10:00", "every": "day"}, **AGAIN}
HOUR = 3600


def journey(entry: Words, **parts: object) -> Words:
    return {"name": MAIN, "title": TITLE, "entry": entry, "steps": REST, **parts}


def begin(connection: Connection, entry: Words, *, batch: int = 99, **parts: object) -> Both:
    both = Both(connection=connection, batch=batch)
    both.open(CALLED, journey(entry, **parts))
    both.settle()
    return both


def go_to(both: Both, at: str) -> None:
    """Go to a moment, in UTC, at which nobody has looked yet."""
    both.now = datetime.fromisoformat(at).replace(tzinfo=UTC)


def look(both: Both, at: str) -> list[tuple[str, str]]:
    """Let both do all there is to do at a moment; return who has entered so far, and when."""
    go_to(both, at)
    both.settle()
    return entered(both)


def entered(both: Both) -> list[tuple[str, str]]:
    assert both.real() == both.expected()
    lives = both.world.lives.values()
    runs = [(run.entered_at, life.id, life.name) for life in lives for run in life.runs]
    return [(name, f"{at:%m-%d %H:%M}") for at, _, name in sorted(runs)]


def say(both: Both, who: str, renews_on: object) -> None:
    told = {"customer": who, "name": "told", "late": 0, "traits": {"renews_on": renews_on}}
    both.let_happen([told])


def all_say(both: Both, renews_on: str) -> None:
    for who in PEOPLE:
        say(both, who, renews_on)


def on_day(at: str = "10:00", **parts: object) -> Words:
    return {"date": {"trait": "renews_on", "at": at, **parts}}


# Schedules ---------------------------------------------------------------------------------------


def everybody(at: str) -> list[tuple[str, str]]:
    return [(name, at) for name in PEOPLE]


def test_a_schedule_comes_at_its_moment_and_not_an_instant_before(connection: Connection) -> None:
    both = begin(connection, DAILY)

    assert look(both, "2027-03-12 09:59:59.999999") == []
    assert look(both, "2027-03-12 10:00") == everybody("03-12 10:00")
    assert look(both, "2027-03-13 09:59:59.999999") == everybody("03-12 10:00")


def test_of_missed_moments_the_last_counts_and_none_older_than_within(
    connection: Connection,
) -> None:
    both = begin(connection, DAILY | {"within": "1 hour"})

    assert look(both, "2027-03-15 10:59:59") == everybody("03-15 10:00")
    assert look(both, "2027-03-17 11:00") == everybody("03-15 10:00")
    assert look(both, "2027-03-18 10:00")[5:] == everybody("03-18 10:00")


def test_a_month_without_the_day_counts_its_last(connection: Connection) -> None:
    both = begin(connection, {"schedule": {"at": "10:00", "every": "month", "day": 31}, **AGAIN})

    assert look(both, "2027-04-01 00:00") == everybody("03-31 09:00")
    assert look(both, "2027-04-30 09:00")[5:] == everybody("04-30 09:00")


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        # The clocks of the shop go from 01:00 to 02:00, and in autumn from 02:00 to 01:00.
        ("2027-03-28 01:30", "03-28 01:30"),
        ("2027-10-31 01:30", "10-31 00:30"),
    ],
)
def test_a_time_that_is_skipped_or_comes_twice_lets_in_once(
    connection: Connection, at: str, moment: str
) -> None:
    both = begin(connection, {"schedule": {"at": at}, **AGAIN})

    assert look(both, f"2027-{moment}") == everybody(moment)
    both.pass_time(HOUR)
    both.settle()
    assert entered(both) == everybody(moment)


def test_those_who_are_no_members_any_more_are_not_let_in(connection: Connection) -> None:
    both = begin(connection, DAILY | {"schedule": {**DAILY["schedule"], "of": SEGMENT}}, batch=2)
    for who in ("jane", "ada", "yuna", "ada"):
        both.let_happen([{"customer": who, "name": "open", "late": 0, "color": "red", "amount": 1}])

    assert look(both, "2027-03-12 10:00") == [(name, "03-12 10:00") for name in ("jane", "yuna")]


@pytest.mark.parametrize("batch", [1, 2, 5, 99])
def test_the_limit_of_a_day_takes_the_first_whatever_the_batch(
    connection: Connection, batch: int
) -> None:
    both = begin(connection, DAILY | {"per_day": 3}, batch=batch)

    assert look(both, "2027-03-12 10:00") == everybody("03-12 10:00")[:3]
    assert look(both, "2027-03-13 10:00")[3:] == everybody("03-13 10:00")[:3]


def test_whom_a_schedule_was_letting_in_it_lets_in_after_a_pause(connection: Connection) -> None:
    both = begin(connection, DAILY, batch=2)
    go_to(both, "2027-03-12 10:00")
    assert len(one_batch(both)) == 2

    both.pause(MAIN, JourneyState.PAUSED)
    both.pass_time(HOUR)
    assert len(one_batch(both)) == 2
    both.pause(MAIN, JourneyState.RUNNING)

    both.settle()
    assert entered(both) == everybody("03-12 10:00")


def test_what_a_schedule_missed_while_it_was_paused_it_has_missed(connection: Connection) -> None:
    both = begin(connection, DAILY)
    both.pause(MAIN, JourneyState.PAUSED)
    go_to(both, "2027-03-12 10:00:01")
    both.pause(MAIN, JourneyState.RUNNING)

    assert look(both, "2027-03-12 10:00:01") == []
    assert look(both, "2027-03-13 10:00") == everybody("03-13 10:00")


def one_batch(both: Both) -> list[tuple[str, str]]:
    """Let both look at no more than a batch of customers."""
    with both.connection.transaction():
        both.advance()
    both.world.tick(both.now, [])
    return entered(both)


@pytest.mark.parametrize("letting", [0, 2, 4])
def test_a_new_version_lets_in_whom_the_one_before_had_yet_to(
    connection: Connection, letting: int
) -> None:
    both = begin(connection, {"schedule": {"at": "2027-03-12 10:00"}}, batch=2)
    go_to(both, "2027-03-12 10:00:05")
    for _ in range(letting // 2):
        one_batch(both)
    assert len(entered(both)) == letting

    longer = [{"kind": "wait", "name": "s1", "for": "3 days"}]
    both.publish({**journey({"schedule": {"at": "2027-03-12 10:00"}}), "steps": longer})
    both.settle()

    assert entered(both) == everybody("03-12 10:00")
    wakes = [run.wake_at.day for life in both.world.lives.values() for run in life.runs]
    assert wakes == [13] * letting + [15] * (5 - letting)


def test_a_new_version_of_another_schedule_begins_with_its_next_moment(
    connection: Connection,
) -> None:
    both = begin(connection, DAILY, batch=2)
    go_to(both, "2027-03-12 10:00:05")
    one_batch(both)

    both.publish(journey(DAILY | {"schedule": {"at": "10:02", "every": "day"}}))
    both.settle()

    assert entered(both) == everybody("03-12 10:00")[:2]
    assert look(both, "2027-03-12 10:03")[2:] == everybody("03-12 10:02")


# Dates -------------------------------------------------------------------------------------------


def test_a_day_comes_to_everybody_by_their_own_clocks(connection: Connection) -> None:
    both = begin(connection, on_day("02:30"))
    all_say(both, "2027-03-14")
    # In New York it is never half past two on this day; nobody knows the zone of noah and yuna.
    moments = [
        ("ada", "03-13 15:30"),
        ("minji", "03-13 17:30"),
        ("noah", "03-14 02:30"),
        ("yuna", "03-14 02:30"),
        ("jane", "03-14 07:30"),
    ]

    for at in sorted({at for _, at in moments}):
        before = (datetime.fromisoformat(f"2027-{at}") - timedelta(minutes=1)).isoformat()
        assert look(both, before) == [each for each in moments if each[1] < at]
        assert look(both, f"2027-{at}") == [each for each in moments if each[1] <= at]


def test_of_an_hour_that_comes_twice_the_first_counts(connection: Connection) -> None:
    both = begin(connection, on_day("01:45", yearly=True))
    go_to(both, "2027-04-01 00:00")
    say(both, "ada", "1990-04-04")

    assert look(both, "2027-04-03 14:44:59.999999") == []
    assert look(both, "2027-04-03 14:45") == [("ada", "04-03 14:45")]
    assert look(both, "2027-04-03 15:15") == [("ada", "04-03 14:45")]


def test_the_shops_clocks_are_everybodys_where_the_journey_says_so(connection: Connection) -> None:
    both = begin(connection, on_day(), time_zone="shop")
    all_say(both, "2027-03-13")

    assert look(both, "2027-03-13 09:59:59") == []
    assert look(both, "2027-03-13 10:00") == everybody("03-13 10:00")


@pytest.mark.parametrize("zones", ["shop", "customer"])
def test_hours_before_a_day_are_hours_on_the_clock_and_not_late(
    connection: Connection, zones: str
) -> None:
    both = begin(connection, on_day(before="12 hours"), time_zone=zones)
    say(both, "yuna", "2027-03-14")

    assert look(both, "2027-03-13 21:59:59") == []
    assert look(both, "2027-03-13 22:00") == [("yuna", "03-13 22:00")]


def test_who_was_born_on_a_leap_day_is_meant_on_the_last_of_february(
    connection: Connection,
) -> None:
    both = begin(connection, on_day(yearly=True, after="2 weeks"))
    say(both, "yuna", "1996-02-29")

    assert look(both, "2027-03-14 10:00") == [("yuna", "03-14 10:00")]
    both.publish(journey(on_day(yearly=True)))
    assert len(look(both, "2028-02-28 12:00")) == 1
    assert look(both, "2028-02-29 10:00")[:1] == [("yuna", "03-14 10:00")]
    assert sorted(at for _, at in entered(both)) == ["02-29 10:00", "03-14 10:00"]


@pytest.mark.parametrize(
    ("told_at", "enters"),
    [("2027-03-13 10:30", True), ("2027-03-14 09:00", True), ("2027-03-14 11:00:01", False)],
)
def test_a_day_told_after_its_moment_counts_for_a_day(
    connection: Connection, told_at: str, *, enters: bool
) -> None:
    both = begin(connection, on_day())
    # The last look before: the next one is yet to come.
    both.now = datetime.fromisoformat(told_at).replace(tzinfo=UTC) - timedelta(seconds=1)
    both.settle()
    go_to(both, told_at)
    say(both, "yuna", "2027-03-13")

    found = look(both, "2027-03-14 12:00:01")
    assert found == ([("yuna", "03-13 10:00")] if enters else [])


def test_who_changes_the_day_enters_on_the_new_one_and_not_on_the_old(
    connection: Connection,
) -> None:
    both = begin(connection, on_day(yearly=True))
    say(both, "yuna", "1990-03-13")
    say(both, "noah", "1990-03-13")
    go_to(both, "2027-03-13 09:59")
    say(both, "yuna", "1990-03-14")

    assert look(both, "2027-03-13 10:00") == [("noah", "03-13 10:00")]
    say(both, "noah", "1990-03-14")
    assert look(both, "2027-03-14 10:00")[1:] == [("noah", "03-14 10:00"), ("yuna", "03-14 10:00")]


def test_who_moves_is_let_in_once_and_not_missed(connection: Connection) -> None:
    both = begin(connection, on_day(yearly=True))
    all_say(both, "1990-03-14")

    assert look(both, "2027-03-14 01:00") == [("ada", "03-13 23:00"), ("minji", "03-14 01:00")]
    both.move("minji", "America/New_York")
    go_to(both, "2027-03-14 09:00")
    both.move("jane", "Asia/Seoul")
    # Her moment has been; it is seen at the next look.
    assert ("jane", "03-14 01:00") in look(both, "2027-03-14 09:05")
    assert [who for who, _ in look(both, "2027-03-14 18:00")].count("minji") == 1
    assert len(entered(both)) == 5


def test_a_day_that_came_while_nothing_ran_counts_within_the_entrys_time(
    connection: Connection,
) -> None:
    both = begin(connection, on_day() | {"within": "2 days"})
    for who, day in zip(PEOPLE, (13, 14, 15, 16, 17), strict=True):
        say(both, who, f"2027-03-{day}")

    assert [who for who, _ in look(both, "2027-03-17 10:00")] == ["noah", "yuna"]


@pytest.mark.parametrize("batch", [1, 99])
def test_a_day_that_came_while_the_journey_was_paused_is_missed(
    connection: Connection, batch: int
) -> None:
    both = begin(connection, on_day(), batch=batch)
    say(both, "yuna", "2027-03-13")
    say(both, "noah", "2027-03-14")
    go_to(both, "2027-03-13 09:00")
    both.pause(MAIN, JourneyState.PAUSED)
    both.settle()
    go_to(both, "2027-03-13 10:00:00.000001")
    both.pause(MAIN, JourneyState.RUNNING)

    assert look(both, "2027-03-13 12:00") == []
    assert look(both, "2027-03-14 10:00") == [("noah", "03-14 10:00")]


def test_a_new_version_misses_no_day_of_the_one_before(connection: Connection) -> None:
    both = begin(connection, on_day(), batch=2)
    all_say(both, "2027-03-13")
    _ = look(both, "2027-03-13 09:59")
    go_to(both, "2027-03-13 10:00:05")
    both.publish(journey(on_day(), priority=5))

    found = [who for who, _ in look(both, "2027-03-13 15:00")]
    assert found == ["ada", "minji", "noah", "yuna", "jane"]


def test_a_new_version_of_another_day_counts_from_its_publication(connection: Connection) -> None:
    both = begin(connection, on_day("08:00"), batch=2)
    say(both, "yuna", "2027-03-13")
    say(both, "noah", "2027-03-14")
    go_to(both, "2027-03-13 12:00")
    both.publish(journey(on_day("09:00")))

    assert look(both, "2027-03-13 15:00") == []
    assert look(both, "2027-03-14 09:00") == [("noah", "03-14 09:00")]


def test_a_limit_and_a_batch_take_those_of_a_day_in_their_order(connection: Connection) -> None:
    both = begin(connection, on_day() | {"per_day": 2}, batch=1, time_zone="shop")
    all_say(both, "2027-03-13")

    assert look(both, "2027-03-13 10:00") == everybody("03-13 10:00")[:2]
