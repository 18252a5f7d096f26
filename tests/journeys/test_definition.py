from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangol.journeys.definition import parse_journey
from dangol.journeys.lengths import read_duration
from dangol.journeys.steps import BadJourney, CheckStep, Goal, MessageStep

WIN_BACK = """
name: win-back
title: {ko: 다시 만나요, en: Win back}
entry:
  segment: lapsed-regulars
  reentry_days: 180
goal: Order Completed
steps:
  - {name: note, kind: message, template: note}
  - {name: patience, kind: wait, for: 14 days}
  - {name: bought, kind: check_event, event: Order Completed, then: thanks}
  - {name: second, kind: message, template: second-note, next: silence}
  - {name: thanks, kind: message, template: thanks}
  - {name: silence, kind: exit}
"""


def complaints(text: str | bytes) -> list[str]:
    with pytest.raises(BadJourney) as bad:
        parse_journey(text)
    return [f"{fault.place}: {fault.problem}" for fault in bad.value.faults]


def with_steps(*steps: str) -> str:
    return "\n".join(
        [
            "name: short",
            "title: {ko: 짧은, en: Short}",
            "entry: {event: Cart Viewed}",
            "steps:",
            *(f"  - {{{step}}}" for step in steps),
        ]
    )


def test_a_journey_reads_as_it_is_written() -> None:
    definition = parse_journey(WIN_BACK)

    assert definition.name == "win-back"
    assert definition.goal == Goal(event="Order Completed")
    assert definition.steps[0] == MessageStep(name="note", template="note")
    assert definition.steps[2] == CheckStep(name="bought", event="Order Completed", then="thanks")


def test_a_step_leads_to_the_one_after_it_unless_it_says_otherwise() -> None:
    definition = parse_journey(WIN_BACK)

    ways = [definition.ways_out(index) for index in range(len(definition.steps))]
    assert ways == [
        ("patience",),
        ("bought",),
        ("second", "thanks"),
        ("silence",),
        ("silence",),
        (None,),
    ]


def test_json_is_yaml_too() -> None:
    text = (
        '{"name": "a", "title": {"ko": "가", "en": "A"}, "entry": {"event": "Cart Viewed"},'
        ' "steps": [{"name": "note", "kind": "message", "template": "note"}]}'
    )

    assert parse_journey(text.encode()).title.ko == "가"


def test_faults_in_every_part_are_listed_at_once() -> None:
    text = """
name: win-back
title: {ko: 다시 만나요}
entry: {event: Cart Viewed, first_time: true}
steps:
  - {name: note, kind: sms}
  - {name: patience, kind: wait}
  - {name: bought, kind: check_event, event: Order Completed, then: 3}
  - silence
"""

    assert complaints(text) == [
        "title: Object missing required field `en`",
        "entry: Object contains unknown field `first_time`",
        "steps[0].kind: Invalid value 'sms'",
        "steps[2].then: Expected `str`, got `int`",
        "steps[3]: Expected `object`, got `str`",
        "steps[1]: says neither how long nor until when",
    ]


