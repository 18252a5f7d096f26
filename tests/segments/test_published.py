# ruff: noqa: S608 - the queries are made of nothing but what stands here
"""Definitions as they are in use, each counted a second time by hand, on real purchases.

Online Retail comes through the importer. Complete Journey is written to the lake as it is, for its
discounts stand in columns that the demonstration's mapping leaves out.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pytest
from tests.ingest.import_words import survey

from dangol.app.demo_data import find_demo
from dangol.ingest.mapping import ImportFault, load_mapping
from dangol.segments.compare import Moment
from dangol.segments.comparison import AtLeast, AtMost, Equals, PropertyFilter
from dangol.segments.condition import (
    PURCHASE,
    AllOf,
    Condition,
    EventMeasure,
    Sequence,
    SequenceStep,
)
from dangol.segments.evaluate import order_segments
from dangol.segments.judge import Judge
from dangol.segments.library import READY_MADE
from dangol.segments.library_habits import always
from dangol.segments.people import People
from dangol.segments.window import Calendar
from dangol.store.engine import NOBODY
from dangol.store.lake import EVENT_SCHEMA, Lake

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
READY = {one.name: one.condition for one in READY_MADE}
Members = Callable[[Condition], set[int]]
Count = Callable[[str], set[int]]


def judge_of(lake: Lake, ids: list[int], now: datetime) -> Members:
    """Return who finds the members of a condition."""
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    judge = Judge(
        lake=lake, facts={}, workspace_id=1, at=Moment(now=now.astimezone(UTC), zone=zone)
    )
    who = People(ids=np.array(sorted(ids), np.int64), heads=NOBODY)

    def members(condition: Condition) -> set[int]:
        trees = order_segments({"it": condition}).trees
        return set(who.ids[judge.judge(trees, who)["it"]].tolist())

    return members


def by_hand(tables: dict[str, str]) -> Count:
    """Return who asks the files themselves, in SQL of their own."""
    files = duckdb.connect()
    for name, query in tables.items():
        files.execute(f"create table {name} as {query}")

    def count(query: str) -> set[int]:
        return {row[0] for row in files.execute(query).fetchall()}

    return count


def is_same(found: set[int], expected: set[int]) -> None:
    """Say in figures where two sets differ; a shop's whole list would hide it."""
    assert (len(found), len(found - expected), len(expected - found)) == (len(expected), 0, 0)
    assert found, "a definition that nobody fits proves nothing"


# Online Retail -----------------------------------------------------------------------------------

# A shop's clocks, as the file has them: midnight after its last invoice.
IN_LONDON = datetime(2011, 12, 10, tzinfo=ZoneInfo("Europe/London"))
HAND_LONDON = "timestamp '2011-12-10'"


@pytest.fixture(scope="module")
def retail(shared_data, tmp_path_factory) -> Members:
    """Import Online Retail, and write its events to a lake."""
    path = shared_data / "online_retail" / "online_retail.parquet"
    _, events = survey(path, load_mapping(EXAMPLES / "online_retail.toml"))
    orders = [event for event in events if event.order_id]
    rows = {
        "workspace_id": [1] * len(orders),
        "customer_id": [int(event.user_id) for event in orders],
        "event_id": list(range(len(orders))),
        "occurred_at": [event.occurred_at for event in orders],
        "received_at": [event.occurred_at for event in orders],
        "day": [event.occurred_at.date() for event in orders],
        "month": [event.occurred_at.date().replace(day=1) for event in orders],
        "type": ["track"] * len(orders),
        "name": [event.name for event in orders],
        "message_id": [event.message_id for event in orders],
        "order_id": [event.order_id for event in orders],
        "revenue": [event.revenue for event in orders],
        "currency": [event.currency for event in orders],
        "product_id": [event.product_id for event in orders],
        "category": [event.category for event in orders],
        "quantity": [event.quantity for event in orders],
        "properties": [msgspec.json.encode(event.properties).decode() for event in orders],
    }
    lake = Lake(tmp_path_factory.mktemp("retail"))
    lake.append_events(pa.table(rows, EVENT_SCHEMA), workspace_id=1, step=1)
    return judge_of(lake, list(set(rows["customer_id"])), IN_LONDON)


