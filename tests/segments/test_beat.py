"""A beat looks at few customers, and leaves everybody where a full recomputation would."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.build import NOON
from tests.segments.random_world import (
    NAMES,
    facts,
    measures,
    of_times,
    ranks,
    sequences,
    shares,
)
from tests.segments.shop import DAY, SEOUL, Shop, merge, open_shop, unmerge

from dangol.segments import comparison as c
from dangol.segments.audit import Audit, audit_segments
from dangol.segments.comparison import AtLeast, AtMost, Equals, HourFilter
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventMeasure,
    InSegment,
    NoneOf,
    Rank,
    Share,
    Trait,
)
from dangol.segments.window import Calendar, Rolling
from dangol.store.lake import flushed_until

BOUGHT = EventMeasure(event="Order Completed")
# Around the noon at which a shop opens, with and without a zone.
DATES = (
    "2027-03-01",
    "2027-03-02",
    "2027-03-03",
    "2027-03-02T12:00:00",
    "2027-03-02 12:30",
    "2027-03-02T03:00:00Z",
    "2027-03-03T00:00:00+09:00",
    "2027-03-01T22:00:00-05:00",
    "2027-02-30",
    "1996-02-29",
    "1990-03-04",
    "soon",
)
dated = st.builds(
    Trait,
    trait=st.sampled_from(["when", "$first_seen_at", "$last_seen_at"]),
    test=of_times
    | st.builds(
        lambda n: c.Anniversary(first=min(n), last=max(n)), st.tuples(*[st.integers(0, 3)] * 2)
    ),
)
conditions_of_all_kinds = measures() | shares() | ranks() | sequences | facts | dated
who = st.integers(0, 5)
hours = st.sampled_from([-2, -1, 0, 1, 5, 24, 25, 47, 48, 72, 120, 200, 288, 700])
deeds = st.one_of(
    # Late, just now and ahead of time; whole days and hours lie on the edges of windows.
    st.tuples(st.just("happen"), who, st.sampled_from(NAMES), hours),
    st.tuples(st.just("pass"), st.sampled_from([0, 0.01, 1, 5, 12, 23, 24, 48, 120, 500])),
    st.tuples(st.just("flush")),
    st.tuples(st.just("beat")),
    # Beats in between which nothing comes.
    st.tuples(st.just("rest"), st.sampled_from([0.01, 0.2, 0.7, 9])),
    st.tuples(st.just("merge"), who, who),
    st.tuples(st.just("unmerge"), who),
    st.tuples(st.just("erase"), who),
    st.tuples(st.just("change"), st.integers(0, 2)),
    st.tuples(st.just("learn"), who, st.sampled_from(DATES), st.sampled_from(["red", "봄", "10"])),
    st.tuples(st.just("consent"), who, st.sampled_from(["granted", "refused", "withdrawn"])),
    st.tuples(st.just("react"), who, st.sampled_from(["opened", "clicked"]), hours),
    st.tuples(st.sampled_from(["bounce", "suppress", "allow", "enlist", "delist", "send"]), who),
)


def do(shop: Shop, deed: tuple, conditions: list[Condition]) -> None:
    match deed:
        case "happen", who, name, hours:
            shop.happen(shop.people[who], name=name, ago=timedelta(hours=hours))
        case "pass", hours:
            shop.now += timedelta(hours=hours)
        case ("flush",):
            shop.flush()
        case ("beat",):
            assert shop.beat() == shop.expected()
        case "rest", hours:
            for _ in range(4):
                shop.now += timedelta(hours=hours)
                assert shop.beat() == shop.expected()
        case "merge", one, other if one != other:
            merge(shop, shop.people[one], shop.people[other])
        case "unmerge", who:
            unmerge(shop, shop.people[who])
        case "erase", who:
            shop.connection.execute(
                "update customer set state = 'erased' where id = %s", (shop.people[who],)
            )
        case "change", number:
            shop.define(conditions[number], name="changing")
        case "learn", who, when, color:
            shop.learn(shop.people[who], when=when, color=color)
        case "consent", who, state:
            shop.consent(shop.people[who], state=state)
        case "react", who, kind, hours:
            shop.react(shop.people[who], kind=kind, ago=timedelta(hours=hours))
        case act, who if act != "merge":
            getattr(shop, act)(shop.people[who])


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(
    conditions=st.lists(conditions_of_all_kinds, min_size=3, max_size=3, unique=True),
    history=st.lists(deeds, min_size=5, max_size=14),
)
def test_after_each_beat_everybody_is_where_a_full_recomputation_would_put_them(
    connection, conditions, history
):
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(connection, Path(folder))
        shop.furnish()
        for _ in range(6):
            shop.meet()
        for number, condition in enumerate(conditions):
            shop.define(condition, name=f"segment {number}")
        shop.define(NoneOf(of=(conditions[0],)), name="the others")
        shop.define(AllOf(of=tuple(conditions)), name="all")
        both = AnyOf(of=(InSegment(segment="segment 1"), conditions[2]))
        shop.define(both, name="asking")

        for deed in [("beat",), *history, ("beat",)]:
            do(shop, deed, conditions)
        beaten, told = shop.members(), shop.announced()
        assert shop.beat(afresh=True) == beaten
        assert shop.announced() == told


def lately(days: int) -> EventMeasure:
    return EventMeasure(event="Order Completed", during=Rolling(days=days))


def test_an_event_that_comes_late_counts_from_when_it_comes(shop):
    minji = shop.meet()
    shop.define(BOUGHT)
    shop.beat()
    shop.happen(minji, ago=timedelta(days=400))
    shop.flush()

    assert shop.beat() == {"asked": {minji}}


def test_a_window_lets_events_out_although_nothing_happens(shop):
    minji = shop.meet()
    shop.define(lately(7))
    shop.happen(minji, ago=DAY)
    shop.flush()
    assert shop.beat() == {"asked": {minji}}

    shop.now += timedelta(days=6) - timedelta(microseconds=1)
    assert shop.beat() == {"asked": {minji}}

    shop.now += timedelta(microseconds=1)
    assert shop.beat() == {"asked": set()}


def test_an_event_dated_ahead_counts_when_its_time_comes(shop):
    minji = shop.meet()
    shop.define(BOUGHT)
    shop.happen(minji, ago=-DAY)
    shop.flush()
    assert shop.beat() == {"asked": set()}

    shop.now += DAY
    assert shop.beat() == {"asked": {minji}}


def test_a_calendar_window_lets_all_out_at_its_edge(shop):
    minji = shop.meet()
    shop.define(EventMeasure(event="Order Completed", during=Calendar(unit="month")))
    shop.happen(minji, ago=timedelta(hours=1))
    shop.flush()
    assert shop.beat() == {"asked": {minji}}

    shop.now = datetime(2027, 4, 1, tzinfo=SEOUL).astimezone(UTC)
    assert shop.beat() == {"asked": set()}


@pytest.mark.parametrize("seconds", [1, 59.999999, 600, 1799, 1801, 3600, 4000])
def test_however_long_a_beat_takes_it_sees_what_crossed_an_edge(shop, seconds):
    passed, half = timedelta(seconds=seconds), timedelta(seconds=seconds / 2)
    shop.define(lately(7))
    people = [shop.meet() for _ in range(3)]
    for who, offset in zip(people, (timedelta(0), half, passed), strict=True):
        shop.happen(who, ago=timedelta(days=7) - offset - timedelta(microseconds=1))
    shop.flush()
    assert shop.beat() == {"asked": set(people)}

    shop.now += passed
    assert shop.beat() == shop.expected() == {"asked": {people[2]}}


def test_days_go_by(shop):
    minji = shop.meet()
    away = EventMeasure(event="Order Completed", measure="days_since", test=AtLeast(value=3))
    shop.define(away)
    shop.happen(minji, ago=DAY)
    shop.flush()
    assert shop.beat() == {"asked": set()}

    shop.now += 2 * DAY
    assert shop.beat() == {"asked": {minji}}


def test_a_share_changes_as_its_window_passes(shop):
    minji = shop.meet()
    night = Share(
        event="Order Completed",
        during=Rolling(days=2),
        fit=(HourFilter(first=22, last=5),),
        minimum=1,
        test=Equals(value=100),
    )
    shop.define(night)
    shop.happen(minji, ago=timedelta(days=1, hours=23))
    shop.happen(minji, ago=timedelta(hours=shop.now.astimezone(SEOUL).hour - 2))
    shop.flush()
    assert shop.beat() == {"asked": set()}

    shop.now += timedelta(hours=1)
    assert shop.beat() == shop.expected() == {"asked": {minji}}


def test_what_one_customer_does_changes_the_rank_of_another(shop):
    minji, jiwoo = shop.meet(), shop.meet()
    shop.define(Rank(event="Order Completed", groups=2, test=Equals(value=2)))
    shop.happen(minji)
    shop.happen(minji)
    shop.happen(jiwoo)
    shop.flush()
    assert shop.beat() == {"asked": {minji}}

    for _ in range(2):
        shop.happen(jiwoo)
    shop.flush()
    assert shop.beat() == {"asked": {jiwoo}}


def test_a_changed_definition_is_asked_of_everybody_at_once(shop):
    minji, jiwoo = shop.meet(), shop.meet()
    shop.define(BOUGHT)
    shop.happen(minji)
    shop.flush()
    assert shop.beat() == {"asked": {minji}}

    shop.define(NoneOf(of=(BOUGHT,)))
    assert shop.beat() == {"asked": {jiwoo}}


def test_a_new_customer_without_any_event_of_interest_belongs_where_nothing_is_asked(shop):
    shop.define(EventMeasure(event="Order Completed", test=AtMost(value=0)))
    shop.beat()
    minji = shop.meet()
    shop.happen(minji, name="Signed Up")
    shop.flush()

    assert shop.beat() == {"asked": {minji}}


def test_a_beat_looks_only_at_those_for_whom_something_changed(shop):
    """A forged membership shows who was looked at."""
    minji, jiwoo, sora = shop.meet(), shop.meet(), shop.meet()
    shop.define(BOUGHT)
    shop.happen(minji)
    shop.flush()
    shop.beat()
    shop.forge(jiwoo)
    shop.forge(sora)
    shop.happen(sora, name="Product Viewed")
    shop.flush()

    assert shop.beat() == {"asked": {minji, jiwoo}}


def test_the_audit_finds_and_mends_what_the_beats_got_wrong(shop):
    minji, jiwoo, sora = shop.meet(), shop.meet(), shop.meet()
    shop.define(BOUGHT)
    shop.happen(minji)
    shop.happen(sora)
    shop.flush()
    shop.beat()
    shop.forge(jiwoo)
    shop.connection.execute("delete from membership where customer_id = %s", (sora,))

    audit = audited(shop)

    assert (audit.surplus, audit.missing, audit.wrong) == (1, 1, ("asked",))
    assert shop.members() == {"asked": {minji, sora}}
    again = audited(shop)
    assert (again.surplus, again.missing, again.wrong, again.members) == (0, 0, (), 2)


def audited(shop: Shop) -> Audit:
    shop.connection.commit()
    with shop.connection.transaction():
        return audit_segments(shop.connection, shop.lake, workspace_id=shop.workspace, now=shop.now)


def test_what_is_new_in_the_lake_is_no_mistake_of_the_beats(shop):
    minji = shop.meet()
    shop.define(BOUGHT)
    shop.beat()
    shop.happen(minji)
    shop.flush()

    assert audited(shop).missing == 0
    assert shop.members() == {"asked": {minji}}


def test_the_inbox_keeps_an_event_until_a_beat_has_seen_whose_it_is(shop):
    minji = shop.meet()
    # Nobody enters it, so that no event tells of that.
    shop.define(EventMeasure(event="Never"))
    shop.beat()
    shop.happen(minji)
    shop.flush()
    later = NOON + timedelta(days=30)
    assert flushed_until(shop.connection, now=later) == NOON

    shop.beat()

    assert flushed_until(shop.connection, now=later) == later


def test_no_event_is_taken_for_another_workspaces(shop, connection, tmp_path):
    other = open_shop(connection, tmp_path)
    other.lake = shop.lake
    minji, jiwoo = shop.meet(), other.meet()
    shop.define(BOUGHT)
    other.define(BOUGHT)
    shop.happen(minji)
    shop.flush()

    assert (shop.beat(), other.beat()) == ({"asked": {minji}}, {"asked": set()})
    other.happen(jiwoo)
    other.flush()
    assert (shop.beat(), other.beat()) == ({"asked": {minji}}, {"asked": {jiwoo}})
