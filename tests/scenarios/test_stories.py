"""What happens to people, from the first event to the last mail."""

from importlib import resources

import pytest
from tests.scenarios.story import Story

from dangol.app.demo_report import find_violations
from dangol.providers.smtp.fake import NO_SUCH_MAILBOX, Script
from dangol.segments.define import define_segment
from dangol.segments.library import LAPSED_REGULARS

WIN_BACK = (resources.files("dangol.app") / "demo_journeys" / "win_back.yaml").read_text("utf-8")
CART = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: patience, kind: wait, for: 20 minutes}
  - {name: note, kind: message, template: winback_note, expires_after: 2 days}
"""
TWO_NOTES = """
name: two_notes
title: {ko: 두 번, en: Two notes}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: first, kind: message, template: winback_note}
  - {name: patience, kind: wait, for: 3 days}
  - {name: bought, kind: check_event, event: Order Completed, then: done, otherwise: second}
  - {name: second, kind: message, template: winback_second_note, next: end}
  - {name: end, kind: exit}
  - {name: done, kind: exit, ending: goal_met}
"""


@pytest.fixture(autouse=True)
def everybody_is_accounted_for(story: Story):
    """After every story: no message is in a state that nothing explains."""
    yield
    with story.connection.transaction():
        assert find_violations(story.connection, workspace_id=story.workspace) == []


@pytest.fixture
def regulars(story: Story) -> Story:
    """A shop that writes to regulars who have not come for 90 days."""
    with story.connection.transaction():
        define_segment(
            story.connection,
            workspace_id=story.workspace,
            name="lapsed_regulars",
            title_ko="한동안 뜸한 단골",
            title_en="Lapsed regulars",
            definition=LAPSED_REGULARS,
            now=story.now,
        )
    return story.runs(WIN_BACK)


def test_a_regular_is_written_to_once_ninety_days_have_passed(regulars):
    story = regulars
    story.at("2027-01-04 12:00").joins("minji").buys("minji")
    story.at("2027-01-11 12:00").buys("minji").joins("jiwoo").buys("jiwoo").look_back()

    story.at("2027-04-11 11:59").look_back().expect_nothing("minji")
    story.at("2027-04-11 12:00").look_back().expect_sent("minji", "winback_note")
    # Bought only once: no regular.
    story.expect_nothing("jiwoo")


def test_a_regular_who_comes_back_gets_no_second_note(regulars):
    story = regulars
    story.at("2027-01-04 12:00").joins("minji").buys("minji").joins("jiwoo").buys("jiwoo")
    story.at("2027-01-11 12:00").buys("minji").buys("jiwoo").look_back()
    story.at("2027-04-12 09:00").look_back()
    story.expect_sent("minji", "winback_note").expect_sent("jiwoo", "winback_note")

    story.at("2027-04-20 10:00").buys("minji").settle()
    story.at("2027-04-26 09:00").expect_nothing("minji")

    assert story.journey_of("minji") == ("ended", "goal_met")
    story.expect_sent("jiwoo", "winback_second_note")
    assert story.journey_of("jiwoo") == ("ended", "completed")


def test_quiet_hours_hold_advertising_until_the_morning(story):
    story.runs(CART)
    story.at("2027-03-02 20:50").joins("jiwoo").event("jiwoo", "Cart Viewed").settle()

    story.at("2027-03-02 21:10").expect_held("jiwoo", until="2027-03-03 08:00")
    story.at("2027-03-03 07:59").expect_nothing("jiwoo")
    story.at("2027-03-03 08:00").expect_sent("jiwoo", "winback_note")


def test_the_quiet_hours_are_those_of_where_the_customer_lives(story):
    story.runs(CART)
    story.at("2027-03-02 20:50").joins("erika").event("erika", "Cart Viewed")
    story.post("/v1/identify", {"userId": "erika", "traits": {"timezone": "Europe/Berlin"}})
    story.settle()

    # Ten past one in the afternoon in Berlin.
    story.at("2027-03-02 21:10").expect_sent("erika", "winback_note")


def test_nobody_gets_more_than_three_advertisements_in_seven_days(story):
    story.runs(CART)
    story.at("2027-03-01 10:00").joins("minji")
    for day in (1, 2, 3):
        story.at(f"2027-03-0{day} 12:00").event("minji", "Cart Viewed").settle()
        story.at(f"2027-03-0{day} 12:20").expect_sent("minji", "winback_note")

    story.at("2027-03-04 12:00").event("minji", "Cart Viewed").settle()
    story.at("2027-03-04 12:20").expect_skipped("minji", reason="over_cap")
    story.at("2027-03-08 12:01").event("minji", "Cart Viewed").settle()
    story.at("2027-03-08 12:21").expect_sent("minji", "winback_note")


def test_an_unsubscribe_between_two_messages_stops_the_second(story):
    story.runs(TWO_NOTES)
    story.at("2027-03-02 12:00").joins("minji").event("minji", "Cart Viewed")
    story.expect_sent("minji", "winback_note")

    story.at("2027-03-03 12:00").unsubscribes("minji")
    story.at("2027-03-05 12:00").expect_skipped("minji", reason="no_consent")

    assert story.journey_of("minji") == ("ended", "completed")


def test_an_unsubscribe_stops_what_was_already_allowed_and_waits_for_the_morning(story):
    story.runs(CART)
    story.at("2027-03-02 10:00").joins("minji").event("minji", "Cart Viewed").settle()
    story.at("2027-03-02 10:20").expect_sent("minji", "winback_note")
    story.at("2027-03-02 20:50").event("minji", "Cart Viewed").settle()
    story.at("2027-03-02 21:10").expect_held("minji", until="2027-03-03 08:00")

    story.at("2027-03-02 23:00").unsubscribes("minji")
    story.at("2027-03-03 08:00").expect_skipped("minji", reason="no_consent")


def test_a_mail_that_comes_back_is_the_last_to_that_address(story):
    story.runs(CART)
    story.at("2027-03-02 12:00").joins("minji").event("minji", "Cart Viewed").settle()
    story.at("2027-03-02 12:20").expect_sent("minji", "winback_note")

    story.at("2027-03-02 13:00").bounces("minji").event("minji", "Cart Viewed").settle()
    story.at("2027-03-02 13:20").expect_skipped("minji", reason="suppressed")


def test_a_mailbox_that_does_not_exist_is_tried_once(story):
    story.server.script = lambda _: Script(recipient=NO_SUCH_MAILBOX)
    story.runs(CART)
    story.at("2027-03-02 12:00").joins("minji").event("minji", "Cart Viewed").settle()
    story.at("2027-03-02 12:20").expect_nothing("minji")
    assert story.one("select state, code from delivery") == ("rejected", "5.1.1")

    story.server.script = lambda _: Script()
    story.at("2027-03-02 13:00").event("minji", "Cart Viewed").settle()
    story.at("2027-03-02 13:20").expect_skipped("minji", reason="suppressed")


def test_who_bought_meanwhile_leaves_without_the_second_message(story):
    story.runs(TWO_NOTES)
    story.at("2027-03-02 12:00").joins("minji").event("minji", "Cart Viewed")
    story.expect_sent("minji", "winback_note")

    story.at("2027-03-04 12:00").buys("minji")
    story.at("2027-03-05 12:00").expect_nothing("minji")

    assert story.journey_of("minji") == ("ended", "goal_met")


def test_the_same_event_twice_acts_once(story):
    story.runs(TWO_NOTES)
    story.at("2027-03-02 12:00").joins("minji")
    story.event("minji", "Cart Viewed", id="cart-1").event("minji", "Cart Viewed", id="cart-1")
    story.expect_sent("minji", "winback_note")

    story.at("2027-03-02 12:30").event("minji", "Cart Viewed", id="cart-1").expect_nothing("minji")

    assert story.one("select count from activity where event_name = 'Cart Viewed'") == (1,)
    assert story.one("select count(*) from enrollment") == (1,)


def test_nobody_is_written_to_who_never_consented(story):
    story.runs(CART)
    story.at("2027-03-02 12:00")
    story.post("/v1/identify", {"userId": "haneul", "traits": {"email": "haneul@shop.example"}})
    story.event("haneul", "Cart Viewed").settle()

    story.at("2027-03-02 12:20").expect_skipped("haneul", reason="no_consent")
