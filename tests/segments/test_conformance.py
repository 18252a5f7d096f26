"""The engine and the plain reference agree on random conditions over random customers."""

from dataclasses import replace
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.segments.random_world import (
    MIDDLE,
    NOWS,
    PATHS,
    UNHURRIED,
    ZONES,
    event_table,
    fact_tables,
    measures,
    random_world,
    ranks,
    sequences,
    shares,
    trees,
)
from tests.segments.reference import Asking, World, reference_members, stage

from dangol.segments.compare import Moment
from dangol.segments.comparison import AtLeast, Equals
from dangol.segments.condition import Condition, EventMeasure, InSegment, Lifecycle, NoneOf, Stage
from dangol.segments.evaluate import order_segments
from dangol.segments.judge import Judge
from dangol.segments.parse import check_condition, parse_condition, write_condition
from dangol.segments.people import People
from dangol.segments.ranking import group_ranks, rank_everybody
from dangol.store.engine import NOBODY
from dangol.store.lake import Lake

OFTEN = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# Not a fixture: a failing example would print all of it.
WORLD = random_world(11)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    filled = Lake(tmp_path_factory.mktemp("lake"))
    filled.append_events(event_table(WORLD), workspace_id=1, step=1)
    return filled


def found(
    lake: Lake, tree: Condition, *, now: datetime, zone: ZoneInfo, world: World = WORLD
) -> set[int]:
    facts = fact_tables(world, now=now)
    at = Moment(now=now, zone=zone)
    customers = facts["customer_fact"]["customer_id"].to_numpy()
    ordered = order_segments({**world.segments, "asked": tree})
    assert ordered.faults == {}
    judge = Judge(lake=lake, facts=facts, workspace_id=1, at=at)
    verdicts = judge.judge(ordered.trees, People(ids=customers, heads=NOBODY))
    return set(customers[verdicts["asked"]].tolist())


@OFTEN
@given(tree=measures(), now=st.sampled_from(NOWS), zone=st.sampled_from(ZONES))
def test_measures_of_events_agree_with_the_reference(lake, tree, now, zone) -> None:
    expected = reference_members(tree, WORLD, now=now, zone=zone)

    assert found(lake, tree, now=now, zone=zone) == expected


@OFTEN
@given(tree=shares(), now=st.sampled_from(NOWS), zone=st.sampled_from(ZONES))
def test_shares_of_events_agree_with_the_reference(lake, tree, now, zone) -> None:
    expected = reference_members(tree, WORLD, now=now, zone=zone)

    assert found(lake, tree, now=now, zone=zone) == expected


@OFTEN
@given(tree=ranks(), now=st.sampled_from(NOWS), zone=st.sampled_from(ZONES))
def test_ranks_agree_with_the_reference(lake, tree, now, zone) -> None:
    expected = reference_members(tree, WORLD, now=now, zone=zone)

    assert found(lake, tree, now=now, zone=zone) == expected


@OFTEN
@given(tree=ranks(), now=st.sampled_from(NOWS), zone=st.sampled_from(ZONES))
def test_ranks_over_the_same_events_are_asked_at_once(lake, tree, now, zone) -> None:
    others = [{"measure": "count", "of": None}, {"groups": 3, "test": Equals(value=2)}]
    others += [] if tree.products else [{"measure": "days_since", "of": None}]
    alike = [tree, *(msgspec.structs.replace(tree, **other) for other in others)]
    at = Moment(now=now, zone=zone)
    known = np.array(sorted(WORLD.customers))
    strangers = np.setdiff1d(event_table(WORLD)["customer_id"].to_numpy(), known)

    ranked = rank_everybody(lake, alike, erased=strangers, workspace_id=1, heads=NOBODY, at=at)

    assert {one: set(whom.tolist()) for one, whom in ranked.items()} == {
        one: reference_members(one, WORLD, now=now, zone=zone) for one in alike
    }
    assert (len(group_ranks(alike)) == 1) == (tree.measure != "variety")


@OFTEN
@given(tree=sequences, now=st.sampled_from(NOWS), zone=st.sampled_from(ZONES))
def test_sequences_agree_with_the_reference(lake, tree, now, zone) -> None:
    expected = reference_members(tree, WORLD, now=now, zone=zone)

    assert found(lake, tree, now=now, zone=zone) == expected


@OFTEN
@given(tree=trees, now=st.sampled_from(NOWS), zone=st.sampled_from(ZONES))
def test_whole_trees_agree_with_the_reference(lake, tree, now, zone) -> None:
    expected = reference_members(tree, WORLD, now=now, zone=zone)

    assert found(lake, tree, now=now, zone=zone) == expected


@UNHURRIED
@given(tree=trees)
def test_a_condition_survives_storage(tree: Condition) -> None:
    check_condition(tree)

    assert parse_condition(write_condition(tree)) == tree


@OFTEN
@given(tree=trees, now=st.sampled_from(NOWS))
def test_who_is_not_in_a_segment_is_in_its_opposite(lake, tree, now) -> None:
    base = replace(WORLD, segments={"base": tree})
    zone = ZONES[0]

    inside = found(lake, InSegment(segment="base"), now=now, zone=zone, world=base)
    outside = found(lake, NoneOf(of=(InSegment(segment="base"),)), now=now, zone=zone, world=base)

    assert inside | outside == set(WORLD.customers)
    assert not inside & outside


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_everybody_is_in_exactly_one_stage(lake, zone) -> None:
    limits = {"new_days": 5, "cooling_days": 3, "inactive_days": 7, "lost_days": 11}
    stages = {
        one: found(lake, Lifecycle(stages=(one,), **limits), now=MIDDLE, zone=zone)
        for one in get_args(Stage)
    }

    told = Lifecycle(stages=("new",), **limits)
    assert {who: one for one, whose in stages.items() for who in whose} == {
        who: stage(told, Asking(WORLD, who, MIDDLE, zone)) for who in WORLD.customers
    }
    assert sum(map(len, stages.values())) == len(WORLD.customers)


@pytest.mark.parametrize(
    "measure", ["sum", "average", "min", "max", "distinct", "variety", "first", "last"]
)
def test_every_measure_takes_every_property(lake, measure) -> None:
    ends = measure in {"first", "last"}
    for path in (*PATHS, "revenue", "category"):
        test = Equals(value="red") if ends else AtLeast(value=1)
        tree = EventMeasure(event="Order Completed", measure=measure, of=path, test=test)

        expected = reference_members(tree, WORLD, now=MIDDLE, zone=ZONES[0])

        assert found(lake, tree, now=MIDDLE, zone=ZONES[0]) == expected, path
