"""How long does a preview of a draft take, and how much of the shop does it look at?

The lake of bench/segments.py (20 million events of a million customers over two years), and a
PostgreSQL that knows the same million customers, each with a trait and a consent. Forty drafts are
previewed as the console does it, one after another, in a process that has answered one before:
thirty of those that bench/segments.py draws, and ten that also ask for facts. For each it is said
how long it took and how many customers were looked at; for five, how far the estimate was off.
Then twenty with ranks: the ready-made ones, and seven of them that also ask for facts. At last the
overlap of a hundred segments, the largest of half the customers and the smallest of one in two
thousand, with seven members a customer: of each fifth of them.

--small takes a tenth; --data names a folder with lakes that bench/segments.py has kept.
"""

# ibis and pyarrow ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false

import argparse
import json
import os
import resource
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dangol.segments.comparison import Equals
from dangol.segments.condition import AllOf, Condition, Consented, Rank, Trait, leaves
from dangol.segments.library import READY_MADE
from dangol.segments.overlap import count_overlaps
from dangol.segments.preview import Preview, preview_condition
from dangol.store.connect import Connection, connect, connect_bare
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.lake import Lake
from dangol.store.migrate import migrate
from dangol.store.vocabulary import Channel
from dangol.store.workspace import create_workspace
from segments import EVENTS_PER_CUSTOMER, MILLION, NOW, SPAWN, draw_segments, write_lake

BUDGET: Final = timedelta(milliseconds=600)
GOLD: Final = Trait(trait="grade", test=Equals(value="gold"))
CUSTOMERS: Final = """
insert into customer (id, workspace_id, first_seen_at, last_seen_at, traits)
overriding system value
select
    number,
    %(workspace_id)s,
    %(now)s,
    %(now)s,
    jsonb_build_object('grade', (array['gold', 'silver', 'plain'])[1 + number %% 3])
from generate_series(1, %(customers)s) as number
"""
CONSENTS: Final = """
with entry as (
    insert into consent_entry (
        workspace_id, customer_id, channel, purpose, action, source, occurred_at, recorded_at
    )
    select workspace_id, id, 'email', 'marketing', 'grant', 'form', %(now)s, %(now)s
    from customer
    where id %% 2 = 0
    returning id, workspace_id, customer_id
)

insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)
select workspace_id, customer_id, 'email', 'marketing', 'granted', %(now)s, id from entry
"""
SEGMENTS: Final = """
insert into segment (workspace_id, name, title_ko, title_en, created_at)
select %(workspace_id)s, 'share ' || number, '', '', %(now)s
from generate_series(1, 100) as number
"""
# Without the checks of each row, which take longer than all the rest.
UNCHECKED: Final = "set local session_replication_role = replica"
MEMBERSHIPS: Final = """
with part as materialized (
    select
        id,
        (500000 * power(1000.0::float8, -(rank() over (order by id) - 1) / 99.0))::bigint as share
    from segment
    where workspace_id = %(workspace_id)s
)

insert into membership (workspace_id, segment_id, customer_id, entered_at)
select %(workspace_id)s, part.id, number, %(now)s
from part
inner join generate_series(1, %(customers)s) as number
    on mod(abs(hashint8extended(number, part.id) / 2), 1000000) < part.share
"""
SIZES: Final = """
update segment
set size = counted.size
from (select segment_id, count(*) as size from membership group by segment_id) as counted
where segment.id = counted.segment_id
"""


def draw_ranks() -> dict[str, Condition]:
    """Return twenty drafts with ranks: those that come ready-made, some of them with facts."""
    ready = [
        one for one in READY_MADE if any(isinstance(leaf, Rank) for leaf in leaves(one.condition))
    ]
    plain = {one.name: one.condition for one in ready}
    asking = Consented(channel=Channel.EMAIL)
    facts = {f"facts {name}": AllOf(of=(tree, GOLD, asking)) for name, tree in plain.items()}
    return dict([*plain.items(), *facts.items()][:20])


def draw_drafts() -> dict[str, Condition]:
    """Return forty drafts: thirty about events, ten that ask for facts, too."""
    drawn = draw_segments()
    names = list(drawn)
    asking = Consented(channel=Channel.EMAIL)
    facts = {f"facts {name}": AllOf(of=(drawn[name], GOLD, asking)) for name in names[30:40]}
    return {**{name: drawn[name] for name in names[:30]}, **facts}


def prepare(connection: Connection, customers: int) -> int:
    """Let PostgreSQL know the lake's customers; return their workspace."""
    with connection.transaction():
        workspace_id = create_workspace(
            connection,
            name="bench",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="bench",
            sender_email="hello@shop.example",
            sender_postal="-",
            sender_phone="02-120",
            now=NOW,
        )
        values = {"workspace_id": workspace_id, "customers": customers, "now": NOW}
        for statement in (CUSTOMERS, CONSENTS, SEGMENTS, UNCHECKED, MEMBERSHIPS, SIZES):
            connection.execute(statement, values)
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")
    connection.autocommit = False
    return workspace_id


