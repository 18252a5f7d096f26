"""Whom a condition would hold for, exactly or from a sample with its error."""

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build import NOON
from tests.segments.words import BUYERS, VIEWERS, Shop

from dangol.segments import preview
from dangol.segments.change import archive_segment
from dangol.segments.comparison import AtLeast, Equals
from dangol.segments.condition import AllOf, EventMeasure, InSegment, NoneOf, OnList, Rank, Trait
from dangol.segments.faults import BadCondition
from dangol.segments.preview import draw, estimate, portions, preview_condition, wilson

SECOND = timedelta(seconds=1)
BEGINNING = datetime(2027, 3, 2, tzinfo=UTC)


@pytest.fixture
def shop(connection, lake, workspace) -> Shop:
    return Shop(connection=connection, lake=lake, workspace=workspace)


class Watch:
    """A clock that moves on by ``step`` whenever it is read."""

    def __init__(self, step: timedelta = timedelta(0)) -> None:
        self.at, self.step = BEGINNING, step

    def __call__(self) -> datetime:
        self.at += self.step
        return self.at


def look(shop, condition, *, name="", timer=None, budget=SECOND):
    with shop.connection.transaction():
        return preview_condition(
            shop.connection,
            shop.lake,
            condition,
            workspace_id=shop.workspace,
            name=name,
            now=shop.at,
            timer=timer or Watch(),
            budget=budget,
        )


def test_a_preview_finds_whom_a_refresh_would_let_in(shop):
    shop.save("loyal", BUYERS)
    minji, _ = shop.did("minji"), shop.did("jiwoo", "Product Viewed")
    shop.refresh()
    condition = AllOf(of=(InSegment(segment="loyal"), NoneOf(of=(VIEWERS,))))

    seen = look(shop, condition)
    shop.save("draft", condition)
    shop.refresh()

    assert seen.sample == (minji,)
    assert (seen.customers, seen.looked_at, seen.count, seen.low, seen.high) == (2, 2, 1, 1, 1)
    assert seen.exact
    assert shop.members("draft") == {minji}


def test_a_preview_changes_nothing(shop):
    shop.did("minji")
    shop.refresh()
    look(shop, BUYERS)

    assert shop.refresh() == []
    assert shop.announced() == []


def test_a_preview_takes_the_place_of_what_is_published_under_its_name(shop):
    shop.did("jiwoo", "Product Viewed")
    shop.save(condition=BUYERS)
    shop.refresh()

    assert look(shop, VIEWERS, name="buyers").count == 1


def test_facts_are_looked_up(shop, connection):
    minji, jiwoo = shop.did("minji"), shop.did("jiwoo")
    connection.execute('update customer set traits = \'{"grade": "gold"}\' where id = %s', (minji,))
    connection.commit()
    shop.refresh()
    gold = Trait(trait="grade", test=Equals(value="gold"))

    assert look(shop, gold).sample == (minji,)
    assert look(shop, NoneOf(of=(gold,))).sample == (jiwoo,)


def test_a_rank_is_one_among_all_customers_though_only_some_are_looked_at(shop, monkeypatch):
    for number in range(30):
        for visit in range(1 + number % 2):
            shop.did(f"customer {number}", message_id=f"{number}, {visit}")
    shop.refresh()
    slow = Watch(10 * SECOND)
    best = Rank(event="Order Completed", groups=2, test=Equals(value=2))
    often = EventMeasure(event="Order Completed", test=AtLeast(value=2))

    everybody = look(shop, best)
    monkeypatch.setattr(preview, "FIRST", 4)
    seen = look(shop, best, timer=slow)

    # Who bought twice is in the upper half of the shop, not of those who were looked at.
    assert seen.looked_at < 30
    assert seen == look(shop, often, timer=slow)
    assert (everybody.count, everybody.exact) == (15, True)


def test_who_is_to_be_forgotten_is_not_ranked(shop, connection):
    for number in range(8):
        for visit in range(1 if number > 3 else 2):
            shop.did(f"customer {number}", message_id=f"{number}, {visit}")
    shop.refresh()
    upper = Rank(event="Order Completed", groups=4, test=AtLeast(value=3))
    before = look(shop, upper).count
    connection.execute(
        "update customer set state = 'erased' where id = any(%s)",
        ([shop.ids[f"customer {number}"] for number in range(4, 7)],),
    )
    connection.commit()

    # Four of eight have four below them, which is the third quarter; four of five have one.
    assert (before, look(shop, upper).count) == (4, 0)


