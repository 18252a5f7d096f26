"""How long do the pages customers see take?

A live server as `dangol serve` runs it, a shop of some thousand customers with twenty messages
each, and one browser after another over one kept connection: each page's time from the request to
its last byte, as the browser measures it, which is more than the server's share. The last line is
JSON.

    python bench/pages.py [--customers 2000] [--rounds 300]
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from urllib.parse import urlencode

import httpx
from psycopg.conninfo import conninfo_to_dict
from server import Server, lend_server, open_workspace

from dangol.consent.topics import save_topic
from dangol.content.tokens import TokenPurpose, sign_message, sign_page
from dangol.store.connect import Connection, connect
from dangol.store.vault import Vault

KEY: Final = bytes(range(32))
PATIENCE_SECONDS: Final = 60.0
MESSAGES: Final = 20
WARM_UP: Final = 10
FILL: Final = """
insert into customer (workspace_id, first_seen_at, last_seen_at, traits) select %(workspace)s,
%(now)s, %(now)s, '{"name": "김민지", "grade": "gold"}' from generate_series(1, %(customers)s);
insert into activity select workspace_id, id, name, %(now)s, %(now)s, 7, 90000 from customer,
unnest(array['Order Completed', 'Product Viewed', 'Cart Viewed', 'Signed Up']) as name;
insert into consent_entry (workspace_id, customer_id, channel, purpose, action, source,
occurred_at, recorded_at) select workspace_id, id, 'email', 'marketing', 'grant', 'form',
%(now)s, %(now)s from customer;
insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id) select
workspace_id, customer_id, channel, purpose, 'granted', occurred_at, id from consent_entry;
insert into template (workspace_id, name, channel, purpose, locale, subject, body_text,
body_html, created_at) values (%(workspace)s, 'note', 'email', 'marketing', 'ko', '{{
customer.name }}님, 오랜만이에요', 'x', '<p>x</p>', %(now)s);
insert into journey (workspace_id, name, title_ko, title_en, state, created_at) values
(%(workspace)s, 'note', 'note', 'note', 'running', %(now)s);
insert into journey_version (workspace_id, journey_id, number, definition, entry_kind,
entry_event, first_step, published_at) select workspace_id, id, 1, '{}', 'event', 'Order
Completed', 1, created_at from journey;
insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key, state,
step_number, entered_at, ended_at, end_reason) select customer.workspace_id,
journey_version.journey_id, journey_version.id, customer.id, 'e', 'ended', 1, %(now)s, %(now)s,
'completed' from customer, journey_version;
insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,
step_number, visit, template_id, channel, purpose, planned_at, expires_at, state) select
enrollment.workspace_id, customer_id, enrollment.id, journey_id, version_id, 1, visit,
template.id, 'email', 'marketing', %(now)s - visit * interval '1 day', %(now)s, 'handed' from
enrollment, template, generate_series(1, %(messages)s) as visit;
insert into decision (message_id, evaluation, workspace_id, customer_id, stage, verdict, reason,
reasons, decided_at) select id, 1, workspace_id, customer_id, 'planning', 'allow', 'allowed',
'{allowed}', planned_at from message;
insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,
address_key, state, claimed_by, claimed_at, lease_until, settled_at) select workspace_id, id,
customer_id, 1, 'email', 'smtp', 'k' || customer_id, 'accepted', 'w', planned_at, planned_at,
planned_at from message;
"""


def fill(connection: Connection, *, customers: int, now: datetime) -> tuple[int, list[int]]:
    """Make the shop; return its workspace and one message of each customer."""
    vault = Vault(KEY)
    with connection.transaction():
        workspace = open_workspace(connection, now=now)
        values = {
            "workspace": workspace,
            "now": now,
            "customers": customers,
            "messages": MESSAGES,
        }
        for statement in FILL.rstrip().rstrip(";").split(";"):
            _ = connection.execute(statement.encode(), values)
        for row in connection.execute("select id from customer").fetchall():
            seal_address(connection, vault, workspace=workspace, customer_id=row[0], now=now)
        for name in ("new-arrivals", "coupons", "letters"):
            _ = save_topic(
                connection,
                workspace_id=workspace,
                name=name,
                title_ko=name,
                title_en=name,
                now=now,
            )
    connection.autocommit = True
    _ = connection.execute("vacuum analyze")
    messages = connection.execute("select max(id) from message group by customer_id").fetchall()
    return workspace, [row[0] for row in messages]


def seal_address(
    connection: Connection, vault: Vault, *, workspace: int, customer_id: int, now: datetime
) -> None:
    email = f"customer-{customer_id}@shop.example"
    key, wrapped = vault.make_key(workspace)
    found = vault.key(workspace, "email", email)
    _ = connection.execute(
        "insert into customer_key (customer_id, workspace_id, wrapped, master_version)"
        " values (%s, %s, %s, 1)",
        (customer_id, workspace, wrapped),
    )
    _ = connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)"
        " values (%s, %s, 'email', %s, %s, %s, %s)",
        (workspace, customer_id, found, key.seal("email", email), customer_id, now),
    )
    _ = connection.execute(
        "insert into identifier (workspace_id, kind, key, sealed, key_of, customer_id,"
        " first_seen_at) values (%s, 'email', %s, %s, %s, %s, %s)",
        (workspace, found, key.seal("email", email), customer_id, customer_id, now),
    )


@contextmanager
def serve(server: Server) -> Generator[str]:
    """Run the application; yield its address."""
    key = server.folder / "dangol.key"
    _ = key.write_bytes(KEY)
    key.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "asgi", "--factory", "--port", str(port), "--log-level", "error"),
        "dangol.app.http:create_server_app",
    ]
    dsn = f"postgresql:///?{urlencode(conninfo_to_dict(server.postgres.dsn))}"
    variables = {
        **os.environ,
        "DANGOL_DATABASE_URL": dsn,
        "DANGOL_DATA_FOLDER": str(server.folder),
        "DANGOL_KEY_FILE": str(key),
    }
    process = subprocess.Popen(command, env=variables)  # noqa: S603 - our own command
    try:
        await_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        _ = process.wait(timeout=PATIENCE_SECONDS)


def await_ready(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def measure(
    ask: Callable[[int], httpx.Response], messages: list[int], *, rounds: int
) -> list[float]:
    """Return how many milliseconds each request took; the first ones warm up."""
    took: list[float] = []
    for number in range(rounds + WARM_UP):
        message = messages[number * 7919 % len(messages)]
        began = time.perf_counter()
        answer = ask(message)
        passed = (time.perf_counter() - began) * 1000
        if answer.is_error:
            raise SystemExit(f"The page answered {answer.status_code}.")
        if number >= WARM_UP:
            took.append(passed)
        # One network address may ask 600 times a minute.
        time.sleep(0.1)
    return took


def main() -> None:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--customers", type=int, default=2_000)
    _ = parser.add_argument("--rounds", type=int, default=120)
    options = parser.parse_args()
    now = datetime.now(UTC) - timedelta(minutes=5)
    vault = Vault(KEY)
    with lend_server() as server:
        with connect(server.postgres.dsn) as connection:
            workspace, messages = fill(connection, customers=options.customers, now=now)
        with serve(server) as address, httpx.Client(base_url=address) as client:

            def page(purpose: TokenPurpose, path: str) -> Callable[[int], httpx.Response]:
                return lambda message: client.get(
                    f"{path}/"
                    + sign_page(vault, purpose, workspace_id=workspace, message_id=message, now=now)
                )

            def stop(message: int) -> httpx.Response:
                token = sign_message(
                    vault, TokenPurpose.UNSUBSCRIBE, workspace_id=workspace, message_id=message
                )
                return client.get(f"/u/{token}")

            def press(message: int) -> httpx.Response:
                token = sign_page(
                    vault,
                    TokenPurpose.PREFERENCES,
                    workspace_id=workspace,
                    message_id=message,
                    now=now,
                )
                return client.post(f"/p/{token}", data={"action": "topic-off", "value": "1"})

            asked = {
                "stop": stop,
                "choices": page(TokenPurpose.PREFERENCES, "/p"),
                "own_data": page(TokenPurpose.HISTORY, "/p/data"),
                "erase": page(TokenPurpose.ERASE, "/p/erase"),
                "press": press,
            }
            figures: dict[str, float] = {}
            for name, ask in asked.items():
                took = measure(ask, messages, rounds=options.rounds)
                figures[f"{name}_ms_median"] = round(median(took), 1)
                figures[f"{name}_ms_p95"] = round(quantiles(took, n=20)[-1], 1)
    print(json.dumps({"customers": options.customers, "rounds": options.rounds, **figures}))


if __name__ == "__main__":
    main()
