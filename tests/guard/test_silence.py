"""Who has long stopped reacting is left in peace, channel by channel."""

from datetime import datetime, timedelta

import pytest
from tests.build import NOON, plan_message, template
from tests.guard.test_rules import decide, decisions, reachable

from dangol.guard.silence import note_silences
from dangol.store.connect import Connection


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    made = reachable(connection, workspace)
    connection.execute(
        "update consent set since = %(at)s, confirmed_at = %(at)s",
        {"at": NOON - timedelta(days=400)},
    )
    return made


def told(
    connection: Connection, workspace: int, customer_id: int, *, times: int, since: int
) -> list[int]:
    """Advertising that left once a week, for the first time so many days ago."""
    return [
        plan_message(
            connection,
            workspace,
            customer_id=customer_id,
            entry_key=f"week {week}",
            state="handed",
            now=NOON - timedelta(days=since - 7 * week),
        )
        for week in range(times)
    ]


def react(
    connection: Connection, message: int, *, kind: str, at: datetime, human: float = 1
) -> None:
    connection.execute(
        "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
        " human_confidence, dedupe_key) select workspace_id, id, customer_id, %s, %s, %s, id::text"
        " from message where id = %s",
        (kind, at, human, message),
    )


def silences(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select channel::text, messages, sunset, visits from silence order by channel"
    ).fetchall()


@pytest.mark.parametrize(
    ("times", "since", "sunset"),
    [(10, 90, [True]), (12, 120, [True]), (9, 120, [False]), (10, 89, [False]), (4, 120, [])],
)
def test_so_many_messages_over_so_many_days_are_a_sunset(
    connection: Connection, workspace: int, minji: int, times: int, since: int, sunset: list[bool]
) -> None:
    told(connection, workspace, minji, times=times, since=since)

    note_silences(connection, workspace_id=workspace, now=NOON)

    assert [row[2] for row in silences(connection)] == sunset


def test_after_the_sunset_advertising_stops_and_one_last_chance_may_go(
    connection: Connection, workspace: int, minji: int
) -> None:
    told(connection, workspace, minji, times=12, since=120)
    connection.execute("update customer set last_seen_at = %s", (NOON - timedelta(days=60),))
    note_silences(connection, workspace_id=workspace, now=NOON)
    farewell = template(connection, workspace, name="farewell")
    connection.execute("update template set last_chance = true where id = %s", (farewell,))
    plain, first, second = (
        plan_message(connection, workspace, customer_id=minji, entry_key=name, template_id=made)
        for name, made in (("plain", None), ("first", farewell), ("second", farewell))
    )

    decide(connection, workspace)

    assert decisions(connection)[plain] == ("skip", "sunset")
    assert decisions(connection)[first] == ("allow", "allowed")
    assert decisions(connection)[second] == ("skip", "sunset")


@pytest.mark.parametrize("kind", ["opened", "clicked", "replied"])
def test_a_reaction_ends_it_at_once(
    connection: Connection, workspace: int, minji: int, kind: str
) -> None:
    messages = told(connection, workspace, minji, times=12, since=120)
    note_silences(connection, workspace_id=workspace, now=NOON)
    react(connection, messages[-1], kind=kind, at=NOON + timedelta(hours=1))
    later = NOON + timedelta(hours=2)
    message = plan_message(connection, workspace, customer_id=minji, now=later)

    decide(connection, workspace, now=later)

    assert decisions(connection)[message][1] != "sunset"


def test_a_machine_that_opens_is_no_reaction(
    connection: Connection, workspace: int, minji: int
) -> None:
    messages = told(connection, workspace, minji, times=12, since=120)
    react(connection, messages[-1], kind="opened", at=NOON - timedelta(days=1), human=0.1)

    note_silences(connection, workspace_id=workspace, now=NOON)

    assert [row[2] for row in silences(connection)] == [True]


def test_a_consent_given_anew_begins_anew(
    connection: Connection, workspace: int, minji: int
) -> None:
    told(connection, workspace, minji, times=12, since=120)
    connection.execute("update consent set confirmed_at = %s", (NOON - timedelta(days=2),))

    note_silences(connection, workspace_id=workspace, now=NOON)

    assert silences(connection) == []


@pytest.mark.parametrize(("seen", "visits"), [(1, True), (40, False)])
def test_who_ignores_all_but_visits_is_reduced(
    connection: Connection, workspace: int, minji: int, seen: int, *, visits: bool
) -> None:
    told(connection, workspace, minji, times=6, since=60)
    connection.execute("update customer set last_seen_at = %s", (NOON - timedelta(days=seen),))

    note_silences(connection, workspace_id=workspace, now=NOON)

    assert silences(connection) == [("email", 6, False, visits)]


def test_who_reacts_on_one_channel_is_not_reduced_on_another(
    connection: Connection, workspace: int, minji: int
) -> None:
    told(connection, workspace, minji, times=6, since=60)
    push = plan_message(
        connection, workspace, customer_id=minji, entry_key="push", state="handed", now=NOON
    )
    connection.execute("update message set channel = 'push' where id = %s", (push,))

    note_silences(connection, workspace_id=workspace, now=NOON)

    assert silences(connection) == [("email", 6, False, False)]


def test_noting_again_says_the_same(connection: Connection, workspace: int, minji: int) -> None:
    told(connection, workspace, minji, times=12, since=120)
    note_silences(connection, workspace_id=workspace, now=NOON)

    assert note_silences(connection, workspace_id=workspace, now=NOON) == 1
