"""The words the lake's tests are written in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pyarrow as pa
from tests.build import NOON

from dangol.store import crash
from dangol.store.connect import Connection
from dangol.store.engine import EVENT, run
from dangol.store.lake import Lake, flush_events
from dangol.store.lake_schema import EVENT_SCHEMA
from dangol.store.workspace import create_workspace


class Died(Exception):  # noqa: N818 - it is no error: somebody killed it
    """The process ended here."""


@contextmanager
def crashpoints(handler: Callable[[str], None]) -> Iterator[None]:
    handlers = crash._handlers  # noqa: SLF001 - production never takes a handler back
    handlers.append(handler)
    try:
        yield
    finally:
        handlers.remove(handler)


def die_after_delta(name: str) -> None:
    if name == "flush.after_delta":
        raise Died


def other_workspace(connection: Connection) -> int:
    return create_workspace(
        connection,
        name="다른 상점",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="다른 상점",
        sender_email="other@shop.example",
        sender_postal="부산광역시 연제구 중앙대로 1001",
        sender_phone="051-120",
        now=NOON,
    )


def kept(lake: Lake) -> list[dict[str, object]]:
    return run(EVENT.order_by("event_id"), lake).to_pylist()


def kept_ids(lake: Lake) -> list[object]:
    return [row["event_id"] for row in kept(lake)]


def flush(connection: Connection, lake: Lake, workspace: int, *, now: datetime = NOON) -> int:
    connection.commit()
    return flush_events(connection, lake, workspace_id=workspace, now=now)


def events_of(*ids: int, month: str = "2027-03-01") -> pa.Table:
    first = datetime.fromisoformat(month).replace(tzinfo=UTC)
    row = {
        "workspace_id": 1,
        "customer_id": 7,
        "occurred_at": first,
        "received_at": first,
        "day": first.date(),
        "month": first.date(),
        "type": "track",
        "name": "Order Completed",
    }
    return pa.Table.from_pylist([{**row, "event_id": number} for number in ids], EVENT_SCHEMA)
