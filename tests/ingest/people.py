"""The words for who is who: what came together, and what is known of each person afterwards."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.build import NOON
from tests.ingest.words import UNSEALED

from dangol.ingest.event import Event
from dangol.store.connect import Connection
from dangol.store.vocabulary import EventType

Id = tuple[str, str]
LONG_AGO = NOON - timedelta(days=1)


class Person(NamedTuple):
    """What is known of one person; nothing in it depends on the ids of rows."""

    traits: dict[str, object]
    seen: tuple[datetime, datetime]
    activity: list[tuple[str, datetime, datetime, int, str]]
    # By channel: where to, and since when.
    addresses: list[tuple[str, str, datetime]]
    consents: list[tuple[str, str, datetime]]
    events: list[str]


def minute(number: float) -> datetime:
    """A moment of yesterday, so that nothing is from the future."""
    return LONG_AGO + number * timedelta(minutes=1)


def said(
    message_id: str,
    *ids: Id,
    at: float = 0,
    alias: bool = False,
    consent: str | None = None,
    **fields: object,
) -> Event:
    """An event that carries these identifiers; contact data lies under its bare key.

    It is sealed when the event arrives.
    """
    known = dict(ids)
    return Event(
        type=EventType.ALIAS if alias else EventType.TRACK,
        name="Identity Linked" if alias else "Visited",
        message_id=message_id,
        occurred_at=minute(at),
        user_id=known.get("user"),
        anonymous_id=known.get("device"),
        contacts=[
            {"kind": kind, "key": known[kind], "sealed": UNSEALED}
            for kind in ("email", "phone")
            if kind in known
        ],
        consents=[] if consent is None else [word(consent)],
        **fields,
    )


def word(action: str) -> dict[str, object]:
    """What somebody said about advertising by e-mail."""
    claimed = {"imported_state": "granted"} if action == "import" else {}
    return {
        "channel": "email",
        "purpose": "marketing",
        "action": action,
        "source": "a form",
        **claimed,
    }


def people(connection: Connection, workspace: int) -> dict[frozenset[Id], Person]:
    """Everybody, by the identifiers that lead to them."""
    known: dict[int, set[Id]] = {}
    for kind, key, customer_id in connection.execute(
        "select kind::text, key, customer_id from identifier"
        " where workspace_id = %s and customer_id is not null",
        (workspace,),
    ):
        known.setdefault(customer_id, set()).add((kind, key))
    return {frozenset(ids): person(connection, head) for head, ids in known.items()}


def person(connection: Connection, head: int) -> Person:
    traits, first, last = connection.execute(
        "select traits, first_seen_at, last_seen_at from customer"
        " where id = %s and state = 'active'",
        (head,),
    ).fetchone()
    return Person(
        traits=traits,
        seen=(first, last),
        activity=connection.execute(
            "select event_name, first_at, last_at, count, revenue::text from activity"
            " where customer_id = %s order by event_name",
            (head,),
        ).fetchall(),
        addresses=connection.execute(
            "select channel::text, key, changed_at from address where customer_id = %s order by 1",
            (head,),
        ).fetchall(),
        consents=connection.execute(
            "select purpose::text, state::text, since from consent where customer_id = %s",
            (head,),
        ).fetchall(),
        events=[
            message
            for (message,) in connection.execute(
                "select message_id from acted_event where customer_id in"
                " (select id from customer where id = %(head)s or head_id = %(head)s)"
                " order by message_id",
                {"head": head},
            )
        ],
    )


def shared(connection: Connection, workspace: int) -> set[Id]:
    """What leads to nobody, because several people gave it."""
    return set(
        connection.execute(
            "select kind::text, key from identifier"
            " where workspace_id = %s and customer_id is null",
            (workspace,),
        )
    )


def together(connection: Connection, workspace: int) -> set[frozenset[str]]:
    """Who is one person, by the keys alone."""
    return {frozenset(key for _, key in ids) for ids in people(connection, workspace)}


def sets(*groups: Iterable[str]) -> set[frozenset[str]]:
    return {frozenset(group) for group in groups}
