"""A story says what a journey must have called, and what was answered."""

from collections.abc import Iterator

import pytest

from dangol.app.trial.play import open_story, play_file
from dangol.app.trial.script import read_script
from dangol.app.trial.story import Story, StoryFault

JOURNEY = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed}
steps:
  - kind: webhook
    name: call
    endpoint: crm
    body: {who: "{{ customer.external_id }}", cart: "{{ event.cart }}"}
    at_most: 1 day
    then: thank
    otherwise: give-up
  - {kind: exit, name: thank, ending: completed}
  - {kind: exit, name: give-up, ending: exited}
"""
FILE = """
story: A call
endpoints: [crm]
journeys: [cart.yaml]
starts: 2027-03-02 10:00
customers: {minji: {}}
lines:
  - {who: minji, event: Cart Viewed, properties: {cart: c-1}}
  - {who: minji, expect: webhook, endpoint: crm, body: {cart: c-1}, answer: ANSWER}
  - {after: 1 minute, who: minji, expect: ended, journey: cart, reason: REASON}
"""


@pytest.fixture
def story(dsn) -> Iterator[Story]:
    with open_story(dsn) as opened:
        opened.listens("crm").runs(JOURNEY).at("2027-03-02 10:00").customer("minji")
        yield opened


def look(story: Story) -> Story:
    return story.event("minji", "Cart Viewed", cart="c-1")


@pytest.mark.parametrize(("answer", "reason"), [("taken", "completed"), ("refused", "exited")])
def test_the_answer_leads_the_journey_on(story, answer, reason):
    look(story).expect_webhook("minji", "crm", body={"who": "minji", "cart": "c-1"}, answer=answer)

    story.after("1 minute").expect_ended("minji", "cart", reason=reason)


def test_what_was_posted_must_be_what_was_said(story):
    with pytest.raises(StoryFault, match=r"it heard .*c-1"):
        look(story).expect_webhook("minji", "crm", body={"cart": "c-2"})


def test_a_call_is_seen_once(story):
    look(story).expect_webhook("minji", "crm")

    with pytest.raises(StoryFault, match="it was not called"):
        story.expect_webhook("minji", "crm")


def test_without_an_answer_the_journey_waits_as_long_as_it_says(story):
    look(story).expect_webhook("minji", "crm").expect_step("minji", "cart", "call")

    story.after("25 hours").expect_ended("minji", "cart", reason="exited")


def test_a_file_says_the_same(dsn, tmp_path):
    (tmp_path / "cart.yaml").write_text(JOURNEY)
    path = tmp_path / "story.yaml"
    path.write_text(FILE.replace("ANSWER", "taken").replace("REASON", "completed"))
    assert play_file(path, dsn=dsn).failure is None

    path.write_text(FILE.replace("ANSWER", "refused").replace("REASON", "completed"))
    failure = play_file(path, dsn=dsn).failure
    assert failure is not None
    assert failure.line == 10


def test_another_answer_is_none():
    with pytest.raises(ValueError, match="answer"):
        read_script(FILE.replace("ANSWER", "perhaps"), file="story.yaml")
