"""Two engines, one truth: DuckDB, Spark and the plain reference find the same members.

A question costs Spark far more than its rows do, so many conditions are asked in one.
"""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.segments.random_world import (
    MIDDLE,
    NOWS,
    ZONES,
    event_table,
    fact_tables,
    facts,
    measures,
    others,
    random_world,
    ranks,
    sequences,
    shares,
    trees_of,
)
from tests.segments.reference import Asking, World, passes, reference_members

from dangol.segments import comparison as c
from dangol.segments import condition as t
from dangol.segments import window as w
from dangol.segments.compare import Moment, fits_filters, lies_in
from dangol.segments.compile import Question
from dangol.segments.evaluate import ask_leaf, find_members, order_segments, spread
from dangol.segments.habits import ask_ranks
from dangol.segments.judge import Judge
from dangol.segments.people import People
from dangol.store.computing import OnSpark
from dangol.store.connect import StoreError
from dangol.store.engine import EVENT, NOBODY, PART_HEAD, people, property_at, run, run_each, start
from dangol.store.heads import HEAD_SCHEMA
from dangol.store.lake import Lake
from dangol.store.lake_ask import find_doubles, sum_months

# One process starts Spark.
pytestmark = pytest.mark.xdist_group("spark")

SEOUL = ZoneInfo("Asia/Seoul")
ORDER = "Order Completed"
# A process that starts Spark, as a command does.
STARTING = (
    "from dangol.store.computing import OnSpark; from dangol.store.engine import start; "
    "start(OnSpark('local[1]'))"
)
# The log of a process that says everything, closed before its connections are.
CLOSING = (
    "import logging, os; log = open(os.devnull, 'w'); "
    "logging.basicConfig(level='DEBUG', stream=log, force=True); log.close()"
)
# Numbers, dates and lists; and what may be anything.
SHAPES = ("amount", "when", "tags", "$utm", "deep.er")
COMPARISONS = (
    c.Exists(),
    c.Equals(value="봄"),
    c.Equals(value=10),
    c.Equals(value=0.0001),
    c.OneOf(values=("red", 2.5, 1)),
    c.Contains(text='"'),
    c.Contains(text="e"),
    c.StartsWith(text="봄"),
    c.AtLeast(value=2.5),
    c.AtMost(value=0),
    c.Within(least=-3, most=10),
    c.IsTrue(),
    c.IsFalse(),
    c.Has(values=("red", 2.5)),
    c.Anniversary(first=0, last=18),
    c.During(window=w.Rolling(days=5)),
    c.During(window=w.Calendar(unit="month", which="last")),
    c.DaysAgo(at_least=0, at_most=20),
    c.DateIn(first=-20, last=0),
    c.Before(date=date(2027, 3, 31)),
)
WINDOWS = (
    w.Rolling(days=5),
    w.Rolling(days=3, ago_days=5),
    w.Rolling(hours=30),
    *(
        w.Calendar(unit=unit, which=which)
        for unit in ("day", "week", "month", "year")
        for which in ("this", "last")
    ),
    w.Since(date=date(2027, 3, 14)),
    w.Between(start=date(2027, 3, 1), end=date(2027, 3, 28)),
)
RED = c.PropertyFilter(property="category", test=c.Equals(value="red"))
MEASURES = (
    t.EventMeasure(event=ORDER, measure="count", test=c.AtLeast(value=3)),
    t.EventMeasure(event=ORDER, measure="count", test=c.AtMost(value=2)),
    t.EventMeasure(event=ORDER, measure="days_since", test=c.AtMost(value=2)),
    *(
        t.EventMeasure(event=ORDER, measure=measure, of=of, test=c.Within(least=0.0001, most=10))
        for measure in ("sum", "average", "min", "max", "first", "last")
        for of in ("revenue", "amount")
    ),
    t.EventMeasure(event=ORDER, measure="distinct", of="$utm", test=c.AtLeast(value=3)),
    t.EventMeasure(event=ORDER, measure="distinct", of="category", test=c.Equals(value=2)),
    t.EventMeasure(event=ORDER, measure="variety", of="$utm", test=c.AtLeast(value=2.5)),
    t.EventMeasure(event=ORDER, products=(), test=c.AtLeast(value=5)),
    *(
        t.EventMeasure(
            event=ORDER, products=(RED,), measure=measure, of=of, test=c.AtLeast(value=10)
        )
        for measure in ("sum", "average", "max")
        for of in ("revenue", "price")
    ),
    t.EventMeasure(
        event=ORDER, products=(), measure="variety", of="category", test=c.AtMost(value=2)
    ),
    t.EventMeasure(event=ORDER, measure="first", test=c.DaysAgo(at_least=10)),
    t.EventMeasure(event=ORDER, measure="last", test=c.During(window=w.Rolling(days=2))),
    t.EventMeasure(event=ORDER, measure="last", of="color", test=c.OneOf(values=("봄", "red"))),
)
# The segment that others ask for; itself one of what some drew.
BASE = t.AllOf(
    of=(
        t.EventMeasure(event=ORDER, test=c.AtLeast(value=3)),
        t.Sample(percent=75, name="spring"),
    )
)
all_trees = trees_of(measures() | shares() | ranks() | sequences | facts | others)
PRODUCTS = c.ProductFilter(
    where=(RED, c.PropertyFilter(property="price", test=c.AtLeast(value=10)))
)
CLOCKS = (
    c.HourFilter(first=9, last=17),
    c.HourFilter(first=22, last=2),
    c.WeekdayFilter(days=("sunday", "wednesday")),
)
HABITS = (
    t.Share(event=ORDER, fit=CLOCKS[:1], minimum=2, test=c.AtLeast(value=50)),
    t.Share(event=ORDER, products=(), fit=(RED,), test=c.Within(least=33.3333, most=66.6667)),
    t.Rank(event=ORDER, measure="sum", of="revenue", test=c.AtLeast(value=4)),
    t.Rank(event=ORDER, measure="days_since", groups=10, test=c.AtMost(value=3)),
    t.Rank(event=ORDER, measure="variety", of="category", groups=2, test=c.Equals(value=2)),
)


