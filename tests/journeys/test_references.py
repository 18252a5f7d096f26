"""What a journey names must be there, and what it asks must be answerable at once."""

import pytest
from tests.build import NOON, one, template

from dangol.app.conditions import Conditions
from dangol.journeys.definition import parse_journey
from dangol.journeys.publish import publish_journey
from dangol.journeys.steps import BadJourney
from dangol.store.connect import Connection


def text(name: str = "a", *, entry: str = "call: true", steps: str, more: str = "") -> str:
    return f"name: {name}\ntitle: {{ko: 가, en: A}}\nentry: {{{entry}}}\n{more}\nsteps:\n{steps}"


def publish(connection: Connection, workspace: int, written: str) -> None:
    publish_journey(
        connection,
        workspace_id=workspace,
        definition=parse_journey(written),
        judge=Conditions(),
        now=NOON,
    )


def complaints(connection: Connection, workspace: int, written: str) -> list[str]:
    with pytest.raises(BadJourney) as bad:
        publish(connection, workspace, written)
    assert all(fault.ko for fault in bad.value.faults)
    return [f"{fault.place}: {fault.problem}" for fault in bad.value.faults]


def test_everything_that_is_asked_or_named_in_vain_is_told_at_once(
    connection: Connection, workspace: int
) -> None:
    written = text(
        entry="event: Cart Viewed, where: [{kind: property, property: '', is: {kind: exists}}],"
        " condition: {kind: segment, segment: nobody}",
        more="goal: {event: A, where: [{kind: hour, first: 30, last: 2}]}\n"
        "exit_when: {condition: {kind: list, list: nowhere}}",
        steps="""
  - {name: w, kind: wait_for, condition: {kind: trait}, at_most: 1 day}
  - name: b
    kind: branch
    ways:
      - when: {kind: all, of: [{kind: reachable, channel: email}, {kind: rank, event: A}]}
        then: n
      - when:
          kind: all
          of:
            - kind: event
              event: A
              measure: average
              of: revenue
              is: {kind: at_least, value: 1}
        then: n
  - {name: n, kind: message, template: none}
  - {name: e, kind: enter, journey: none}
""",
    )

    assert complaints(connection, workspace, written) == [
        "steps[0].condition: cannot be asked",
        "steps[1].ways[0].when.of[1]: cannot be asked",
        "steps[1].ways[1].when.of[0]: cannot be asked",
        "entry.where[0].property: cannot be asked",
        "goal.where[0].first: cannot be asked",
        "steps[2].template: there is no template 'none' for email",
        "steps[3].journey: there is no journey 'none'",
        "entry.condition: there is no segment 'nobody'",
        "exit_when.condition: there is no list 'nowhere'",
    ]


def test_a_schedule_names_a_segment_that_is_there(connection: Connection, workspace: int) -> None:
    written = text(
        entry="schedule: {at: 2027-03-02 10:00, of: nobody}", steps="  - {name: e, kind: exit}"
    )

    assert complaints(connection, workspace, written) == [
        "entry.schedule.of: there is no segment 'nobody'"
    ]


def test_a_journey_that_does_not_begin_with_a_call_cannot_be_entered(
    connection: Connection, workspace: int
) -> None:
    template(connection, workspace)
    publish(
        connection,
        workspace,
        text("other", entry="event: A", steps="  - {name: n, kind: message, template: note}"),
    )

    assert complaints(
        connection, workspace, text(steps="  - {name: e, kind: enter, journey: other}")
    ) == [
        (
            "steps[0].journey: "
            "journey 'other' does not begin with a call, so that nobody can be sent into it"
        ),
    ]


