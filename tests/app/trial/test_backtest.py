"""A backtest finds what would have happened, and nobody notices that it ran."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from tests.photograph import photograph

from dangol.app.problem import ProblemError
from dangol.app.trial.backtest import Plan, run_backtest
from dangol.app.trial.story import Story
from dangol.content.library import install_library
from dangol.guard.limits import set_limits
from dangol.segments.condition import Condition
from dangol.segments.define import define_segment
from dangol.segments.parse import parse_condition
from dangol.store.lake import flush_events

CART = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed, reentry_days: 0}
goal: Order Completed
quiet_after_purchase: none
steps:
  - {name: patience, kind: wait, for: 2 hours}
  - {name: note, kind: message, template: winback_note, expires_after: 2 days}
  - {name: rest, kind: wait, for: 3 days}
  - {name: second, kind: message, template: winback_second_note, expires_after: 2 days}
"""
OTHER = CART.replace("name: cart\n", "name: other\n")
BUYERS = b"""{"version": 1, "where": {"kind": "event", "event": "Order Completed",
  "is": {"kind": "at_least", "value": 1}}}"""


@pytest.fixture
def story(connection, workspace, vault, lake) -> Story:
    """The live shop, told day by day."""
    with connection.transaction():
        install_library(connection, workspace_id=workspace, locale="ko", now=EARLY)
    return Story(
        connection=connection, workspace=workspace, vault=vault, lake=lake, now=EARLY
    ).stand(EARLY)


EARLY = datetime(2027, 2, 1, tzinfo=UTC)


@pytest.fixture
def backtest(story, dsn):
    """Try a journey on past days of the live shop."""

    def run(text: str = CART, *, first: str = "2027-03-01", last: str = "2027-03-10", **plan):
        story.settle()
        flush_events(story.connection, story.lake, workspace_id=story.workspace, now=story.now)
        wanted = Plan(
            workspace_id=story.workspace,
            text=text,
            first_day=date.fromisoformat(first),
            last_day=date.fromisoformat(last),
            **plan,
        )
        return run_backtest(story.connection, story.lake, wanted, dsn=dsn)

    return run


def live_through_days(story: Story) -> None:
    """Some days with every kind of customer in them."""
    story.at("2027-02-20 10:00").customer("minji").customer("jiwoo").customer("haneul")
    story.customer("sora", consent=False)
    story.at("2027-03-02 12:00").event("minji", "Cart Viewed").event("sora", "Cart Viewed")
    story.at("2027-03-02 19:30").event("jiwoo", "Cart Viewed")
    story.at("2027-03-03 10:00").consent("haneul", "withdraw")
    story.at("2027-03-04 10:00").event("haneul", "Cart Viewed").event("minji", "Cart Viewed")
    story.at("2027-03-04 11:00").buys("minji")
    story.at("2027-03-12 10:00")


def really_sent(story: Story) -> dict[str, int]:
    with story.connection.transaction():
        rows = story.connection.execute(
            "select (settled_at at time zone 'Asia/Seoul')::date::text, count(*) from delivery"
            " where state = 'accepted' group by 1 order by 1"
        ).fetchall()
    return dict(rows)


def test_a_journey_that_ran_is_found_to_have_done_what_it_did(story, backtest):
    story.runs(CART)
    live_through_days(story)

    found = backtest()

    sent = {str(day.day): sum(day.messages.values()) for day in found.days if day.messages}
    assert sent == really_sent(story) != {}
    assert found.enrollments == 5
    assert found.messages == sum(sent.values())
    assert found.skips == {"no_consent": 4}
    # The first note waits for the morning, and so does the second, three days after it.
    assert found.holds == {"quiet_hours": 2}
    assert found.ends == {"completed": 3, "goal_met": 2}
    assert found.conversions.count == 2
    assert found.collisions.over_cap == {}


def test_a_backtest_leaves_every_live_row_and_file_as_it_was(story, backtest, dsn, lake):
    story.runs(CART)
    live_through_days(story)
    backtest()
    before = photograph(dsn), lake.version()

    backtest(OTHER)

    assert (photograph(dsn), lake.version()) == before


def test_the_same_past_makes_the_same_report_byte_for_byte(story, backtest):
    live_through_days(story)

    one, other = (msgspec.json.encode(backtest()) for _ in range(2))

    assert one == other


def test_consents_are_those_of_the_days(story, backtest):
    live_through_days(story)
    # Who withdraws today allowed it then.
    story.at("2027-04-01 10:00").consent("jiwoo", "withdraw").consent("sora", "grant")

    found = backtest()

    assert found.messages == 3
    assert found.skips == {"no_consent": 4}


def test_messages_that_others_sent_fill_the_cap(story, backtest):
    with story.connection.transaction():
        story.connection.execute("update workspace set cap_messages = 1")
    story.runs(OTHER)
    live_through_days(story)

    found = backtest()

    assert found.skips["over_cap"] > 0
    assert found.collisions.over_cap == {"other": found.skips["over_cap"]}
    assert found.collisions.same_day == {}


def test_real_messages_that_would_have_had_no_room_are_counted(story, backtest):
    with story.connection.transaction():
        story.connection.execute("update workspace set cap_messages = 1")
    story.runs(OTHER.replace("2 hours", "5 hours"))
    live_through_days(story)

    found = backtest()

    assert found.collisions.crowded_out["other"] > 0
    assert found.collisions.same_day["other"] > 0


