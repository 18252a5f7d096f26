"""A random world as PostgreSQL and the lake keep it: its events come in and act in ticks."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from psycopg import sql
from tests.ingest.words import arrive, tick_all, told
from tests.segments.random_world import COLUMNS
from tests.segments.reference import Happened, Reacted, World

from dangol.ingest.merging import merge_customers
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events

# Who turns out to be one person with whom.
MERGED = ((3, 17), (5, 35), (8, 9), (9, 21))


def keep_world(
    connection: Connection, lake: Lake, workspace: int, world: World, *, now: datetime
) -> World:
    """Bring a world's past in, and merge some of its people; return the world as it then is."""
    past = [event for event in world.events if event.occurred_at <= now]
    keep_customers(connection, workspace, world)
    arrive(connection, workspace, *map(as_told, past), at=now)
    tick_all(connection, workspace)
    connection.commit()
    flush_events(connection, lake, workspace_id=workspace, now=now)
    heads = merge_some(connection, workspace, now=now)
    merged = of_heads(replace(world, events=past), heads)
    keep_facts(connection, workspace, merged)
    # A list names whom its file named, whoever they count for now.
    for name, whose in world.lists.items():
        keep_list(connection, workspace, name, whose)
    connection.commit()
    return merged


def keep_customers(connection: Connection, workspace: int, world: World) -> None:
    for who, known in world.customers.items():
        connection.execute(
            "insert into customer (id, workspace_id, first_seen_at, last_seen_at)"
            " overriding system value values (%s, %s, %s, %s)",
            (who, workspace, known.first_seen_at, known.last_seen_at),
        )
        connection.execute(
            "insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)"
            " values (%s, 'external', %s, %s, %s)",
            (workspace, f"c{who}", who, known.first_seen_at),
        )
    connection.execute("alter table customer alter id restart with 1000")


def as_told(event: Happened) -> object:
    return told(
        f"m{event.event_id}",
        name=event.name,
        user=f"c{event.customer_id}",
        at=event.occurred_at,
        revenue=event.revenue,
        category=event.category,
        properties=dict(event.properties),
    )


def merge_some(connection: Connection, workspace: int, *, now: datetime) -> dict[int, int]:
    """Merge some; return whom every part of somebody counts for."""
    for one, other in MERGED:
        with connection.transaction():
            merge_customers(connection, workspace_id=workspace, one_id=one, other_id=other, now=now)
    rows = connection.execute("select id, head_id from customer where head_id is not null")
    return dict(rows.fetchall())


def of_heads(world: World, heads: Mapping[int, int]) -> World:
    """The same world, in which the parts of somebody are one person."""
    return replace(
        world,
        customers={who: known for who, known in world.customers.items() if who not in heads},
        events=[
            replace(e, customer_id=heads.get(e.customer_id, e.customer_id)) for e in world.events
        ],
        consents={key: state for key, state in world.consents.items() if key[0] not in heads},
        reach=frozenset(one for one in world.reach if one[0] not in heads),
        reactions=[one for one in world.reactions if one.customer_id not in heads],
        lists={name: {heads.get(one, one) for one in who} for name, who in world.lists.items()},
    )


# Facts of heads ----------------------------------------------------------------------------------


def keep_facts(connection: Connection, workspace: int, world: World) -> None:
    for who, known in world.customers.items():
        columns = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), getattr(known, name))
            for name in COLUMNS
        )
        connection.execute(
            sql.SQL("update customer set {}, traits = %s where id = %s").format(columns),
            (json.dumps(known.traits), who),
        )
    for (who, channel, purpose), state in world.consents.items():
        connection.execute(
            "insert into consent (workspace_id, customer_id, channel, purpose, state, since,"
            " entry_id) values (%s, %s, %s, %s, %s, '2027-01-01', 0)",
            (workspace, who, channel, purpose, state),
        )
    for who in world.customers:
        keep_address(connection, workspace, who, reached=(who, "email") in world.reach)
    keep_reactions(connection, workspace, list(world.reactions))


def keep_address(connection: Connection, workspace: int, who: int, *, reached: bool) -> None:
    """An address that takes messages, or is forbidden, or bounces, or none."""
    if not reached and who % 3 == 0:
        return
    state = "bounced" if not reached and who % 3 == 1 else "reachable"
    connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, state,"
        " changed_at) values (%s, %s, 'email', %s, '', %s, %s, '2027-01-01')",
        (workspace, who, f"key {who}", who, state),
    )
    if not reached and state == "reachable":
        connection.execute(
            "insert into suppression (workspace_id, channel, address_key, reason, since)"
            " values (%s, 'email', %s, 'manual', '2027-01-01')",
            (workspace, f"key {who}"),
        )


def keep_list(connection: Connection, workspace: int, name: str, whose: set[int]) -> None:
    row = connection.execute(
        "insert into customer_list (workspace_id, name, uploaded_at)"
        " values (%s, %s, '2027-01-01') returning id",
        (workspace, name),
    ).fetchone()
    for who in whose:
        connection.execute("insert into list_entry values (%s, %s, %s)", (workspace, *row, who))


def keep_reactions(connection: Connection, workspace: int, reactions: list[Reacted]) -> None:
    """A message for each reaction, which it also got once more, later, and once from a machine."""
    names = sorted({one.journey for one in reactions})
    for name in names:
        connection.execute(
            "insert into journey (workspace_id, name, title_ko, title_en, created_at)"
            " values (%s, %s, '', '', '2027-01-01')",
            (workspace, name),
        )
    # What a message hangs on does not matter here.
    connection.execute("set session_replication_role = replica")
    for number, one in enumerate(reactions, start=1):
        keep_reaction(connection, workspace, number, vars(one))
    connection.execute("set session_replication_role = origin")


def keep_reaction(
    connection: Connection, workspace: int, number: int, one: Mapping[str, object]
) -> None:
    values = {"workspace": workspace, "number": number, **one}
    connection.execute(
        "insert into message (id, workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state)"
        " overriding system value select %(number)s, %(workspace)s, %(customer_id)s, %(number)s,"
        " id, 1, 1, 1, 1, 'email', 'marketing', '2027-01-01', '2027-01-01', 'handed' from journey"
        " where name = %(journey)s",
        values,
    )
    if one["kind"] == "sent":
        connection.execute(
            "insert into delivery (workspace_id, message_id, customer_id, attempt, channel,"
            " provider, address_key, state, claimed_by, claimed_at, lease_until, settled_at)"
            " values (%(workspace)s, %(number)s, %(customer_id)s, 1, 'email', '', '', 'accepted',"
            " '', '2027-01-01', '2027-01-01', %(occurred_at)s)",
            values,
        )
        return
    for name, confidence, later in (
        ("first", 1, "0"),
        ("again", 1, "5 days"),
        ("robot", 0.2, "-1 day"),
    ):
        connection.execute(
            "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
            " human_confidence, dedupe_key) values (%(workspace)s, %(number)s, %(customer_id)s,"
            " %(kind)s, %(occurred_at)s + %(later)s::interval, %(confidence)s, %(key)s)",
            {**values, "confidence": confidence, "later": later, "key": f"{number} {name}"},
        )
