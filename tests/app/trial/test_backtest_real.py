"""A backtest of a real quarter comes to what a query by hand counts on the same purchases.

CDNOW's purchases are those of people who first bought there in 1997, in a sample of one in ten.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from tests.build import NOON

from dangol.app.tick import tick_until_done
from dangol.app.trial.backtest import Plan, run_backtest
from dangol.content.library import install_library
from dangol.ingest.contacts import take_contacts
from dangol.ingest.event import Event, Json
from dangol.ingest.inbox import write_events
from dangol.store.lake import flush_events
from dangol.store.vocabulary import EventType

FIRST, LAST = date(1997, 4, 1), date(1997, 6, 30)
BATCH = 20_000
BEFORE = datetime(1996, 12, 1, tzinfo=UTC)
GRANT: Json = {"channel": "email", "purpose": "marketing", "action": "grant", "source": "import"}
# Whoever has not bought again within thirty days hears from us; within fourteen it is a conversion.
JOURNEY = """
name: come-again
title: {ko: 다시 한번, en: Come again}
entry: {event: Order Completed, reentry_days: 0}
goal: Order Completed
quiet_after_purchase: none
steps:
  - {name: patience, kind: wait, for: 30 days}
  - {name: bought, kind: check_event, event: Order Completed, then: done}
  - {name: note, kind: message, template: winback_note, expires_after: 1 day}
  - {name: done, kind: exit}
"""
# One row: entered, reached the goal, bought later, still wait, got the note. A line of the file is
# a customer of all, one of the sample, a day, so many discs and so many dollars.
BY_HAND = """
with line as (
    select
        row_number() over () as number,
        string_split_regex(trim(text), ' +') as words
    from read_csv($file, columns = {'text': 'varchar'}, delim = '|', header = false)
),

purchase as (
    select
        number,
        words[2] as customer,
        strptime(words[3], '%Y%m%d')::date as day
    from line
),

entered as (
    select
        purchase.number,
        purchase.day,
        min(later.day) - purchase.day as days
    from purchase
    left join purchase as later
        on
            purchase.customer = later.customer
            and later.day > purchase.day
            and later.day <= $last
    where purchase.day between $first and $last
    group by purchase.number, purchase.day
)

select
    count(*),
    count(*) filter (where days <= 14),
    count(*) filter (where days between 15 and 30 and day + 30 <= $last),
    count(*) filter (where coalesce(days, 99) > 14 and day + 30 > $last),
    count(*) filter (where coalesce(days, 99) > 30 and day + 30 <= $last)
from entered
"""


@pytest.fixture
def purchases(shared_data) -> Path:
    """Name the file with the sample's purchases, or skip."""
    path = shared_data / "cdnow" / "CDNOW_sample.txt"
    if not path.is_file():
        pytest.skip(f"CDNOW's purchases are not beside the repository ({path})")
    return path


def lines(path: Path) -> list[tuple[str, date]]:
    """Return who bought on which day, in the order of the file."""
    words = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return [(row[1], datetime.strptime(row[2], "%Y%m%d").date()) for row in words]  # noqa: DTZ007


def come_in(bought: list[tuple[str, date]], vault) -> Iterator[Event]:
    """Yield everybody with an address and a consent, then what they bought, at noon in Seoul."""
    for customer in sorted({customer for customer, _ in bought}):
        traits: dict[str, object] = {"email": f"{customer}@shop.example"}
        yield Event(
            type=EventType.IDENTIFY,
            name="Identified",
            message_id=f"hello-{customer}",
            occurred_at=BEFORE,
            user_id=customer,
            contacts=take_contacts(traits, {}, vault=vault, workspace_id=1, country="KR"),
            consents=[GRANT],
        )
    for number, (customer, day) in enumerate(bought):
        yield Event(
            type=EventType.TRACK,
            name="Order Completed",
            message_id=f"line-{number}",
            occurred_at=datetime.combine(day, time(12), tzinfo=ZoneInfo("Asia/Seoul")),
            user_id=customer,
        )


def test_a_real_quarter_comes_to_what_a_query_by_hand_counts(
    connection, workspace, vault, lake, dsn, purchases
):
    with connection.transaction():
        install_library(connection, workspace_id=workspace, locale="ko", now=NOON)
        events = list(come_in(lines(purchases), vault))
        write_events(connection, events, workspace_id=workspace, received_at=NOON)
    tick_until_done(connection, workspace_id=workspace, vault=vault, now=NOON, batch=BATCH)
    flush_events(connection, lake, workspace_id=workspace, now=NOON + timedelta(seconds=1))
    plan = Plan(workspace_id=workspace, text=JOURNEY, first_day=FIRST, last_day=LAST)

    found = run_backtest(connection, lake, plan, dsn=dsn)

    counted = duckdb.execute(BY_HAND, {"file": str(purchases), "first": FIRST, "last": LAST})
    entered, reached, later, waiting, noted = counted.fetchone() or ()
    assert (found.enrollments, found.conversions.count) == (entered, reached)
    assert found.ends == {"goal_met": reached, "completed": later + noted}
    assert found.inside == {"patience": waiting}
    assert found.messages == noted > 0
    assert found.skips == found.holds == {}
