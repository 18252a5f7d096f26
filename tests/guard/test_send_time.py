"""Advertising waits for the hours at which its customer reacts, once, where these are known."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOON, plan_message, template
from tests.guard.test_rules import decide, decisions, reachable
from tests.guard.test_silence import react

from dangol.guard.decide import recheck_messages
from dangol.guard.limits import set_limits
from dangol.guard.send_time import next_start, note_send_hours, note_send_hours_daily
from dangol.store.connect import Connection

SEOUL = ZoneInfo("Asia/Seoul")
SIX = NOON + timedelta(hours=6)


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    return reachable(connection, workspace)


@pytest.fixture(autouse=True)
def on(connection: Connection, workspace: int) -> None:
    set_limits(connection, workspace_id=workspace, changes={"send_time_hours": 12})


def reacted(
    connection: Connection,
    workspace: int,
    customer_id: int,
    *hours: int,
    zone: str = "Asia/Seoul",
    days: int = 7,
    human: float = 1,
) -> None:
    """One reaction to a message each, on so many days in turn, at these hours where they live."""
    for number, hour in enumerate(hours):
        at = datetime(2027, 2, 1 + number % days, hour, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        message = plan_message(
            connection,
            workspace,
            customer_id=customer_id,
            entry_key=f"reacted {number}",
            state="handed",
            now=at - timedelta(minutes=5),
        )
        react(connection, message, kind="clicked", at=at, human=human)


def known(connection: Connection, workspace: int) -> list[int]:
    note_send_hours(connection, workspace_id=workspace, now=NOON)
    rows = connection.execute("select hour from send_hour").fetchall()
    return [hour for (hour,) in rows]


def knows(connection: Connection, workspace: int, customer_id: int, hour: int) -> None:
    connection.execute(
        "insert into send_hour (workspace_id, customer_id, channel, hour, noted_at)"
        " values (%s, %s, 'email', %s, %s)",
        (workspace, customer_id, hour, NOON),
    )


def held_until(connection: Connection) -> list[tuple[str, datetime | None]]:
    return connection.execute(
        "select reason, hold_until from decision order by evaluation, message_id"
    ).fetchall()


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ((18, 18, 18, 18, 18), 5, [18]),
        ((18, 19, 20, 3, 9), 5, [18]),
        ((18, 19, 3, 9, 13), 5, []),
        ((18, 18, 18, 18), 4, []),
        ((18, 18, 18, 18, 18), 2, []),
        ((23, 0, 1, 0, 12), 5, [23]),
        ((0, 0, 0, 0, 0), 5, [0]),
    ],
    ids=["one hour", "three of five", "two of five", "too few", "two days", "midnight", "zero"],
)
def test_the_best_three_hours_are_known_where_reactions_tell(
    connection: Connection,
    workspace: int,
    minji: int,
    hours: tuple[int, ...],
    days: int,
    expected: list[int],
) -> None:
    reacted(connection, workspace, minji, *hours, days=days)

    assert known(connection, workspace) == expected


def test_machines_and_long_ago_tell_nothing(
    connection: Connection, workspace: int, minji: int
) -> None:
    reacted(connection, workspace, minji, *[18] * 5, human=0.4)
    assert known(connection, workspace) == []

    connection.execute("update receipt set human_confidence = 0.5")
    assert known(connection, workspace) == [18]

    connection.execute("update receipt set occurred_at = occurred_at - interval '180 days'")
    assert known(connection, workspace) == []


def test_a_message_counts_once(connection: Connection, workspace: int, minji: int) -> None:
    reacted(connection, workspace, minji, *[18] * 4)
    connection.execute(
        "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
        " human_confidence, dedupe_key) select workspace_id, message_id, customer_id, 'opened',"
        " occurred_at, 1, 'again ' || dedupe_key from receipt"
    )

    assert known(connection, workspace) == []


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("America/New_York", 8), (None, 22), ("Mars/Phobos", 22)],
)
def test_the_hour_is_one_where_the_customer_lives(
    connection: Connection, workspace: int, minji: int, zone: str | None, expected: int
) -> None:
    connection.execute("update customer set time_zone = %s where id = %s", (zone, minji))
    reacted(connection, workspace, minji, *[8] * 5, zone="America/New_York")

    assert known(connection, workspace) == [expected]


def test_the_hours_are_noted_once_a_day_and_only_where_they_are_asked_for(
    connection: Connection, workspace: int, minji: int
) -> None:
    reacted(connection, workspace, minji, *[18] * 5)

    def note(at: datetime) -> bool:
        return note_send_hours_daily(connection, workspace_id=workspace, now=at)

    assert note(NOON)
    assert not note(NOON + timedelta(hours=23))
    assert note(NOON + timedelta(hours=24))
    set_limits(connection, workspace_id=workspace, changes={"send_time_hours": 0})
    assert not note(NOON + timedelta(days=9))
    assert connection.execute("select from send_hour").fetchall() == []
    set_limits(connection, workspace_id=workspace, changes={"send_time_hours": 24})
    assert note(NOON + timedelta(hours=25))


def test_advertising_waits_once_for_the_hour(
    connection: Connection, workspace: int, minji: int
) -> None:
    knows(connection, workspace, minji, 18)
    message = plan_message(connection, workspace, customer_id=minji)

    decide(connection, workspace)
    assert held_until(connection) == [("send_time", SIX)]

    # The worker stood still: the hours are over, and it waits no second time.
    decide(connection, workspace, now=SIX + timedelta(hours=3, minutes=1))
    assert decisions(connection)[message] != ("hold", "send_time")


def test_it_leaves_when_the_hour_comes(connection: Connection, workspace: int, minji: int) -> None:
    knows(connection, workspace, minji, 18)
    message = plan_message(connection, workspace, customer_id=minji)
    decide(connection, workspace)

    decide(connection, workspace, now=SIX)

    assert decisions(connection)[message] == ("allow", "allowed")


@pytest.mark.parametrize(
    ("hour", "change"),
    [
        (10, ""),
        (12, ""),
        (7, ""),
        (22, ""),
        (18, "update workspace set send_time_hours = 0"),
        (18, "update workspace set send_time_hours = 5"),
        (18, "update workspace set quiet_from = '17:30'"),
        (18, "update message set expires_at = planned_at + interval '6 hours'"),
    ],
    ids=["last of three", "first of three", "far", "quiet", "off", "late", "quiet soon", "expires"],
)
def test_it_does_not_wait(
    connection: Connection, workspace: int, minji: int, hour: int, change: str
) -> None:
    knows(connection, workspace, minji, hour)
    message = plan_message(connection, workspace, customer_id=minji)
    if change:
        connection.execute(change.encode())

    decide(connection, workspace)

    assert decisions(connection)[message] == ("allow", "allowed")


def test_nobody_waits_into_a_night_of_the_law(
    connection: Connection, workspace: int, minji: int
) -> None:
    connection.execute("update workspace set quiet_from = '00:00', quiet_until = '00:00'")
    connection.execute("update customer set country = 'KR'")
    connection.execute(
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)"
        " select workspace_id, customer_id, 'sms', purpose, state, since, entry_id from consent"
    )
    connection.execute(
        "insert into address select workspace_id, customer_id, 'sms', key, sealed, key_of, state,"
        " changed_at from address"
    )
    knows(connection, workspace, minji, 22)
    connection.execute(
        "insert into send_hour select workspace_id, customer_id, 'sms', hour, noted_at"
        " from send_hour"
    )
    mail = plan_message(connection, workspace, customer_id=minji)
    text = plan_message(connection, workspace, customer_id=minji, entry_key="text")
    connection.execute("update message set channel = 'sms' where id = %s", (text,))

    decide(connection, workspace)

    assert decisions(connection) == {mail: ("hold", "send_time"), text: ("allow", "allowed")}


def test_others_and_information_do_not_wait(
    connection: Connection, workspace: int, minji: int
) -> None:
    jiwoo = reachable(connection, workspace, "jiwoo")
    knows(connection, workspace, minji, 18)
    receipt = template(connection, workspace, name="receipt", purpose="informational")
    messages = {
        plan_message(connection, workspace, customer_id=jiwoo),
        plan_message(connection, workspace, customer_id=minji, template_id=receipt),
    }

    decide(connection, workspace)

    assert decisions(connection) == dict.fromkeys(messages, ("allow", "allowed"))


def test_at_the_door_nothing_waits(connection: Connection, workspace: int, minji: int) -> None:
    message = plan_message(connection, workspace, customer_id=minji)
    decide(connection, workspace)
    knows(connection, workspace, minji, 18)

    with connection.transaction():
        passed = recheck_messages(
            connection, workspace_id=workspace, message_ids=[message], now=NOON
        )

    assert passed == [message]


@pytest.mark.parametrize(
    ("zone", "now", "hour", "expected"),
    [
        ("Asia/Seoul", "2027-03-02T12:00", 18, "2027-03-02T18:00"),
        ("Asia/Seoul", "2027-03-02T12:00", 9, "2027-03-03T09:00"),
        ("Asia/Seoul", "2027-03-02T00:30", 23, None),
        # The clocks go forward at two; the hour begins when they show three.
        ("America/New_York", "2027-03-14T01:30", 2, "2027-03-14T03:00"),
        ("America/New_York", "2027-03-14T01:30", 9, "2027-03-14T09:00"),
        # They go back at two, and one comes twice.
        ("America/New_York", "2027-11-07T00:30", 1, "2027-11-07T01:00"),
        ("America/New_York", "2027-11-07T00:30", 9, "2027-11-07T09:00"),
        # A day that begins at one.
        ("America/Santiago", "2027-09-04T20:00", 0, "2027-09-05T01:00"),
    ],
)
def test_the_hour_next_begins_by_the_clocks_there(
    zone: str, now: str, hour: int, expected: str | None
) -> None:
    place = ZoneInfo(zone)

    found = next_start(
        place, hour=hour, now=datetime.fromisoformat(now).replace(tzinfo=place).astimezone(UTC)
    )

    assert found == (
        expected and datetime.fromisoformat(expected).replace(tzinfo=place).astimezone(UTC)
    )