@pytest.fixture(scope="module")
def invoices(shared_data) -> Count:
    path = shared_data / "online_retail" / "online_retail.parquet"
    return by_hand(
        {
            "line": (
                f"select distinct * from '{path}' where CustomerID is not null"
                " and InvoiceNo not like 'C%'"
            ),
            "invoice": (
                "select CustomerID as who, InvoiceNo as number, min(InvoiceDate) as came,"
                " sum(Quantity * UnitPrice) as amount from line group by all"
            ),
        }
    )


def test_champions_are_the_latest_fifth_of_the_most_frequent_two(retail, invoices) -> None:
    expected = invoices(
        f"""
        with buyer as (
            select who, max(came) as latest, count(*) as often
            from invoice where came > {HAND_LONDON} - interval 365 day group by who
        ), lower as (
            select
                one.who,
                count(*) filter (other.latest < one.latest) / count(*) as earlier,
                count(*) filter (other.often < one.often) / count(*) as rarer
            from buyer as one, buyer as other group by one.who
        )
        select who from lower where earlier >= 0.8 and rarer >= 0.6
        """
    )

    is_same(retail(READY["rfm_champions"]), expected)


def test_one_time_buyers_have_one_invoice(retail, invoices) -> None:
    once = EventMeasure(event=PURCHASE, test=Equals(value=1))

    is_same(retail(once), invoices("select who from invoice group by who having count(*) = 1"))


def test_repeat_buyers_came_back_within_60_days(retail, invoices) -> None:
    again = Sequence(
        steps=(SequenceStep(event=PURCHASE), SequenceStep(event=PURCHASE, within_days=60))
    )
    expected = invoices(
        """
        select distinct one.who from invoice as one join invoice as other using (who)
        where one.number <> other.number and other.came >= one.came
        and other.came <= one.came + interval 60 day
        """
    )

    is_same(retail(again), expected)


def test_lapsed_regulars_bought_twice_and_not_for_90_days(retail, invoices) -> None:
    expected = invoices(
        f"""
        select who from invoice group by who
        having count(*) >= 2 and max(came) <= {HAND_LONDON} - interval 90 day
        """
    )

    is_same(retail(READY["lapsed_regulars"]), expected)


def test_big_spenders_of_a_calendar_month_spent_a_thousand_pounds(retail, invoices) -> None:
    spent = EventMeasure(
        event=PURCHASE,
        measure="sum",
        of="revenue",
        during=Calendar(unit="month", which="last"),
        test=AtLeast(value=1000),
    )
    expected = invoices(
        """
        select who from invoice where year(came) = 2011 and month(came) = 11
        group by who having round(sum(amount), 4) >= 1000
        """
    )

    is_same(retail(spent), expected)


def test_morning_shoppers_buy_by_the_clocks_of_london(retail, invoices) -> None:
    """The half year has summer time and winter time."""
    expected = invoices(
        f"""
        select who from invoice where came > {HAND_LONDON} - interval 180 day
        group by who having count(*) >= 5
        and count(*) filter (hour(came) between 6 and 11) >= 0.6 * count(*)
        """
    )

    is_same(retail(READY["morning_shoppers"]), expected)


def test_collectors_of_a_product_bought_a_hundred_pieces_of_it(retail, invoices) -> None:
    collected = EventMeasure(
        event=PURCHASE,
        products=(PropertyFilter(property="product_id", test=Equals(value="85123A")),),
        measure="sum",
        of="quantity",
        test=AtLeast(value=100),
    )
    expected = invoices(
        """
        select CustomerID from line where StockCode = '85123A'
        group by CustomerID having sum(Quantity) >= 100
        """
    )

    is_same(retail(collected), expected)


