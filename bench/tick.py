"""How fast is a tick? One replayed day through every stage of it, beside bare SQL of the same rows.

The day: the purchases of CDNOW's real customers (23,570 people, 69,659 orders over eighteen
months), in their order but all received on one day, as a large shop's day would be. Everybody
consents to advertising with their first event. Two journeys run: a thank-you for every order, then
a wait; and advertising to everybody new, after a wait of an hour that ends within the day. The
ticks take the events, fold customers, activity and consents, enroll, move, plan and decide.

Beside it, the plainest program that could write the same rows: one `insert ... select` for each
table into a copy with the same columns, indexes and checks, in one transaction, without having to
find out what the rows are. The ratio of the two rates is the figure.

Then 100,000 enrollments go through wait -> check -> message -> wait, the same way.
"""

import argparse
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import msgspec
from psycopg import sql
from server import lend_server, open_workspace

from dangol.app.conditions import Conditions
from dangol.app.demo_source import open_source
from dangol.app.journeys import apply_journey
from dangol.app.tick import tick_until_done
from dangol.content.library import install_library
from dangol.guard.decide import decide_messages
from dangol.ingest.event import Event
from dangol.ingest.inbox import write_events
from dangol.journeys.advance import advance_journeys
from dangol.store.connect import Connection, connect
from dangol.store.vault import Vault

# Noon in Seoul, far from the quiet hours.
NOON = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
VAULT = Vault(bytes(32))
BATCH = 20_000
ENROLLMENTS = 100_000
# What a tick writes, in an order their references allow.
TABLES = (
    "customer",
    "customer_key",
    "identifier",
    "address",
    "activity",
    "acted_event",
    "consent_entry",
    "consent",
    "enrollment",
    "message",
    "decision",
)
GRANT = {"channel": "email", "purpose": "marketing", "action": "grant", "source": "bench"}
JOURNEYS = (
    """
name: thanks
title: {ko: 감사 인사, en: Thanks}
entry: {event: Order Completed, reentry_days: 0}
steps:
  - {name: thanks, kind: message, template: thank_you_first_order}
  - {name: rest, kind: wait, for: 30 days}
""",
    """
name: hello
title: {ko: 첫인사, en: Hello}
entry: {event: Order Completed, first_time_only: true}
steps:
  - {name: patience, kind: wait, for: 1 hour}
  - {name: returned, kind: check_event, event: Order Refunded, then: end}
  - {name: note, kind: message, template: winback_note}
  - {name: rest, kind: wait, for: 14 days}
  - {name: end, kind: exit}
""",
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=1_000_000, help="at most so many events")
    limit = arguments.parse_args().events
    with open_shop() as connection:
        events = read_day(limit)
        day = run_day(connection, events)
        hops = run_enrollments(connection)
    print(json.dumps({**day, "enrollments": hops}))


@contextmanager
def open_shop() -> Generator[Connection]:
    """Lend a new, durable PostgreSQL with a workspace in it, whose journeys run."""
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        workspace = open_workspace(connection, now=NOON)
        install_library(connection, workspace_id=workspace, locale="ko", now=NOON)
        for text in JOURNEYS:
            apply_journey(connection, workspace_id=workspace, text=text, now=NOON)
        connection.commit()
        yield connection


def read_day(limit: int) -> list[Event]:
    """Read the data set's events, moved into the hour before noon in their own order."""
    source = open_source("cdnow", mapping=None, vault=VAULT)
    events = [event for event, _ in zip(source.events(workspace_id=1), range(limit), strict=False)]
    apart = HOUR / len(events)
    met: set[str | None] = set()
    day: list[Event] = []
    for number, event in enumerate(events):
        consents = [] if event.user_id in met else [GRANT]
        met.add(event.user_id)
        day.append(
            msgspec.structs.replace(
                event, occurred_at=NOON - HOUR + number * apart, consents=consents
            )
        )
    return day


