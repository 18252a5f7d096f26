"""Stories in files come true, or say in which line they do not, and why."""

from pathlib import Path

import pytest

from dangol.app.trial.play import open_story, play_file
from dangol.app.trial.script import BadStory
from dangol.app.trial.story import StoryFault

STORIES = Path(__file__).parent / "stories"
CART = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: patience, kind: wait, for: 20 minutes}
  - {name: note, kind: message, template: winback_note, expires_after: 2 days}
"""
HEAD = """
story: A cart
journeys: [cart.yaml]
starts: 2027-03-02 10:00
customers: {minji: {}, haneul: {consent: false}}
lines:
"""


@pytest.fixture
def tell(tmp_path, dsn):
    """Tell a story of these lines."""
    (tmp_path / "cart.yaml").write_text(CART)

    def told(lines: str, *, head: str = HEAD):
        path = tmp_path / "story.yaml"
        path.write_text(head + lines)
        return play_file(path, dsn=dsn)

    return told


@pytest.mark.parametrize("path", sorted(STORIES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_stories_come_true(path, dsn):
    told = play_file(path, dsn=dsn)

    assert told.failure is None, told.failure


def test_a_line_that_does_not_come_true_says_what_was_expected_and_what_happened(tell):
    told = tell(
        """
  - {at: 2027-03-02 12:00, who: haneul, event: Cart Viewed}
  - {at: 2027-03-02 13:00, who: haneul, expect: sent, template: winback_note}
"""
    )

    failure = told.failure
    assert failure is not None
    assert (failure.line, failure.expected, failure.found) == (
        9,
        "winback_note sent to haneul",
        "nothing was sent",
    )
    assert failure.why == (
        "2027-03-02 10:00  Identified",
        "2027-03-02 12:00  Cart Viewed",
        "2027-03-02 12:00  entered cart",
        "2027-03-02 12:20  winback_note planned (cart, step note)",
        "2027-03-02 12:20  winback_note skipped: no_consent",
        "2027-03-02 12:20  left cart: completed",
        "2027-03-02 13:00  now; haneul left cart: completed",
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("expect: sent, template: thank_you_first_order", "winback_note was sent at"),
        ("expect: sent, template: winback_note, sent_at: 2027-03-02 12:50", "it left at"),
        ("expect: nothing", "winback_note was sent at 2027-03-02 12:20"),
        ("expect: held, until: 2027-03-03 08:00", "winback_note was sent"),
        ("expect: skipped", "winback_note was sent"),
        ("expect: step, journey: cart, step: patience", "they left cart: completed"),
        ("expect: ended, journey: cart, reason: goal_met", "they left cart: completed"),
        ("expect: ended, journey: other", "they never entered"),
    ],
)
def test_each_expectation_can_fail(tell, line, found):
    told = tell(
        f"""
  - {{at: 2027-03-02 12:00, who: minji, event: Cart Viewed}}
  - {{at: 2027-03-02 12:50, who: minji, {line}}}
"""
    )

    assert told.failure is not None
    assert found in told.failure.found


def test_being_outside_fails_while_inside(tell):
    told = tell(
        """
  - {at: 2027-03-02 12:00, who: minji, event: Cart Viewed}
  - {who: minji, expect: outside, journey: cart}
"""
    )

    assert told.failure is not None
    assert told.failure.found == "they are inside cart at patience until 2027-03-02 12:20"


def test_one_skip_is_not_expected_twice(tell):
    told = tell(
        """
  - {at: 2027-03-02 12:00, who: haneul, event: Cart Viewed}
  - {after: 1 hour, who: haneul, expect: skipped, reason: no_consent}
  - {after: 1 hour, who: haneul, expect: skipped, reason: no_consent}
"""
    )

    assert told.failure is not None
    assert (told.failure.line, told.failure.found) == (10, "no other since the story last looked")


def test_a_wait_ends_at_its_own_time_wherever_the_next_line_goes(tell):
    told = tell(
        """
  - {at: 2027-03-02 20:30, who: minji, event: Cart Viewed}
  - {at: 2027-03-04 12:00, who: minji, expect: nothing}
"""
    )

    assert told.failure is not None
    assert told.failure.found == "winback_note was sent at 2027-03-02 20:50"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{who: minji, event: Cart, expect: nothing}", "it says event and expect"),
        ("{who: minji}", "it says nothing that happens"),
        ("{who: minjy, event: Cart}", "who: there is no customer 'minjy'. Name one of minji"),
        ("{who: minji, expect: gone}", "expect is 'gone'. Write one of sent, held"),
        ("{who: minji, expect: sent}", "template is missing. Add it."),
        ("{who: minji, event: Cart, propertys: {}}", "propertys does not belong here"),
        ("{who: minji, event: Cart, at: noon}", "'noon' is no moment"),
        ("{who: minji, event: Cart, after: soon}", "'soon' is no length of time"),
        ("{who: minji, consent: perhaps}", "consent. Correct it"),
        ("just text", "this is no line"),
    ],
)
def test_a_line_that_cannot_be_told_is_named_with_its_remedy(tell, line, fault):
    with pytest.raises(BadStory) as raised:
        tell(f"  - {line}\n")

    (said,) = raised.value.faults
    assert said.startswith("story.yaml, line 7: ")
    assert fault in said


def test_everything_that_is_wrong_is_named_at_once(tell):
    with pytest.raises(BadStory) as raised:
        tell(
            "  - {who: nobody, event: Cart}\n  - {who: minji, event: Cart, at: noon}\n",
            head=HEAD.replace("2027-03-02 10:00", "early"),
        )

    assert len(raised.value.faults) == 3


def test_a_journey_that_cannot_run_or_be_read_is_named(tell):
    head = HEAD.replace("[cart.yaml]", "[{name: empty, steps: []}, missing.yaml]")

    with pytest.raises(BadStory) as raised:
        tell("  - {who: minji, event: Cart}\n", head=head)

    first, second = raised.value.faults
    assert first.startswith("story.yaml: journeys[0]: ")
    assert "missing.yaml cannot be read" in second


def test_a_story_may_bring_its_own_template(tell):
    head = HEAD.replace(
        "[cart.yaml]",
        "[{name: hi, title: {ko: 인사, en: Hi}, entry: {event: Hi},"
        " steps: [{name: hi, kind: message, template: hi}]}]",
    ).replace(
        "starts:",
        "templates: [{name: hi, purpose: informational, subject: 안녕하세요,"
        " body_text: 반가워요, body_html: <p>반가워요</p>}]\nstarts:",
    )

    told = tell(
        "  - {at: 2027-03-02 12:00, who: haneul, event: Hi}\n"
        "  - {who: haneul, expect: sent, template: hi}\n",
        head=head,
    )

    assert told.failure is None, told.failure


def test_a_story_can_be_told_in_python(dsn):
    with open_story(dsn) as story:
        story.runs(CART).at("2027-03-02 20:30").customer("minji").event("minji", "Cart Viewed")
        story.expect_step("minji", "cart", "patience")
        story.expect_sent("minji", "winback_note", at="2027-03-02 20:50")
        story.event("minji", "Cart Viewed")
        story.after("20 minutes").expect_held(
            "minji", until="2027-03-03 08:00", reason="quiet_hours"
        )
        story.expect_sent("minji", "winback_note", within="12 hours")
        with pytest.raises(StoryFault, match="time to go on to 2027-03-01"):
            story.at("2027-03-01 10:00")
