"""Where several messages want one customer's attention, the better wins, and it is said why."""

from collections import Counter
from datetime import timedelta

import pytest
from tests.build import NOON, journey, plan_message, template
from tests.guard.test_rules import MORNING, NIGHT, decide, decisions, reachable

from dangol.guard.decide import recheck_messages
from dangol.store.connect import Connection

MIDNIGHT = NOON + timedelta(hours=12)


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    return reachable(connection, workspace)


def rival(
    connection: Connection,
    workspace: int,
    customer_id: int,
    name: str,
    *,
    priority: int = 0,
    value: int = 0,
    minutes_ago: int = 0,
) -> int:
    """A message of a journey of its own."""
    text = template(connection, workspace, name=name)
    connection.execute("update template set expected_value = %s where id = %s", (value, text))
    made = journey(connection, workspace, name=name, template_id=text)
    connection.execute("update journey set priority = %s where id = %s", (priority, made))
    return plan_message(
        connection,
        workspace,
        customer_id=customer_id,
        journey_id=made,
        now=NOON - timedelta(minutes=minutes_ago),
    )


def limit(connection: Connection, column: str, number: int) -> None:
    connection.execute(f"update workspace set {column} = {number}".encode())  # noqa: S608 - ours


@pytest.mark.parametrize("column", ["daily_messages", "cap_messages"])
def test_priority_wins_then_value_then_age(
    connection: Connection, workspace: int, minji: int, column: str
) -> None:
    limit(connection, column, 1)
    rivals = [
        rival(connection, workspace, minji, "old", minutes_ago=50),
        rival(connection, workspace, minji, "older", minutes_ago=60),
        rival(connection, workspace, minji, "worth more", value=10, minutes_ago=1),
        rival(connection, workspace, minji, "urgent", priority=1),
    ]
    order: list[int] = []

    while rivals:
        decide(connection, workspace)
        [winner] = [one for one in rivals if decisions(connection).get(one) == ("allow", "allowed")]
        order.append(winner)
        rivals.remove(winner)
        # What it has won is forgotten, and those who lost are asked again.
        connection.execute("delete from decision")
        connection.execute("update message set state = 'failed', act_at = null, allowed_at = null")
        connection.execute(
            "update message set state = 'planned', act_at = %s where id = any(%s)", (NOON, rivals)
        )

    names = [
        connection.execute(
            "select journey.name from message join journey on journey.id = message.journey_id"
            " where message.id = %s",
            (message,),
        ).fetchone()[0]
        for message in order
    ]
    assert names == ["urgent", "worth more", "older", "old"]


def test_who_loses_a_day_is_asked_again_the_next(
    connection: Connection, workspace: int, minji: int
) -> None:
    limit(connection, "daily_messages", 1)
    connection.execute("update workspace set quiet_from = '00:00', quiet_until = '00:00'")
    winner = rival(connection, workspace, minji, "first", priority=5)
    loser = rival(connection, workspace, minji, "second")

    decide(connection, workspace)
    held = connection.execute(
        "select act_at from message where id = %s and state = 'held'", (loser,)
    ).fetchone()
    decide(connection, workspace, now=MIDNIGHT)

    assert decisions(connection)[winner] == ("allow", "allowed")
    assert held == (MIDNIGHT,)
    assert decisions(connection)[loser] == ("allow", "allowed")


def test_the_day_is_the_customers_own(connection: Connection, workspace: int) -> None:
    jiwoo = reachable(connection, workspace, "jiwoo", time_zone="America/New_York")
    connection.execute("update customer set country = 'US'")
    limit(connection, "daily_messages", 1)
    connection.execute("update workspace set quiet_from = '00:00', quiet_until = '00:00'")
    rival(connection, workspace, jiwoo, "first", priority=5)
    rival(connection, workspace, jiwoo, "second")

    decide(connection, workspace)

    # It is ten in the evening in New York.
    row = connection.execute("select act_at from message where state = 'held'").fetchone()
    assert row == (NOON + timedelta(hours=2),)


def test_an_expiring_loser_is_dropped_with_its_reason(
    connection: Connection, workspace: int, minji: int
) -> None:
    limit(connection, "daily_messages", 1)
    rival(connection, workspace, minji, "first", priority=5)
    loser = rival(connection, workspace, minji, "second")
    connection.execute(
        "update message set expires_at = %s where id = %s", (NOON + timedelta(hours=1), loser)
    )

    decide(connection, workspace)
    decide(connection, workspace, now=NOON + timedelta(hours=1))

    fates = connection.execute(
        "select verdict::text, reason::text from decision where message_id = %s"
        " order by evaluation",
        (loser,),
    ).fetchall()
    assert fates == [("hold", "attention_budget"), ("skip", "expired")]


