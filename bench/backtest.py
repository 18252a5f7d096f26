"""How fast is a backtest? A month of a shop with ten thousand customers, through a cart journey.

The month: 100,000 events (products viewed, carts viewed, orders) spread over the days as people
shop, more in the evening than at night, drawn with a fixed seed. They come in through the live tick
and lie in the lake, as a real month does. Then `dangol backtest` tries a journey on it: wait an
hour, look whether they bought, write, wait three days, look again, write again.

The figure is days per second: how many times faster than real time, all that is read included.
"""

import argparse
import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from server import lend_server, open_workspace

from dangol.app.tick import tick_until_done
from dangol.app.trial.backtest import Plan, run_backtest
from dangol.content.library import install_library
from dangol.ingest.contacts import take_contacts
from dangol.ingest.event import Event, Json
from dangol.ingest.inbox import write_events
from dangol.store.connect import Connection, connect, renew_statistics
from dangol.store.lake import Lake, flush_events
from dangol.store.vault import Vault
from dangol.store.vocabulary import EventType

# Midnight in Seoul.
BEGIN = datetime(2027, 2, 28, 15, 0, tzinfo=UTC)
VAULT = Vault(bytes(32))
BATCH = 20_000
GRANT: Json = {"channel": "email", "purpose": "marketing", "action": "grant", "source": "bench"}
NAMES = ("Product Viewed", "Cart Viewed", "Order Completed")
WEIGHTS = (60, 25, 15)
HOURS = (1, 1, 1, 1, 1, 2, 3, 5, 6, 7, 8, 8, 9, 8, 7, 7, 8, 9, 10, 12, 12, 10, 6, 3)
JOURNEY = """
name: cart-note
title: {ko: 두고 간 장바구니, en: A cart left behind}
entry: {event: Cart Viewed, reentry_days: 7}
goal: Order Completed
steps:
  - {name: patience, kind: wait, for: 1 hour}
  - {name: bought, kind: check_event, event: Order Completed, then: done}
  - {name: note, kind: message, template: winback_note, expires_after: 1 day}
  - {name: rest, kind: wait, for: 3 days}
  - {name: bought_later, kind: check_event, event: Order Completed, then: done}
  - {name: second, kind: message, template: winback_second_note, expires_after: 1 day}
  - {name: done, kind: exit}
"""


def main() -> None:
    """Run it and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--customers", type=int, default=10_000)
    arguments.add_argument("--events", type=int, default=100_000)
    arguments.add_argument("--days", type=int, default=30)
    arguments.add_argument("--step", type=int, default=15, help="minutes between stops")
    options = arguments.parse_args()
    with lend_server() as server, TemporaryDirectory() as folder:
        dsn = server.postgres.dsn
        with connect(dsn) as live:
            lake = Lake(Path(folder) / "lake")
            workspace = live_a_month(live, lake, options)
            plan = Plan(
                workspace_id=workspace,
                text=JOURNEY,
                first_day=date(2027, 3, 1),
                last_day=date(2027, 3, 1) + timedelta(days=options.days - 1),
                step=timedelta(minutes=options.step),
            )
            begun = time.perf_counter()
            found = run_backtest(live, lake, plan, dsn=dsn)
            seconds = time.perf_counter() - begun
    print(f"{found.events:,} events, {found.enrollments:,} enrolled, {found.messages:,} messages")
    figures = {
        "times_real_time": round(options.days * 86_400 / seconds),
        "seconds": round(seconds, 2),
        "customers": options.customers,
        "days": options.days,
        "step_minutes": options.step,
        "events": found.events,
        "enrollments": found.enrollments,
        "messages": found.messages,
    }
    print(json.dumps(figures))


def live_a_month(live: Connection, lake: Lake, options: argparse.Namespace) -> int:
    """Let the month happen; return the workspace."""
    with live.transaction():
        workspace = open_workspace(live, now=BEGIN)
        install_library(live, workspace_id=workspace, locale="ko", now=BEGIN)
    for some in portions(options):
        with live.transaction():
            write_events(live, some, workspace_id=workspace, received_at=some[-1].occurred_at)
        now = some[-1].occurred_at
        tick_until_done(live, workspace_id=workspace, vault=VAULT, now=now, batch=BATCH)
        flush_events(live, lake, workspace_id=workspace, now=now)
    with live.transaction():
        renew_statistics(live)
    return workspace


def portions(options: argparse.Namespace) -> Iterator[list[Event]]:
    """Yield everybody's sign-up, then the month's events in their order."""
    sealed = [
        Event(
            type=EventType.IDENTIFY,
            name="Identified",
            message_id=f"hello-{number}",
            occurred_at=BEGIN - timedelta(days=1),
            user_id=str(number),
            contacts=contacts(number),
            consents=[GRANT],
        )
        for number in range(options.customers)
    ]
    yield sealed
    random = Random(20270301)  # noqa: S311 - a month needs no secrecy
    events = sorted(
        (draw(random, place, options) for place in range(options.events)),
        key=lambda event: event.occurred_at,
    )
    for start in range(0, len(events), BATCH):
        yield events[start : start + BATCH]


def contacts(number: int) -> list[dict[str, str]]:
    """Return an address as the tracking API seals it."""
    traits: dict[str, object] = {"email": f"someone{number}@shop.example"}
    return take_contacts(traits, {}, vault=VAULT, workspace_id=1, country="KR")


def draw(random: Random, place: int, options: argparse.Namespace) -> Event:
    """Draw one event of the month."""
    (hour,) = random.choices(range(24), HOURS)
    moment = BEGIN + timedelta(
        days=random.randrange(options.days), hours=hour, seconds=random.randrange(3_600)
    )
    (name,) = random.choices(NAMES, WEIGHTS)
    return Event(
        type=EventType.TRACK,
        name=name,
        message_id=f"m-{place}",
        occurred_at=moment,
        user_id=str(random.randrange(options.customers)),
        properties={"place": place},
    )


if __name__ == "__main__":
    main()
