import random
from datetime import timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import NOON
from tests.segments.reference import Happened, reference_members

from dangol.segments.compile import members
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventCount,
    EventRevenue,
    NoneOf,
    NotSince,
    check_condition,
    parse_condition,
    write_condition,
)
from dangol.segments.library import LAPSED_REGULARS
from dangol.segments.wording import say
from dangol.store.engine import EVENT, run
from dangol.store.lake import EVENT_SCHEMA, Lake

NAMES = ("Order Completed", "Product Viewed", "상품 찜")
# Neighbouring sums and windows, so that off-by-one shows.
AMOUNTS = st.decimals(-20, 60, places=2, allow_nan=False)
DAYS = st.integers(1, 12)


def random_events(seed: int) -> list[Happened]:
    """Three weeks of events, many on the very edge of a window of whole days."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    return [
        Happened(
            customer_id=chance.randint(1, 60),
            name=chance.choice(NAMES),
            occurred_at=NOON
            + timedelta(
                days=chance.randint(-20, 1),
                microseconds=chance.choice([0, 0, -1, 1, chance.randint(0, 86_399_999_999)]),
            ),
            revenue=chance.choice([None, Decimal(chance.randint(-500, 3000)) / 100]),
        )
        for _ in range(400)
    ]


def as_table(events: list[Happened], *, workspace: int = 1) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "workspace_id": workspace,
                "customer_id": event.customer_id,
                "event_id": number,
                "occurred_at": event.occurred_at,
                "received_at": NOON,
                "day": event.occurred_at.date(),
                "month": event.occurred_at.date().replace(day=1),
                "type": "track",
                "name": event.name,
                "message_id": f"m{number}",
                "revenue": event.revenue,
                "properties": "{}",
            }
            for number, event in enumerate(events)
        ],
        EVENT_SCHEMA,
    )


@pytest.fixture(scope="module")
def events() -> list[Happened]:
    return random_events(11)


@pytest.fixture(scope="module")
def filled(events: list[Happened], tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    lake.append_events(as_table(events), workspace_id=1, step=1)
    lake.append_events(as_table(random_events(12), workspace=2), workspace_id=2, step=1)
    return lake


def found(condition: Condition, lake: Lake, *, now=NOON) -> set[int]:
    event = EVENT.filter(EVENT.workspace_id == 1)
    customers = run(members(condition, event, now=now), lake)["customer_id"].to_pylist()
    assert len(customers) == len(set(customers))
    return set(customers)


def bounds(numbers):
    """At least, at most, or both in order."""
    one_side = st.tuples(numbers, st.none()) | st.tuples(st.none(), numbers)
    return one_side | st.tuples(numbers, numbers).map(sorted)


names = st.sampled_from(NAMES)
windows = st.none() | DAYS
counts = st.builds(
    lambda name, both, window: EventCount(
        event=name, at_least=both[0] or None, at_most=both[1], within_days=window
    ),
    names,
    bounds(st.integers(0, 5)),
    windows,
).filter(lambda leaf: leaf.at_least is not None or leaf.at_most is not None)
revenues = st.builds(
    lambda name, both, window: EventRevenue(
        event=name, at_least=both[0], at_most=both[1], within_days=window
    ),
    names,
    bounds(AMOUNTS),
    windows,
)
leaves = counts | revenues | st.builds(NotSince, event=names, days=DAYS)
trees = st.recursive(
    leaves,
    lambda parts: st.builds(
        lambda kind, of: kind(of=tuple(of)),
        st.sampled_from([AllOf, AnyOf, NoneOf]),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(condition=trees, ahead=st.integers(-3, 3))
def test_the_lake_agrees_with_the_plain_reference(
    events: list[Happened], filled: Lake, condition: Condition, ahead: int
) -> None:
    now = NOON + timedelta(days=ahead)

    assert found(condition, filled, now=now) == reference_members(condition, events, now=now)


@given(condition=trees)
def test_a_condition_survives_storage_and_can_say_itself(condition: Condition) -> None:
    check_condition(condition)

    assert parse_condition(write_condition(condition)) == condition
    assert say(condition, "ko")
    assert say(condition, "en")


def test_a_window_holds_its_near_edge_and_not_its_far_edge(tmp_path) -> None:
    lake = Lake(tmp_path)
    moments = [NOON, NOON - timedelta(days=2), NOON - timedelta(days=2, microseconds=-1)]
    rows = [
        Happened(customer_id=number, name="A", occurred_at=moment, revenue=None)
        for number, moment in enumerate(moments)
    ]
    lake.append_events(as_table(rows), workspace_id=1, step=1)

    assert found(EventCount(event="A", at_least=1, within_days=2), lake) == {0, 2}
    assert found(NotSince(event="A", days=2), lake) == {1}


def test_what_happens_after_now_is_not_looked_at(tmp_path) -> None:
    lake = Lake(tmp_path)
    later = Happened(1, "A", NOON + timedelta(microseconds=1), None)
    lake.append_events(as_table([later]), workspace_id=1, step=1)

    assert found(EventCount(event="A", at_least=1), lake) == set()
    assert found(NoneOf(of=(EventCount(event="B", at_least=1),)), lake) == set()


def test_absence_is_asked_of_everybody_who_ever_did_anything(tmp_path) -> None:
    lake = Lake(tmp_path)
    rows = [Happened(1, "A", NOON, None), Happened(2, "B", NOON, None)]
    lake.append_events(as_table(rows), workspace_id=1, step=1)

    assert found(EventCount(event="A", at_most=0), lake) == {2}
    assert found(EventRevenue(event="A", at_most=Decimal(5)), lake) == {1, 2}


def test_lapsed_regulars_bought_twice_and_nothing_for_ninety_days(tmp_path) -> None:
    lake = Lake(tmp_path)
    bought = {1: [200, 90], 2: [200, 89], 3: [200], 4: [91, 91], 5: [1, 2]}
    rows = [
        Happened(customer, "Order Completed", NOON - timedelta(days=ago), Decimal(1))
        for customer, days in bought.items()
        for ago in days
    ]
    lake.append_events(as_table(rows), workspace_id=1, step=1)

    assert found(LAPSED_REGULARS, lake) == {1, 4}
