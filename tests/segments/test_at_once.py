"""What the tick may ask, and how the rest is refused; test_in_database asks at random."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent
from tests.ingest.words import arrive, owner, tick_all, told
from tests.segments.test_facts import open_message
from tests.segments.test_in_database import judged

from dangol.ingest.merging import merge_customers, unmerge_customer
from dangol.segments import comparison as c
from dangol.segments import condition as t
from dangol.segments import window as w
from dangol.segments.at_once import check_at_once
from dangol.segments.faults import BadCondition
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

VISITED = t.EventMeasure(event="Visited")
TWICE = t.EventMeasure(event="Visited", test=c.AtLeast(value=2))
NEVER = t.NoneOf(of=(VISITED,))
RED = c.PropertyFilter(property="color", test=c.Equals(value="red"))
WEEK = w.Rolling(days=7)


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        (t.Sequence(steps=(t.SequenceStep(event="A"), t.SequenceStep(event="B"))), "order"),
        (t.EventMeasure(event="A", where=(RED,)), "properties of events"),
        (t.EventMeasure(event="A", measure="distinct", of="color"), "known at once are only"),
        (t.EventMeasure(event="A", measure="sum", of="amount"), "known at once are only"),
        (t.EventMeasure(event="A", measure="last", of="color", test=c.Exists()), "are only"),
        (t.EventMeasure(event="A", during=w.Rolling(days=7, ago_days=7)), "lasts until now"),
        (t.EventMeasure(event="A", during=w.Calendar(unit="day", which="last")), "until now"),
        (t.EventMeasure(event="A", during=WEEK, test=c.AtLeast(value=2)), "lasts until now"),
        (t.EventMeasure(event="A", during=WEEK, test=c.Equals(value=1)), "lasts until now"),
        (t.EventMeasure(event="A", during=WEEK, test=c.OneOf(values=(0, 3))), "until now"),
        (t.EventMeasure(event="A", during=WEEK, test=c.AtMost(value=1)), "lasts until now"),
        (
            t.EventMeasure(event="A", during=WEEK, test=c.Within(least=0, most=1)),
            "lasts until now",
        ),
        (
            t.EventMeasure(event="A", during=WEEK, measure="first", test=c.Exists()),
            "lasts until now",
        ),
        (
            t.EventMeasure(event="A", during=WEEK, measure="sum", of="revenue"),
            "lasts until now",
        ),
        (t.Lifecycle(stages=("new", "won_back")), "stage “won_back”"),
        (t.Trait(trait="tags.-1", test=c.Exists()), "“-1” is no place"),
    ],
)
def test_what_only_the_history_answers_is_refused_with_its_place(condition, why) -> None:
    with pytest.raises(BadCondition, match=why) as fault:
        check_at_once(t.AnyOf(of=(VISITED, t.NoneOf(of=(condition,)))))

    assert fault.value.path == "$.where.of[1].of[0]"
    assert "Make a segment of it" in fault.value.message
    assert "세그먼트를 만들고" in fault.value.say("ko")


def test_a_refusal_can_name_a_place_in_a_journey() -> None:
    with pytest.raises(BadCondition) as fault:
        check_at_once(t.EventMeasure(event="A", where=(RED,)), "$.steps[2].if")

    assert fault.value.path == "$.steps[2].if"


def test_what_is_refused_is_not_asked(connection: Connection, workspace: int) -> None:
    with pytest.raises(BadCondition):
        judged(connection, workspace, t.EventMeasure(event="A", where=(RED,)), who=[])


def test_who_never_did_anything_is_answered_for(connection: Connection, workspace: int) -> None:
    minji = customer(connection, workspace, email=None)

    assert judged(connection, workspace, VISITED, NEVER, who=[minji]) == [set(), {minji}]


def test_only_those_who_are_asked_about_are_answered_for(
    connection: Connection, workspace: int
) -> None:
    minji = customer(connection, workspace)
    customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")

    assert judged(connection, workspace, t.Reachable(channel=Channel.EMAIL), who=[minji]) == [
        {minji}
    ]
    assert judged(connection, workspace, NEVER, who=[]) == [set()]


def test_who_was_closed_or_is_nobody_holds_for_nothing(
    connection: Connection, workspace: int
) -> None:
    minji = customer(connection, workspace)
    connection.execute("update customer set state = 'erased'")

    assert judged(connection, workspace, NEVER, who=[minji, 12_345]) == [set()]


def test_a_shop_asks_only_about_its_own(connection: Connection, workspace: int) -> None:
    minji = customer(connection, workspace)
    connection.execute("update customer set workspace_id = %s", (workspace + 1,))

    assert judged(connection, workspace, NEVER, who=[minji]) == [set()]


def test_an_event_of_this_tick_counts_at_once(connection: Connection, workspace: int) -> None:
    arrive(connection, workspace, told("m1", user="minji"))
    tick_all(connection, workspace)
    minji = owner(connection, "external", "minji")

    assert judged(connection, workspace, VISITED, who=[minji]) == [{minji}]


def test_an_event_of_a_clock_that_is_ahead_has_happened_now(
    connection: Connection, workspace: int
) -> None:
    arrive(connection, workspace, told("m1", user="minji", at=NOON + timedelta(minutes=50)))
    tick_all(connection, workspace)
    minji = owner(connection, "external", "minji")
    today = t.EventMeasure(event="Visited", measure="days_since", test=c.Equals(value=0))
    lately = t.EventMeasure(event="Visited", during=w.Rolling(hours=1))

    assert judged(connection, workspace, today, lately, who=[minji]) == [{minji}, {minji}]


def test_a_merged_customer_has_done_what_all_their_parts_did(
    connection: Connection, workspace: int
) -> None:
    arrive(connection, workspace, told("m1", user="minji"), told("m2", user="mj"))
    tick_all(connection, workspace)
    minji, mj = (owner(connection, "external", name) for name in ("minji", "mj"))
    give_consent(connection, workspace, customer_id=mj)
    both = [minji, mj]
    connection.commit()
    assert judged(connection, workspace, TWICE, NEVER, who=both) == [set(), set()]
    connection.commit()

    with connection.transaction():
        merge_customers(connection, workspace_id=workspace, one_id=minji, other_id=mj, now=NOON)
    assert judged(connection, workspace, TWICE, VISITED, who=both) == [{minji}, {minji}]
    connection.commit()

    with connection.transaction():
        unmerge_customer(connection, workspace_id=workspace, customer_id=mj, now=NOON)
    assert judged(connection, workspace, TWICE, VISITED, who=both) == [set(), {minji, mj}]


def test_the_same_tick_may_ask_again_about_others(connection: Connection, workspace: int) -> None:
    minji = customer(connection, workspace, email=None)
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)

    assert [judged(connection, workspace, NEVER, who=[one]) for one in (minji, jiwoo)] == [
        [{minji}],
        [{jiwoo}],
    ]


@pytest.mark.parametrize("text", ["2027-02-30", "2027-13-01", "2027-03-00", "2027-03-02T24:00", ""])
def test_a_text_that_is_no_date_stops_nobody(
    connection: Connection, workspace: int, text: str
) -> None:
    minji = customer(connection, workspace)
    connection.execute("update customer set traits = jsonb_build_object('when', %s::text)", (text,))
    dated = t.Trait(trait="when", test=c.DaysAgo(at_least=0))
    born = t.Trait(trait="when", test=c.Anniversary(last=364))

    assert judged(connection, workspace, dated, born, who=[minji]) == [set(), set()]


@pytest.mark.parametrize(
    ("text", "holding"),
    [
        ("2027-03-02T02:59:59Z", 1),
        ("2027-03-02T03:00:00.000001+00:00", 0),
        ("2027-03-03T02:58+23:59", 1),
        ("2027-03-01T03:01:00-23:59", 1),
        ("2027-03-01T03:02:00-23:59", 0),
        ("2027-03-02T12:00", 1),
        ("2027-03-02 12:00:00.1", 0),
    ],
)
def test_a_date_of_any_offset_is_read(
    connection: Connection, workspace: int, text: str, holding: int
) -> None:
    minji = customer(connection, workspace)
    connection.execute("update customer set traits = jsonb_build_object('when', %s::text)", (text,))
    dated = t.Trait(trait="when", test=c.DaysAgo(at_least=0))

    assert judged(connection, workspace, dated, who=[minji]) == [{minji} if holding else set()]


@pytest.mark.parametrize(
    ("number", "test", "holding"),
    [
        ("0.00005", c.Equals(value=0.0001), 1),
        ("-0.00005", c.Within(least=-1, most=-0.0001), 1),
        ("0.00004", c.AtLeast(value=0.0001), 0),
        ("99999999999999.9999", c.AtLeast(value=1), 1),
        ("99999999999999.99995", c.AtLeast(value=1), 0),
        ("1e300", c.AtLeast(value=1), 0),
        ('"10"', c.AtLeast(value=1), 0),
    ],
)
def test_numbers_count_with_four_decimals(
    connection: Connection, workspace: int, number: str, test: c.Comparison, holding: int
) -> None:
    minji = customer(connection, workspace)
    connection.execute(
        "update customer set traits = jsonb_build_object('amount', %s::jsonb)", (number,)
    )

    found = judged(connection, workspace, t.Trait(trait="amount", test=test), who=[minji])

    assert found == [{minji} if holding else set()]


def test_a_message_counts_once_at_its_first_reaction(
    connection: Connection, workspace: int
) -> None:
    minji = customer(connection, workspace)
    sumi = customer(connection, workspace, name="sumi", email=None)
    for number, (reader, confidence) in enumerate([(minji, 1), (sumi, 0.2)]):
        open_message(connection, workspace, reader, number=number, confidence=confidence)
    connection.execute(
        "update receipt set occurred_at = %s where dedupe_key like '%%a'",
        (NOON - timedelta(days=5),),
    )

    found = judged(
        connection,
        workspace,
        t.Engagement(reaction="opened", during=w.Rolling(days=3)),
        t.Engagement(reaction="opened", during=w.Rolling(days=6)),
        t.Engagement(reaction="opened", test=c.AtLeast(value=2)),
        t.Engagement(reaction="opened", journey="welcome", test=c.Equals(value=0)),
        who=[minji, sumi],
    )

    assert found == [set(), {minji}, set(), {sumi}]
