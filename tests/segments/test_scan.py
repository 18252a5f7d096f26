"""The shared scan says of everybody what the portable expressions say, and what is true."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from tests.segments.random_world import (
    MIDDLE,
    NOWS,
    ZONES,
    event_table,
    measures,
    random_world,
)
from tests.segments.reference import Happened, World, reference_members

from dangol.segments import scan
from dangol.segments.compare import Moment
from dangol.segments.comparison import AtLeast, AtMost, Equals, PropertyFilter
from dangol.segments.condition import AllOf, EventMeasure, NoneOf
from dangol.segments.features import distinct_features
from dangol.segments.judge import Judge
from dangol.segments.people import People
from dangol.segments.window import Rolling
from dangol.store.engine import NOBODY
from dangol.store.heads import HEAD_SCHEMA
from dangol.store.lake import Lake

NOW = Moment(now=MIDDLE, zone=ZONES[0])
OFTEN = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def world() -> World:
    return random_world(12)


@pytest.fixture(scope="module")
def filled(world: World, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    filled = Lake(tmp_path_factory.mktemp("lake"))
    filled.append_events(event_table(world), workspace_id=1, step=1)
    return filled


def everybody(world: World) -> People:
    return People(ids=np.array(sorted(world.customers), np.int64), heads=NOBODY)


def judge_of(lake: Lake, at: Moment = NOW) -> Judge:
    return Judge(lake=lake, facts={}, workspace_id=1, at=at)


@OFTEN
@given(
    leaves=st.lists(measures(), min_size=1, max_size=6, unique=True),
    now=st.sampled_from(NOWS),
    zone=st.sampled_from(ZONES),
)
def test_all_questions_at_once_are_answered_like_each_alone(world, filled, leaves, now, zone):
    at = Moment(now=now, zone=zone)
    judge, who = judge_of(filled, at), everybody(world)

    at_once = judge.scan(leaves, who)

    assume(at_once)
    for leaf, fits in at_once.items():
        assert fits.tolist() == judge.ask(leaf, who).tolist()
        assert set(who.ids[fits].tolist()) == reference_members(leaf, world, now=now, zone=zone)


def test_most_measures_need_no_question_of_their_own():
    """Else the scan would be shared by nobody."""
    asked = [
        EventMeasure(event="A", measure=measure, of=of, test=AtLeast(value=1))
        for measure, of in [
            ("count", None),
            ("sum", "revenue"),
            ("average", "points.won"),
            ("min", "revenue"),
            ("max", "price"),
            ("distinct", "product_id"),
            ("days_since", None),
        ]
    ]

    features = distinct_features(asked, at=NOW)

    assert [leaf for leaves in features.values() for leaf in leaves] == asked


def test_conditions_that_differ_in_what_they_compare_with_share_a_feature():
    asked = [EventMeasure(event="A", test=AtLeast(value=number)) for number in range(1, 9)]

    assert len(distinct_features(asked, at=NOW)) == 1


def test_blocks_of_customers_make_no_difference(world, filled, monkeypatch):
    leaf = EventMeasure(event="Order Completed", during=Rolling(days=9), test=AtMost(value=1))
    who = everybody(world)
    whole = judge_of(filled).scan([leaf], who)[leaf]

    monkeypatch.setattr(scan, "CUSTOMERS_PER_BLOCK", 3)

    assert judge_of(filled).scan([leaf], who)[leaf].tolist() == whole.tolist()
    assert whole.any()
    assert not whole.all()


def test_some_customers_are_told_what_everybody_is_told(world, filled):
    leaf = EventMeasure(event="Order Completed", test=AtLeast(value=2))
    who = everybody(world)
    some = People(ids=who.ids[::3], heads=NOBODY)

    told = judge_of(filled).scan([leaf], some)[leaf]

    assert told.tolist() == judge_of(filled).scan([leaf], who)[leaf][::3].tolist()


def happened(customer_id: int, number: int = 1, **more: object) -> Happened:
    values = {"name": "A", "occurred_at": MIDDLE, "revenue": None, "properties": {}, **more}
    return Happened(customer_id=customer_id, event_id=customer_id * 100 + number, **values)


@pytest.fixture
def told(tmp_path):
    """Tell who fits a condition, given some events."""

    def told(condition, events, *, ids, heads=NOBODY) -> set[int]:
        lake = Lake(tmp_path / "lake")
        world = World(customers={}, events=events)
        lake.append_events(event_table(world), workspace_id=1, step=1)
        who = People(ids=np.array(ids, np.int64), heads=heads)
        fits = judge_of(lake).judge({"asked": condition}, who)["asked"]
        return set(who.ids[fits].tolist())

    return told


TWICE = EventMeasure(event="A", test=AtLeast(value=2))


def test_what_a_part_did_counts_for_its_head(told):
    heads = pa.table({"part_id": [9, 4], "head_id": [1, 2]}, schema=HEAD_SCHEMA)
    events = [happened(1), happened(9), happened(4), happened(3), happened(3, 2)]

    assert told(TWICE, events, ids=[1, 2], heads=heads) == {1}


def test_ids_may_lie_far_apart(told):
    far = 50_000_000_000
    events = [happened(1), happened(far), happened(far, 2), happened(77), happened(77, 2)]

    assert told(TWICE, events, ids=[1, far]) == {far}


def test_a_sum_too_large_for_the_scan_is_left_to_the_engine(told):
    most = Decimal(99_999_999_999_999)
    rich = EventMeasure(
        event="A", measure="sum", of="revenue", test=AtLeast(value=99_999_999_999_999)
    )
    events = [happened(1, number, revenue=most) for number in range(20)]
    events.append(happened(2, revenue=most - 1))

    assert told(rich, events, ids=[1, 2, 3]) == {1}


def test_whoever_did_nothing_belongs_where_nothing_is_asked(told):
    nothing = AllOf(
        of=(EventMeasure(event="A", test=AtMost(value=0)), NoneOf(of=(EventMeasure(event="A"),)))
    )

    assert told(nothing, [happened(1)], ids=[1, 2]) == {2}


def test_a_filter_narrows_only_the_events_of_its_own_condition(told):
    red = PropertyFilter(property="color", test=Equals(value="red"))
    both = AllOf(of=(EventMeasure(event="A", where=(red,)), TWICE))
    events = [
        happened(1, properties={"color": "red"}),
        happened(1, 2, properties={"color": "blue"}),
        happened(2, properties={"color": "blue"}),
        happened(2, 2, properties={"color": "blue"}),
        happened(3, properties={"color": "red"}),
    ]

    assert told(both, events, ids=[1, 2, 3]) == {1}