def run_day(connection: Connection, events: list[Event]) -> dict[str, float]:
    """Tick through the day, then write the same rows bare; return both rates."""
    with connection.transaction():
        write_events(connection, events, workspace_id=1, received_at=NOON)
    begun = time.perf_counter()
    for now in (NOON, NOON + HOUR, NOON + 2 * HOUR):
        done = tick_until_done(connection, workspace_id=1, vault=VAULT, now=now, batch=BATCH)
        print(f"{now:%H:%M}", dict(done))
    ticked = time.perf_counter() - begun
    counts, bare = write_bare(connection, TABLES)
    rows = sum(counts.values())
    print(f"{len(events):,} events became {rows:,} rows: {counts}")
    print(
        f"ticks {ticked:.2f} s, {rows / ticked:,.0f} rows/s, {len(events) / ticked:,.0f} events/s"
    )
    print(f"bare SQL {bare:.2f} s, {rows / bare:,.0f} rows/s")
    return {
        "events": len(events),
        "events_per_second": round(len(events) / ticked),
        "rows": rows,
        "rows_per_second": round(rows / ticked),
        "bare_rows_per_second": round(rows / bare),
        "ratio": round(bare / ticked, 3),
    }


def write_bare(connection: Connection, tables: tuple[str, ...]) -> tuple[dict[str, int], float]:
    """Copy the rows into tables of the same shape; return their counts and the seconds it took."""
    connection.execute("drop schema if exists bare cascade")
    connection.execute("create schema bare")
    for table in tables:
        connection.execute(
            sql.SQL("create table bare.{0} (like public.{0} including all)").format(
                sql.Identifier(table)
            )
        )
    connection.commit()
    begun = time.perf_counter()
    counts = {
        table: connection.execute(
            sql.SQL("insert into bare.{0} overriding system value select * from public.{0}").format(
                sql.Identifier(table)
            )
        ).rowcount
        for table in tables
    }
    connection.commit()
    return counts, time.perf_counter() - begun


def run_enrollments(connection: Connection) -> dict[str, float]:
    """Wake 100,000 who wait, and let each check, get a message planned and judged, and wait."""
    made = make_enrollments(connection)
    now = NOON + 30 * HOUR
    begun = time.perf_counter()
    with connection.transaction():
        advanced = advance_journeys(
            connection, workspace_id=1, judge=Conditions(), now=now, batch=made
        )
    moved = time.perf_counter() - begun
    begun = time.perf_counter()
    with connection.transaction():
        decided = decide_messages(connection, workspace_id=1, now=now, batch=made)
    judged = time.perf_counter() - begun
    print(f"{made:,} enrollments: {advanced}, {moved:.2f} s")
    print(f"{sum(decided.values()):,} decisions: {judged:.2f} s")
    return {
        "count": made,
        "moved_per_second": round(made / moved),
        "decided_per_second": round(sum(decided.values()) / judged),
    }


def make_enrollments(connection: Connection) -> int:
    """Let customers, some of them made for this, wait at the first step of `hello` anew."""
    values = {"count": ENROLLMENTS, "noon": NOON}
    connection.execute(
        "insert into customer (workspace_id, first_seen_at, last_seen_at)"
        " select 1, %(noon)s, %(noon)s from generate_series(1, %(count)s)",
        values,
    )
    made = connection.execute(
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at, wake_at) select 1, journey.id, journey.version_id,"
        " customer.id, 'bench', 'waiting', 1, %(noon)s, %(noon)s::timestamptz + interval '1 day'"
        " from customer, journey where journey.name = 'hello'"
        " order by customer.id desc limit %(count)s",
        values,
    ).rowcount
    connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)"
        " select 1, customer_id, 'email', customer_id::text, '', customer_id, %(noon)s"
        " from enrollment"
        " where entry_key = 'bench' on conflict do nothing",
        values,
    )
    connection.execute(
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)"
        " select 1, customer_id, 'email', 'marketing', 'granted', %(noon)s, 0 from enrollment"
        " where entry_key = 'bench' on conflict do nothing",
        values,
    )
    connection.commit()
    return made


if __name__ == "__main__":
    main()
