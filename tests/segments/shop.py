"""A shop with a clock, for tests of beats: what happens there, and who should belong where."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb
from tests import build
from tests.build import NOON, customer, happened
from tests.segments.reference import Happened, Known, Reacted, World, reference_members

from dangol.ingest.merging import MergeFault, merge_customers, unmerge_customer
from dangol.segments.condition import Condition
from dangol.segments.define import define_segment
from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events

SEOUL = ZoneInfo("Asia/Seoul")
DAY = timedelta(days=1)
SHOPS = count()


@dataclass(kw_only=True)
class Shop:
    """A shop with a clock, whose events reach the lake when it is told to flush."""

    connection: Connection
    lake: Lake
    workspace: int
    now: datetime = NOON
    people: list[int] = field(default_factory=list)
    waiting: list[Happened] = field(default_factory=list)
    flushed: list[Happened] = field(default_factory=list)
    definitions: dict[str, Condition] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def meet(self) -> int:
        name = f"{self.workspace} customer {len(self.people)}"
        email = f"{len(self.people)}@{self.workspace}.example"
        self.people.append(
            customer(self.connection, self.workspace, name=name, email=email, now=self.now)
        )
        return self.people[-1]

    def happen(self, who: int, *, name: str = "Order Completed", ago: timedelta = DAY) -> None:
        at = self.now - ago
        number = happened(
            self.connection,
            self.workspace,
            customer_id=who,
            name=name,
            occurred_at=at,
            received_at=self.now,
            message_id=f"m{len(self.waiting) + len(self.flushed)}",
        )
        self.waiting.append(Happened(who, name, at, event_id=number))
        # What the tick does with a visit.
        self.run(
            "update customer set first_seen_at = least(first_seen_at, %(at)s),"
            " last_seen_at = greatest(last_seen_at, %(at)s)"
            " where id = (select coalesce(head_id, id) from customer where id = %(who)s)",
            at=at,
            who=who,
        )

    def run(self, query: str, **values: object) -> psycopg.Cursor:
        values = {"shop": self.workspace, "now": self.now, **values}
        return self.connection.execute(query.encode(), values)

    def learn(self, who: int, **traits: object) -> None:
        """Be told traits, by an event that the lake does not have yet."""
        self.happen(who, name="Told", ago=timedelta(0))
        self.run(
            "update customer set traits = %(traits)s"
            " where id = (select coalesce(head_id, id) from customer where id = %(who)s)",
            traits=Jsonb(traits),
            who=who,
        )

    def consent(self, who: int, *, state: str) -> None:
        self.run(
            "insert into consent (workspace_id, customer_id, channel, purpose, state, since,"
            " entry_id) values (%(shop)s, %(who)s, 'email', 'marketing', %(state)s, %(now)s, 0)"
            " on conflict (customer_id, channel, purpose) do update set state = excluded.state",
            who=who,
            state=state,
        )

    def bounce(self, who: int) -> None:
        self.run("update address set state = 'bounced' where customer_id = %(who)s", who=who)

    def suppress(self, who: int) -> None:
        self.run(
            "insert into suppression select workspace_id, channel, key, 'manual', %(now)s"
            " from address where customer_id = %(who)s on conflict do nothing",
            who=who,
        )

    def allow(self, who: int) -> None:
        self.run(
            "delete from suppression using address where address.key = address_key"
            " and address.customer_id = %(who)s",
            who=who,
        )

    def furnish(self) -> None:
        """Make what conditions name."""
        for name in ("vip", "empty", "unheard of"):
            self.run(
                "insert into customer_list (workspace_id, name, uploaded_at)"
                " values (%(shop)s, %(name)s, %(now)s)",
                name=name,
            )
        self.run(
            "insert into journey (workspace_id, name, title_ko, title_en, created_at)"
            " values (%(shop)s, 'welcome', '', '', %(now)s)"
        )

    def enlist(self, who: int) -> None:
        self.run(
            "insert into list_entry select workspace_id, id, %(who)s from customer_list"
            " where workspace_id = %(shop)s and name = 'vip' on conflict do nothing",
            who=who,
        )

    def delist(self, who: int) -> None:
        self.run("delete from list_entry where customer_id = %(who)s", who=who)

    def forge(self, who: int) -> None:
        """Write a membership that no condition justifies."""
        self.run(
            "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
            " values (%(shop)s, %(segment)s, %(who)s, %(now)s)",
            segment=self.ids["asked"],
            who=who,
        )
        self.connection.commit()

    def send(self, who: int) -> int:
        """Send a message of the journey "welcome"; return its number."""
        # What a message hangs on does not matter here.
        self.run("set session_replication_role = replica")
        (message,) = self.run(
            "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
            " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state)"
            " select %(shop)s, coalesce(customer.head_id, customer.id), 0, journey.id, 1, 1,"
            " (select count(*) from message), 1, 'email', 'marketing', %(now)s, %(now)s, 'handed'"
            " from customer, journey where customer.id = %(who)s"
            " and journey.workspace_id = %(shop)s returning id",
            who=who,
        ).fetchone()
        self.run("set session_replication_role = origin")
        self.run(
            "insert into delivery (workspace_id, message_id, customer_id, attempt, channel,"
            " provider, address_key, state, claimed_by, claimed_at, lease_until)"
            " select workspace_id, id, customer_id, 1, channel, 'smtp', '', 'calling', '', %(now)s,"
            " %(now)s from message where id = %(message)s",
            message=message,
        )
        self.run(
            "update delivery set state = 'accepted', settled_at = %(now)s"
            " where message_id = %(message)s",
            message=message,
        )
        return message

    def react(self, who: int, *, kind: str = "opened", ago: timedelta = timedelta(0)) -> None:
        """React to a message that was just sent."""
        self.run(
            "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
            " dedupe_key) select workspace_id, id, customer_id, %(kind)s, %(at)s, id::text"
            " from message where id = %(message)s",
            message=self.send(who),
            kind=kind,
            at=self.now - ago,
        )

    def flush(self) -> None:
        self.connection.commit()
        flush_events(self.connection, self.lake, workspace_id=self.workspace, now=self.now)
        self.flushed += self.waiting
        self.waiting.clear()

    def define(self, condition: Condition, *, name: str = "asked") -> None:
        with self.connection.transaction():
            self.ids[name] = define_segment(
                self.connection,
                workspace_id=self.workspace,
                name=name,
                title_ko=name,
                title_en=name,
                definition=condition,
                now=self.now,
            )
        self.definitions[name] = condition

    def beat(self, *, afresh: bool = False) -> dict[str, set[int]]:
        self.connection.commit()
        with self.connection.transaction():
            refresh_segments(
                self.connection,
                self.lake,
                workspace_id=self.workspace,
                now=self.now,
                afresh=afresh,
            )
        return self.members()

    def members(self) -> dict[str, set[int]]:
        query = "select customer_id from membership where segment_id = %s"
        return {
            name: {row[0] for row in self.connection.execute(query, (segment,))}
            for name, segment in self.ids.items()
        }

    def expected(self) -> dict[str, set[int]]:
        """Say who belongs, the slow way."""
        world = self.world()
        return {
            name: reference_members(condition, world, now=self.now, zone=SEOUL)
            for name, condition in self.definitions.items()
        }

    def world(self) -> World:
        rows = self.run(
            "select id, coalesce(head_id, id), state::text, traits, first_seen_at, last_seen_at,"
            " locale, country, time_zone from customer where workspace_id = %(shop)s"
        ).fetchall()
        head = {row[0]: row[1] for row in rows}
        lists: dict[str, set[int]] = {}
        for name, who in self.run(
            "select name, customer_id from list_entry inner join customer_list on list_id = id"
            " where list_entry.workspace_id = %(shop)s"
        ):
            lists.setdefault(name, set()).add(head[who])
        return World(
            customers={row[0]: Known(*row[3:]) for row in rows if row[2] == "active"},
            events=[
                Happened(**{**vars(e), "customer_id": head[e.customer_id]}) for e in self.flushed
            ],
            consents={
                (who, channel, purpose): state
                for who, channel, purpose, state in self.run(
                    "select customer_id, channel::text, purpose::text, state::text from consent"
                    " where workspace_id = %(shop)s"
                )
            },
            reach=frozenset(
                self.run(
                    "select customer_id, channel::text from address where workspace_id = %(shop)s"
                    " and state = 'reachable' and key not in (select address_key from suppression)"
                )
            ),
            reactions=self.reactions(),
            lists=lists,
            segments=self.definitions,
        )

    def reactions(self) -> list[Reacted]:
        rows = self.run(
            "select message.customer_id, message.channel::text, 'welcome', kind, at from message"
            " inner join (select message_id, 'sent' as kind, settled_at as at from delivery"
            " union all select message_id, kind::text, occurred_at from receipt) as told"
            " on message_id = message.id"
            " where message.workspace_id = %(shop)s and at <= %(now)s"
        )
        return [Reacted(*row) for row in rows]

    def announced(self) -> int:
        query = "select count(*) from event where workspace_id = %s and name like 'Segment %%'"
        return self.connection.execute(query, (self.workspace,)).fetchone()[0]


def open_shop(connection: Connection, folder: Path) -> Shop:
    workspace = build.open_shop(connection, name=f"shop {next(SHOPS)} {folder.name}")
    return Shop(connection=connection, lake=Lake(folder / "lake"), workspace=workspace)


def merge(shop: Shop, one: int, other: int) -> None:
    shop.connection.commit()
    try:
        with shop.connection.transaction():
            merge_customers(
                shop.connection,
                workspace_id=shop.workspace,
                one_id=one,
                other_id=other,
                now=shop.now,
            )
    except MergeFault:
        pass


def unmerge(shop: Shop, part: int) -> None:
    shop.connection.commit()
    try:
        with shop.connection.transaction():
            unmerge_customer(
                shop.connection, workspace_id=shop.workspace, customer_id=part, now=shop.now
            )
    except MergeFault:
        pass
