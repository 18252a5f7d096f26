"""The shop a campaign runs: real PostgreSQL with fsync on, a mail server, and customers who buy.

The purchases are CDNOW's, in their order, as if made now; message ids are the client's, so that a
call sent again is the same call.
"""

import csv
import json
import secrets
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time as clock_time
from itertools import groupby
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from dangol.app.clock import machine_time, start_clock
from dangol.app.database import prepare_database
from dangol.app.demo_data import find_demo
from dangol.app.journeys import apply_journey
from dangol.app.keyfile import open_vault
from dangol.app.settings import Settings
from dangol.content.library import install_library
from dangol.ingest.keys import create_api_key
from dangol.segments.comparison import AtLeast
from dangol.segments.condition import EventMeasure
from dangol.segments.define import define_segment
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import ApiKeyKind
from dangol.store.workspace import create_workspace

PURCHASE: Final = "Order Completed"
REGULAR_FROM: Final = 2
ORDERS_PER_CALL: Final = 5
LOOPBACK: Final = "127.0.0.1"
PATIENCE_SECONDS: Final = 60.0
GRANT: Final = {"channel": "email", "purpose": "marketing", "action": "grant", "source": "sign-up"}
JOURNEYS: Final = (
    """
name: thanks
title: {ko: 감사 인사, en: Thanks}
entry: {event: Order Completed, reentry_days: 0}
steps:
  - {name: thanks, kind: message, template: thank_you_first_order}
""",
    """
name: regulars
title: {ko: 단골, en: Regulars}
entry: {segment: regulars}
steps:
  - {name: note, kind: message, template: winback_note}
""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of the client, and what it holds by message id."""

    body: bytes
    # Message id -> (customer, event name).
    events: dict[str, tuple[str, str]]


@dataclass(kw_only=True)
class Shop:
    """One installation on a folder of its own; everything in it can be killed and started again."""

    folder: Path
    settings: Settings
    workspace_id: int = 0
    key: str = ""
    # What was answered with success: message id -> (customer, event name).
    acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)

    def connect(self) -> Connection:
        """Open a connection."""
        return connect(self.settings.database_url)

    @property
    def mailbox(self) -> Path:
        """Where the mail server keeps what it took."""
        return Path(self.settings.mailbox_folder)

    def pass_time(self, *, minutes: float) -> None:
        """Let the installation's time jump ahead: what was claimed or held for long is over."""
        with self.connect() as connection, connection.transaction():
            connection.execute(
                "update clock_shift set shift = shift + make_interval(secs => %s)",
                (minutes * 60,),
            )


def open_shop(folder: Path, *, dsn: str, mail_port: int) -> Shop:
    """Make an installation with its journeys running, in a database of its own."""
    folder.mkdir()
    name = f"crash_{secrets.token_hex(4)}"
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    url = dsn.replace("@/postgres?", f"@/{name}?")
    prepare_database(url)
    settings = Settings(
        database_url=url,
        data_folder=folder,
        smtp_url=f"smtp://{LOOPBACK}:{mail_port}",
        mailbox_folder=str(folder.parent / "mailbox"),
        base_url="https://dangol.example",
        bounce_domain="bounce.shop.example",
        tick_seconds=0.05,
        flush_seconds=0.3,
        refresh_seconds=0.3,
        delivery_batch=20,
    )
    shop = Shop(folder=folder, settings=settings)
    open_vault(settings.key_path)
    with shop.connect() as connection, connection.transaction():
        furnish(shop, connection)
    return shop


def furnish(shop: Shop, connection: Connection) -> None:
    """Give the shop its workspace, key, segment and journeys."""
    now = machine_time()
    start_clock(connection, at=now)
    shop.workspace_id = create_workspace(
        connection,
        name="단골 상점",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="단골 상점",
        sender_email="hello@shop.example",
        sender_postal="서울특별시 중구 세종대로 110",
        sender_phone="02-120",
        # Never quiet: a campaign may run at night.
        quiet_from=clock_time(0),
        quiet_until=clock_time(0),
        now=now,
    )
    shop.key = create_api_key(
        connection, workspace_id=shop.workspace_id, kind=ApiKeyKind.SERVER, now=now
    )
    install_library(connection, workspace_id=shop.workspace_id, locale="ko", now=now)
    define_segment(
        connection,
        workspace_id=shop.workspace_id,
        name="regulars",
        title_ko="단골",
        title_en="Regulars",
        definition=EventMeasure(event=PURCHASE, test=AtLeast(value=REGULAR_FROM)),
        now=now,
    )
    for text in JOURNEYS:
        apply_journey(connection, workspace_id=shop.workspace_id, text=text, now=now)


def expected_activity(shop: Shop) -> Counter[tuple[str, str]]:
    """Count what was acknowledged, by customer and event name."""
    return Counter(shop.acknowledged.values())


def write_calls(client: int, *, clients: int) -> Iterator[Call]:
    """Yield one client's calls: the purchases of its share of CDNOW's customers."""
    path = find_demo("cdnow").files[0].path
    with path.open() as file:
        rows = list(csv.reader(file, delimiter=" ", skipinitialspace=True))
    # The first line names the columns.
    mine = [row for row in rows[1:] if int(row[0]) % clients == client]
    known: set[str] = set()
    for _, chunk in groupby(enumerate(mine), key=lambda pair: pair[0] // ORDERS_PER_CALL):
        yield write_call(list(chunk), known=known, client=client)


def write_call(rows: list[tuple[int, list[str]]], *, known: set[str], client: int) -> Call:
    batch: list[dict[str, object]] = []
    events: dict[str, tuple[str, str]] = {}
    for number, (customer, _day, quantity, amount) in rows:
        if customer not in known:
            known.add(customer)
            batch.append(introduce(customer))
            events[f"join-{customer}"] = (customer, "Identified")
        message_id = f"order-{client}-{number}"
        batch.append(buy(customer, message_id, quantity=quantity, amount=amount))
        events[message_id] = (customer, PURCHASE)
    return Call(body=json.dumps({"batch": batch}).encode(), events=events)


def introduce(customer: str) -> dict[str, object]:
    return {
        "type": "identify",
        "messageId": f"join-{customer}",
        "userId": customer,
        "traits": {"email": f"customer-{customer}@shop.example"},
        "context": {"dangol": {"consents": [GRANT]}},
    }


def buy(customer: str, message_id: str, *, quantity: str, amount: str) -> dict[str, object]:
    return {
        "type": "track",
        "event": PURCHASE,
        "messageId": message_id,
        "userId": customer,
        "properties": {
            "order_id": message_id,
            "revenue": float(amount),
            "currency": "USD",
            "quantity": int(quantity),
        },
    }


def start_mailbox(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the mail server as a process of its own; return it and its port."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    command = ["-m", "dangol.app.cli", "mailbox", "--port", str(port), "--folder", str(folder)]
    process = subprocess.Popen([sys.executable, *command])  # noqa: S603 - our own command
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return process, port
    process.kill()
    raise TimeoutError(f"the mail server did not listen on port {port}")