# Complete Journey --------------------------------------------------------------------------------

IN_NEW_YORK = datetime(2017, 12, 31, 20, tzinfo=ZoneInfo("America/New_York"))
HAND_NOW = "timestamp '2018-01-01 01:00:00'"
BASKETS = """
    select
        household_id as who, basket_id as number, min(transaction_timestamp) as came,
        sum(sales_value::decimal(18, 4)) as amount, sum(coupon_disc::decimal(18, 4)) as discount
    from '{folder}/transactions.parquet' group by all
"""
LINES = """
    select
        household_id as who, basket_id as number, transaction_timestamp as came, product_id,
        department as category, sales_value, quantity
    from '{folder}/transactions.parquet' left join '{folder}/products.parquet' using (product_id)
"""
EVENTS = """
    with bought as (
        select number, to_json(list({{
            'product_id': product_id::text, 'category': category, 'quantity': quantity,
            'revenue': sales_value
        }})) as products
        from line group by number
    ),
    happened as (
        select
            who, came, 'Order Completed' as name, amount as revenue,
            json_object('discount', discount::double, 'products', products) as properties
        from basket join bought using (number)
        union all
        select household_id, (start_date + interval 5 hour), 'Campaign Received', null, null
        from '{folder}/campaigns.parquet' join '{folder}/campaign_descriptions.parquet'
        using (campaign_id)
        union all
        select household_id, redemption_date + interval 17 hour, 'Coupon Redeemed', null, null
        from '{folder}/coupon_redemptions.parquet'
    )
    select
        1 as workspace_id, who as customer_id, row_number() over (order by came) as event_id,
        came at time zone 'UTC' as occurred_at, came at time zone 'UTC' as received_at,
        came::date as day, date_trunc('month', came)::date as month, 'track' as type, name,
        row_number() over (order by came)::text as message_id, null as order_id, revenue,
        null as currency, null as product_id, null as category, null as quantity,
        properties::text as properties
    from happened
"""


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return find_demo("completejourney").files[0].path.parent
    except ImportFault as fault:
        pytest.skip(str(fault))


@pytest.fixture(scope="module")
def baskets(folder) -> Count:
    tables = {"basket": BASKETS.format(folder=folder), "line": LINES.format(folder=folder)}
    named = {"campaign": "campaigns", "described": "campaign_descriptions"}
    named["redemption"] = "coupon_redemptions"
    files = {name: f"select * from '{folder}/{file}.parquet'" for name, file in named.items()}
    return by_hand(tables | files)


@pytest.fixture(scope="module")
def households(folder, tmp_path_factory) -> Members:
    """Write a year of baskets, campaigns and coupons to a lake."""
    files = duckdb.connect()
    files.execute("set timezone = 'UTC'")
    files.execute("create table basket as " + BASKETS.format(folder=folder))
    files.execute("create table line as " + LINES.format(folder=folder))
    events = files.sql(EVENTS.format(folder=folder)).to_arrow_table().cast(EVENT_SCHEMA)
    lake = Lake(tmp_path_factory.mktemp("journey"))
    lake.append_events(events, workspace_id=1, step=1)
    whose = set(events["customer_id"].to_pylist())
    return judge_of(lake, list(whose), IN_NEW_YORK)


def varied(test: AtLeast | AtMost) -> Condition:
    """Return products of how many departments in effect, ever."""
    return EventMeasure(event=PURCHASE, products=(), measure="variety", of="category", test=test)


# DuckDB's own entropy is in bits.
IN_EFFECT = f"""
    select who from line where came <= {HAND_NOW} and category is not null
    group by who having round(2 ** entropy(category), 4)
"""