def look(
    connection: Connection, lake: Lake, draft: Condition, workspace_id: int, budget: timedelta
) -> tuple[Preview, float]:
    """Preview a draft; return what was seen and how many seconds it took."""
    begun = time.perf_counter()
    with connection.transaction():
        seen = preview_condition(
            connection,
            lake,
            draft,
            workspace_id=workspace_id,
            now=NOW,
            timer=lambda: datetime.now(UTC),
            budget=budget,
        )
    return seen, time.perf_counter() - begun


def measure(connection: Connection, lake: Lake, workspace_id: int) -> dict[str, float]:
    """Preview every draft, and some of them for everybody."""
    drafts = draw_drafts()
    customers = look(connection, lake, GOLD, workspace_id, BUDGET)[0].customers
    first = look(connection, lake, drafts["segment 0"], workspace_id, BUDGET)[1]
    seconds: list[float] = []
    looked: list[int] = []
    held = 0
    for number, (name, draft) in enumerate(drafts.items()):
        seen, took = look(connection, lake, draft, workspace_id, BUDGET)
        seconds.append(took)
        looked.append(seen.looked_at)
        said = f"{name}: {took:.2f} s, {seen.looked_at:,} looked at, {seen.count:,}"
        if number % 8 == 0:
            all_of_them, _ = look(connection, lake, draft, workspace_id, timedelta(days=1))
            held += seen.low <= all_of_them.count <= seen.high
            said += f" ({seen.low:,} to {seen.high:,}); there are {all_of_them.count:,}"
        print(said, flush=True)
    return {
        "customers": customers,
        "events": lake.count_events(),
        "seconds_first": round(first, 2),
        "seconds_median": round(statistics.median(seconds), 2),
        "seconds_p95": round(statistics.quantiles(seconds, n=20)[-1], 2),
        "looked_at_median": int(statistics.median(looked)),
        "in_interval_of_5": held,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def measure_ranks(connection: Connection, lake: Lake, workspace_id: int) -> dict[str, float]:
    """Preview every draft with a rank, and each fourth for everybody."""
    seconds: list[float] = []
    held, asked = 0, 0
    for number, (name, draft) in enumerate(draw_ranks().items()):
        seen, took = look(connection, lake, draft, workspace_id, BUDGET)
        seconds.append(took)
        said = f"{name}: {took:.2f} s, {seen.looked_at:,} looked at, {seen.count:,}"
        if number % 4 == 0:
            everybody, _ = look(connection, lake, draft, workspace_id, timedelta(days=1))
            asked += 1
            held += seen.low <= everybody.count <= seen.high
            said += f" ({seen.low:,} to {seen.high:,}); there are {everybody.count:,}"
        print(said, flush=True)
    return {**spread("rank", seconds), f"rank_in_interval_of_{asked}": held}


def measure_overlaps(connection: Connection, workspace_id: int) -> dict[str, float]:
    """Count the overlap of each fifth segment, from the largest on."""
    ((first,),) = connection.execute("select min(id) from segment").fetchall()
    seconds: list[float] = []
    for segment_id in range(first, first + 100, 5):
        begun = time.perf_counter()
        _ = count_overlaps(connection, workspace_id=workspace_id, segment_id=segment_id)
        seconds.append(time.perf_counter() - begun)
    print("overlaps:", *(f"{took:.2f}" for took in seconds), "s", flush=True)
    return spread("overlap", seconds)


def spread(what: str, seconds: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {
        f"{what}_seconds_median": round(statistics.median(seconds), 2),
        f"{what}_seconds_p95": round(statistics.quantiles(seconds, n=20)[-1], 2),
    }


def find_lake(folder: Path, events: int) -> Lake:
    """Return the lake of this size, written where it is not there yet."""
    place = folder / f"lake{events / MILLION:g}"
    if not place.exists():
        writer = SPAWN.Process(target=write_lake, args=(f"{place}-new", events))
        writer.start()
        writer.join()
        Path(f"{place}-new").rename(place)
    return Lake(str(place))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--small", action="store_true", help="two million events")
    arguments.add_argument("--data", help="a folder with lakes of bench/segments.py")
    options = arguments.parse_args()
    events = (2 if options.small else 20) * MILLION
    folder = Path(tempfile.mkdtemp(prefix="dangol-bench-"))
    server = EmbeddedPostgres.start(folder / "pg")
    try:
        with connect_bare(server.dsn) as bare:
            _ = migrate(bare)
        lake = find_lake(Path(options.data) if options.data else folder, events)
        with connect(server.dsn) as connection:
            workspace_id = prepare(connection, events // EVENTS_PER_CUSTOMER)
            print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
            figures = {
                **measure(connection, lake, workspace_id),
                **measure_ranks(connection, lake, workspace_id),
                **measure_overlaps(connection, workspace_id),
            }
            print("load average", os.getloadavg())
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