@pytest.fixture(scope="module")
def world() -> World:
    return random_world(11)


@pytest.fixture(scope="module")
def lakes(world: World, spark: OnSpark, tmp_path_factory: pytest.TempPathFactory) -> list[Lake]:
    """Give one lake to both engines."""
    # Spark's files have patterns that this name could be taken for.
    folder = tmp_path_factory.mktemp("lake") / "{of},both"
    lakes = [Lake(folder), Lake(folder, computing=spark)]
    lakes[0].append_events(event_table(world), workspace_id=1, step=1)
    return lakes


def ours() -> ibis.Table:
    return EVENT.filter(EVENT.workspace_id == 1)


def members(
    asked: Mapping[str, t.Condition], world: World, lake: Lake, *, at: Moment
) -> dict[str, set[int]]:
    """Find the members of many segments with one question."""
    known = fact_tables(world, now=at.now)
    customers = np.sort(known["customer_fact"]["customer_id"].to_numpy())
    ordered = order_segments(asked)
    assert ordered.faults == {}
    everything = (leaf for tree in ordered.trees.values() for leaf in t.leaves(tree))
    leaves = [
        leaf for leaf in dict.fromkeys(everything) if not isinstance(leaf, t.InSegment | t.Sample)
    ]
    questions = [ask_alone(leaf, at) for leaf in leaves]
    marked = [
        question.exceptions.select("customer_id", leaf=ibis.literal(number, "int64"))
        for number, question in enumerate(questions)
    ]
    found = run(reduce(ibis.union, marked), lake, facts=known)
    whose, which = found["customer_id"].to_numpy(), found["leaf"].to_numpy()
    answers = {
        leaf: spread(questions[number].default, whose[which == number], customers)
        for number, leaf in enumerate(leaves)
    }
    truths = find_members(ordered.trees, customers, answer=answers.__getitem__)
    return {name: set(customers[truth].tolist()) for name, truth in truths.items()}


def ask_alone(leaf: t.Leaf, at: Moment) -> Question:
    """Ask a condition by itself, a rank too."""
    if not isinstance(leaf, t.Rank):
        return ask_leaf(leaf, ours(), at=at)
    ranked = ask_ranks([leaf], ours(), at=at)
    return Question(default=False, exceptions=ranked.filter(ranked.fits_0).select("customer_id"))


