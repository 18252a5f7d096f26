"""The shop under attack, and the people who come into it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from psycopg import sql
from tests.build import template
from tests.crash.ingest.nursery import Nursery
from tests.crash.ingest.shop import open_workspace
from tests.crash.journeys.children import prepare_publisher, prepare_worker
from tests.crash.journeys.plan import PUBLISHER, WORKERS
from tests.crash.journeys.story import AWAITED, BOUGHT, FIRST, VIEWED, buys

from dangol.app.clock import machine_time, shifted_clock, start_clock
from dangol.app.database import prepare_database, url_of
from dangol.app.journeys import apply_journey
from dangol.app.keyfile import open_vault
from dangol.app.settings import Settings
from dangol.store.connect import Connection, connect
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import ensure_event_partitions

TICK_SECONDS: Final = 0.05
# Small, so that some always wait for the next tick.
TICK_BATCH: Final = 12
DAYS_AHEAD: Final = 12
TELL: Final = """
insert into event (workspace_id, received_at, occurred_at, type, name, message_id, user_id)
values (%(workspace_id)s, %(now)s, %(now)s, 'track', %(name)s, %(message_id)s, %(customer)s)
"""
WAITING: Final = """
select identifier.key from enrollment
join journey_step on journey_step.version_id = enrollment.version_id
    and journey_step.number = enrollment.step_number
join identifier on identifier.customer_id = enrollment.customer_id
where enrollment.workspace_id = %(workspace_id)s and enrollment.state = 'waiting'
and journey_step.name = %(step)s and identifier.kind = 'external'
"""


@dataclass(kw_only=True)
class Shop:
    """One installation; everything in it can be killed and started again."""

    settings: Settings
    workspace_id: int
    # Days for whose events there is room.
    days: set[object] = field(default_factory=set)

    def connect(self) -> Connection:
        """Open a connection."""
        return connect(self.settings.database_url)

    def nurseries(self, server: Path, *, mutant: str) -> dict[str, Nursery]:
        """Return who bears its workers and its publisher, by name."""
        worker = (self.settings, server, mutant)
        made = {name: Nursery(prepare=prepare_worker, arguments=worker) for name in WORKERS}
        publisher = (self.settings, server, self.workspace_id, mutant)
        made[PUBLISHER] = Nursery(prepare=prepare_publisher, arguments=publisher)
        return made

    def tell(self, connection: Connection, customers: Sequence[str], *, name: str) -> None:
        """Let something have happened to each; told again, it is the same event."""
        now = shifted_clock(connection)
        with connection.transaction():
            self.make_room(connection, now)
            for customer in customers:
                place = {"workspace_id": self.workspace_id, "now": now, "name": name}
                told = {"customer": customer, "message_id": f"{name}-{customer}"}
                connection.execute(TELL, {**place, **told})

    def view(self, connection: Connection, customers: Sequence[str]) -> None:
        """Let each view a cart."""
        self.tell(connection, customers, name=VIEWED)

    def serve(self, connection: Connection, served: set[str]) -> list[str]:
        """Let those buy who are waited for and have not; return who did."""
        place = {"workspace_id": self.workspace_id, "step": AWAITED}
        with connection.transaction():
            rows = connection.execute(WAITING, place).fetchall()
        buying = sorted({key for (key,) in rows if buys(key)} - served)
        if buying:
            self.tell(connection, buying, name=BOUGHT)
        return buying

    def pass_time(self, connection: Connection, *, hours: float) -> None:
        """Let the installation's time jump ahead."""
        now = shifted_clock(connection)
        with connection.transaction():
            # First the room: a tick writes events of its own at the new time.
            self.make_room(connection, now + timedelta(hours=hours))
            query = "update clock_shift set shift = shift + make_interval(secs => %s)"
            connection.execute(query, (hours * 3600,))

    def make_room(self, connection: Connection, now: datetime) -> None:
        """Make sure that events of these days can be kept."""
        if now.date() + timedelta(days=1) not in self.days:
            days = [now.date() + timedelta(days=number) for number in range(DAYS_AHEAD)]
            ensure_event_partitions(connection, days=days)
            self.days |= set(days)


def open_shop(folder: Path, *, server: EmbeddedPostgres) -> Shop:
    """Make an installation in a database of its own, with its journeys running."""
    folder.mkdir()
    name = f"crash_{secrets.token_hex(4)}"
    with psycopg.connect(server.dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    url = url_of(server).replace("@/postgres?", f"@/{name}?")
    prepare_database(url)
    settings = Settings(database_url=url, data_folder=folder, base_url="https://dangol.example")
    settings = msgspec.structs.replace(settings, tick_seconds=TICK_SECONDS, tick_batch=TICK_BATCH)
    open_vault(settings.key_path)
    with connect(url) as connection, connection.transaction():
        now = machine_time()
        start_clock(connection, at=now)
        shop = Shop(settings=settings, workspace_id=open_workspace(connection))
        template(connection, shop.workspace_id, now=now)
        template(connection, shop.workspace_id, name="note_sms", channel="sms", now=now)
        for text in FIRST:
            apply_journey(connection, workspace_id=shop.workspace_id, text=text, now=now)
        shop.make_room(connection, now)
    return shop
