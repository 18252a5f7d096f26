"""Whom a condition would hold for, exactly or from a sample with its error."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.segments.words import BUYERS, VIEWERS, Shop

from dangol.segments import preview
from dangol.segments.change import archive_segment
from dangol.segments.comparison import Equals
from dangol.segments.condition import AllOf, InSegment, NoneOf, OnList, Trait
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


def test_where_time_is_short_only_some_are_looked_at(shop, monkeypatch):
    monkeypatch.setattr(preview, "FIRST", 2)
    monkeypatch.setattr(preview, "LEAST", 1)
    for number in range(8):
        shop.did(f"buyer {number}")
    shop.refresh()

    seen = look(shop, BUYERS, timer=Watch(SECOND), budget=timedelta(0))

    assert (seen.customers, seen.looked_at, seen.exact) == (8, 2, False)
    assert (seen.count, seen.high, len(seen.sample)) == (8, 8, 2)
    assert 2 <= seen.low < 8


def test_as_many_are_looked_at_as_the_time_allows():
    drawn = np.arange(1_000_000)

    sizes = [len(some) for some in portions(drawn, Watch(SECOND), until=BEGINNING + 5 * SECOND)]

    # Each takes a second: three are left after the first, one after the second, none then.
    assert sizes == [20_000, 60_000, 60_000]


def test_everybody_is_looked_at_where_that_is_quick():
    drawn = np.arange(300_000)

    assert sum(len(some) for some in portions(drawn, Watch(), until=BEGINNING + SECOND)) == 300_000


def test_who_is_drawn_does_not_depend_on_their_ids():
    customers = np.arange(1, 100_001)

    first = draw(customers)[:10_000]

    # The mean of ten thousand of a hundred thousand ids, within four standard deviations.
    assert abs(first.mean() - 50_000) < 4 * 28_868 / 100
    assert len(np.unique(draw(customers))) == len(customers)


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
