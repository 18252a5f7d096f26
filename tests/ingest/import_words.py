"""Words for the tests of imports: a shop's file, its mapping, and what became of them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from tests.build import NOON, TEST_VAULT

from dangol.ingest.event import Event
from dangol.ingest.importer import read_events, survey_file
from dangol.ingest.importer_people import Sealer
from dangol.ingest.importer_report import Report
from dangol.ingest.mapping import Kind, Mapping, parse_mapping
from dangol.ingest.mapping_checks import check_mapping
from dangol.store.connect import Connection

SEOUL_ORDERS = """
[source]
time_zone = "Asia/Seoul"
currency = "KRW"

[columns]
date = "date"
product_id = "sku"
product_name = "product"
quantity = "quantity"
price = "price"

[order]
id = "{order_id}"

[customer]
id = "{customer_id}"
"""
HEADER = "order_id,date,customer_id,sku,product,quantity,price"
SEALER = Sealer(vault=TEST_VAULT, workspace_id=1)


def orders_file(folder: Path, *lines: str, name: str = "orders.csv") -> Path:
    """Write a CSV file of order lines under the usual header."""
    path = folder / name
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


def meaning(text: str = SEOUL_ORDERS, *, more: str = "") -> Mapping:
    return parse_mapping(text + more)


def survey(
    path: Path, mapping: Mapping, *, kind: Kind = "orders", now: datetime = NOON
) -> tuple[Report, list[Event]]:
    """Judge a file; return the report and every event."""
    check_mapping(mapping, kind=kind)
    found = survey_file(path, mapping=mapping, kind=kind, sealer=SEALER, now=now)
    return found.report, [event for step in found.steps(SEALER) for event in step.events]


def read_all(path: Path, mapping: Mapping, *, kind: Kind = "orders") -> list[Event]:
    chunks = read_events(
        path, mapping=mapping, kind=kind, vault=TEST_VAULT, workspace_id=1, now=NOON
    )
    return [event for chunk in chunks for event in chunk.events]


def products(event: Event) -> list[dict[str, object]]:
    """Return an order's lines as they will be stored."""
    return msgspec.json.decode(msgspec.json.encode(event.properties["products"]))


def inbox(connection: Connection) -> list[tuple[str, str]]:
    """Return name and message id of everything in the inbox, oldest first."""
    rows = connection.execute("select name, message_id from event order by id").fetchall()
    connection.commit()
    return [(name, message_id) for name, message_id in rows]


class Killed(Exception):  # noqa: N818 - as a process is
    """Stands for a kill between two chunks."""


def killed_after(chunks: int) -> Callable[[int, int], None]:
    """Make a progress that kills the import after some chunks are committed."""
    told = 0

    def progress(_done: int, _total: int) -> None:
        nonlocal told
        told += 1
        if told == chunks:
            raise Killed

    return progress
