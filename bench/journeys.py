"""How fast do journeys move everybody, beside bare SQL that writes the same rows?

A million enrollments whose wait is over come to a branch on a trait, get a message planned and wait
again: batch by batch, as ticks move them. Beside it the plainest program that leaves the same rows
behind, an INSERT … SELECT of the messages and an UPDATE of the enrollments, batch by batch too, on
the same PostgreSQL, the same tables and indexes. The two take turns, a part of the people each, so
that neither has the warmer cache or the larger tables; both leave the same, which is checked.

Then, each on a server of its own: what a thousand journeys cost while nobody is concerned, how the
time grows with the enrollments, and how long an event takes to become a planned message.
"""

import argparse
import json
import os
import resource
import statistics
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, LiteralString

from server import lend_server, open_workspace

from dangol.app.conditions import Conditions
from dangol.app.journeys import apply_journey
from dangol.app.tick import run_tick
from dangol.journeys.advance import advance_journeys
from dangol.store.connect import Connection, connect
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vault import Vault

NOON: Final = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
DUE: Final = NOON + timedelta(days=2)
BATCH: Final = 20_000
# How many of the people each of the two moves before it is the other's turn.
TURN: Final = 100_000
IDLE_TICKS: Final = 60
RATE: Final = 1_000
VAULT: Final = Vault(bytes(range(32)))
JOURNEY: Final = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed}
steps:
  - {name: patience, kind: wait, for: 2 days}
  - name: grade
    kind: branch
    ways:
      - {when: {kind: trait, trait: grade, is: {kind: equals, value: VIP}}, then: vip_note}
    otherwise: note
  - {name: vip_note, kind: message, template: vip_note, next: rest}
  - {name: note, kind: message, template: note, next: rest}
  - {name: rest, kind: wait, for: 7 days}
"""
IDLE: Final = """
name: idle-{number}
title: {{ko: 쉬는 여정, en: Idle}}
entry:
  event: Rare Event {number}
  where: [{{kind: property, property: total, is: {{kind: at_least, value: 10}}}}]
goal: Rare Goal {number}
exit_when: {{events: [Rare Exit {number}]}}
steps:
  - {{name: hope, kind: wait_for, event: Rare Hope {number}, at_most: 3 days}}
  - {{name: note, kind: message, template: note}}
"""
AT_ONCE: Final = """
name: at-once
title: {ko: 바로, en: At once}
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: note, kind: message, template: note}
"""
TEMPLATE: Final[LiteralString] = """
insert into template (workspace_id, name, channel, purpose, locale, subject, body_text, body_html,
    created_at)
values (1, %(name)s, 'email', 'marketing', 'ko', '-', '-', '-', %(now)s)
"""
PEOPLE: Final[LiteralString] = """
insert into customer (workspace_id, first_seen_at, last_seen_at, traits)
select 1, %(now)s, %(now)s,
    jsonb_build_object('grade', (array['VIP', 'GOLD', 'SILVER', 'NONE'])[1 + number %% 4],
        'city', 'Seoul', 'birthday', '1990-04-01')
from generate_series(1, %(people)s) as number
"""
KNOWN: Final[LiteralString] = """
insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)
select 1, 'external', 'c' || customer.id, customer.id, %(now)s from customer
"""
ENROLL: Final[LiteralString] = """
insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key, state,
    step_number, entered_at, wake_at, trail, trail_at)
select 1, journey.id, journey.version_id, customer.id, 'entry', 'waiting', 1, %(now)s,
    %(now)s::timestamptz + interval '2 days', array[journey_step.id], array[%(now)s::timestamptz]
from customer
cross join journey
inner join journey_step on journey_step.version_id = journey.version_id and number = 1
order by customer.id
"""
BARE: Final[tuple[LiteralString, ...]] = (
    """
insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id, step_number,
    visit, template_id, channel, purpose, planned_at, expires_at, act_at)
select 1, enrollment.customer_id, enrollment.id, enrollment.journey_id, enrollment.version_id,
    step.number, 1, step.template_id, 'email', 'marketing', %(due)s::timestamptz,
    %(due)s::timestamptz + step.expires_after, %(due)s::timestamptz
from enrollment
inner join customer on enrollment.customer_id = customer.id
inner join journey_step as step
    on enrollment.version_id = step.version_id
    and step.number = case when customer.traits ->> 'grade' = 'VIP' then 3 else 4 end
where enrollment.id > %(after)s and enrollment.id <= %(last)s
order by enrollment.id
""",
    """
update enrollment
set state = 'waiting', step_number = 5, planned = 1, wake_at = %(due)s::timestamptz + rest.wait_for,
    trail = enrollment.trail || array[grade.id, note.id, rest.id],
    trail_at = enrollment.trail_at || array_fill(%(due)s::timestamptz, array[3])
