"""PostgreSQL, the engine over the lake and the plain reference agree on what the tick may ask."""

from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.build import NOON
from tests.segments.kept_world import keep_world
from tests.segments.random_world import (
    MIDDLE,
    NOWS,
    ZONES,
    facts,
    names,
    of_numbers,
    of_times,
    others,
    random_world,
    trees_of,
)
from tests.segments.reference import World, reference_members
from tests.segments.test_refresh import define, refresh

from dangol.segments import comparison as c
from dangol.segments import condition as t
from dangol.segments import window as w
from dangol.segments.compare import Moment
from dangol.segments.evaluate import order_segments
from dangol.segments.facts import TableLeaf, read_facts
from dangol.segments.ids import read_customers
from dangol.segments.in_database import judge_in_database
from dangol.segments.judge import Judge
from dangol.segments.people import People
from dangol.store.connect import Connection
from dangol.store.heads import read_heads
from dangol.store.lake import Lake

ORDER = "Order Completed"
BASE = t.EventMeasure(event=ORDER, test=c.AtLeast(value=5))
OFTEN = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

# Conditions --------------------------------------------------------------------------------------

open_windows = st.one_of(
    st.builds(lambda n: w.Rolling(days=n), st.integers(1, 40)),
    st.builds(lambda n: w.Rolling(hours=n), st.integers(1, 60)),
    st.builds(lambda unit: w.Calendar(unit=unit), st.sampled_from(get_args(w.Unit))),
    st.builds(lambda day: w.Since(date=day), st.dates(MIDDLE.date(), NOWS[-1].date())),
)
happening = st.sampled_from(
    [c.AtLeast(value=1), c.AtLeast(value=0), c.Equals(value=0), c.AtMost(value=0.5)]
)
activities = st.one_of(
    st.builds(lambda name, test: t.EventMeasure(event=name, test=test), names, of_numbers),
    st.builds(
        lambda name, test: t.EventMeasure(event=name, measure="sum", of="revenue", test=test),
        names,
        of_numbers,
    ),
    st.builds(
        lambda name, window, test: t.EventMeasure(event=name, during=window, test=test),
        names,
        open_windows,
        happening,
    ),
    st.builds(
        lambda name, test: t.EventMeasure(event=name, measure="first", test=test), names, of_times
    ),
    st.builds(
        lambda name, window, test: t.EventMeasure(
            event=name, during=window, measure="last", test=test
        ),
        names,
        st.none() | open_windows,
        of_times,
    ),
    st.builds(
        lambda name, window, test: t.EventMeasure(
            event=name, during=window, measure="days_since", test=test
        ),
        names,
        st.none() | open_windows,
        of_numbers,
    ),
)
kept_facts = facts.filter(lambda leaf: not isinstance(leaf, t.Lifecycle))
stages = st.builds(
    lambda some: t.Lifecycle(
        stages=tuple(some), new_days=5, cooling_days=3, inactive_days=7, lost_days=11
    ),
    st.lists(
        st.sampled_from(["new", "prospect", "one_time", "cooling", "inactive", "lost"]),
        min_size=1,
        max_size=3,
    ),
)
trees = trees_of(activities | kept_facts | stages | others)


def judged(
    connection: Connection, workspace: int, *asked: t.Condition, who, now: datetime = NOON
) -> list[set[int]]:
    named = {str(number): condition for number, condition in enumerate(asked)}
    found = judge_in_database(connection, named, who, workspace_id=workspace, now=now)
    return [set(ids.tolist()) for ids in found.values()]


def by_the_lake(
    connection: Connection, lake: Lake, workspace: int, tree: t.Condition, *, at: Moment
) -> set[int]:
    ordered = order_segments({"base": BASE, "asked": tree})
    about = [leaf for leaf in t.leaves(ordered.trees["asked"]) if isinstance(leaf, TableLeaf)]
    known = read_facts(connection, about, workspace_id=workspace, now=at.now)
    customers = read_customers(connection, workspace_id=workspace)
    heads = read_heads(connection, workspace_id=workspace)
    judge = Judge(lake=lake, facts=known, workspace_id=workspace, at=at)
    truth = judge.judge(ordered.trees, People(ids=customers, heads=heads))["asked"]
    return set(customers[truth].tolist())


@pytest.fixture(params=[(11, NOWS[0]), (12, NOWS[4])], ids=["spring", "cairo"])
def past(request, connection, workspace, lake) -> tuple[World, datetime]:
    """Keep a random world as of a moment, with a segment in it."""
    seed, now = request.param
    world = keep_world(connection, lake, workspace, random_world(seed), now=now)
    define(connection, workspace, BASE, name="base")
    refresh(connection, lake, workspace, now=now)
    return replace(world, segments={"base": BASE}), now


def test_random_conditions_hold_for_the_same_customers(
    connection: Connection, workspace: int, lake: Lake, past: tuple[World, datetime]
) -> None:
    world, now = past

    @OFTEN
    @given(tree=trees, zone=st.sampled_from(ZONES))
    def agree(tree, zone) -> None:
        connection.execute("update workspace set time_zone = %s", (str(zone),))
        expected = reference_members(tree, world, now=now, zone=zone)

        (found,) = judged(connection, workspace, tree, who=range(1, 1100), now=now)

        assert found == expected
        at = Moment(now=now, zone=zone)
        assert by_the_lake(connection, lake, workspace, tree, at=at) == expected

    agree()
