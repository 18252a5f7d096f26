"""Which data there is: the traits of customers and the properties of events, as they came in."""

from datetime import datetime

import msgspec
from litestar import get
from litestar.exceptions import NotAuthorizedException

from dangol.console.desk import STATEMENTS, ConsoleRequest, open_desk
from dangol.console.rows import fetch_all
from dangol.store.vocabulary import SurplusReason, ValueKind


class KindCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a name came as one kind."""

    kind: ValueKind
    count: int


class DataName(msgspec.Struct, frozen=True, kw_only=True):
    """One trait of customers, or one property of an event; ``event_name`` is empty for traits.

    More than one kind means that its senders disagree. No value is shown: it may be personal.
    """

    event_name: str
    name: str
    kinds: list[KindCount]
    first_seen_at: datetime
    last_seen_at: datetime


class Surplus(msgspec.Struct, frozen=True, kw_only=True):
    """How many values went beyond a limit; the events themselves have acted."""

    event_name: str
    reason: SurplusReason
    count: int


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the shop's data: at most 2,000 names, traits first."""

    names: list[DataName]
    surplus: list[Surplus]


@get("/api/data", sync_to_thread=True, operation_id="get_data", raises=[NotAuthorizedException])
def get_data(request: ConsoleRequest) -> Data:
    """List which traits and properties there are, of which kinds."""
    with open_desk(request) as desk:
        at = {"workspace_id": desk.workspace_id}
        return Data(
            names=fetch_all(desk.connection, STATEMENTS["list_types"], DataName, at),
            surplus=fetch_all(desk.connection, STATEMENTS["list_surplus"], Surplus, at),
        )