def test_nobody_and_nothing_is_a_preview_of_zero(shop):
    seen = look(shop, BUYERS)

    assert (seen.customers, seen.count, seen.exact, seen.sample) == (0, 0, True, ())


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (OnList(list="vip"), "no list"),
        (InSegment(segment="lost"), "no segment"),
        (InSegment(segment="buyers"), "circle"),
        (InSegment(segment="away"), "no segment"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_its_place(shop, condition, said):
    shop.save("buyers")
    shop.save("away")
    shop.change(archive_segment, "away")

    with pytest.raises(BadCondition, match=said) as refused:
        look(shop, condition, name="buyers")

    assert refused.value.path.startswith("$.where")


@pytest.fixture
def crowd(shop, connection) -> Shop:
    """Thirty thousand customers, every third of them gold."""
    connection.execute(
        "insert into customer (workspace_id, first_seen_at, last_seen_at, traits)"
        " select %s, %s, %s, jsonb_build_object('grade', (array['gold', 'tin', 'tin'])[1 + n %% 3])"
        " from generate_series(1, 30000) as n",
        (shop.workspace, NOON, NOON),
    )
    connection.commit()
    return shop


GOLD = Trait(trait="grade", test=Equals(value="gold"))


def test_where_time_is_short_only_some_are_looked_at(crowd):
    seen = look(crowd, GOLD, timer=Watch(SECOND), budget=timedelta(0))

    assert seen.customers == 30_000
    assert 9_000 < seen.looked_at < 11_000
    assert not seen.exact
    assert seen.low <= 10_000 <= seen.high
    assert seen.low < seen.count < seen.high < 30_000
    assert len(set(seen.sample)) == 10


def test_everybody_is_looked_at_where_that_is_quick(crowd):
    seen = look(crowd, GOLD, timer=Watch(), budget=SECOND)

    assert (seen.looked_at, seen.count, seen.low, seen.high) == (30_000, 10_000, 10_000, 10_000)


def test_as_many_are_looked_at_as_the_time_allows(crowd, connection):
    until = BEGINNING + 3 * SECOND

    drawn = portions(connection, Watch(SECOND), workspace_id=crowd.workspace, until=until)

    # The first third takes a second, and one is left: for another third, and none for the last.
    assert [round(len(one.ids), -3) for one in drawn] == [10_000, 10_000]


def test_nobody_is_drawn_twice_and_nobody_is_left_out(crowd, connection):
    edges = [0, 1, 40_000, 500_000, 1_000_000]

    drawn = [
        draw(connection, workspace_id=crowd.workspace, first=first, after=after).ids
        for first, after in itertools.pairwise(edges)
    ]

    everybody = connection.execute("select id from customer order by id").fetchall()
    assert np.sort(np.concatenate(drawn)).tolist() == [row[0] for row in everybody]


def test_where_others_have_most_customers_still_enough_are_drawn(crowd, connection):
    (highest,) = connection.execute("select max(id) from customer").fetchone()
    connection.execute(
        "insert into customer (id, workspace_id, first_seen_at, last_seen_at)"
        " overriding system value values (%s, %s, %s, %s)",
        (highest * 1_000, crowd.workspace, NOON, NOON),
    )

    seen = look(crowd, GOLD, timer=Watch(SECOND), budget=timedelta(0))

    assert seen.looked_at >= 5_000


# As published by R. G. Newcombe, "Two-sided confidence intervals for the single proportion",
# Statistics in Medicine 17 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("found", "among", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(found, among, low, high):
    assert wilson(found, among) == pytest.approx((low, high), abs=5e-5)


@given(
    customers=st.integers(1, 2_000_000),
    looked_at=st.integers(1, 2_000_000),
    found=st.integers(0, 2_000_000),
)
def test_an_estimate_lies_in_its_interval_and_leaves_room_for_what_was_seen(
    customers, looked_at, found
):
    looked_at = min(looked_at, customers)
    found = min(found, looked_at)

    seen = estimate(customers, looked_at, np.arange(found))

    assert found <= seen.low <= seen.count <= seen.high <= customers - looked_at + found
    assert seen.exact == (looked_at == customers)


def test_nineteen_of_twenty_intervals_hold_the_true_count():
    chance = np.random.default_rng(3)
    customers, members = 200_000, 3_000
    held = 0
    for _ in range(400):
        found = int(chance.hypergeometric(members, customers - members, 20_000))
        seen = estimate(customers, 20_000, np.arange(found))
        held += seen.low <= members <= seen.high

    assert held >= 0.93 * 400