from customer, journey_step as grade, journey_step as note, journey_step as rest
where enrollment.id > %(after)s and enrollment.id <= %(last)s
    and customer.id = enrollment.customer_id
    and grade.version_id = enrollment.version_id and grade.number = 2
    and note.version_id = enrollment.version_id
    and note.number = case when customer.traits ->> 'grade' = 'VIP' then 3 else 4 end
    and rest.version_id = enrollment.version_id and rest.number = 5
""",
)


def fill(connection: Connection, *, people: int) -> None:
    """Make a shop whose people all wait, until two days after noon."""
    with connection.transaction():
        _ = open_workspace(connection, now=NOON)
        ensure_event_partitions(connection, days=[NOON.date(), DUE.date()])
        for name in ("note", "vip_note"):
            connection.execute(TEMPLATE, {"name": name, "now": NOON})
        apply_journey(connection, workspace_id=1, text=JOURNEY, now=NOON)
        connection.execute(PEOPLE, {"people": people, "now": NOON})
        connection.execute(ENROLL, {"now": NOON})
    connection.autocommit = True
    connection.execute("vacuum analyze")
    connection.execute("checkpoint")
    connection.autocommit = False


def move_engine(connection: Connection, *, people: int) -> float:
    """Let ticks move so many; return the seconds."""
    begun = time.perf_counter()
    moved = 0
    while moved < people:
        with connection.transaction():
            most = min(BATCH, people - moved)
            moved += advance_journeys(
                connection, workspace_id=1, judge=Conditions(), now=DUE, batch=most
            ).moved
    return time.perf_counter() - begun


def move_bare(connection: Connection, *, after: int, people: int) -> float:
    """Write the same rows with two bare statements a batch; return the seconds."""
    begun = time.perf_counter()
    for first in range(after, after + people, BATCH):
        with connection.transaction():
            for statement in BARE:
                connection.execute(
                    statement,
                    {"after": first, "last": min(first + BATCH, after + people), "due": DUE},
                )
    return time.perf_counter() - begun


def compare(*, people: int) -> dict[str, float]:
    """Move half of the people by ticks and half by bare statements, by turns."""
    turn = min(TURN, people // 4)
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        fill(connection, people=people)
        seconds = {"engine": 0.0, "bare": 0.0}
        for number, after in enumerate(range(0, people, turn)):
            if number % 2:
                seconds["bare"] += move_bare(connection, after=after, people=turn)
            else:
                seconds["engine"] += move_engine(connection, people=turn)
        check_same(connection)
    half = people / 2
    rates = {name: half / spent for name, spent in seconds.items()}
    print({name: round(spent, 2) for name, spent in seconds.items()}, "for", half, "each")
    return {
        "rows_per_second": round(rates["engine"]),
        "bare_rows_per_second": round(rates["bare"]),
        "ratio": round(rates["engine"] / rates["bare"], 3),
    }


def check_same(connection: Connection) -> None:
    """Make sure that everybody has been moved, all of them alike.

    Raises:
        SystemExit: they were not.
    """
    kinds = connection.execute(
        "select enrollment.state, enrollment.step_number, planned, wake_at, cardinality(trail),"
        " trail_at,"
        " message.state, message.expires_at, customer.traits ->> 'grade' = 'VIP',"
        " message.step_number, count(*) from enrollment"
        " inner join customer on customer.id = customer_id"
        " inner join message on message.enrollment_id = enrollment.id"
        " group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"
    ).fetchall()
    if len(kinds) != 2:  # noqa: PLR2004 - VIPs and the others
        raise SystemExit(f"the two did not leave the same: {kinds}")


def growth(sizes: Iterable[int]) -> dict[str, float]:
    """Return how many seconds the ticks take for each number of enrollments, per million."""
    found: dict[str, float] = {}
    for people in sizes:
        with lend_server() as server, connect(server.postgres.dsn) as connection:
            fill(connection, people=people)
            spent = move_engine(connection, people=people)
            found[str(people)] = round(spent / people * 1e6, 2)
            print(f"{people:,} enrollments: {spent:.2f} s, {people / spent:,.0f} a second")
    return found


def processor_seconds(connection: Connection) -> float:
    """Return how long this process and its server process have computed."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    fields = (
        Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    )
    server = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own.ru_utime + own.ru_stime + server