def agree(
    asked: Iterable[t.Condition], world: World, lakes: list[Lake], *, now: datetime, zone: ZoneInfo
) -> None:
    world = replace(world, segments={"base": BASE})
    named = {"base": BASE, **{f"segment {number}": tree for number, tree in enumerate(asked)}}
    expected = {
        name: reference_members(tree, world, now=now, zone=zone) for name, tree in named.items()
    }
    at = Moment(now=now, zone=zone)

    for lake in lakes:
        assert members(named, world, lake, at=at) == expected


def test_both_engines_read_the_same_rows_in_the_same_types(lakes) -> None:
    duckdb, spark = (run(EVENT.order_by("event_id"), lake) for lake in lakes)

    assert spark.schema == duckdb.schema
    assert spark.equals(duckdb)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_every_comparison_fits_the_same_events(world, lakes, zone) -> None:
    """One question a zone: a column for each comparison of each property."""
    at = Moment(now=NOWS[ZONES.index(zone)], zone=zone)
    asking = Asking(world, 0, at.now, zone)
    filters = [
        *(c.PropertyFilter(property=path, test=test) for path in SHAPES for test in COMPARISONS),
        PRODUCTS,
        *CLOCKS,
    ][ZONES.index(zone) :: len(ZONES)]
    event = ours()
    columns = {
        f"fits_{number}": fits_filters([one], event, at=at) for number, one in enumerate(filters)
    }
    expected = [
        {f"fits_{number}": passes(one, each, asking) for number, one in enumerate(filters)}
        for each in sorted(world.events, key=lambda each: each.event_id)
    ]

    for lake in lakes:
        fitting = run(event.select("event_id", **columns).order_by("event_id"), lake)
        assert fitting.drop_columns("event_id").to_pylist() == expected


def test_every_measure_finds_the_same_members(world, lakes) -> None:
    agree((*MEASURES, *HABITS), world, lakes, now=MIDDLE, zone=SEOUL)


@pytest.mark.parametrize("zone", ZONES[:2], ids=str)
def test_every_window_holds_the_same_events(lakes, zone) -> None:
    event = ours()
    at = Moment(now=MIDDLE, zone=zone)
    spans = [w.span_of(window, now=at.now, zone=zone) for window in WINDOWS]
    columns = {f"in_{n}": lies_in(event.occurred_at, span) for n, span in enumerate(spans)}
    duckdb, spark = (
        run(event.select("event_id", **columns).order_by("event_id"), lake) for lake in lakes
    )

    assert spark.equals(duckdb)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Making a failure smaller would ask Spark a thousand questions.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    asked=st.lists(all_trees, min_size=8, max_size=8),
    now=st.sampled_from(NOWS),
    zone=st.sampled_from(ZONES),
)
def test_random_trees_find_the_same_members(world, lakes, asked, now, zone) -> None:
    agree(asked, world, lakes, now=now, zone=zone)


def test_a_refresh_judges_the_same_on_both_engines(world, lakes) -> None:
    """The scan, which asks for all events at once, ranks together, and what is asked alone."""
    often = t.Rank(event=ORDER, groups=3, test=c.AtLeast(value=2))
    asked = {f"segment {number}": leaf for number, leaf in enumerate((*MEASURES, *HABITS, often))}
    at = Moment(now=MIDDLE, zone=SEOUL)
    known = fact_tables(world, now=MIDDLE)
    who = People(ids=np.array(sorted(world.customers)), heads=NOBODY)

    duckdb, spark = (
        Judge(lake=lake, facts=known, workspace_id=1, at=at).judge(asked, who) for lake in lakes
    )

    assert {name: truth.tolist() for name, truth in spark.items()} == {
        name: truth.tolist() for name, truth in duckdb.items()
    }


def test_parts_count_for_their_heads_on_both_engines(lakes) -> None:
    heads = pa.table([[1, 2], [3, 3]], schema=HEAD_SCHEMA)
    event = people(EVENT, heads=heads)
    question = event.group_by("customer_id").agg(count=event.count()).order_by("customer_id")

    duckdb, spark = (run(question, lake, heads=heads) for lake in lakes)

    assert spark.equals(duckdb)
    assert {1, 2}.isdisjoint(spark["customer_id"].to_pylist())


