"""An audience: a segment's customers whose addresses an ad network is given, with their consent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import AdNetwork, AudienceReason, Channel

STATEMENTS = load_statements(__package__ or "dangol.audiences")
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
# What the networks know people by.
CHANNELS: Final = (Channel.EMAIL, Channel.SMS)
MOST_MAX: Final = 1_000_000
# Longer than a year nobody remembers what they agreed to.
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an audience is to be."""

    name: str
    # The name of the segment that feeds it.
    segment: str
    network: AdNetwork
    # What the network calls it.
    network_ref: str
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    # At most so many addresses.
    most: int
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """An audience as it stands; numbers count addresses."""

    id: int
    workspace_id: int
    name: str
    segment: str
    network: AdNetwork
    network_ref: str
    channels: Sequence[str]
    most: int
    ends_at: datetime
    removed_at: datetime | None
    # Since then nobody comes in; who must leave leaves.
    paused_at: datetime | None
    created_at: datetime
    due_at: datetime
    synced_at: datetime | None
    left_out: Mapping[AudienceReason, int]
    fault: str
    # The shop says nothing to anybody, as a restored copy must not.
    sending_paused: bool
    added: int
    adding: int
    leaving: int


def create_audience(
    connection: Connection, plan: Plan, *, workspace_id: int, now: datetime
) -> None:
    """Make an audience; it is filled by whoever syncs next.

    Raises:
        ValueError: it cannot be so, or there is one of that name.
        LookupError: there is no such segment.
    """
    for fault in faults(plan, now=now):
        raise ValueError(fault)
    values = {
        "workspace_id": workspace_id,
        "name": plan.name,
        "segment": plan.segment,
        "network": plan.network,
        "network_ref": plan.network_ref.strip(),
        "channels": [channel.value for channel in dict.fromkeys(plan.channels)],
        "most": plan.most,
        "ends_at": plan.ends_at,
        "now": now,
    }
    try:
        with connection.transaction():
            made = connection.execute(STATEMENTS["insert_audience"], values).fetchone()
    except UniqueViolation as fault:
        raise ValueError(f"There is an audience {plan.name!r} already; choose another.") from fault
    if made is None:
        raise LookupError(
            f"There is no segment {plan.segment!r}; `dangol segment list` names them."
        )


def faults(plan: Plan, *, now: datetime) -> list[str]:
    """Say what is wrong with a plan, each with its remedy."""
    checks = {
        f"name {plan.name!r}: small letters, digits, - and _, at most 40.": (
            not NAME.fullmatch(plan.name)
        ),
        "The network's own id of the audience is missing.": not plan.network_ref.strip(),
        "Networks know people by email and by sms (the telephone number) only.": (
            not plan.channels or not set(plan.channels) <= set(CHANNELS)
        ),
        f"most is {plan.most}; write 1 to {MOST_MAX:,}.": not 1 <= plan.most <= MOST_MAX,
        "The end must lie ahead, and within a year.": not now < plan.ends_at <= now + LONGEST,
    }
    return [fault for fault, holds in checks.items() if holds]


def list_audiences(
    connection: Connection, *, workspace_id: int, name: str | None = None
) -> list[Audience]:
    """Return a shop's audiences with those that were removed, or the one that bears a name."""
    values = {"workspace_id": workspace_id, "name": name}
    with connection.cursor(row_factory=class_row(Audience)) as cursor:
        return cursor.execute(STATEMENTS["list_audiences"], values).fetchall()


def list_faulty(connection: Connection) -> list[tuple[str, str, str, int]]:
    """Return shop, audience, what its network said last, and how many wait to be taken out."""
    return connection.execute(STATEMENTS["list_faulty"]).fetchall()


def find_audience(connection: Connection, *, workspace_id: int, name: str) -> Audience:
    """Return an audience.

    Raises:
        LookupError: there is none of that name.
    """
    found = list_audiences(connection, workspace_id=workspace_id, name=name)
    if not found:
        raise LookupError(f"There is no audience {name!r}; `dangol audience list` names them.")
    return found[0]


def remove_audience(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Let everybody leave an audience, and nobody come in again; raises as ``find_audience``."""
    change(connection, "remove_audience", workspace_id=workspace_id, name=name, now=now)


def pause_audience(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Let nobody come in for now, while who must leave leaves; raises as ``find_audience``."""
    change(connection, "pause_audience", workspace_id=workspace_id, name=name, now=now)


def resume_audience(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Let people come in again, from now on; raises as ``find_audience``."""
    change(connection, "resume_audience", workspace_id=workspace_id, name=name, now=now)


def hasten_audience(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Have it looked at once who comes into an audience; raises as ``find_audience``."""
    change(connection, "hasten_audience", workspace_id=workspace_id, name=name, now=now)


def change(
    connection: Connection, statement: str, *, workspace_id: int, name: str, now: datetime
) -> None:
    values = {"workspace_id": workspace_id, "name": name, "now": now}
    if not connection.execute(STATEMENTS[statement], values).rowcount:
        raise LookupError(f"There is no audience {name!r}; `dangol audience list` names them.")