def test_the_focused_buy_from_few_departments_in_effect(households, baskets) -> None:
    is_same(households(varied(AtMost(value=2.5))), baskets(f"{IN_EFFECT} <= 2.5"))


def test_explorers_buy_from_many_departments_in_effect(households, baskets) -> None:
    is_same(households(varied(AtLeast(value=5))), baskets(f"{IN_EFFECT} >= 5"))


def test_coupon_lovers_use_one_in_every_third_basket(households, baskets) -> None:
    lovers = msgspec.structs.replace(
        always(PropertyFilter(property="discount", test=AtLeast(value=0.01))),
        minimum=10,
        test=AtLeast(value=33),
    )
    expected = baskets(
        f"""
        select who from basket where came > {HAND_NOW} - interval 365 day and came <= {HAND_NOW}
        group by who having count(*) >= 10
        and count(*) filter (discount >= 0.01) * 100 >= 33 * count(*)
        """
    )

    is_same(households(lovers), expected)


def test_a_campaign_left_alone_like_a_cart(households, baskets) -> None:
    left = Sequence(
        steps=(SequenceStep(event="Campaign Received"),),
        then_not=SequenceStep(event="Coupon Redeemed", within_days=30),
    )
    expected = baskets(
        f"""
        select household_id from campaign join described using (campaign_id)
        where start_date + interval 5 hour <= {HAND_NOW} - interval 30 day
        and not exists (
            select 1 from redemption
            where redemption.household_id = campaign.household_id
            and redemption_date + interval 17 hour > start_date + interval 5 hour
            and redemption_date + interval 17 hour <= start_date + interval 5 hour + interval 30 day
        )
        """
    )

    is_same(households(left), expected)


def test_weekend_evenings_are_those_of_new_york(households, baskets) -> None:
    """Summer time begins and ends within the half year before."""
    local = "timezone('America/New_York', timezone('UTC', came))"
    for name, fits in {
        "weekend_shoppers": f"dayofweek({local}) in (0, 6)",
        "evening_shoppers": f"hour({local}) between 18 and 22",
    }.items():
        expected = baskets(
            f"""
            select who from basket
            where came > {HAND_NOW} - interval 180 day and came <= {HAND_NOW}
            group by who having count(*) >= 5
            and count(*) filter ({fits}) * 10 >= 6 * count(*)
            """
        )

        is_same(households(READY[name]), expected)


def test_stages_of_a_year_of_baskets_are_told_by_their_last_days(households, baskets) -> None:
    last = f"select who from basket where came <= {HAND_NOW} group by who having"
    month = f"max(came) <= {HAND_NOW} - interval 30 day"
    quarter = f"max(came) <= {HAND_NOW} - interval 90 day"

    is_same(households(READY["stage_cooling"]), baskets(f"{last} {month} and not {quarter}"))
    is_same(households(READY["stage_inactive"]), baskets(f"{last} {quarter}"))


def test_regulars_of_a_month_who_spent_most(households, baskets) -> None:
    """A rank over a calendar month, and a sum over the products of one department."""
    meat = EventMeasure(
        event=PURCHASE,
        products=(PropertyFilter(property="category", test=Equals(value="MEAT")),),
        measure="sum",
        of="revenue",
        test=AtLeast(value=100),
    )
    local = "timezone('America/New_York', timezone('UTC', came))"
    expected = baskets(
        f"""
        with spent as (
            select who, sum(amount) as total from basket where came <= {HAND_NOW}
            and date_trunc('month', {local}) = timestamp '2017-11-01' group by who
        ), lower as (
            select one.who, count(*) filter (other.total < one.total) / count(*) as share
            from spent as one, spent as other group by one.who
        )
        select who from lower where share >= 0.9
        intersect
        select who from line where category = 'MEAT' and came <= {HAND_NOW}
        group by who having sum(sales_value::decimal(18, 4)) >= 100
        """
    )

    is_same(households(AllOf(of=(READY["big_spenders_month"], meat))), expected)
