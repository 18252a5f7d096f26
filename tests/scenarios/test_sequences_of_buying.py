"""The ready-made sequences around a purchase: who hears what, and who is left in peace."""

import pytest
from tests.scenarios.sequence_days import (
    add,
    begin,
    clicks,
    has,
    let_run,
    never_entered,
    registers,
)

from dangol.app.demo_report import find_violations
from dangol.app.problem import ProblemError


@pytest.fixture(autouse=True)
def everybody_is_accounted_for(story):
    yield
    with story.connection.transaction():
        assert find_violations(story.connection, workspace_id=story.workspace) == []


def test_a_draft_writes_to_nobody(story):
    story.at("2027-03-02 14:00")
    add(story, "welcome")

    story.joins("jiwoo").event("jiwoo", "Signed Up").expect_nothing("jiwoo")

    assert never_entered(story, "jiwoo")


def test_a_new_member_is_welcomed_on_days_0_2_4_and_7(story):
    story.at("2027-03-02 14:00")
    begin(story, "welcome")
    story.joins("jiwoo").event("jiwoo", "Signed Up").expect_sent("jiwoo", "welcome_thanks")

    story.at("2027-03-04 09:59").expect_nothing("jiwoo")
    story.at("2027-03-04 10:00").expect_sent("jiwoo", "welcome_how_to_choose")
    story.at("2027-03-06 10:00").expect_sent("jiwoo", "welcome_what_others_say")
    story.at("2027-03-09 09:59").expect_nothing("jiwoo")
    story.at("2027-03-09 10:00").expect_sent("jiwoo", "welcome_open_door")

    assert story.journey_of("jiwoo") == ("ended", "completed")


def test_the_second_day_is_the_same_for_early_birds_and_night_owls(story):
    story.at("2027-03-02 00:30")
    begin(story, "welcome")
    # Thanks are information: they may come at night.
    story.joins("early").event("early", "Signed Up").expect_sent("early", "welcome_thanks")
    story.at("2027-03-02 23:50").joins("late").event("late", "Signed Up")
    story.expect_sent("late", "welcome_thanks")

    story.at("2027-03-03 10:00").expect_nothing("early")
    story.at("2027-03-04 10:00").expect_sent("early", "welcome_how_to_choose")
    story.expect_sent("late", "welcome_how_to_choose")


def test_a_welcome_ends_with_the_first_order(story):
    story.at("2027-03-02 14:00")
    begin(story, "welcome")
    story.joins("minji").event("minji", "Signed Up").expect_sent("minji", "welcome_thanks")

    story.at("2027-03-03 09:00").buys("minji").settle()
    story.at("2027-03-09 12:00").expect_nothing("minji")

    assert story.journey_of("minji") == ("ended", "goal_met")


def test_who_wants_no_advertising_is_thanked_and_no_more(story):
    story.at("2027-03-02 14:00")
    begin(story, "welcome")
    registers(story, "haneul")
    story.event("haneul", "Signed Up").expect_sent("haneul", "welcome_thanks")

    story.at("2027-03-04 10:00").expect_skipped("haneul", reason="no_consent")


def looks_three_times(story, name: str) -> None:
    for product in ("p1", "p2", "p3"):
        story.event(name, "Product Viewed", product_id=product)


def test_who_looks_often_is_offered_help_the_next_morning(story):
    begin(story.at("2027-03-01 12:00"), "interest")
    story.at("2027-03-02 20:00").joins("jiwoo").joins("minji").joins("sujin")
    registers(story, "haneul")
    story.event("sujin", "Product Added")
    for name in ("jiwoo", "minji", "haneul", "sujin"):
        looks_three_times(story, name)
    story.look_back()

    # A filled cart is another matter, before or after.
    story.at("2027-03-02 21:00").event("minji", "Product Added").settle()
    story.at("2027-03-03 09:59").expect_nothing("jiwoo")
    story.at("2027-03-03 10:00").expect_sent("jiwoo", "interest_help")
    story.expect_nothing("minji").expect_nothing("sujin")
    story.expect_skipped("haneul", reason="no_consent")

    assert story.journey_of("minji") == ("ended", "exited")
    assert never_entered(story, "sujin")


