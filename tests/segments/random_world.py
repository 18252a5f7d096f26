"""Random customers, events and conditions, many of them on the very edge of something."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.segments.reference import Happened, Known, Reacted, World

from dangol.segments import comparison as c
from dangol.segments import condition as t
from dangol.segments import window as w
from dangol.segments.facts import SCHEMAS
from dangol.segments.parse import NEEDS_OF
from dangol.store.lake import EVENT_SCHEMA
from dangol.store.vocabulary import Channel, Purpose

ZONES = [
    ZoneInfo(name)
    for name in ("Asia/Seoul", "America/New_York", "Europe/Berlin", "Africa/Cairo", "UTC")
]
# Clocks change in New York on 14 March, in Berlin on 28 March, in Cairo (at midnight) on 30 April.
MIDDLE = datetime(2027, 3, 31, 15, tzinfo=UTC)
NOWS = [
    MIDDLE,
    MIDDLE - timedelta(microseconds=1),
    datetime(2027, 3, 14, 7, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC),
    datetime(2027, 4, 29, 22, tzinfo=UTC),
    datetime(2027, 4, 30, 22, 30, tzinfo=UTC),
]
NAMES = ("Order Completed", "Product Viewed", "상품 찜")
WORDS = ("봄", "봄날", "red", "Red", "", "10", "2027-03-14", 'a"b\\c')
DATES = (
    "2027-03-14",
    "2027-03-31",
    "1996-02-29",
    "1990-04-01",
    "2027-02-30",
    "2027-03-14T02:30:00",
    "2027-03-14T00:00:00-05:00",
    "2027-03-31T15:00:00Z",
    "2027-04-01T00:00:00.5",
    "2027-04-30",
    "not a date",
)
NUMBERS = (0, 1, 2, -3, 2.5, 10, 10.0, 0.00005, 1999.9999, 123456789012345)
ANYTHING = (*WORDS, *DATES, *NUMBERS, True, False, None, ["red", 1], [], {"a": 1})
PATHS = ("color", "amount", "flag", "when", "$utm", "deep.er", "a/b", "tags", "tags.0")
# A trait cannot begin with the sign of what is known of everybody.
TRAITS = tuple(path for path in PATHS if not path.startswith("$"))
PRODUCT_PATHS = ("category", "price", "quantity", "revenue")


def random_document(chance: random.Random) -> dict[str, object]:
    document: dict[str, object] = {
        "color": chance.choice(WORDS),
        "amount": chance.choice(NUMBERS),
        "flag": chance.choice((True, False, None, "true", 1)),
        "when": chance.choice(DATES),
        "$utm": chance.choice(ANYTHING),
        "deep": chance.choice(({"er": chance.choice(ANYTHING)}, 3)),
        "a/b": chance.choice(ANYTHING),
        "tags": chance.choice((["red", "봄"], [1, 2.5], ["10", 10], [], "red", [None, [1]])),
        "products": chance.choice(
            (
                [{"category": "red", "price": 10}, {"category": "봄", "price": 2.5}],
                [{"category": "red", "price": 2}],
                [
                    {"category": "red", "price": 0.0001, "quantity": 2.5},
                    {"category": "10", "price": 3, "quantity": 4, "revenue": 11},
                    {"category": 10, "quantity": 3},
                    "red",
                    {"category": "red", "price": 99999999999, "quantity": 99999},
                ],
                [],
                {"category": "red"},
                ["red"],
                None,
            )
        ),
    }
    return {name: value for name, value in document.items() if chance.random() < 0.7}


def random_moment(chance: random.Random) -> datetime:
    """Some time around, or an edge of a rolling window, an hour, a day in some zone."""
    now = chance.choice(NOWS)
    if chance.random() < 0.5:
        moment = now - timedelta(days=chance.randint(-2, 12), hours=chance.choice((0, 0, 1, 2)))
    else:
        day = now.date() - timedelta(days=chance.randint(-2, 40))
        moment = w.day_start(day, chance.choice(ZONES))
    return moment + timedelta(microseconds=chance.choice((0, 0, -1, 1)))


def random_world(seed: int) -> World:
    chance = random.Random(seed)  # noqa: S311 - not a secret
    who = range(1, 41)
    amounts = (None, Decimal("0.0001"), Decimal(10), Decimal("19.99"), Decimal("-5.5"))
    events = [
        Happened(
            # The last ten customers never did anything.
            customer_id=chance.randint(1, 30),
            event_id=number,
            name=chance.choice(NAMES),
            occurred_at=random_moment(chance),
            revenue=chance.choice(amounts),
            category=chance.choice((None, "red", "봄")),
            properties=random_document(chance),
        )
        for number in range(400)
    ]
    return World(
        customers={one: random_customer(chance) for one in who},
        events=events,
        consents={
            (one, "email", purpose): chance.choice(("granted", "refused", "withdrawn"))
            for one in who
            for purpose in Purpose
            if chance.random() < 0.6
        },
        reach=frozenset((one, "email") for one in who if chance.random() < 0.5),
        reactions=[
            Reacted(
                chance.choice(who),
                "email",
                chance.choice(("welcome", "win_back")),
                chance.choice(("sent", "opened", "clicked")),
                random_moment(chance),
            )
            for _ in range(120)
        ],
        lists={"vip": set(chance.sample(who, 9)), "empty": set()},
    )


def random_customer(chance: random.Random) -> Known:
    return Known(
        traits=random_document(chance),
        first_seen_at=random_moment(chance),
        last_seen_at=random_moment(chance),
        locale=chance.choice(("ko", "en", None)),
        country=chance.choice(("KR", None)),
        time_zone=chance.choice(("Asia/Seoul", None)),
    )


# As tables ---------------------------------------------------------------------------------------


def event_table(world: World) -> pa.Table:
    return pa.Table.from_pylist([event_row(event) for event in world.events], EVENT_SCHEMA)


def event_row(event: Happened) -> dict[str, object]:
    return {
        "workspace_id": 1,
        "customer_id": event.customer_id,
        "event_id": event.event_id,
        "occurred_at": event.occurred_at,
        "received_at": MIDDLE,
        "day": event.occurred_at.date(),
        "month": event.occurred_at.date().replace(day=1),
        "type": "track",
        "name": event.name,
        "message_id": f"m{event.event_id}",
        "revenue": event.revenue,
        "category": event.category,
        "properties": written(event.properties),
    }


def fact_tables(world: World, *, now: datetime) -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, object]]] = {
        "customer_fact": [
            {
                "customer_id": one,
                **{name: getattr(known, name) for name in COLUMNS},
                "traits": written(known.traits),
            }
            for one, known in world.customers.items()
        ],
        "consent_fact": [
            {"customer_id": one, "channel": channel, "purpose": str(purpose), "state": state}
            for (one, channel, purpose), state in world.consents.items()
        ],
        "reach_fact": [{"customer_id": one, "channel": where} for one, where in world.reach],
        "reaction_fact": [
            {name: getattr(one, name) for name in SCHEMAS["reaction_fact"].names}
            for one in world.reactions
            if one.occurred_at <= now
        ],
        "list_fact": [
            {"customer_id": one, "list": name} for name, who in world.lists.items() for one in who
        ],
    }
    return {name: pa.Table.from_pylist(rows[name], schema) for name, schema in SCHEMAS.items()}


COLUMNS = ("first_seen_at", "last_seen_at", "locale", "country", "time_zone")


def written(document: object) -> str:
    """Write JSON as PostgreSQL keeps it, where 1e5 is 100000."""
    if isinstance(document, dict):
        return "{" + ", ".join(f"{json_text(k)}: {written(v)}" for k, v in document.items()) + "}"
    if isinstance(document, list):
        return "[" + ", ".join(map(written, document)) + "]"
    if isinstance(document, float):
        return f"{Decimal(str(document)):f}"
    return json_text(document)


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


# Drawing a tree takes long where the machine is busy.
UNHURRIED = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Conditions --------------------------------------------------------------------------------------

days = st.integers(1, 12)
dates = st.sampled_from([date(2027, 3, 14), date(2027, 3, 31), date(2027, 4, 1), date(2027, 4, 30)])
windows = st.one_of(
    st.builds(lambda n, ago: w.Rolling(days=n, ago_days=ago), days, st.sampled_from([0, 0, 1, 5])),
    st.builds(lambda n: w.Rolling(hours=n), st.integers(1, 48)),
    st.builds(
        lambda unit, which: w.Calendar(unit=unit, which=which),
        st.sampled_from(get_args(w.Unit)),
        st.sampled_from(["this", "last"]),
    ),
    st.builds(lambda day: w.Since(date=day), dates),
    st.builds(
        lambda both: w.Between(start=min(both), end=max(both)),
        st.lists(dates, min_size=2, max_size=2),
    ),
)
maybe_window = st.none() | windows
numbers = st.sampled_from([-3, 0, 1, 2, 2.5, 10, 19.99, 0.0001])
values = st.sampled_from(["봄", "red", "10", "", 10, 2.5, 1])
some_values = st.lists(values, min_size=1, max_size=3).map(tuple)


def pair(numbers: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(numbers, min_size=2, max_size=2).map(sorted)


of_numbers = st.one_of(
    st.builds(lambda n: c.Equals(value=n), numbers),
    st.builds(lambda n: c.OneOf(values=tuple(n)), st.lists(numbers, min_size=1, max_size=3)),
    st.builds(lambda n: c.AtLeast(value=n), numbers),
    st.builds(lambda n: c.AtMost(value=n), numbers),
    st.builds(lambda n: c.Within(least=n[0], most=n[1]), pair(numbers)),
)
of_times = st.one_of(
    st.just(c.Exists()),
    st.builds(lambda window: c.During(window=window), windows),
    st.builds(lambda n: c.DaysAgo(at_least=n[0], at_most=n[1]), pair(st.integers(0, 20))),
    st.builds(lambda n: c.DaysAgo(at_least=n), st.integers(0, 20)),
    st.builds(lambda n: c.DaysAgo(at_most=n), st.integers(0, 20)),
    st.builds(lambda n: c.DateIn(first=n[0], last=n[1]), pair(st.integers(-20, 3))),
    st.builds(lambda day: c.Before(date=day), dates),
)
comparisons = st.one_of(
    of_numbers,
    of_times,
    st.builds(lambda one: c.Equals(value=one), values),
    st.builds(lambda some: c.OneOf(values=some), some_values),
    st.builds(lambda text: c.Contains(text=text), st.sampled_from(["봄", "e", '"', "1"])),
    st.builds(lambda text: c.StartsWith(text=text), st.sampled_from(["봄", "R", "2027"])),
    st.just(c.IsTrue()),
    st.just(c.IsFalse()),
    st.builds(lambda some: c.Has(values=some), some_values),
    st.builds(
        lambda n: c.Anniversary(first=n[0], last=n[1]), pair(st.sampled_from([0, 1, 18, 364]))
    ),
)
paths = st.sampled_from([*PATHS, "revenue", "category"])
plain_filters = st.builds(lambda p, q: c.PropertyFilter(property=p, test=q), paths, comparisons)
product_filters = st.builds(
    lambda parts: c.ProductFilter(where=tuple(parts)),
    st.lists(
        st.builds(
            lambda p, q: c.PropertyFilter(property=p, test=q),
            st.sampled_from(PRODUCT_PATHS),
            comparisons,
        ),
        min_size=1,
        max_size=2,
    ),
)
hours = st.sampled_from([0, 1, 2, 3, 12, 22, 23])
clock_filters = st.one_of(
    st.builds(lambda first, last: c.HourFilter(first=first, last=last), hours, hours),
    st.builds(
        lambda days: c.WeekdayFilter(days=tuple(days)),
        st.lists(st.sampled_from(get_args(c.Weekday)), min_size=1, max_size=4),
    ),
)
event_filters = plain_filters | product_filters | clock_filters
filters = st.lists(event_filters, max_size=2).map(tuple)
line_filters = st.builds(
    lambda p, q: c.PropertyFilter(property=p, test=q), st.sampled_from(PRODUCT_PATHS), comparisons
)
products = st.none() | st.lists(line_filters, max_size=1).map(tuple)
names = st.sampled_from(NAMES)


@st.composite
def measures(draw: st.DrawFn) -> t.EventMeasure:
    measure = draw(st.sampled_from(get_args(t.Measure)))
    ends = measure in {"first", "last"}
    inside = None if ends or measure == "days_since" else draw(products)
    some = paths if inside is None else st.sampled_from(PRODUCT_PATHS)
    of = draw(some) if measure in NEEDS_OF or (ends and draw(st.booleans())) else None
    test = draw((comparisons if of else of_times) if ends else of_numbers)
    return t.EventMeasure(
        event=draw(names),
        where=draw(filters),
        during=draw(maybe_window),
        products=inside,
        measure=measure,
        of=of,
        test=test,
    )


@st.composite
def shares(draw: st.DrawFn) -> t.Share:
    inside = draw(products)
    return t.Share(
        event=draw(names),
        where=draw(filters),
        during=draw(maybe_window),
        products=inside,
        fit=tuple(
            draw(
                st.lists(
                    event_filters if inside is None else line_filters | clock_filters,
                    min_size=1,
                    max_size=2,
                )
            )
        ),
        minimum=draw(st.sampled_from([1, 2, 4])),
        test=draw(percents),
    )


percents = st.one_of(
    st.builds(lambda n: c.AtLeast(value=n), st.sampled_from([25, 33.3333, 50, 60, 100])),
    st.builds(lambda n: c.AtMost(value=n), st.sampled_from([0, 25, 33.3334, 50])),
    st.just(c.Within(least=20, most=60)),
    st.just(c.OneOf(values=(0, 50, 66.6667))),
)


@st.composite
def ranks(draw: st.DrawFn) -> t.Rank:
    measure = draw(st.sampled_from(get_args(t.Ranked)))
    inside = None if measure == "days_since" else draw(products)
    some = paths if inside is None else st.sampled_from(PRODUCT_PATHS)
    groups = draw(st.sampled_from([2, 3, 5, 10]))
    first = draw(st.integers(1, groups))
    return t.Rank(
        event=draw(names),
        where=draw(filters),
        during=draw(maybe_window),
        products=inside,
        measure=measure,
        of=draw(some) if measure in NEEDS_OF else None,
        groups=groups,
        test=draw(st.sampled_from([c.AtLeast(value=first), c.Equals(value=first)])),
    )


def step(*, limited: bool) -> st.SearchStrategy:
    limits = [(None, None), (1, None), (30, None), (None, 2)] if limited else [(None, None)]
    return st.builds(
        lambda name, where, limit: t.SequenceStep(
            event=name, where=where, within_hours=limit[0], within_days=limit[1]
        ),
        names,
        st.lists(plain_filters, max_size=1).map(tuple),
        st.sampled_from(limits),
    )


sequences = st.builds(
    lambda first, more, last, window: t.Sequence(
        steps=(first, *more), then_not=last, during=window
    ),
    step(limited=False),
    st.lists(step(limited=True), max_size=2),
    st.none() | step(limited=True),
    maybe_window,
).filter(lambda leaf: len(leaf.steps) > 1 or leaf.then_not)
facts = st.one_of(
    st.builds(
        lambda p, q: t.Trait(trait=p, test=q), st.sampled_from([*TRAITS, *t.FACTS]), comparisons
    ),
    st.builds(
        lambda kind, journey, window, test: t.Engagement(
            reaction=kind, channel=Channel.EMAIL, journey=journey, during=window, test=test
        ),
        st.sampled_from(["sent", "opened", "clicked"]),
        st.sampled_from([None, "welcome"]),
        maybe_window,
        of_numbers,
    ),
    st.builds(
        lambda purpose, state: t.Consented(channel=Channel.EMAIL, purpose=purpose, state=state),
        st.sampled_from(Purpose),
        st.sampled_from(get_args(t.Will)),
    ),
    st.just(t.Reachable(channel=Channel.EMAIL)),
    st.builds(lambda name: t.OnList(list=name), st.sampled_from(["vip", "empty", "unheard of"])),
    st.builds(
        lambda stages: t.Lifecycle(
            stages=tuple(stages), new_days=5, cooling_days=3, inactive_days=7, lost_days=11
        ),
        st.lists(st.sampled_from(get_args(t.Stage)), min_size=1, max_size=3),
    ),
)
# What follows from other segments and from customers' ids; there must be a segment "base".
others = st.one_of(
    st.just(t.InSegment(segment="base")),
    st.builds(
        lambda share, name: t.Sample(percent=share, name=name),
        st.sampled_from([0.01, 12.5, 50, 100]),
        st.sampled_from(["spring", "봄"]),
    ),
)


def trees_of(leaves: st.SearchStrategy) -> st.SearchStrategy:
    return st.recursive(
        leaves,
        lambda parts: st.builds(
            lambda kind, of: kind(of=tuple(of)),
            st.sampled_from([t.AllOf, t.AnyOf, t.NoneOf]),
            st.lists(parts, min_size=1, max_size=3),
        ),
        max_leaves=5,
    )


trees = trees_of(measures() | shares() | ranks() | sequences | facts)