def test_groups_are_answered_in_turn_on_both_engines(lakes) -> None:
    question = PART_HEAD.select("part_id")
    groups = [pa.table([[number]], names=["customer_id"]) for number in range(3)]

    answers = [list(run_each(question, lake, asked=groups)) for lake in lakes]

    assert [[table.num_rows for table in some] for some in answers] == [[0] * 3, [0] * 3]


def test_the_proof_counts_the_same_on_both_engines(lakes) -> None:
    duckdb, spark = (sum_months(lake) for lake in lakes)

    assert spark == duckdb
    assert find_doubles(lakes[1], limit=3) == []


@pytest.mark.parametrize(
    "document",
    [
        '{"a\'b\\"c": {"": "x"}, "0": 7}',
        '{"a\'b\\"c": [5], "0": null}',
        '[{"a": 1}, 2]',
        '{"d": 12345678901.2345}',
    ],
)
def test_any_name_in_any_document_can_be_asked_for(lakes, document) -> None:
    json = ibis.literal(document).cast("json")
    paths = (["a'b\"c", ""], ["a'b\"c", "0"], ["0"], ["0", "a"], ["1"], ["d"])
    values = {f"v{n}": property_at(json, path).cast("string") for n, path in enumerate(paths)}
    question = EVENT.limit(1).select(**values)

    duckdb, spark = (run(question, lake).to_pylist() for lake in lakes)

    assert spark == duckdb


def test_times_with_any_offset_are_read_alike(lakes) -> None:
    zoned = ["2027-03-14T00:00:00+23:59", "2027-03-14 00:00:00.5-19:30", "2027-03-14 12:30+09:00"]
    plain = ["2027-03-14T02:30", "2027-03-14", "2027-02-30", "x"]
    values = {
        f"{kind} {text}": ibis.literal(text).try_cast(kind)
        for kind, texts in {
            "timestamp('UTC')": [*zoned, "2027-03-14T00:00Z"],
            "timestamp": plain,
        }.items()
        for text in texts
    }

    duckdb, spark = (run(EVENT.limit(1).select(**values), lake) for lake in lakes)

    assert spark.to_pylist() == duckdb.to_pylist()


def test_a_line_break_is_no_end_of_a_date(lakes) -> None:
    text = ibis.literal("2027-03-14\n")

    for lake in lakes:
        found = run(EVENT.limit(1).select(fits=text.re_search("^2027-03-14$")), lake)
        assert found["fits"].to_pylist() == [False]


def test_an_empty_lake_answers_nobody(spark, tmp_path) -> None:
    assert run(EVENT.select("customer_id"), Lake(tmp_path, computing=spark)).num_rows == 0


def test_spark_sees_what_was_flushed_since(world, spark, tmp_path) -> None:
    lake = Lake(tmp_path, computing=spark)
    table = event_table(world)
    for step in (1, 2):
        lake.append_events(table, workspace_id=1, step=step)

        assert run(EVENT.agg(n=EVENT.count()), lake)["n"].to_pylist() == [step * table.num_rows]


def test_a_lost_file_is_named(world, spark, tmp_path) -> None:
    lake = Lake(tmp_path, computing=spark)
    lake.append_events(event_table(world), workspace_id=1, step=1)
    Path(lake.event_files()[0]).unlink()

    with pytest.raises(StoreError, match="dangol lake verify"):
        run(EVENT.agg(n=EVENT.count()), lake)


def test_spark_that_is_not_installed_is_asked_for(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    for name in ("dangol.store.engine_spark", "dangol.store.spark_session"):
        monkeypatch.delitem(sys.modules, name, raising=False)

    with pytest.raises(StoreError, match=r"pip install 'dangol\[spark\]' and install Java 17"):
        start(OnSpark())


@pytest.mark.usefixtures("spark")
def test_java_that_is_not_installed_is_asked_for(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", STARTING], capture_output=True, text=True, check=False
    )

    assert "StoreError" in ended.stderr
    assert "Install Java 17 or newer" in ended.stderr


@pytest.mark.usefixtures("spark")
def test_standard_output_and_the_end_of_a_process_stay_ours() -> None:
    """Commands keep it for the JSON they print, and end without a word to a log that is closed."""
    program = f"{STARTING}; print('ours'); {CLOSING}"

    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, check=True
    )

    assert ended.stdout == b"ours\n"
    assert b"closed file" not in ended.stderr