def test_who_buys_overnight_needs_no_help(story):
    begin(story.at("2027-03-01 12:00"), "interest")
    story.at("2027-03-02 20:00").joins("minji")
    looks_three_times(story, "minji")
    story.look_back().at("2027-03-02 22:00").buys("minji").settle()

    story.at("2027-03-03 10:00").expect_nothing("minji")

    assert story.journey_of("minji") == ("ended", "goal_met")


def test_a_cart_is_remembered_within_the_hour(story):
    begin(story.at("2027-03-01 12:00"), "cart", variant="soon")
    story.at("2027-03-02 14:00").joins("jiwoo").joins("minji")
    registers(story, "haneul")
    for name in ("jiwoo", "minji", "haneul"):
        story.event(name, "Product Added")
    story.settle().at("2027-03-02 14:20").buys("minji").settle()

    story.at("2027-03-02 14:44").expect_nothing("jiwoo")
    story.at("2027-03-02 14:45").expect_sent("jiwoo", "cart_soon").expect_nothing("minji")
    story.expect_skipped("haneul", reason="no_consent")
    # Once: neither this cart nor the next is mentioned again for two weeks.
    story.at("2027-03-10 14:00").event("jiwoo", "Product Added").settle()
    story.at("2027-03-10 15:00").expect_nothing("jiwoo")


def test_a_cart_of_the_evening_waits_for_the_morning(story):
    begin(story.at("2027-03-01 12:00"), "cart", variant="soon")
    story.at("2027-03-02 20:30").joins("jiwoo").event("jiwoo", "Product Added").settle()

    story.at("2027-03-02 21:15").expect_held("jiwoo", until="2027-03-03 08:00")
    story.at("2027-03-03 08:00").expect_sent("jiwoo", "cart_soon")


def test_a_cart_is_remembered_once_between_two_and_three_days_later(story):
    begin(story.at("2027-03-01 12:00"), "cart")
    story.at("2027-03-02 15:00").joins("jiwoo").joins("minji")
    story.event("jiwoo", "Product Added").event("minji", "Product Added").look_back()

    story.at("2027-03-04 14:00").look_back().expect_nothing("jiwoo")
    story.at("2027-03-04 15:00").look_back().expect_nothing("jiwoo")
    story.at("2027-03-04 18:00").buys("minji").settle()
    story.at("2027-03-05 10:00").expect_sent("jiwoo", "cart_later").expect_nothing("minji")

    story.at("2027-03-12 10:00").look_back().expect_nothing("jiwoo")
    assert story.journey_of("minji") == ("ended", "goal_met")


def test_the_two_cart_notes_are_never_there_together(story):
    begin(story.at("2027-03-01 12:00"), "cart")

    with pytest.raises(ProblemError, match="--replace"):
        add(story, "cart", variant="soon")
    changed = add(story, "cart", variant="soon", replace=True)

    assert (changed.journey, changed.state) == ("replaced", "running")
    assert story.one("select count(*) from journey") == (1,)
    story.at("2027-03-02 14:00").joins("jiwoo").event("jiwoo", "Product Added").settle()
    story.at("2027-03-02 14:45").expect_sent("jiwoo", "cart_soon")
    story.at("2027-03-04 15:00").look_back()
    story.at("2027-03-05 10:00").expect_nothing("jiwoo")