def idle(*, journeys: int, with_events: bool) -> float:
    """Return the share of a core that ticks take, one a second, with so many idle journeys."""
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        fill(connection, people=100)
        with connection.transaction():
            for number in range(journeys):
                text = IDLE.format(number=number)
                apply_journey(connection, workspace_id=1, text=text, now=NOON)
            connection.execute("update enrollment set wake_at = '2030-01-01'")
            connection.execute(KNOWN, {"now": NOON})
        connection.autocommit = True
        connection.execute("vacuum analyze")
        connection.autocommit = False
        spent = 0.0
        for number in range(-5, IDLE_TICKS):
            if with_events:
                send(
                    connection,
                    names=["Page Viewed"] * 20,
                    number=number,
                    now=NOON,
                    people=100,
                )
            before = processor_seconds(connection)
            run_tick(connection, workspace_id=1, vault=VAULT, now=NOON, batch=BATCH)
            if number >= 0:
                spent += processor_seconds(connection) - before
    return spent / IDLE_TICKS


def send(
    connection: Connection, *, names: list[str], number: int, now: datetime, people: int
) -> None:
    """Put events of these names into the inbox, each of another customer."""
    with connection.transaction():
        connection.execute(
            "insert into event (workspace_id, received_at, occurred_at, type, name, message_id,"
            " user_id) select 1, %(now)s, %(now)s, 'track', sent.name,"
            " concat_ws(':', %(number)s::integer, sent.place),"
            " 'c' || 1 + (%(number)s::bigint * 7919 + sent.place + 100000) %% %(people)s"
            " from unnest(%(names)s::text[]) with ordinality as sent (name, place)",
            {"names": names, "number": number, "now": now, "people": people},
        )


def latency(*, seconds: int, people: int) -> dict[str, float]:
    """Send a thousand events a second, tick once a second; return when their messages stood."""
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        fill(connection, people=people)
        today = datetime.now(UTC)
        with connection.transaction():
            ensure_event_partitions(connection, days=[today.date()])
            connection.execute("update enrollment set wake_at = '2090-01-01'")
            connection.execute(KNOWN, {"now": NOON})
            apply_journey(connection, workspace_id=1, text=AT_ONCE, now=today)
            connection.execute("analyze")
        sent: dict[str, float] = {}
        stop = threading.Event()
        sender = threading.Thread(
            target=keep_sending,
            args=(server.postgres.dsn,),
            kwargs={"sent": sent, "stop": stop, "people": people},
        )
        sender.start()
        waits: list[float] = []
        seen = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            ticked = run_tick(
                connection, workspace_id=1, vault=VAULT, now=datetime.now(UTC), batch=BATCH
            )
            stood = time.monotonic()
            rows = connection.execute(
                "select message.id, enrollment.entry_key from message"
                " inner join enrollment on enrollment.id = enrollment_id where message.id > %s",
                (seen,),
            ).fetchall()
            connection.commit()
            waits += [stood - sent[key] for _, key in rows]
            seen = max([seen, *(number for number, _ in rows)])
            if ticked and not ticked.full:
                # As the worker does: on every beat, however long a tick takes.
                time.sleep(max(0.0, begun + 1 - time.monotonic()))
        stop.set()
        sender.join()
    waits.sort()
    return {
        "events": len(waits),
        "planned_p50_seconds": round(statistics.median(waits), 3),
        "planned_p99_seconds": round(waits[int(len(waits) * 0.99)], 3),
    }


def keep_sending(dsn: str, *, sent: dict[str, float], stop: threading.Event, people: int) -> None:
    """Send ``RATE`` events a second, ten at a time, until told to stop."""
    with connect(dsn) as connection:
        number, begun = 0, time.monotonic()
        while not stop.is_set():
            send(
                connection,
                names=["Cart Viewed"] * 10,
                number=number,
                now=datetime.now(UTC),
                people=people,
            )
            done = time.monotonic()
            sent |= {f"{number}:{place}": done for place in range(1, 11)}
            number += 1
            time.sleep(max(0.0, begun + number * 10 / RATE - time.monotonic()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--people", type=int, default=1_000_000)
    _ = parser.add_argument("--sizes", default="0.1,0.3,1", help="enrollments, in millions")
    _ = parser.add_argument("--seconds", type=int, default=20, help="how long to send events")
    _ = parser.add_argument("--only", choices=["ratio", "growth", "idle", "latency"])
    options = parser.parse_args()
    print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
    figures: dict[str, object] = {}
    if options.only in {None, "growth"}:
        sizes = [int(float(size) * 1_000_000) for size in options.sizes.split(",")]
        figures["seconds_per_million"] = growth(sizes)
    if options.only in {None, "idle"}:
        figures["idle_cpu_share"] = {
            f"{journeys} journeys{', 20 events a tick' if with_events else ''}": round(
                idle(journeys=journeys, with_events=with_events), 5
            )
            for journeys in (0, 1_000)
            for with_events in (False, True)
        }
    if options.only in {None, "latency"}:
        for people in (100, 100_000):
            found = latency(seconds=options.seconds, people=people)
            print("among", people, "customers:", found)
            figures |= found
    if options.only in {None, "ratio"}:
        figures |= compare(people=options.people)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
