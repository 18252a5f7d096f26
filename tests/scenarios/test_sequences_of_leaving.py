"""The ready-made sequences for customers who drift away: asked kindly, then left in peace."""

import pytest
from tests.scenarios.sequence_days import (
    begin,
    clicks,
    has,
    ignores_three,
    never_entered,
    opens,
    registers,
    tags_of,
)

from dangol.app.demo_report import find_violations


@pytest.fixture(autouse=True)
def everybody_is_accounted_for(story):
    yield
    with story.connection.transaction():
        assert find_violations(story.connection, workspace_id=story.workspace) == []


def test_thirty_days_after_an_order_comes_one_friendly_word(story):
    begin(story.at("2027-03-01 12:00"), "reminder_30")
    for name in ("jiwoo", "minji", "nari"):
        story.joins(name).buys(name)
    registers(story, "haneul")
    story.buys("haneul")
    has(story, "nari", tags=["email_resting"])
    story.look_back()

    story.at("2027-03-31 12:00").look_back().expect_nothing("jiwoo")
    story.at("2027-03-31 18:00").buys("minji").settle()
    story.at("2027-04-01 10:00").expect_sent("jiwoo", "reminder_30_hello").expect_nothing("minji")
    story.expect_skipped("haneul", reason="no_consent")
    # Who rests from our mail is left out from the start.
    assert never_entered(story, "nari")
    assert story.journey_of("jiwoo") == ("ended", "completed")


def test_after_ninety_days_regulars_and_guests_get_words_of_their_own(story):
    begin(story.at("2027-01-04 12:00"), "comeback_90")
    for name in ("jiwoo", "minji", "nari"):
        story.joins(name).buys(name)
    story.at("2027-01-11 12:00").buys("jiwoo").buys("minji").buys("nari")
    story.joins("sujin").buys("sujin").look_back()

    story.at("2027-04-11 20:00").look_back().expect_nothing("jiwoo")
    story.at("2027-04-12 10:00").expect_sent("sujin", "comeback_guest")
    for name in ("jiwoo", "minji", "nari"):
        story.expect_sent(name, "comeback_regular")
    story.at("2027-04-12 12:00")
    clicks(story, "jiwoo")
    opens(story, "minji")
    story.at("2027-04-20 12:00").buys("minji").settle()

    # A last word to who reacted; peace to who did not; no more of it to who came back.
    story.at("2027-04-26 10:00").expect_sent("jiwoo", "comeback_last_word")
    for name in ("nari", "minji", "sujin"):
        story.expect_nothing(name)
    assert story.journey_of("nari") == ("ended", "completed")
    assert story.journey_of("minji") == ("ended", "goal_met")


def test_a_second_note_follows_only_if_the_first_was_not_read(story):
    begin(story.at("2027-03-01 12:00"), "churn_prevention")
    for name in ("jiwoo", "minji", "nari", "sujin"):
        story.joins(name).buys(name)
    registers(story, "haneul")
    story.buys("haneul").at("2027-03-02 12:00")
    for name in ("jiwoo", "minji", "nari", "sujin", "haneul"):
        story.buys(name)
    story.look_back()

    story.at("2027-05-01 12:00").look_back().expect_nothing("jiwoo")
    story.at("2027-05-02 10:00")
    for name in ("jiwoo", "minji", "nari", "sujin"):
        story.expect_sent(name, "churn_what_changed")
    story.expect_skipped("haneul", reason="no_consent")
    story.at("2027-05-03 08:00")
    opens(story, "jiwoo")
    clicks(story, "sujin")
    story.at("2027-05-05 12:00").buys("minji").settle()

    story.at("2027-05-09 10:00").expect_sent("nari", "churn_second_note")
    for name in ("jiwoo", "minji", "sujin"):
        story.expect_nothing(name)
    # And then silence, for everybody.
    story.at("2027-06-30 10:00").look_back().expect_nothing("nari").expect_nothing("jiwoo")
    assert story.journey_of("minji") == ("ended", "goal_met")


def test_who_visits_but_ignores_mail_is_not_chased(story):
    story.at("2027-02-20 12:00").joins("nari").buys("nari")
    story.at("2027-02-21 12:00").buys("nari")
    ignores_three(story, "nari")
    begin(story, "churn_prevention")

    story.at("2027-04-20 12:00").event("nari", "Page Viewed").look_back()
    story.at("2027-04-22 12:00").look_back()
    story.at("2027-04-23 10:00").expect_nothing("nari")

    row = story.one("select state, end_reason from enrollment order by id desc limit 1")
    assert row == ("ended", "completed"), "only of the news"


