"""A beat looks at few customers, and leaves everybody where a full recomputation would."""

import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests import build
from tests.build import NOON, customer, happened
from tests.segments.random_world import NAMES, measures, sequences, shares
from tests.segments.reference import Happened, Known, World, reference_members

from dangol.ingest.merging import MergeFault, merge_customers, unmerge_customer
from dangol.segments.audit import Audit, audit_segments
from dangol.segments.beat import is_followed
from dangol.segments.comparison import AtLeast, AtMost, Equals, HourFilter
from dangol.segments.condition import Condition, EventMeasure, NoneOf, Rank, Share
from dangol.segments.define import define_segment
from dangol.segments.refresh import refresh_segments
from dangol.segments.window import Calendar, Rolling
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events, flushed_until

SEOUL = ZoneInfo("Asia/Seoul")
DAY = timedelta(days=1)
BOUGHT = EventMeasure(event="Order Completed")
SHOPS = count()


@dataclass(kw_only=True)
class Shop:
    """A shop with a clock, whose events reach the lake when it is told to flush."""

    connection: Connection
    lake: Lake
    workspace: int
    now: datetime = NOON
    people: list[int] = field(default_factory=list)
    waiting: list[Happened] = field(default_factory=list)
    flushed: list[Happened] = field(default_factory=list)
    definitions: dict[str, Condition] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def meet(self) -> int:
        name = f"{self.workspace} customer {len(self.people)}"
        self.people.append(customer(self.connection, self.workspace, name=name, email=None))
        return self.people[-1]

    def happen(self, who: int, *, name: str = "Order Completed", ago: timedelta = DAY) -> None:
        at = self.now - ago
        number = happened(
            self.connection,
            self.workspace,
            customer_id=who,
            name=name,
            occurred_at=at,
            received_at=self.now,
            message_id=f"m{len(self.waiting) + len(self.flushed)}",
        )
        self.waiting.append(Happened(who, name, at, event_id=number))

    def flush(self) -> None:
        self.connection.commit()
        flush_events(self.connection, self.lake, workspace_id=self.workspace, now=self.now)
        self.flushed += self.waiting
        self.waiting.clear()

    def define(self, condition: Condition, *, name: str = "asked") -> None:
        with self.connection.transaction():
            self.ids[name] = define_segment(
                self.connection,
                workspace_id=self.workspace,
                name=name,
                title_ko=name,
                title_en=name,
                definition=condition,
                now=self.now,
            )
        self.definitions[name] = condition

    def beat(self, *, afresh: bool = False) -> dict[str, set[int]]:
        self.connection.commit()
        with self.connection.transaction():
            refresh_segments(
                self.connection,
                self.lake,
                workspace_id=self.workspace,
                now=self.now,
                afresh=afresh,
            )
        return self.members()

    def members(self) -> dict[str, set[int]]:
        query = "select customer_id from membership where segment_id = %s"
        return {
            name: {row[0] for row in self.connection.execute(query, (segment,))}
            for name, segment in self.ids.items()
        }

    def expected(self) -> dict[str, set[int]]:
        """Say who belongs, the slow way."""
        rows = self.connection.execute(
            "select id, head_id, state::text from customer where workspace_id = %s",
            (self.workspace,),
        ).fetchall()
        head = {number: head_id or number for number, head_id, _ in rows}
        active = {number: Known() for number, _, state in rows if state == "active"}
        events = [Happened(**{**vars(e), "customer_id": head[e.customer_id]}) for e in self.flushed]
        world = World(customers=active, events=events)
        return {
            name: reference_members(condition, world, now=self.now, zone=SEOUL)
            for name, condition in self.definitions.items()
        }

    def announced(self) -> int:
        query = "select count(*) from event where workspace_id = %s and name like 'Segment %%'"
        return self.connection.execute(query, (self.workspace,)).fetchone()[0]


def open_shop(connection: Connection, folder: Path) -> Shop:
    workspace = build.open_shop(connection, name=f"shop {next(SHOPS)} {folder.name}")
    return Shop(connection=connection, lake=Lake(folder / "lake"), workspace=workspace)