def test_segments_open_a_journey_as_they_did(story, backtest):
    with story.connection.transaction():
        define_segment(
            story.connection,
            workspace_id=story.workspace,
            name="buyers",
            title_ko="구매 고객",
            title_en="Buyers",
            definition=condition(),
            now=story.now,
        )
    story.asks_history = True
    live_through_days(story)

    found = backtest(CART.replace("event: Cart Viewed", "segment: buyers"))

    assert found.enrollments == 1
    assert [day.enrollments for day in found.days].index(1) == 3


def condition() -> Condition:
    return parse_condition(BUYERS)


def test_what_a_journey_writes_itself_is_read(story, backtest):
    live_through_days(story)
    text = """
name: marks
title: {ko: 표시, en: Marks}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: mark, kind: update, set: {cart_seen: true}}
  - {name: patience, kind: wait, for: 1 hour}
  - name: ask
    kind: branch
    ways: [{when: {kind: trait, trait: cart_seen, is: {kind: is_true}}, then: seen}]
    otherwise: unseen
  - {name: unseen, kind: exit}
  - {name: seen, kind: exit, ending: exited}
"""

    found = backtest(text)

    assert (found.ends, found.inside, found.parked) == ({"exited": 5}, {}, 0)


def test_conditions_know_of_events_that_the_journey_does_not_name(story, backtest):
    live_through_days(story)
    story.at("2027-03-12 10:00").customer("dahye")
    story.at("2027-03-12 11:00").event("dahye", "Product Viewed")
    story.at("2027-03-12 12:00").event("dahye", "Cart Viewed").event("jiwoo", "Cart Viewed")
    story.at("2027-03-14 10:00")
    text = """
name: looked
title: {ko: 봤다, en: Looked}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - name: ask
    kind: branch
    ways:
      - when: {kind: event, event: Product Viewed, is: {kind: at_least, value: 1}}
        then: looked
    otherwise: bought_blind
  - {name: bought_blind, kind: exit}
  - {name: looked, kind: exit, ending: exited}
"""

    found = backtest(text, first="2027-03-12", last="2027-03-13")

    assert found.ends == {"exited": 1, "completed": 1}


ANSWERED = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed}
steps:
  - {name: note, kind: message, template: winback_note, expires_after: 2 days}
  - {name: answer, kind: wait_for, event: Message Opened, at_most: 1 day, then: second,
     otherwise: gone}
  - {name: second, kind: message, template: winback_second_note, next: done}
  - {name: done, kind: exit}
  - {name: gone, kind: exit, ending: exited}
"""


def test_nobody_answers_what_a_journey_would_have_sent(story, backtest):
    """What became of what it really sent is of other messages, and is left out with them."""
    with story.connection.transaction():
        set_limits(story.connection, workspace_id=story.workspace, changes={"message_events": True})
    story.runs(ANSWERED).at("2027-02-20 10:00").customer("minji").customer("jiwoo")
    story.at("2027-03-02 12:00").event("minji", "Cart Viewed").event("jiwoo", "Cart Viewed")
    story.at("2027-03-02 15:00").message("minji", "opened").settle()
    story.at("2027-03-12 10:00")

    found = backtest(ANSWERED)
    other = backtest(ANSWERED.replace("name: cart", "name: other"))

    assert (found.messages, found.ends) == (2, {"exited": 2})
    # To another journey it is an event like any other.
    assert other.ends == {"exited": 1, "completed": 1}


def test_a_message_that_left_is_no_visit(story, backtest):
    """A journey that asks who came lately is not misled by what we did ourselves."""
    with story.connection.transaction():
        set_limits(story.connection, workspace_id=story.workspace, changes={"message_events": True})
    story.runs(CART).at("2027-02-20 10:00").customer("minji")
    story.at("2027-03-02 12:00").event("minji", "Cart Viewed")
    story.at("2027-03-12 10:00")
    text = """
name: absent
title: {ko: 뜸한 고객, en: Absent}
entry: {event: Message Sent, reentry_days: 5}
steps:
  - name: ask
    kind: branch
    ways:
      - when: {kind: trait, trait: $last_seen_at, is: {kind: days_ago, at_most: 1}}
        then: seen
    otherwise: unseen
  - {name: unseen, kind: exit}
  - {name: seen, kind: exit, ending: exited}
"""

    assert backtest(text, first="2027-03-05", last="2027-03-08").ends == {"completed": 1}


def test_a_weeks_cost_is_what_its_messages_cost(story, backtest):
    live_through_days(story)

    found = backtest(prices={"email": Decimal("2.5")})

    assert (found.messages, found.cost_krw) == (3, "7.5")


def test_examples_are_told_under_names_that_are_nobodys(story, backtest):
    live_through_days(story)

    found = backtest(examples=2)

    assert [one.name for one in found.examples] == ["customer 1", "customer 2"]
    said = "\n".join(line for one in found.examples for line in one.lines)
    assert "entered" in said
    assert "minji" not in msgspec.json.encode(found).decode()


def test_days_of_which_nothing_is_known_are_refused(story, backtest):
    live_through_days(story)

    with pytest.raises(ProblemError, match="holds no events from 2026-01-01 to 2026-01-02"):
        backtest(first="2026-01-01", last="2026-01-02")