def test_who_opens_nothing_is_asked_and_then_left_to_rest(story):
    story.at("2027-02-20 12:00")
    for name in ("jiwoo", "nari", "minji", "sujin"):
        story.joins(name)
    begin(story, "repermission")
    ignores_three(story, "jiwoo", "nari", "minji", "sujin")
    story.at("2027-03-08 20:00").look_back()

    story.at("2027-03-09 10:00")
    for name in ("jiwoo", "nari", "minji", "sujin"):
        story.expect_sent(name, "repermission_value")
    story.at("2027-03-10 10:00").unsubscribes("sujin")
    opens(story, "minji")
    story.at("2027-03-23 10:00").expect_sent("jiwoo", "repermission_question")
    story.expect_sent("nari", "repermission_question")
    story.expect_nothing("minji").expect_nothing("sujin")
    story.at("2027-03-23 12:00")
    clicks(story, "jiwoo")

    story.at("2027-04-06 10:00").settle().settle()
    story.expect_nothing("jiwoo").expect_nothing("nari")
    assert tags_of(story, "nari") == ["email_resting"]
    assert tags_of(story, "jiwoo") in (None, [])
    assert story.journey_of("sujin") == ("ended", "exited")


def test_a_tag_of_rest_is_taken_away_once_somebody_reads_again(story):
    story.at("2027-02-20 12:00").joins("jiwoo")
    has(story, "jiwoo", tags=["email_resting", "vip"])
    begin(story, "repermission")
    ignores_three(story, "jiwoo")
    story.at("2027-03-08 20:00").look_back().at("2027-03-09 10:00")
    story.expect_sent("jiwoo", "repermission_value").at("2027-03-09 12:00")
    opens(story, "jiwoo")

    story.at("2027-03-23 10:00").settle().expect_nothing("jiwoo")

    assert tags_of(story, "jiwoo") == ["vip"]


@pytest.mark.parametrize(
    ("known", "template"),
    [
        ({"block_reason": "problem"}, "block_sorry_problem"),
        ({"block_reason": "too_many", "comeback_offer": "5,000원"}, "block_sorry_too_many"),
        ({"comeback_offer": "5,000원 쿠폰, 4월 30일까지"}, "block_offer"),
        ({}, "block_still_here"),
    ],
)
def test_a_block_is_answered_once_after_two_weeks_by_its_reason(story, known, template):
    begin(story.at("2027-03-01 12:00"), "block_winback")
    story.joins("jiwoo").at("2027-03-02 14:00").event("jiwoo", "Push Opted Out")
    if known:
        has(story, "jiwoo", **known)
    story.look_back().at("2027-03-16 13:00").expect_nothing("jiwoo")

    story.at("2027-03-17 10:00").expect_sent("jiwoo", template)
    story.at("2027-04-30 10:00").look_back().expect_nothing("jiwoo")


def test_after_a_block_only_who_still_agrees_is_written_to(story):
    begin(story.at("2027-03-01 12:00"), "block_winback")
    for name in ("jiwoo", "minji", "nari", "sujin"):
        story.joins(name)
    registers(story, "haneul")
    add_cart_note(story, "nari")
    story.at("2027-03-02 14:00")
    for name in ("jiwoo", "minji", "nari", "sujin", "haneul"):
        story.event(name, "Kakao Channel Blocked")
    story.look_back()

    story.at("2027-03-05 12:00").event("minji", "Kakao Channel Added").unsubscribes("nari")
    story.buys("sujin").settle()
    story.at("2027-03-17 10:00").expect_sent("jiwoo", "block_still_here")
    for name in ("minji", "nari", "sujin", "haneul"):
        story.expect_nothing(name)
    assert story.journey_of("minji") == ("ended", "exited")
    assert story.journey_of("nari") == ("ended", "exited")
    assert story.journey_of("sujin") == ("ended", "goal_met")
    assert never_entered(story, "haneul")


def add_cart_note(story, name: str) -> None:
    """Give somebody a mail to unsubscribe from."""
    story.runs(
        "name: note\ntitle: {ko: 글, en: Note}\nentry: {event: News Day}\n"
        "steps:\n  - {name: note, kind: message, template: winback_note}\n"
    )
    story.event(name, "News Day").expect_sent(name, "winback_note")


def test_a_cancelled_membership_is_confirmed_even_at_night(story):
    begin(story.at("2027-03-01 12:00"), "membership_cancelled")
    story.joins("jiwoo").joins("minji")
    registers(story, "haneul")
    story.at("2027-03-02 23:30")
    for name in ("jiwoo", "minji", "haneul"):
        story.event(name, "Membership Cancelled")
    for name in ("jiwoo", "minji", "haneul"):
        story.expect_sent(name, "membership_cancelled_confirmed")
    story.at("2027-03-20 12:00").event("minji", "Membership Started").settle()

    story.at("2027-04-01 23:30").expect_nothing("jiwoo")
    story.at("2027-04-02 10:00").expect_sent("jiwoo", "membership_open_door")
    story.expect_nothing("minji").expect_skipped("haneul", reason="no_consent")
    assert story.journey_of("minji") == ("ended", "goal_met")
