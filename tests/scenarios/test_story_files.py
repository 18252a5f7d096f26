"""Stories in files come true, or say in which line they do not, and why."""

import re
from pathlib import Path

import msgspec
import pytest

from dangol.app import cli
from dangol.app.trial.play import open_story, play_file
from dangol.app.trial.script import BadStory
from dangol.app.trial.story import StoryFault

STORIES = Path(__file__).parent / "stories"
GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "stories.md").read_text("utf-8")
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
        ("{who: minji, event: Cart, extras: {}}", "extras does not belong here"),
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


@pytest.fixture
def dangol(tmp_path, dsn, monkeypatch, capsys):
    """Run `dangol` beside a story and a journey; return its exit code and what it said."""
    monkeypatch.chdir(tmp_path)
    url = f"postgresql://?{'&'.join(dsn.split())}"
    monkeypatch.setenv("DANGOL_DATABASE_URL", url)
    (tmp_path / "cart.yaml").write_text(CART)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["story", "run", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_guides_story_comes_true_and_fails_as_the_guide_says(dangol, tmp_path):
    """What the guide shows is what a terminal shows."""
    blocks = re.findall(r"```(?:yaml)?\n(.*?)```", GUIDE, re.DOTALL)
    story, right, wrong = blocks[:3]
    (tmp_path / "cart_story.yaml").write_text(story)

    assert dangol("cart_story.yaml") == (0, right.partition("\n")[2], "")

    (tmp_path / "cart.yaml").write_text(CART.replace("20 minutes", "1 day"))
    assert dangol("cart_story.yaml") == (1, wrong, "")


def test_a_folder_means_every_story_in_it_and_nothing_else(dangol, tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    lines = "  - {at: 2027-03-02 12:00, who: minji, event: Cart Viewed}\n"
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(HEAD.replace("[cart.yaml]", "[../cart.yaml]") + lines)
    (folder / "cart.yaml").write_text(CART)

    code, said, _ = dangol("stories", "--json")

    told = msgspec.json.decode(said)["stories"]
    assert code == 0
    assert [(one["file"], one["passed"], one["lines"]) for one in told] == [
        ("stories/one.yaml", True, 1),
        ("stories/two.yaml", True, 1),
    ]


def test_a_story_that_cannot_be_told_is_refused_with_code_two(dangol, tmp_path):
    (tmp_path / "story.yaml").write_text(HEAD + "  - {who: nobody, event: Cart}\n")

    code, _, said = dangol("story.yaml")

    assert (code, said) == (
        2,
        (
            "dangol: story.yaml, line 7: who: there is no customer 'nobody'. "
            "Name one of minji, haneul.\n"
        ),
    )


@pytest.mark.parametrize(
    ("name", "remedy"), [("none.yaml", "Check the path."), (".", "There is no story in .")]
)
def test_a_story_that_is_not_there_is_a_problem_with_a_remedy(dangol, name, remedy):
    code, _, said = dangol(name)

    assert code == 1
    assert remedy in said
