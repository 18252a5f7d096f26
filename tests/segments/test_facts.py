"""What a refresh reads of customers from PostgreSQL, and segments that ask for one another."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent, one, suppress
from tests.segments.test_refresh import define, members_of, refresh

from dangol.segments.comparison import AtLeast, DaysAgo, Equals, IsTrue, OneOf
from dangol.segments.condition import (
    AllOf,
    Condition,
    Consented,
    Engagement,
    EventMeasure,
    InSegment,
    Lifecycle,
    NoneOf,
    OnList,
    Reachable,
    Trait,
)
from dangol.segments.faults import BadCondition
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vocabulary import Channel

VIP = Trait(trait="grade", test=Equals(value="VIP"))


@pytest.fixture
def who(connection: Connection, workspace: int, lake: Lake):
    """Define a segment, refresh, and say who belongs."""

    def found(condition: Condition) -> set[int]:
        segment = define(connection, workspace, condition, name="asked")
        refresh(connection, lake, workspace)
        return members_of(connection, segment)

    return found


def knows(connection: Connection, customer_id: int, traits: str) -> None:
    connection.execute("update customer set traits = %s where id = %s", (traits, customer_id))


def test_traits_are_asked_of_customers_who_never_did_anything(
    connection: Connection, workspace: int, who
) -> None:
    minji = customer(connection, workspace)
    customer(connection, workspace, name="jiwoo", email=None)
    knows(connection, minji, '{"grade": "VIP", "note": "a,\\n\\"b\\"", "app": {"on": true}}')

    assert who(VIP) == {minji}
    assert who(Trait(trait="app.on", test=IsTrue())) == {minji}
    assert who(Trait(trait="note", test=OneOf(values=('a,\n"b"',)))) == {minji}


def test_what_is_known_of_everybody_can_be_asked(
    connection: Connection, workspace: int, who
) -> None:
    minji = customer(connection, workspace, time_zone="Asia/Seoul", now=NOON - timedelta(days=9))
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)

    assert who(Trait(trait="$first_seen_at", test=DaysAgo(at_least=9))) == {minji}
    assert who(Trait(trait="$time_zone", test=Equals(value="Asia/Seoul"))) == {minji}
    assert who(Lifecycle(stages=("new",))) == {minji, jiwoo}
    assert who(Lifecycle(stages=("new",), new_days=9)) == {jiwoo}


def test_consent_and_reach_are_asked_for(connection: Connection, workspace: int, who) -> None:
    minji = customer(connection, workspace)
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    customer(connection, workspace, name="sumi", email=None)
    give_consent(connection, workspace, customer_id=minji)
    suppress(connection, workspace, email="jiwoo@shop.example")
    silent = NoneOf(of=(Consented(channel=Channel.EMAIL, state="unknown"),))

    assert who(Consented(channel=Channel.EMAIL)) == {minji}
    assert who(silent) == {minji}
    assert who(Reachable(channel=Channel.EMAIL)) == {minji}
    connection.execute("delete from suppression")
    assert who(Reachable(channel=Channel.EMAIL)) == {minji, jiwoo}


def test_reactions_of_machines_and_repeated_ones_do_not_count(
    connection: Connection, workspace: int, who
) -> None:
    minji = customer(connection, workspace)
    sumi = customer(connection, workspace, name="sumi", email=None)
    for number, (reader, confidence) in enumerate([(minji, 1), (minji, 1), (sumi, 0.2)]):
        open_message(connection, workspace, reader, number=number, confidence=confidence)
    opened = Engagement(reaction="opened", channel=Channel.EMAIL, journey="welcome")

    assert who(opened) == {minji}
    assert who(Engagement(reaction="opened", test=AtLeast(value=2))) == {minji}
    assert who(Engagement(reaction="opened", test=AtLeast(value=3))) == set()
    assert who(Engagement(reaction="sent", test=Equals(value=0))) == {minji, sumi}


def open_message(
    connection: Connection, workspace: int, reader: int, *, number: int, confidence: float
) -> None:
    """A message of the journey "welcome" that was opened twice."""
    values = {"workspace": workspace, "reader": reader, "now": NOON, "key": str(number)}
    connection.execute(
        "insert into journey (workspace_id, name, title_ko, title_en, created_at)"
        " values (%(workspace)s, 'welcome', '', '', %(now)s) on conflict do nothing",
        values,
    )
    values["journey"] = one(connection, "select id from journey")
    # What a message hangs on does not matter here.
    connection.execute("set session_replication_role = replica")
    values["message"] = one(
        connection,
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state)"
        " values (%(workspace)s, %(reader)s, %(key)s::bigint, %(journey)s, 1, 1, 1, 1, 'email',"
        " 'marketing', %(now)s, %(now)s, 'handed') returning id",
        **values,
    )
    connection.execute("set session_replication_role = origin")
    for again in ("a", "b"):
        connection.execute(
            "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
            " human_confidence, dedupe_key) values (%(workspace)s, %(message)s, %(reader)s,"
            " 'opened', %(now)s, %(confidence)s, %(key)s || %(again)s)",
            {**values, "confidence": confidence, "again": again},
        )


def test_a_list_can_be_asked_for_by_name(connection: Connection, workspace: int, who) -> None:
    minji = customer(connection, workspace)
    customer(connection, workspace, name="jiwoo", email=None)
    list_id = one(
        connection,
        "insert into customer_list (workspace_id, name, uploaded_at)"
        " values (%(workspace)s, 'vip', %(now)s) returning id",
        workspace=workspace,
        now=NOON,
    )
    connection.execute("insert into list_entry values (%s, %s, %s)", (workspace, list_id, minji))

    assert who(OnList(list="vip")) == {minji}


def test_a_segment_comes_after_those_it_asks_for(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)
    knows(connection, minji, '{"grade": "VIP"}')
    others = define(connection, workspace, Reachable(channel=Channel.EMAIL), name="others")
    define(connection, workspace, VIP, name="vip")
    define(connection, workspace, NoneOf(of=(InSegment(segment="vip"),)), name="others")

    refresh(connection, lake, workspace)

    assert members_of(connection, others) == {jiwoo}


def test_segments_in_a_circle_are_refused(connection: Connection, workspace: int) -> None:
    define(connection, workspace, VIP, name="a")
    define(connection, workspace, InSegment(segment="a"), name="b")
    define(connection, workspace, AllOf(of=(VIP, InSegment(segment="b"))), name="c")

    with pytest.raises(BadCondition, match="in a circle: a → c → b → a") as fault:
        define(connection, workspace, InSegment(segment="c"), name="a")

    assert "고리" in fault.value.say("ko")
    with pytest.raises(BadCondition, match="in a circle"):
        define(connection, workspace, InSegment(segment="z"), name="z")


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        (InSegment(segment="no"), "$.where.segment"),
        (NoneOf(of=(VIP, OnList(list="no"))), "$.where.of[1].list"),
        (Engagement(reaction="sent", journey="no"), "$.where.journey"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(
    connection: Connection, workspace: int, condition: Condition, path: str
) -> None:
    with pytest.raises(BadCondition, match="“no”") as fault:
        define(connection, workspace, condition)

    assert fault.value.path == path


def test_a_segment_that_asks_for_a_broken_one_keeps_its_members(
    connection: Connection, workspace: int, lake: Lake
) -> None:
    minji = customer(connection, workspace)
    knows(connection, minji, '{"grade": "VIP"}')
    broken = define(connection, workspace, VIP, name="broken")
    asking = define(connection, workspace, InSegment(segment="broken"), name="asking")
    refresh(connection, lake, workspace)
    connection.execute(
        "update segment_version set definition = '{}' where segment_id = %s", (broken,)
    )
    knows(connection, minji, "{}")

    refreshed = refresh(connection, lake, workspace)

    assert members_of(connection, asking) == {minji}
    assert ["where" in refreshed[0].fault, "“broken”" in refreshed[1].fault] == [True, True]


def test_a_part_on_a_list_counts_for_its_head(connection: Connection, workspace: int, who) -> None:
    minji = customer(connection, workspace)
    part = customer(connection, workspace, name="part", email=None)
    connection.execute(
        "update customer set state = 'merged', head_id = %s where id = %s", (minji, part)
    )
    connection.execute(
        "insert into customer_list (workspace_id, name, uploaded_at) values (%s, 'vip', %s)",
        (workspace, NOON),
    )
    connection.execute(
        "insert into list_entry select %s, id, %s from customer_list", (workspace, part)
    )

    assert who(OnList(list="vip")) == {minji}
    assert who(EventMeasure(event="A", test=Equals(value=0))) == {minji}
