"""Everything that can be wrong with a journey is named with its place, and in both languages."""

import re

import pytest

from dangol.journeys.definition import parse_journey
from dangol.journeys.fault_words import WORDS
from dangol.journeys.steps import BadJourney, Fault

HEAD = "name: a\ntitle: {ko: 가, en: A}\n"
EVENT = "entry: {event: Cart Viewed}\n"
STEPS = "steps: [{name: note, kind: message, template: note}]\n"
HANGUL = re.compile("[가-힣]")
# Faults that only a workspace can tell; test_references.py has those.
OF_A_WORKSPACE = {
    "journey_circle",
    "many_channels",
    "map_needs_migrate",
    "map_to_rest",
    "no_advertising",
    "no_journey",
    "no_list",
    "no_rung",
    "no_segment",
    "no_template",
    "not_called",
    "other_name",
    "other_purpose",
    "restarts",
    "rung_purpose",
    "same_channel",
    "where_to_continue",
}


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(BadJourney) as bad:
        parse_journey(text)
    return bad.value.faults


def entry(written: str) -> str:
    return f"{HEAD}entry: {{{written}}}\n{STEPS}"


def step(*written: str) -> str:
    return "\n".join([HEAD + EVENT + "steps:", *(f"  - {{{one}}}" for one in written)])


def part(written: str) -> str:
    return f"{HEAD}{EVENT}{STEPS}{written}\n"


LONG = "x" * 201
CASES = [
    (entry("reentry_days: 3"), "entry", "needs exactly one of event"),
    (entry("event: A, call: true"), "entry", "and has event and call"),
    (entry("event: ' '"), "entry.event", "is empty"),
    (entry(f"event: {LONG}"), "entry.event", "is 201 long"),
    (entry("call: true, where: [{}]"), "entry.where", "goes only with event"),
    (entry("event: A, when: left"), "entry.when", "goes only with segment"),
    (entry("segment: s, key: order_id"), "entry.key", "goes only with event, call"),
    (entry("event: A, key: $id"), "entry.key", "'$id' is no name of a trait"),
    (entry("event: A, per_day: 0"), "entry.per_day", "0 is not a number of customers"),
    (entry("event: A, within: 0 days"), "entry.within", "'0 days' is not a length of time"),
    (entry("date: {trait: a.b}"), "entry.date.trait", "'a.b' is no name of a trait"),
    (
        entry("date: {trait: b, before: 1 day, after: 1 day}"),
        "entry.date",
        "has both before and after",
    ),
    (entry("date: {trait: b, before: soon}"), "entry.date.before", "'soon' is not a length"),
    (entry("date: {trait: b, at: 24:00}"), "entry.date.at", "'24:00' is not a time of the day"),
    (entry("schedule: {at: 10:00}"), "entry.schedule.at", "'10:00' is not a day and a time"),
    (
        entry("schedule: {at: 2027-02-30 10:00}"),
        "entry.schedule.at",
        "'2027-02-30 10:00' is not a day and a time",
    ),
    (entry("schedule: {at: noon, every: day}"), "entry.schedule.at", "'noon' is not a time"),
    (entry("schedule: {at: 10:00, every: week}"), "entry.schedule", "needs the days of the week"),
    (
        entry("schedule: {at: 10:00, every: day, on: [mon]}"),
        "entry.schedule.on",
        "is only for every: week",
    ),
    (
        entry("schedule: {at: 10:00, every: week, on: [mon, mon]}"),
        "entry.schedule.on",
        "names 'mon' twice",
    ),
    (entry("schedule: {at: 10:00, every: month}"), "entry.schedule", "needs the day of the month"),
    (
        entry("schedule: {at: 10:00, every: day, day: 3}"),
        "entry.schedule.day",
        "is only for every: month",
    ),
    (
        entry("schedule: {at: 10:00, every: month, day: 32}"),
        "entry.schedule.day",
        "32 is no day of a month",
    ),
    (
        entry("schedule: {at: 10:00, every: fortnight}"),
        "entry.schedule.every",
        "Invalid enum value 'fortnight'",
    ),
    (part("quiet_after_purchase: never"), "quiet_after_purchase", "'never' is neither a length"),
    (part("time_zone: mine"), "time_zone", "Invalid enum value 'mine'"),
    (part("goal: {event: A, within: 3}"), "goal.within", "Expected `str`, got `int`"),
    (part("goal: {event: A, within: 3 nights}"), "goal.within", "'3 nights' is not a length"),
    (part("exit_when: {}"), "exit_when", "is empty"),
    (part("exit_when: {events: ['']}"), "exit_when.events[0]", "is empty"),
    (
        part(f"exit_when: {{events: [{', '.join('abcdefghijklmnopqrstu')}]}}"),
        "exit_when.events",
        "has 21 entries",
    ),
    (part("goals: A"), "goals", "is not a part of a journey"),
    ("name: a\n" + EVENT + STEPS + f"title: {{ko: 가, en: {LONG}}}", "title.en", "is 201 long"),
    (step(f"name: {LONG}, kind: exit"), "steps[0].name", "is 201 long"),
    (step("name: w, kind: wait"), "steps[0]", "says neither how long nor until when"),
    (step("name: w, kind: wait, for: 1 night"), "steps[0].for", "'1 night' is not a length"),
    (
        step("name: w, kind: wait, until: {at: 8:00}"),
        "steps[0].until.at",
        "'8:00' is not a time of the day",
    ),
    (
        step("name: w, kind: wait, until: {at: 08:00, on: [mon, mon]}"),
        "steps[0].until.on",
        "names 'mon' twice",
    ),
    (
        step("name: w, kind: wait, until: {at: 08:00, on: [montag]}"),
        "steps[0].until.on[0]",
        "Invalid enum value 'montag'",
    ),
    (
        step("name: w, kind: wait, for: 1 day, until_date: {trait: renews_on}"),
        "steps[0].until_date",
        "stands beside another wait",
    ),
    (step("name: w, kind: wait_for, at_most: 1 day"), "steps[0]", "needs an event or a condition"),
    (
        step("name: w, kind: wait_for, event: A, condition: {}, at_most: 1 day"),
        "steps[0]",
        "needs an event or a condition",
    ),
    (step("name: w, kind: wait_for, event: A"), "steps[0].at_most", "nobody may wait for ever"),
    (
        step("name: w, kind: wait_for, event: A, at_most: ages"),
        "steps[0].at_most",
        "'ages' is not a length",
    ),
    (
        step("name: w, kind: wait_for, condition: {}, where: [{}], at_most: 1 day"),
        "steps[0].where",
        "looks at the properties of an event",
    ),
    (step("name: b, kind: branch, ways: []"), "steps[0].ways", "has 0 ways"),
    (
        step("name: b, kind: branch, ways: [{when: {}, then: x}]"),
        "steps[0].ways[0].then",
        "there is no step 'x'",
    ),
    (
        step("name: s, kind: split, ways: [{share: 100, then: e}]", "name: e, kind: exit"),
        "steps[0].ways",
        "has 1 ways",
    ),
    (
        step(
            "name: s, kind: split, ways: [{share: 60, then: e}, {share: 50, then: e}]",
            "name: e, kind: exit",
        ),
        "steps[0].ways",
        "the shares add up to 110, not to 100",
    ),
    (
        step(
            "name: s, kind: split, ways: [{share: 0, then: e}, {share: 100, then: e}]",
            "name: e, kind: exit",
        ),
        "steps[0].ways[0].share",
        "0 is no share",
    ),
    (step("name: u, kind: update"), "steps[0]", "changes nothing"),
    (step("name: u, kind: update, set: {$a: 1}"), "steps[0].set", "'$a' is no name of a trait"),
    (step("name: u, kind: update, set: {a: {b: 1}}"), "steps[0].set.a", "is no value of a trait"),
    (step("name: u, kind: update, set: {a: [1]}"), "steps[0].set.a", "is no value of a trait"),
    (step("name: u, kind: update, set: {tags: [a]}"), "steps[0].set", "tags are a list"),
    (step("name: u, kind: update, unset: [a.b]"), "steps[0].unset[0]", "'a.b' is no name"),
    (step("name: u, kind: update, unset: [tags]"), "steps[0].unset", "tags are a list"),
    (
        step("name: u, kind: update, set: {a: 1}, unset: [a]"),
        "steps[0].unset",
        "both writes and removes 'a'",
    ),
    (
        step("name: u, kind: update, add_tags: [a], remove_tags: [a]"),
        "steps[0].remove_tags",
        "both writes and removes 'a'",
    ),
    (step("name: u, kind: update, add_tags: ['']"), "steps[0].add_tags[0]", "'' is no tag"),
    (
        step(f"name: u, kind: update, unset: [{', '.join(f't{n}' for n in range(51))}]"),
        "steps[0].unset",
        "has 51 entries",
    ),
    (step("name: e, kind: enter, journey: a"), "steps[0].journey", "cannot enter itself"),
]


