"""Laws of single conditions, on a lake of a few events; test_conformance has the random ones."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from tests.build import NOON
from tests.segments.random_world import event_table, fact_tables
from tests.segments.reference import Happened, Known, World

from dangol.segments.compare import Moment
from dangol.segments.comparison import (
    AtLeast,
    AtMost,
    Contains,
    DaysAgo,
    Equals,
    HourFilter,
    OneOf,
    ProductFilter,
    PropertyFilter,
    WeekdayFilter,
    Within,
)
from dangol.segments.condition import (
    Condition,
    EventMeasure,
    Lifecycle,
    NoneOf,
    Rank,
    Sample,
    Sequence,
    SequenceStep,
    Share,
    Trait,
)
from dangol.segments.evaluate import order_segments
from dangol.segments.judge import Judge
from dangol.segments.library import LAPSED_REGULARS
from dangol.segments.people import People
from dangol.segments.window import Rolling
from dangol.store.engine import NOBODY
from dangol.store.lake import Lake

SEOUL = ZoneInfo("Asia/Seoul")
HAPPENED = EventMeasure(event="A")


@pytest.fixture
def ask(tmp_path):
    """Whom a condition holds for, of three customers or as many as there are events of."""

    def found(
        tree: Condition, *events: Happened, known: dict[int, Known] | None = None
    ) -> set[int]:
        customers = {one: Known() for one in (1, 2, 3, *(e.customer_id for e in events))}
        world = World(customers={**customers, **(known or {})}, events=events)
        lake = Lake(tmp_path)
        if events:
            lake.append_events(event_table(world), workspace_id=1, step=1)
        facts = fact_tables(world, now=NOON)
        who = People(ids=np.sort(facts["customer_fact"]["customer_id"].to_numpy()), heads=NOBODY)
        judge = Judge(lake=lake, facts=facts, workspace_id=1, at=Moment(now=NOON, zone=SEOUL))
        truth = judge.judge(order_segments({"it": tree}).trees, who)["it"]
        return set(who.ids[truth].tolist())

    return found


def happened(
    customer_id: int, *, ago: timedelta = timedelta(), name: str = "A", **more
) -> Happened:
    return Happened(customer_id=customer_id, name=name, occurred_at=NOON - ago, **more)


def days(number: int, *, microseconds: int = 0) -> timedelta:
    return timedelta(days=number, microseconds=microseconds)


def test_a_rolling_window_holds_its_near_edge_and_not_its_far_edge(ask) -> None:
    events = [happened(1), happened(2, ago=days(2)), happened(3, ago=days(2, microseconds=-1))]

    assert ask(EventMeasure(event="A", during=Rolling(days=2)), *events) == {1, 3}


def test_days_since_are_full_days(ask) -> None:
    events = [happened(1, ago=days(2)), happened(2, ago=days(2, microseconds=-1)), happened(3)]

    for test, members in (
        (AtLeast(value=2), {1}),
        (AtMost(value=1), {2, 3}),
        (Equals(value=0), {3}),
    ):
        assert ask(EventMeasure(event="A", measure="days_since", test=test), *events) == members


def test_what_happens_after_now_is_not_looked_at(ask) -> None:
    assert ask(HAPPENED, happened(1, ago=days(0, microseconds=-1))) == set()


def test_nothing_counts_as_zero_but_is_no_average(ask) -> None:
    none = EventMeasure(event="A", test=AtMost(value=0))
    no_sum = EventMeasure(event="A", measure="sum", of="revenue", test=AtMost(value=0))
    low = EventMeasure(event="A", measure="average", of="revenue", test=AtMost(value=5))

    assert ask(none, happened(1)) == {2, 3}
    assert ask(no_sum) == {1, 2, 3}
    assert ask(low) == set()


def test_an_average_is_compared_without_being_rounded(ask) -> None:
    events = [happened(1, event_id=n, revenue=Decimal(r)) for n, r in enumerate((1, 1, 2))]

    def average(test) -> EventMeasure:
        return EventMeasure(event="A", measure="average", of="revenue", test=test)

    assert ask(average(Within(least=1.3333, most=1.3334)), *events) == {1}
    assert ask(average(AtMost(value=1.3333)), *events) == set()


def test_who_did_nothing_at_all_belongs_to_none_of(ask) -> None:
    assert ask(NoneOf(of=(HAPPENED,)), happened(1)) == {2, 3}


def test_one_product_must_fit_all_of_a_product_filter(ask) -> None:
    bought = {"products": [{"category": "red", "price": 2}, {"category": "blue", "price": 9}]}
    red = PropertyFilter(property="category", test=Equals(value="red"))

    def dear(price: int) -> EventMeasure:
        at_least = PropertyFilter(property="price", test=AtLeast(value=price))
        return EventMeasure(event="A", where=(ProductFilter(where=(red, at_least)),))

    assert ask(dear(9), happened(1, properties=bought)) == set()
    assert ask(dear(2), happened(1, properties=bought)) == {1}


def test_the_last_value_is_that_of_the_last_event_that_has_one(ask) -> None:
    events = [
        happened(1, ago=days(3), event_id=1, properties={"size": "S"}),
        happened(1, ago=days(2), event_id=2, properties={"size": "M"}),
        happened(1, ago=days(1), event_id=3),
    ]

    medium = EventMeasure(event="A", measure="last", of="size", test=OneOf(values=("M",)))

    assert ask(medium, *events) == {1}


def test_the_first_time_can_be_asked_for(ask) -> None:
    events = [happened(1, ago=days(40)), happened(1), happened(2, ago=days(29))]
    old = EventMeasure(event="A", measure="first", test=DaysAgo(at_least=30))

    assert ask(old, *events) == {1}


def test_a_cart_without_an_order_counts_when_its_hour_is_over(ask) -> None:
    hour = timedelta(hours=1)
    left = Sequence(
        steps=(SequenceStep(event="cart"),), then_not=SequenceStep(event="order", within_hours=1)
    )
    events = [
        happened(1, name="cart", ago=2 * hour),
        happened(1, name="order", ago=hour, event_id=1),
        happened(2, name="cart", ago=hour),
        happened(3, name="cart", ago=hour - days(0, microseconds=1)),
        happened(4, name="cart", ago=2 * hour),
        happened(4, name="order", ago=hour - days(0, microseconds=1), event_id=1),
    ]

    assert ask(left, *events) == {2, 4}


def test_a_text_that_looks_like_a_number_is_none(ask) -> None:
    known = {1: Known(traits={"size": "10"}), 2: Known(traits={"size": 10})}

    assert ask(Trait(trait="size", test=AtLeast(value=9)), known=known) == {2}
    assert ask(Trait(trait="size", test=Contains(text="1")), known=known) == {1}


def test_a_larger_sample_keeps_the_smaller_one_and_another_name_draws_others(ask) -> None:
    crowd = {one: Known() for one in range(1, 4001)}

    half, tenth = (ask(Sample(percent=p, name="x"), known=crowd) for p in (50, 10))
    other = ask(Sample(percent=50, name="y"), known=crowd)

    assert tenth < half
    assert 1800 < len(half) < 2200
    assert 300 < len(tenth) < 500
    # Independent draws share a half of a half.
    assert 850 < len(half & other) < 1150
    assert ask(Sample(percent=100, name="x"), known=crowd) == set(crowd)


def test_who_came_back_after_a_long_silence_is_won_back(ask) -> None:
    events = [
        happened(customer, name="Order Completed", ago=days(ago), event_id=n)
        for customer, when in {1: [200, 3], 2: [119, 3], 3: [3]}.items()
        for n, ago in enumerate(when)
    ]

    assert ask(Lifecycle(stages=("won_back",)), *events) == {1}
    assert ask(Lifecycle(stages=("repeat",)), *events) == {2}
    assert ask(Lifecycle(stages=("one_time",)), *events) == {3}


def test_lapsed_regulars_bought_twice_and_nothing_for_ninety_days(ask) -> None:
    bought = {1: [200, 90], 2: [200, 89], 3: [200], 4: [91, 91], 5: [1, 2]}
    events = [
        happened(customer, name="Order Completed", ago=days(ago), event_id=n)
        for customer, when in bought.items()
        for n, ago in enumerate(when)
    ]

    assert ask(LAPSED_REGULARS, *events) == {1, 4}


def ordered(customer_id: int, *products: dict[str, object], number: int = 0) -> Happened:
    return happened(customer_id, event_id=number, properties={"products": list(products)})


def test_products_are_counted_one_by_one(ask) -> None:
    red = PropertyFilter(property="color", test=Equals(value="red"))
    events = [
        ordered(1, {"color": "red"}, {"color": "blue"}),
        ordered(1, {"color": "red"}, number=1),
        ordered(2, {"color": "red"}, {"color": "blue"}, "red", None),
        happened(3, properties={"products": {"color": "red"}}),
    ]

    assert ask(EventMeasure(event="A", products=(red,), test=AtLeast(value=2)), *events) == {1}
    assert ask(EventMeasure(event="A", products=(), test=Equals(value=4)), *events) == {2}
    assert ask(EventMeasure(event="A", products=(), test=Equals(value=0)), *events) == {3}


def test_a_product_was_paid_by_price_and_quantity_unless_it_says_so(ask) -> None:
    events = [
        ordered(1, {"price": 2.5, "quantity": 4}),
        ordered(2, {"price": 10}),
        ordered(3, {"price": 2.5, "quantity": 4, "revenue": 9}, {"quantity": 1}),
    ]
    spent = EventMeasure(event="A", products=(), measure="sum", of="revenue", test=Equals(value=10))

    assert ask(spent, *events) == {1, 2}


def test_variety_is_the_number_of_values_that_come_equally_often(ask) -> None:
    events = [
        *(happened(1, event_id=n, category="ab"[n % 2]) for n in range(6)),
        *(happened(2, event_id=n, category="aaaaaaaaab"[n]) for n in range(10)),
        happened(3, category=None),
    ]

    def varied(test) -> EventMeasure:
        return EventMeasure(event="A", measure="variety", of="category", test=test)

    assert ask(varied(Equals(value=2)), *events) == {1}
    assert ask(varied(Equals(value=1.3841)), *events) == {2}
    assert ask(varied(AtMost(value=100)), *events) == {1, 2}


def test_a_share_of_too_few_events_is_no_habit(ask) -> None:
    red = PropertyFilter(property="category", test=Equals(value="red"))
    third = Share(event="A", fit=(red,), test=AtLeast(value=33.3333))
    events = [
        *(happened(1, event_id=n, category="red" if n else None) for n in range(2)),
        *(happened(2, event_id=n, category="red" if n else None) for n in range(3)),
        *(happened(3, event_id=n, category=None if n else "red") for n in range(3)),
    ]

    assert ask(third, *events) == {2, 3}
    assert ask(msgspec.structs.replace(third, test=AtMost(value=100)), *events) == {2, 3}
    assert ask(msgspec.structs.replace(third, test=AtLeast(value=33.3334)), *events) == {2}


def test_a_night_goes_on_after_midnight(ask) -> None:
    """Noon is in Seoul; the clocks of the shop count."""
    night = EventMeasure(event="A", where=(HourFilter(first=22, last=5),))
    weekend = EventMeasure(event="A", where=(WeekdayFilter(days=("sunday", "monday")),))
    local = NOON.astimezone(SEOUL)
    events = [
        happened(1, ago=timedelta(hours=local.hour - 5, microseconds=-1)),
        happened(2, ago=timedelta(hours=local.hour - 6)),
        happened(3, ago=timedelta(hours=local.hour + 2)),
    ]
    before = local - timedelta(days=1)

    assert ask(night, *events) == {1, 3}
    expected = {
        who
        for who, day in ((1, local), (2, local), (3, before))
        if day.strftime("%A") in {"Sunday", "Monday"}
    }
    assert ask(weekend, *events) == expected


def test_customers_with_the_same_number_share_the_lowest_group(ask) -> None:
    events = [happened(who, event_id=n) for who in range(1, 6) for n in range(max(1, who - 2))]

    def group(number: int) -> Rank:
        return Rank(event="A", test=Equals(value=number))

    # Three of five have one event each, the fourth two, the fifth three.
    assert [ask(group(number), *events) for number in range(1, 6)] == [
        {1, 2, 3},
        set(),
        set(),
        {4},
        {5},
    ]


def test_only_who_has_the_number_is_ranked(ask) -> None:
    events = [happened(1, revenue=Decimal(5)), happened(2, revenue=None)]

    def lowest(measure: str) -> Rank:
        return Rank(event="A", measure=measure, of="revenue", groups=2, test=Equals(value=1))

    assert ask(lowest("sum"), *events) == {2}
    assert ask(lowest("min"), *events) == {1}


def test_the_later_purchase_ranks_higher_even_within_a_day(ask) -> None:
    latest = Rank(event="A", measure="days_since", groups=2, test=Equals(value=2))

    assert ask(latest, happened(1, ago=timedelta(seconds=2)), happened(2)) == {2}
