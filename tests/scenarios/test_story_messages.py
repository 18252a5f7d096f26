"""A story says what becomes of a message, and its journeys hear of it as a shop's do."""

from collections.abc import Iterator

import pytest

from dangol.app.trial.play import open_story
from dangol.app.trial.script import BadStory, ShopPart, read_script
from dangol.app.trial.story import Story, StoryFault

NOTE = """
name: note
title: {ko: 알림, en: Note}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: note, kind: message, template: winback_note, expires_after: 2 days}
"""
HEARS = """
name: hears
title: {ko: 반응, en: Reaction}
entry: {event: EVENT, where: [{kind: property, property: FIELD, is: {kind: equals, value: VALUE}}]}
steps:
  - {name: rest, kind: wait, for: 30 days}
"""
LINE = "{at: 2027-03-02 12:00, who: minji, message: clicked, MORE}"
FILE = f"""
story: A note
journeys: []
customers: {{minji: {{}}}}
lines:
  - {LINE}
"""


@pytest.fixture
def story(dsn) -> Iterator[Story]:
    with open_story(dsn) as opened:
        yield opened.runs(NOTE).at("2027-03-02 10:00").customer("minji").customer("jiwoo")


def hearing(event: str, field: str = "template", value: str = "winback_note") -> str:
    return HEARS.replace("EVENT", event).replace("FIELD", field).replace("VALUE", value)


def links(story: Story) -> list[str]:
    """Return where the links of all messages lead."""
    with story.connection.transaction():
        rows = story.connection.execute("select url from link order by id").fetchall()
    return [url for (url,) in rows]


def send(story: Story) -> Story:
    story.event("minji", "Cart Viewed").expect_sent("minji", "winback_note")
    return story.after("10 minutes")


def test_a_journey_hears_of_a_message_when_it_has_left(story):
    story.runs(hearing("Message Sent"))
    story.event("minji", "Cart Viewed")

    story.expect_step("minji", "hears", "rest").expect_outside("jiwoo", "hears")


def test_a_shop_that_does_not_want_events_of_messages_has_none(dsn):
    with open_story(dsn, shop=ShopPart(message_events=False)) as story:
        story.runs(NOTE).runs(hearing("Message Opened")).at("2027-03-02 10:00").customer("minji")
        send(story).message("minji", "opened").expect_outside("minji", "hears")


@pytest.mark.parametrize(
    ("reaction", "event"),
    [
        ("delivered", "Message Delivered"),
        ("opened", "Message Opened"),
        ("clicked", "Message Link Clicked"),
        ("replied", "Message Replied"),
        ("bounced", "Message Bounced"),
        ("complained", "Message Marked as Spam"),
        ("unsubscribed", "Unsubscribed"),
    ],
)
def test_each_thing_that_becomes_of_a_message_reaches_the_journey_that_waits(
    story, reaction, event
):
    send(story.runs(hearing(event))).expect_outside("minji", "hears")

    story.message("minji", reaction).expect_step("minji", "hears", "rest")


def test_a_click_says_where_it_led(story):
    link = links(send(story))[0]
    story.runs(hearing("Message Link Clicked", "link_url", link))

    story.message("minji", "clicked").expect_outside("minji", "hears")
    story.after("2 minutes").message("minji", "clicked", link=link)

    story.expect_step("minji", "hears", "rest")


def test_an_answer_says_of_which_kind_it_is(story):
    send(story.runs(hearing("Message Replied", "reply", "complaint")))

    story.message("minji", "replied", text="고마워요").expect_outside("minji", "hears")
    story.message("minji", "replied", text="왜 아직 안 왔나요?")

    story.expect_step("minji", "hears", "rest")


@pytest.mark.parametrize(
    ("reaction", "text", "reason"),
    [
        ("unsubscribed", "", "no_consent"),
        ("complained", "", "suppressed"),
        ("replied", "더 이상 받고 싶지 않습니다", "no_consent"),
        ("bounced", "", "suppressed"),
    ],
)
def test_what_follows_in_a_shop_follows_in_a_story(story, reaction, text, reason):
    send(story).message("minji", reaction, text=text)

    story.event("minji", "Cart Viewed").expect_skipped("minji", reason=reason)


def test_who_got_nothing_opens_nothing(story):
    with pytest.raises(StoryFault, match="the last message to minji opened, but nothing was sent"):
        story.message("minji", "opened")


def test_a_click_at_once_is_refused_for_a_shop_would_take_it_for_a_machines(story):
    story.event("minji", "Cart Viewed").expect_sent("minji", "winback_note")

    with pytest.raises(StoryFault, match="within 5 seconds is taken for a machine"):
        story.message("minji", "clicked")


def test_nobody_follows_a_link_that_no_message_had(story):
    with pytest.raises(StoryFault, match=r"no message led to https://other\.example"):
        send(story).message("minji", "clicked", link="https://other.example")


@pytest.mark.parametrize("more", ["link: 7", "size: 1"])
def test_a_line_about_a_message_says_what_is_wrong_with_it(more):
    with pytest.raises(BadStory, match=r"line 6: .*(Correct it|does not belong here)"):
        read_script(FILE.replace("MORE", more), file="story.yaml")


def test_another_reaction_is_none():
    with pytest.raises(BadStory, match=r"message\. Correct it"):
        read_script(FILE.replace("clicked, MORE", "eaten"), file="story.yaml")