@pytest.mark.parametrize(("text", "place", "problem"), CASES)
def test_a_fault_is_named_with_its_place_and_a_remedy(text: str, place: str, problem: str) -> None:
    found = [fault for fault in faults_of(text) if fault.place == place]

    assert any(problem in fault.problem for fault in found)
    assert all(fault.remedy and HANGUL.search(fault.ko) for fault in found)


def test_every_fault_has_a_case() -> None:
    told = {fault.ko for text, _, _ in CASES for fault in faults_of(text)}
    elsewhere = {
        # test_definition.py has these.
        *("empty_goal", "empty_name", "empty_title", "endless", "first_of_segment", "name"),
        *("reentry", "restless", "same_name", "steps", "unreachable"),
        # test_webhook_step.py has these.
        *("answer_not_awaited", "liquid", "next_of_answer", "no_endpoint"),
        *OF_A_WORKSPACE,
    }
    patterns = {
        code: re.compile(
            ".*".join(map(re.escape, re.split(r"\{\w+(?:!\w)?\}", said.ko.replace("{{", "{"))))
        )
        for code, said in WORDS.items()
    }

    untold = {code for code, pattern in patterns.items() if not any(map(pattern.fullmatch, told))}
    assert untold <= elsewhere


def test_faults_of_several_parts_are_told_together() -> None:
    text = (
        "name: A\ntitle: {ko: 가}\nentry: {event: Cart Viewed, reentry: 3, within: now}\n"
        "steps:\n  - {name: w, kind: wait, for: 3 days, extra: 2 days, next: [x]}\n"
        "  - {name: x, kind: wait_for, event: A}\n"
    )

    assert [f"{fault.place}: {fault.problem}" for fault in faults_of(text)] == [
        "title: Object missing required field `en`",
        "entry: Object contains unknown field `reentry`",
        "steps[0]: Object contains unknown field `extra`",
        "steps[0].next: Expected `str | null`, got `array`",
        "name: 'A' is not a name",
        "steps[1].at_most: is missing: nobody may wait for ever",
    ]


def test_on_and_times_need_no_quotes() -> None:
    definition = parse_journey(
        step("name: w, kind: wait, until: {at: 08:00, on: [mon]}", "name: no, kind: exit")
    )

    assert [one.name for one in definition.steps] == ["w", "no"]
