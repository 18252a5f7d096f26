"""What do conditions cost inside a tick? Ten of them, asked about 20,000 customers at once.

A shop of 200,000 customers, of whom 20,000 are at a branch in the same tick: activities of ten
kinds, four traits, consents, addresses, memberships of two segments, and messages that were sent
and opened. Ten conditions, of the kind that journeys branch on, are judged by
``segments.in_database``; beside it one statement, written by hand for just these ten, answers the
same and reads the same tables. Both must find the same customers; the ratio of their times is the
figure.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString

from server import lend_server, open_workspace

from dangol.segments.comparison import AtLeast, AtMost, DaysAgo, Equals, OneOf
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    Consented,
    Engagement,
    EventMeasure,
    InSegment,
    NoneOf,
    Reachable,
    Trait,
)
from dangol.segments.ids import unpack
from dangol.segments.in_database import judge_in_database
from dangol.segments.window import Rolling
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import Channel

NOW: Final = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
ROUNDS: Final = 7
ORDER: Final = "Order Completed"
EMAIL: Final = Channel.EMAIL
CONDITIONS: Final[dict[str, Condition]] = {
    "bought": EventMeasure(event=ORDER),
    "regular": EventMeasure(event=ORDER, test=AtLeast(value=4)),
    "big": EventMeasure(event=ORDER, measure="sum", of="revenue", test=AtLeast(value=500)),
    "lapsed": AllOf(
        of=(
            EventMeasure(event=ORDER, test=AtLeast(value=2)),
            EventMeasure(event=ORDER, measure="days_since", test=AtLeast(value=90)),
        )
    ),
    "left a cart": AllOf(
        of=(
            EventMeasure(event="Product Added", during=Rolling(days=3)),
            NoneOf(of=(EventMeasure(event=ORDER, during=Rolling(days=3)),)),
        )
    ),
    "may be written to": AllOf(of=(Consented(channel=EMAIL), Reachable(channel=EMAIL))),
    "VIP": Trait(trait="grade", test=OneOf(values=("VIP", "GOLD"))),
    "young and new": AllOf(
        of=(
            Trait(trait="age", test=AtMost(value=29)),
            Trait(trait="$first_seen_at", test=DaysAgo(at_most=60)),
        )
    ),
    "tired": AllOf(
        of=(
            Engagement(reaction="sent", during=Rolling(days=30), test=AtLeast(value=3)),
            Engagement(reaction="opened", during=Rolling(days=30), test=Equals(value=0)),
        )
    ),
    "in one of two": AnyOf(of=(InSegment(segment="one"), InSegment(segment="two"))),
}
BY_HAND: Final[LiteralString] = """
with sent as materialized (
    select message.customer_id, delivery.message_id, min(delivery.settled_at) as at
    from asked_customer
    join message on message.customer_id = asked_customer.customer_id
    join delivery on delivery.message_id = message.id and delivery.state = 'accepted'
    group by message.customer_id, delivery.message_id
), opened as materialized (
    select message.customer_id, receipt.message_id, min(receipt.occurred_at) as at
    from asked_customer
    join message on message.customer_id = asked_customer.customer_id
    join receipt on receipt.message_id = message.id
    where receipt.kind = 'opened' and receipt.human_confidence >= 0.5
    group by message.customer_id, receipt.message_id
), got as (
    select customer_id, count(*) as messages from sent
    where at > %(now)s - interval '30 days' and at <= %(now)s group by customer_id
), saw as (
    select distinct customer_id from opened
    where at > %(now)s - interval '30 days' and at <= %(now)s
)
select
    string_agg(int8send(customer.id), '') filter (where bought.count >= 1),
    string_agg(int8send(customer.id), '') filter (where bought.count >= 4),
    string_agg(int8send(customer.id), '') filter (where bought.revenue >= 500),
    string_agg(int8send(customer.id), '') filter (
        where bought.count >= 2 and bought.last_at <= %(now)s - interval '90 days'),
    string_agg(int8send(customer.id), '') filter (
        where added.last_at > %(now)s - interval '3 days'
        and bought.last_at > %(now)s - interval '3 days' is not true),
    string_agg(int8send(customer.id), '') filter (
        where consent.state = 'granted' and address.state = 'reachable'
        and suppression.address_key is null),
    string_agg(int8send(customer.id), '') filter (
        where customer.traits ->> 'grade' in ('VIP', 'GOLD')),
    string_agg(int8send(customer.id), '') filter (
        where (customer.traits ->> 'age')::numeric <= 29
        and customer.first_seen_at > %(now)s - interval '61 days'),
    string_agg(int8send(customer.id), '') filter (
        where got.messages >= 3 and saw.customer_id is null),
    string_agg(int8send(customer.id), '') filter (
        where one.customer_id is not null or two.customer_id is not null)
from asked_customer
join customer on customer.id = asked_customer.customer_id
left join activity as bought
    on bought.customer_id = customer.id and bought.event_name = 'Order Completed'
left join activity as added
    on added.customer_id = customer.id and added.event_name = 'Product Added'
left join consent on consent.customer_id = customer.id
    and consent.channel = 'email' and consent.purpose = 'marketing'
left join address on address.customer_id = customer.id and address.channel = 'email'
left join suppression on suppression.workspace_id = address.workspace_id
    and suppression.channel = address.channel and suppression.address_key = address.key
left join got on got.customer_id = customer.id
left join saw on saw.customer_id = customer.id
left join membership as one on one.customer_id = customer.id
    and one.segment_id = (select id from segment where name = 'one')
left join membership as two on two.customer_id = customer.id
    and two.segment_id = (select id from segment where name = 'two')