followed = (measures() | shares() | sequences).filter(is_followed)
deeds = st.one_of(
    st.tuples(
        st.just("happen"),
        st.integers(0, 5),
        st.sampled_from(NAMES),
        # Late, just now and ahead of time; whole days and hours lie on the edges of windows.
        st.sampled_from([-2, -1, 0, 1, 5, 24, 25, 47, 48, 72, 120, 200, 288, 700]),
    ),
    st.tuples(st.just("pass"), st.sampled_from([0.01, 1, 5, 23, 24, 48, 120, 500])),
    st.tuples(st.just("flush")),
    st.tuples(st.just("beat")),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("unmerge"), st.integers(0, 5)),
    st.tuples(st.just("erase"), st.integers(0, 5)),
    st.tuples(st.just("change"), st.integers(0, 2)),
)


def do(shop: Shop, deed: tuple, conditions: list[Condition]) -> None:
    match deed:
        case "happen", who, name, hours:
            shop.happen(shop.people[who], name=name, ago=timedelta(hours=hours))
        case "pass", hours:
            shop.now += timedelta(hours=hours)
        case ("flush",):
            shop.flush()
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


def merge(shop: Shop, one: int, other: int) -> None:
    shop.connection.commit()
    try:
        with shop.connection.transaction():
            merge_customers(
                shop.connection,
                workspace_id=shop.workspace,
                one_id=one,
                other_id=other,
                now=shop.now,
            )
    except MergeFault:
        pass


def unmerge(shop: Shop, part: int) -> None:
    shop.connection.commit()
    try:
        with shop.connection.transaction():
            unmerge_customer(
                shop.connection, workspace_id=shop.workspace, customer_id=part, now=shop.now
            )
    except MergeFault:
        pass


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(
    conditions=st.lists(followed, min_size=3, max_size=3, unique=True),
    history=st.lists(deeds, min_size=5, max_size=14),
)
def test_after_each_beat_everybody_is_where_a_full_recomputation_would_put_them(
    connection, conditions, history
):
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(connection, Path(folder))
        for _ in range(6):
            shop.meet()
        for number, condition in enumerate(conditions):
            shop.define(condition, name=f"segment {number}")
        shop.define(NoneOf(of=(conditions[0],)), name="the others")

        for deed in [("beat",), *history, ("beat",)]:
            if deed != ("beat",):
                do(shop, deed, conditions)
                continue
            beaten, told = shop.beat(), shop.announced()
            assert beaten == shop.expected()
            assert shop.beat(afresh=True) == beaten
            assert shop.announced() == told


def lately(days: int) -> EventMeasure:
    return EventMeasure(event="Order Completed", during=Rolling(days=days))


@pytest.fixture
def shop(connection, tmp_path) -> Shop:
    return open_shop(connection, tmp_path)


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


def forge(shop: Shop, who: int) -> None:
    """Write a membership that no condition justifies."""
    shop.connection.execute(
        "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
        " values (%s, %s, %s, %s)",
        (shop.workspace, shop.ids["asked"], who, shop.now),
    )
    shop.connection.commit()


def test_a_beat_looks_only_at_those_for_whom_something_changed(shop):
    """A forged membership shows who was looked at."""
    minji, jiwoo, sora = shop.meet(), shop.meet(), shop.meet()
    shop.define(BOUGHT)
    shop.happen(minji)
    shop.flush()
    shop.beat()
    forge(shop, jiwoo)
    forge(shop, sora)
    shop.happen(sora, name="Product Viewed")
    shop.flush()

    assert shop.beat() == {"asked": {minji, jiwoo}}


def test_where_nothing_can_have_changed_the_lake_is_not_even_opened(shop):
    minji = shop.meet()
    shop.define(BOUGHT)
    shop.happen(minji)
    shop.flush()
    shop.beat()
    for file in shop.lake.event_files():
        Path(file).unlink()

    assert shop.beat() == {"asked": {minji}}


def test_the_audit_finds_and_mends_what_the_beats_got_wrong(shop):
    minji, jiwoo, sora = shop.meet(), shop.meet(), shop.meet()
    shop.define(BOUGHT)
    shop.happen(minji)
    shop.happen(sora)
    shop.flush()
    shop.beat()
    forge(shop, jiwoo)
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
