"""Dead letters: what is over without having arrived, and trying it again where that is safe.

Who asks is written down with the reason. What is tried again passes the guard once more at the
door, so no retry outranks an opt-out, a suppression, a cap or the night.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.providers.vendor import FaultKind
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, DeliveryState, Purpose

# What may be mended, or has passed; the vendor surely has nothing.
SAFE: Final = {FaultKind.TRANSIENT, FaultKind.THROTTLED, FaultKind.CONFIGURATION, FaultKind.CONTENT}


class Obstacle(StrEnum):
    """Why a message is not tried again."""

    DEAD_ADDRESS = "dead_address"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    FOLLOWED = "followed"
    EXPIRED = "expired"
    MAY_HAVE_ARRIVED = "may_have_arrived"
    REFUSED = "refused"


NEVER: Final = {
    FaultKind.PERMANENT: Obstacle.DEAD_ADDRESS,
    FaultKind.OPT_OUT: Obstacle.OPTED_OUT,
    FaultKind.UNREACHABLE: Obstacle.UNREACHABLE,
}
SENTENCES: Final = {
    Obstacle.DEAD_ADDRESS: "its address is dead",
    Obstacle.OPTED_OUT: "the person wants no more of it",
    Obstacle.UNREACHABLE: "the channel does not reach the person",
    Obstacle.FOLLOWED: "another message of its ladder has taken its place",
    Obstacle.MAY_HAVE_ARRIVED: (
        "it may have arrived: say --even-if-sent (even_if_sent) if it may come twice"
    ),
    Obstacle.REFUSED: "the vendor refused it for good",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """The last attempt of a message that has not arrived; code and detail are the vendor's."""

    id: int
    message_id: int
    customer_id: int
    # None for what is no journey's, such as a notice.
    journey: str | None
    template: str
    channel: Channel
    purpose: Purpose
    provider: str
    attempt: int
    state: DeliveryState
    fault: str | None
    code: str
    detail: str
    settled_at: datetime
    expires_at: datetime
    # Another rung of its ladder has taken its place.
    followed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """How many dead letters a vendor has left on a channel with one code of its own."""

    channel: Channel
    provider: str
    code: str
    letters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """That a message was tried again: when, by whom, why, and what it was before."""

    asked_at: datetime
    asked_by: str
    reason: str
    was: DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """Which deliveries were tried again, and why others were not."""

    retried: list[int]
    refused: dict[int, str]


def list_dead(
    connection: Connection,
    *,
    workspace_id: int,
    delivery_ids: Sequence[int] | None = None,
    provider: str | None = None,
    channel: Channel | None = None,
    code: str | None = None,
    fault: FaultKind | None = None,
    state: DeliveryState | None = None,
    before: int | None = None,
    most: int = 100,
) -> list[Dead]:
    """Return dead letters, newest first; ``before`` is the last number of the page before."""
    values = {
        "workspace_id": workspace_id,
        "delivery_ids": None if delivery_ids is None else [*delivery_ids],
        "provider": provider,
        "channel": channel,
        "code": code,
        "fault": fault,
        "state": state,
        "before": before,
        "most": most,
    }
    with connection.cursor(row_factory=class_row(Dead)) as cursor:
        return cursor.execute(STATEMENTS["list_dead"], values).fetchall()


def count_dead(connection: Connection, *, workspace_id: int, most: int) -> list[Heap]:
    """Count the latest dead letters, ``most`` of them looked at, the largest heap first."""
    values = {"workspace_id": workspace_id, "most": most}
    with connection.cursor(row_factory=class_row(Heap)) as cursor:
        return cursor.execute(STATEMENTS["count_dead"], values).fetchall()


def find_dead(connection: Connection, *, workspace_id: int, delivery_id: int) -> Dead:
    """Return one dead letter.

    Raises:
        LookupError: there is none of that number.
    """
    found = list_dead(connection, workspace_id=workspace_id, delivery_ids=[delivery_id])
    if not found:
        raise LookupError(
            f"Delivery {delivery_id} is no dead letter here; `dangol delivery list` lists them."
        )
    return found[0]


def list_retries(connection: Connection, *, workspace_id: int, delivery_id: int) -> list[Retry]:
    """Return every time the message of a delivery was tried again, oldest first."""
    values = {"workspace_id": workspace_id, "delivery_id": delivery_id}
    with connection.cursor(row_factory=class_row(Retry)) as cursor:
        return cursor.execute(STATEMENTS["list_retries"], values).fetchall()


def retry_dead(
    connection: Connection,
    *,
    workspace_id: int,
    delivery_ids: Sequence[int],
    asked_by: str,
    reason: str,
    even_if_sent: bool,
    now: datetime,
) -> Retried:
    """Try again what may be tried again, and say of the others why not. The caller commits.

    Raises:
        ValueError: there is no reason.
    """
    if not reason.strip():
        raise ValueError("because is empty; say why, for whoever looks later.")
    values = {"workspace_id": workspace_id, "delivery_ids": [*delivery_ids]}
    _ = connection.execute(STATEMENTS["lock_dead"], values)
    found = list_dead(
        connection,
        workspace_id=workspace_id,
        delivery_ids=delivery_ids,
        most=len(delivery_ids),
    )
    refused = dict.fromkeys(delivery_ids, "it is no dead letter here")
    refused |= {one.id: why_not(one, even_if_sent=even_if_sent, now=now) for one in found}
    retried = sorted(number for number, why in refused.items() if not why)
    if retried:
        asked = {"asked_by": asked_by, "reason": reason.strip(), "now": now}
        _ = connection.execute(STATEMENTS["retry_deliveries"], {**asked, "delivery_ids": retried})
    return Retried(retried=retried, refused={n: why for n, why in refused.items() if why})


def obstacle_to(dead: Dead, *, even_if_sent: bool, now: datetime) -> Obstacle | None:
    """Return what keeps a dead letter from being tried again; None where it may be."""
    fault = FaultKind(dead.fault) if dead.fault else None
    if fault is not None and fault in NEVER:
        return NEVER[fault]
    if dead.followed:
        return Obstacle.FOLLOWED
    if dead.expires_at <= now:
        return Obstacle.EXPIRED
    if dead.state == DeliveryState.UNKNOWN and not even_if_sent:
        return Obstacle.MAY_HAVE_ARRIVED
    if dead.state == DeliveryState.REJECTED and fault not in SAFE:
        return Obstacle.REFUSED
    return None


def why_not(dead: Dead, *, even_if_sent: bool, now: datetime) -> str:
    """Return in words what keeps a dead letter from being tried again; empty where it may be."""
    found = obstacle_to(dead, even_if_sent=even_if_sent, now=now)
    if found is Obstacle.EXPIRED:
        return f"it has expired at {dead.expires_at:%Y-%m-%d %H:%M}Z"
    return SENTENCES[found] if found else ""