def test_journeys_may_enter_one_another_in_a_circle_only_with_a_wait(
    connection: Connection, workspace: int
) -> None:
    enters_a = "  - {name: e, kind: enter, journey: a}"
    rest = "  - {name: r, kind: wait, for: 1 day}\n"
    publish(connection, workspace, text("a", steps="  - {name: x, kind: exit}"))
    publish(connection, workspace, text("b", steps=enters_a))
    publish(connection, workspace, text("c", steps="  - {name: e, kind: enter, journey: b}"))
    enters_c = "  - {name: e, kind: enter, journey: c}"

    found = complaints(connection, workspace, text("a", steps=enters_c))
    publish(connection, workspace, text("a", steps=rest + enters_c))

    assert found == [
        "steps[0].journey: journeys enter one another in a circle without a wait: a → c → b → a"
    ]
    assert one(connection, "select count(*) from journey_version") == 4


def test_what_each_entry_and_step_says_becomes_rows(connection: Connection, workspace: int) -> None:
    publish(
        connection,
        workspace,
        text(
            entry="date: {trait: birthday, yearly: true, before: 7 days, at: 09:00}",
            more="time_zone: shop\nquiet_after_purchase: none",
            steps="""
  - {name: u, kind: wait, for: 1 day, until: {at: 20:00, on: [sun, mon]}}
  - {name: d, kind: wait, until_date: {trait: renews_on, before: 3 days}}
  - {name: s, kind: split, ways: [{share: 30, then: t}, {share: 70, then: x}]}
  - {name: t, kind: update, add_tags: [a]}
  - {name: x, kind: exit}
""",
        ),
    )

    assert connection.execute(
        "select entry_kind::text, entry_event, entry_trait, entry_yearly, entry_offset::text,"
        " entry_at::text, reentry_days, quiet_after_purchase, zone_rule::text from journey_version"
    ).fetchall() == [("date", None, "birthday", True, "-7 days", "09:00:00", 0, None, "shop")]
    assert connection.execute(
        "select name, wait_for::text, wait_until::text, wait_days, wait_trait, wait_offset::text,"
        " update_traits from journey_step order by number"
    ).fetchall() == [
        ("u", "1 day", "20:00:00", [1, 7], None, None, None),
        ("d", None, "10:00:00", None, "renews_on", "-3 days", None),
        ("s", None, None, None, None, None, None),
        ("t", None, None, None, None, None, {"add_tags": ["a"]}),
        ("x", None, None, None, None, None, None),
    ]
    assert connection.execute(
        "select number, position, share_from, share_to, to_step from journey_way order by position"
    ).fetchall() == [(3, 1, 0, 30, 4), (3, 2, 30, 100, 5)]


@pytest.mark.parametrize(
    ("fallback", "problem"),
    [
        ("[note_fax]", "there is no template 'note_fax'"),
        ("[both]", "template 'both' is there for several channels: push, sms"),
        ("[note_mail]", "template 'note_mail' is for email, as 'note' above it is"),
        ("[receipt_sms]", "template 'receipt_sms' is informational, but the message is marketing"),
        ("[note_talk]", "kakao_alimtalk carries information only, and the template is marketing"),
    ],
)
def test_a_rung_must_be_one_that_can_follow(
    connection: Connection, workspace: int, fallback: str, problem: str
) -> None:
    for name, channel, purpose in (
        ("note", "email", "marketing"),
        ("note_mail", "email", "marketing"),
        ("both", "sms", "marketing"),
        ("both", "push", "marketing"),
        ("receipt_sms", "sms", "informational"),
        ("note_talk", "kakao_alimtalk", "marketing"),
    ):
        template(connection, workspace, name=name, channel=channel, purpose=purpose)
    steps = f"  - {{name: n, kind: message, template: note, fallback: {fallback}}}"

    found = complaints(connection, workspace, text(steps=steps))

    assert found == [f"steps[0].fallback[0]: {problem}"]


def test_no_advertising_is_planned_where_only_information_may_go(
    connection: Connection, workspace: int
) -> None:
    template(connection, workspace, channel="kakao_alimtalk")
    steps = "  - {name: n, kind: message, template: note, channel: kakao_alimtalk}"

    assert complaints(connection, workspace, text(steps=steps)) == [
        "steps[0].channel: kakao_alimtalk carries information only, and the template is marketing"
    ]