def test_what_something_else_stops_takes_no_place(
    connection: Connection, workspace: int, minji: int
) -> None:
    limit(connection, "cap_messages", 1)
    best = rival(connection, workspace, minji, "best", priority=9)
    other = rival(connection, workspace, minji, "other")
    connection.execute("update journey set state = 'stopped' where priority = 9")

    decide(connection, workspace)

    assert decisions(connection)[best] == ("skip", "journey_stopped")
    assert decisions(connection)[other] == ("allow", "allowed")


def test_a_topic_may_have_a_limit_of_its_own(
    connection: Connection, workspace: int, minji: int
) -> None:
    connection.execute(
        "insert into topic (workspace_id, name, title_ko, title_en, created_at)"
        " values (%s, 'sale', '할인', 'Sales', %s)",
        (workspace, NOON),
    )
    connection.execute(
        "insert into message_cap (workspace_id, topic_id, messages, days)"
        " select workspace_id, id, 1, 30 from topic"
    )
    sales = [rival(connection, workspace, minji, f"sale {n}", minutes_ago=9 - n) for n in range(2)]
    news = rival(connection, workspace, minji, "news")
    connection.execute(
        "update template set topic_id = (select id from topic) where name like 'sale%'"
    )

    decide(connection, workspace)

    latest = decisions(connection)
    assert [latest[sales[0]][0], latest[sales[1]], latest[news][0]] == [
        "allow",
        ("skip", "over_cap"),
        "allow",
    ]


def test_a_limit_may_count_all_channels_together(
    connection: Connection, workspace: int, minji: int
) -> None:
    connection.execute(
        "insert into message_cap (workspace_id, messages, days) values (%s, 1, 1)", (workspace,)
    )
    gone = rival(connection, workspace, minji, "by push")
    connection.execute(
        "update message set channel = 'push', state = 'handed', act_at = null, allowed_at = %s"
        " where id = %s",
        (NOON - timedelta(hours=1), gone),
    )
    message = rival(connection, workspace, minji, "by mail")

    decide(connection, workspace)

    assert decisions(connection)[message] == ("skip", "over_cap")


def test_at_the_door_the_better_message_has_no_second_chance(
    connection: Connection, workspace: int, minji: int
) -> None:
    """What was allowed first goes first: a place once given is not taken away."""
    first = rival(connection, workspace, minji, "first", minutes_ago=5)
    decide(connection, workspace)
    better = rival(connection, workspace, minji, "better", priority=9)
    limit(connection, "daily_messages", 1)
    connection.execute("update message set state = 'handed', act_at = null where id = %s", (first,))

    decide(connection, workspace)
    left = recheck_messages(connection, workspace_id=workspace, message_ids=[first], now=NOON)

    assert left == [first]
    assert decisions(connection)[better] == ("hold", "attention_budget")


def test_ninety_nine_rivals_give_one_winner_and_a_reason_each(
    connection: Connection, workspace: int, minji: int
) -> None:
    limit(connection, "cap_messages", 1)
    for number in range(99):
        plan_message(connection, workspace, customer_id=minji, entry_key=f"{number}", now=NIGHT)

    decide(connection, workspace, now=NIGHT)
    decide(connection, workspace, now=MORNING)

    states = Counter(
        row for (row,) in connection.execute("select state::text from message").fetchall()
    )
    fates = Counter(decisions(connection).values())
    assert states == {"skipped": 98, "allowed": 1}
    assert fates == {("skip", "over_cap"): 98, ("allow", "allowed"): 1}


def test_the_holdout_has_about_its_share_and_always_the_same_people(
    connection: Connection, workspace: int
) -> None:
    people = [reachable(connection, workspace, f"person{n}") for n in range(60)]
    held_out: list[set[int]] = []
    for share in (300, 300, 600):
        limit(connection, "holdout_permille", share)
        connection.execute("delete from decision")
        connection.execute("delete from message")
        for person in people:
            plan_message(connection, workspace, customer_id=person, entry_key=f"{held_out}")
        decide(connection, workspace)
        rows = connection.execute("select customer_id from decision where reason = 'holdout'")
        held_out.append({one for (one,) in rows})

    assert held_out[0] == held_out[1] < held_out[2]
    assert 5 <= len(held_out[0]) <= 32