def test_every_fault_says_what_to_do() -> None:
    with pytest.raises(BadJourney) as bad:
        parse_journey("steps: 3\nheading: x\ngoal: 7")

    assert str(bad.value).splitlines() == [
        (
            "heading: is not a part of a journey. Correct its spelling, or remove it; the parts are"
            " name, title, entry, goal, exit_when, quiet_after_purchase, priority, time_zone,"
            " steps."
        ),
        "goal: Expected `object`, got `int`. Write fields with values, one a line.",
        "steps: Expected `array`, got `int`. Write a list, each item beginning with a dash.",
        "the text: Object missing required field `name`. Add it.",
        "the text: Object missing required field `title`. Add it.",
        "the text: Object missing required field `entry`. Add it.",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "the text"),
        ("just words", "the text"),
        ("a: [", "the text"),
        (b"\xff\xfe\xfa", "the text"),
        ("[" * 30_000, "the text"),
        ("- " * 30_000, "the text"),
        ("&a [*a]", "the text"),
        ("{a: 1, a: 2}", "the text"),
        ("a" * 300_000, "the text"),
        ("name: 3", "name"),
    ],
)
def test_what_is_no_journey_at_all_says_so(text: str | bytes, place: str) -> None:
    assert [each.partition(":")[0] for each in complaints(text)][:1] == [place]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("name: win-back", "name: Win Back", "name: 'Win Back' is not a name"),
        ("en: Win back", "en: ' '", "title.en: is empty"),
        ("goal: Order Completed", "goal: ''", "goal: is empty"),
        (
            "segment: lapsed-regulars",
            "within: 1 day",
            "entry: needs exactly one of event, segment, date, schedule and call, and has none",
        ),
        (
            "segment: lapsed-regulars",
            "segment: a\n  event: b",
            (
                "entry: needs exactly one of event, segment, date, schedule and call,"
                " and has event and segment"
            ),
        ),
        (
            "reentry_days: 180",
            "first_time_only: true",
            "entry.first_time_only: counts events, and nothing else opens this journey",
        ),
        (
            "reentry_days: 180",
            "reentry_days: -1",
            "entry.reentry_days: -1 is not a number of days from 0 to 3650",
        ),
        (
            "reentry_days: 180",
            "within: soon",
            "entry.within: 'soon' is not a length of time of at most ten years",
        ),
        (
            "for: 14 days",
            "for: 0 days",
            "steps[1].for: '0 days' is not a length of time of at most ten years",
        ),
        (
            "template: second-note",
            "template: second-note, expires_after: 99999 weeks",
            "steps[3].expires_after: '99999 weeks' is not a length of time of at most ten years",
        ),
        (
            "event: Order Completed, then",
            "event: ' ', then",
            "steps[2].event: is empty",
        ),
        ("then: thanks", "then: thank", "steps[2].then: there is no step 'thank'"),
        ("next: silence", "next: peace", "steps[3].next: there is no step 'peace'"),
        ("name: second,", "name: '',", "steps[3].name: is empty"),
        (
            "name: second,",
            "name: note,",
            "steps[0].name: 'note' names 2 steps",
        ),
        ("then: thanks", "then: second", "steps[4]: no step leads to 'thanks'"),
    ],
)
def test_a_fault_is_named_with_its_place(old: str, new: str, complaint: str) -> None:
    assert old in WIN_BACK

    assert complaint in complaints(WIN_BACK.replace(old, new))


@pytest.mark.parametrize("count", [0, 101])
def test_a_journey_has_between_one_and_a_hundred_steps(count: int) -> None:
    steps = [f"name: s{n}, kind: wait, for: 1 day" for n in range(count)]
    text = with_steps(*steps) if count else with_steps().replace("steps:", "steps: []")

    assert complaints(text) == [f"steps: has {count} steps"]


def test_a_circle_needs_a_wait() -> None:
    text = with_steps(
        "name: note, kind: message, template: note",
        "name: bought, kind: check_event, event: Order Completed, then: end, otherwise: note",
        "name: end, kind: exit",
    )

    assert complaints(text) == [
        "steps[0]: 'note' leads back to itself without a wait",
        "steps[1]: 'bought' leads back to itself without a wait",
    ]


@pytest.mark.parametrize(
    "rest",
    [
        "kind: wait_for, condition: {kind: event, event: A}, at_most: 1 day, then: note",
        "kind: wait, until_date: {trait: renews_on}, next: note",
    ],
)
def test_a_wait_that_may_be_over_at_once_is_none(rest: str) -> None:
    """Else one tick would plan message after message."""
    text = with_steps(
        "name: note, kind: message, template: note",
        "name: bought, kind: check_event, event: Order Completed, then: end",
        f"name: rest, {rest}",
        "name: end, kind: exit",
    )

    assert complaints(text)[0] == "steps[0]: 'note' leads back to itself without a wait"


def test_a_circle_with_a_wait_and_a_way_out_is_sound() -> None:
    definition = parse_journey(
        with_steps(
            "name: rest, kind: wait, for: 7 days",
            "name: note, kind: message, template: note",
            "name: bought, kind: check_event, event: Order Completed, then: end, otherwise: rest",
            "name: end, kind: exit",
        )
    )

    assert len(definition.steps) == 4


def test_a_circle_without_a_way_out_is_refused() -> None:
    text = with_steps(
        "name: note, kind: message, template: note",
        "name: rest, kind: wait, for: 7 days, next: note",
    )

    assert complaints(text) == [
        "steps[0]: from 'note' there is no way to the end",
        "steps[1]: from 'rest' there is no way to the end",
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 minute", 60),
        ("30 minutes", 1800),
        ("1 hour", 3600),
        ("14 days", 1209600),
        ("2 weeks", 1209600),
    ],
)
def test_lengths_of_time_read_as_they_are_said(text: str, seconds: int) -> None:
    length = read_duration(text)

    assert length is not None
    assert length.total_seconds() == seconds


@given(st.text(max_size=200))
def test_any_text_is_a_journey_or_a_bad_journey(text: str) -> None:
    with suppress(BadJourney):
        parse_journey(text)