def test_a_prospect_gets_answers_and_a_question_only_after_reacting(story):
    begin(story.at("2027-03-01 12:00"), "conversion")
    for name in ("jiwoo", "nari", "minji"):
        story.joins(name)
    registers(story, "haneul")
    story.look_back().at("2027-03-16 12:00").look_back().expect_nothing("jiwoo")

    story.at("2027-03-17 10:00")
    for name in ("jiwoo", "nari", "minji"):
        story.expect_sent(name, "conversion_answers")
    story.expect_skipped("haneul", reason="no_consent")
    story.at("2027-03-17 11:00")
    clicks(story, "jiwoo")
    clicks(story, "minji")
    story.at("2027-03-20 11:00").buys("minji").settle()

    story.at("2027-03-24 10:00").expect_sent("jiwoo", "conversion_ask")
    story.expect_nothing("nari").expect_nothing("minji")
    assert story.journey_of("nari") == ("ended", "completed")
    assert story.journey_of("minji") == ("ended", "goal_met")


def test_a_review_is_asked_for_a_week_after_the_order(story):
    begin(story.at("2027-03-01 12:00"), "after_purchase")
    story.at("2027-03-02 14:00")
    for name in ("jiwoo", "minji", "nari"):
        story.joins(name).buys(name)
    registers(story, "haneul")
    story.buys("haneul").settle()
    story.at("2027-03-05 12:00").event("minji", "Product Reviewed")
    story.event("nari", "Order Refunded").settle()

    story.at("2027-03-08 18:59").expect_nothing("jiwoo")
    story.at("2027-03-08 19:00").expect_sent("jiwoo", "after_purchase_review")
    story.expect_nothing("minji").expect_nothing("nari")
    story.expect_skipped("haneul", reason="no_consent")
    assert story.journey_of("minji") == ("ended", "goal_met")
    assert story.journey_of("nari") == ("ended", "exited")

    # Not after every order.
    story.at("2027-03-20 14:00").buys("jiwoo").settle()
    story.at("2027-03-26 19:00").expect_nothing("jiwoo")


def test_who_has_just_bought_again_is_asked_for_the_review_later(story):
    begin(story.at("2027-03-01 12:00"), "after_purchase")
    story.at("2027-03-02 14:00").joins("jiwoo").buys("jiwoo").settle()
    story.at("2027-03-07 18:00").buys("jiwoo").settle()

    story.at("2027-03-08 19:00")
    story.expect_held("jiwoo", until="2027-03-10 18:00", reason="just_bought")
    story.at("2027-03-10 18:00").expect_sent("jiwoo", "after_purchase_review")


def test_a_refill_is_mentioned_three_days_before(story):
    begin(story.at("2027-03-16 12:00"), "refill")
    story.joins("jiwoo").joins("minji").buys("minji")
    registers(story, "haneul")
    for name in ("jiwoo", "minji", "haneul"):
        has(story, name, refill_due="2027-03-20")

    story.at("2027-03-17 09:59").expect_nothing("jiwoo")
    story.at("2027-03-17 10:00").expect_sent("jiwoo", "refill_note").expect_nothing("minji")
    story.expect_skipped("haneul", reason="no_consent")
    # Who bought lately has enough.
    assert never_entered(story, "minji")


def test_a_new_date_brings_the_refill_note_again(story):
    begin(story.at("2027-03-16 12:00"), "refill")
    story.joins("jiwoo")
    has(story, "jiwoo", refill_due="2027-03-20")
    story.at("2027-03-17 10:00").expect_sent("jiwoo", "refill_note")
    story.buys("jiwoo")
    has(story, "jiwoo", refill_due="2027-05-20")
    story.settle()

    # The clock looks at dates wherever it strikes ten, which is often; nothing is due on the way.
    story.stand(story.moment("2027-05-17 09:00")).settle()

    story.at("2027-05-17 10:00").expect_sent("jiwoo", "refill_note")


def test_letting_a_sequence_run_does_not_write_to_those_already_in_its_segment(story):
    story.at("2027-01-01 12:00").joins("jiwoo").buys("jiwoo").look_back()
    story.at("2027-03-01 12:00")
    add(story, "reminder_30")
    story.look_back()
    let_run(story, "reminder_30")

    story.at("2027-03-02 10:00").look_back().expect_nothing("jiwoo")

    assert never_entered(story, "jiwoo")