"""
ASK: Final[LiteralString] = """
truncate asked_customer;
insert into asked_customer select customer.id from customer
where id = any(%(asked)s::bigint[]) and state = 'active' and head_id is null
"""
# A shop, made up: how much of everything is what matters here.
FILL: Final[tuple[LiteralString, ...]] = (
    """
insert into customer (workspace_id, first_seen_at, last_seen_at, traits)
select 1, %(now)s::timestamptz - number %% 400 * interval '1 day', %(now)s::timestamptz,
    jsonb_build_object(
        'grade', (array['VIP', 'GOLD', 'SILVER', 'NONE'])[1 + number %% 4],
        'age', 18 + number %% 60, 'city', 'Seoul', 'birthday', '1990-04-01')
from generate_series(1, %(customers)s) as number
""",
    """
insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count, revenue)
select 1, customer.id, event.name, %(now)s::timestamptz - interval '300 days',
    %(now)s::timestamptz - abs(hashint8(customer.id + event.place)) %% 180 * interval '1 day',
    1 + abs(hashint8(customer.id * event.place)) %% 9, abs(hashint8(customer.id)) %% 900
from customer
cross join unnest(array['Order Completed', 'Product Added', 'Product Viewed', 'Cart Viewed',
    'Visited', 'Signed In', 'Searched', 'Reviewed', 'Coupon Used', 'App Opened'])
    with ordinality as event (name, place)
where abs(hashint8(customer.id - event.place)) %% 3 > 0
""",
    """
insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)
select 1, id, 'email', 'marketing',
    (array['granted', 'granted', 'refused'])[1 + id %% 3]::consent_state, %(now)s, 0
from customer where id %% 5 > 0
""",
    """
insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)
select 1, id, 'email', md5(id::text), '', id, %(now)s from customer where id %% 7 > 0
""",
    """
insert into suppression (workspace_id, channel, address_key, reason, since)
select 1, 'email', md5(id::text), 'bounced', %(now)s from customer where id %% 50 = 0
""",
    """
insert into segment (workspace_id, name, title_ko, title_en, created_at)
select 1, name, name, name, %(now)s from unnest(array['one', 'two']) as name
""",
    """
insert into membership (workspace_id, segment_id, customer_id, entered_at)
select 1, segment.id, customer.id, %(now)s from segment cross join customer
where customer.id %% (7 + segment.id) = 0
""",
    """
insert into journey (workspace_id, name, title_ko, title_en, created_at)
values (1, 'welcome', '', '', %(now)s)
""",
    "set session_replication_role = replica",
    """
insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id, step_number,
    visit, template_id, channel, purpose, planned_at, expires_at, state)
select 1, customer.id, customer.id * 10 + visit, 1, 1, 1, 1, 1, 'email', 'marketing',
    %(now)s::timestamptz - visit * interval '9 days', %(now)s, 'handed'
from customer cross join generate_series(1, 6) as visit where abs(hashint8(customer.id)) %% 2 = 0
""",
    """
insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,
    address_key, state, claimed_by, claimed_at, lease_until, settled_at)
select 1, id, customer_id, 1, 'email', '', '', 'accepted', '', planned_at, planned_at, planned_at
from message
""",
    """
insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at, dedupe_key)
select 1, id, customer_id, 'opened', planned_at + interval '1 hour', id::text
from message where abs(hashint8(id)) %% 3 = 0
""",
    "set session_replication_role = origin",
    "analyze",
)


def fill(connection: Connection, *, customers: int) -> None:
    """Make the shop."""
    for statement in FILL:
        connection.execute(statement, {"now": NOW, "customers": customers})
        connection.commit()


def ask_by_hand(connection: Connection, asked: list[int]) -> dict[str, list[int]]:
    """Answer all ten with one statement of their own."""
    with connection.transaction(), connection.cursor(binary=True) as cursor:
        ask, fill_in = ASK.split(";")
        connection.execute(ask)
        connection.execute(fill_in, {"asked": asked})
        row = cursor.execute(BY_HAND, {"now": NOW}).fetchone() or ()
        return {name: unpack(packed).tolist() for name, packed in zip(CONDITIONS, row, strict=True)}


def ask_in_database(connection: Connection, asked: list[int]) -> dict[str, list[int]]:
    """Let the conditions answer."""
    with connection.transaction():
        found = judge_in_database(connection, CONDITIONS, asked, workspace_id=1, now=NOW)
        return {name: ids.tolist() for name, ids in found.items()}


def seconds_of(question: Callable[[], object]) -> float:
    """Return the best time of some."""
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        _ = question()
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--customers", type=int, default=200_000)
    arguments.add_argument("--asked", type=int, default=20_000)
    options = arguments.parse_args()
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        _ = open_workspace(connection, now=NOW - timedelta(days=400))
        fill(connection, customers=options.customers)
        apart = max(1, options.customers // options.asked)
        asked = list(range(1, options.customers + 1, apart))[: options.asked]
        if ask_by_hand(connection, asked) != (found := ask_in_database(connection, asked)):
            raise SystemExit("The two ways do not agree.")
        for name, ids in found.items():
            print(f"{name}: {len(ids):,}")
        by_hand = seconds_of(lambda: ask_by_hand(connection, asked))
        ours = seconds_of(lambda: ask_in_database(connection, asked))
    figures = {
        "customers": len(asked),
        "conditions": len(CONDITIONS),
        "by_hand_ms": round(by_hand * 1000, 1),
        "ours_ms": round(ours * 1000, 1),
        "ratio": round(ours / by_hand, 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
