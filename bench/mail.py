"""How many mails a second, from rows of ``message`` to a mail server that has taken them?

Makes so many consenting customers, each with an allowed message of one template that says their
name, what they left in their cart and three links. Then a worker for each core hands them over by
the turn of the delivery loop that `dangol work` runs, to a mail server in a process of its own on
the same machine, first without a signature and then signed. The clock runs from the first claim
until the last outcome stands in its row. Afterwards a few mails are checked: every one is distinct,
and the signature is good.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString, cast

import dkim  # pyright: ignore[reportMissingTypeStubs]
import msgspec
from server import lend_server, open_workspace

from dangol.app.delivery import Post, deliver
from dangol.channels.dkim import Signer, make_key, public_record
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.store.connect import Connection, connect
from dangol.store.vault import Vault

# Noon in Seoul; not in the future, where a signature would not hold yet.
NOON = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
VAULT = Vault(bytes(range(32)))
DOMAIN = "shop.example"
SUBJECT = "{{ customer.name }}님, 담아 두신 {{ customer.traits.product }} 아직 남아 있어요"
TEXT = (
    "{{ customer.name }}님, 안녕하세요.\n\n{{ customer.traits.product }}을(를) 장바구니에 담아 "
    "두고 가셨어요. {{ customer.traits.price }}원에 지금 바로 받아 보실 수 있어요.\n\n"
    "{{ customer.traits.city }}에는 내일 도착해요.\n" + "궁금한 점은 언제든 물어봐 주세요.\n" * 5
)
HTML = (
    "<p>{{ customer.name }}님, 안녕하세요.</p><p><b>{{ customer.traits.product }}</b>을(를) "
    "장바구니에 담아 두고 가셨어요. {{ customer.traits.price }}원에 바로 받아 보실 수 있어요.</p>"
    '<p><a href="https://shop.example/cart?from=mail">장바구니 보기</a></p>'
    "<p>{{ customer.traits.city }}에는 내일 도착해요.</p>"
    '<p><a href="https://shop.example/new">새로 들어온 것</a> · '
    '<a href="https://shop.example/help">도움말</a></p>'
    + "<p>궁금한 점은 언제든 물어봐 주세요.</p>"
    * 5
)
ROWS: tuple[LiteralString, ...] = (
    (
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since,"
        " confirmed_at, entry_id) select 1, id, 'email', 'marketing', 'granted',"
        " %(noon)s::timestamptz - interval '100 days', %(noon)s, 0 from customer"
    ),
    (
        "insert into journey (workspace_id, name, title_ko, title_en, state, created_at)"
        " values (1, 'bench', '', '', 'running', %(noon)s)"
    ),
    (
        "insert into journey_version (workspace_id, journey_id, number, definition, entry_kind,"
        " entry_event, first_step, published_at)"
        " select 1, id, 1, '{}', 'event', 'x', 1, %(noon)s from journey"
    ),
    (
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at, ended_at, end_reason)"
        " select 1, journey.id, journey_version.id, customer.id, 'bench', 'ended', 1, %(noon)s,"
        " %(noon)s, 'completed' from customer, journey, journey_version order by customer.id"
    ),
    (
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state, act_at,"
        " allowed_at) select 1, enrollment.customer_id, enrollment.id, enrollment.journey_id,"
        " enrollment.version_id, 1, 1, template.id, 'email', 'marketing', %(noon)s,"
        " %(noon)s::timestamptz + interval '3 days', 'allowed', %(noon)s, %(noon)s"
        " from enrollment, template order by enrollment.id"
    ),
    (
        "insert into decision (message_id, evaluation, workspace_id, customer_id, stage, verdict,"
        " reason, reasons, decided_at) select id, 1, 1, customer_id, 'planning', 'allow',"
        " 'allowed', '{allowed}', %(noon)s from message order by id"
    ),
)
AGAIN: tuple[LiteralString, ...] = (
    "delete from delivery",
    "update message set state = 'allowed', act_at = allowed_at",
)


class Taken(msgspec.Struct, frozen=True):
    """What the mail server says at its end."""

    mails: int
    recipients: int
    kept: list[str]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--mails", type=int, default=100_000)
    _ = parser.add_argument("--batch", type=int, default=1_000)
    _ = parser.add_argument("--dkim", choices=("off", "rsa", "ed25519", "all"), default="all")
    _ = parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    kinds = ("off", "rsa", "ed25519") if options.dkim == "all" else (options.dkim,)
    print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
    figures: dict[str, object] = {}
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        fill(connection, count=options.mails)
        for number, kind in enumerate(kinds):
            if number:
                reset(connection)
            rate, peak = measure(
                server.postgres.dsn,
                kind=kind,
                mails=options.mails,
                batch=options.batch,
                workers=options.workers,
            )
            print(f"DKIM {kind}: {rate:,.0f} mails a second, peak {peak:,.0f} MB", flush=True)
            figures[f"mails_per_second_{kind}"] = round(rate)
            figures["peak_mb"] = max(round(peak), int(str(figures.get("peak_mb", 0))))
    rates = [int(str(value)) for name, value in figures.items() if name.startswith("mails")]
    print(json.dumps({"mails_per_second": min(rates), **figures}))


def fill(connection: Connection, *, count: int) -> None:
    """Make the customers with their addresses, and their messages."""
    with connection.transaction():
        assert open_workspace(connection, now=NOON) == 1  # noqa: S101 - a database of our own
        _ = connection.execute(
            "insert into customer (workspace_id, first_seen_at, last_seen_at, traits)"
            " select 1, %(noon)s, %(noon)s, jsonb_build_object('name', '김민지 ' || n, 'product',"
            " '린넨 셔츠 ' || n, 'price', 10000 + n, 'city', '서울 ' || n %% 25)"
            " from generate_series(1, %(count)s) as n",
            {"noon": NOON, "count": count},
        )
        _ = connection.execute(
            "insert into template (workspace_id, name, channel, purpose, locale, subject,"
            " body_text, body_html, created_at)"
            " values (1, 'cart', 'email', 'marketing', 'ko', %s, %s, %s, %s)",
            (SUBJECT, TEXT, HTML, NOON),
        )
        ids = [row[0] for row in connection.execute("select id from customer order by id")]
        fill_addresses(connection, ids)
        for statement in ROWS:
            _ = connection.execute(statement, {"noon": NOON})
    settle(connection)


def fill_addresses(connection: Connection, ids: list[int]) -> None:
    """Seal an address for each customer."""
    keys: list[tuple[object, ...]] = []
    addresses: list[tuple[object, ...]] = []
    for number in ids:
        value = f"customer-{number}@mail.example"
        key, wrapped = VAULT.make_key(1)
        keys.append((number, 1, wrapped, 1))
        lookup = VAULT.key(1, "email", value)
        addresses.append((1, number, "email", lookup, key.seal("email", value), number, NOON))
    with connection.cursor() as cursor:
        with cursor.copy(
            "copy customer_key (customer_id, workspace_id, wrapped, master_version) from stdin"
        ) as copy:
            for row in keys:
                copy.write_row(row)
        with cursor.copy(
            "copy address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)"
            " from stdin"
        ) as copy:
            for row in addresses:
                copy.write_row(row)


def settle(connection: Connection) -> None:
    """Let the server's housekeeping be done before the clock runs."""
    connection.commit()
    connection.autocommit = True
    _ = connection.execute("vacuum analyze")
    _ = connection.execute("checkpoint")
    connection.autocommit = False


def reset(connection: Connection) -> None:
    """Let every message wait again, as if none had been handed over."""
    for statement in AGAIN:
        _ = connection.execute(statement)
    settle(connection)


def measure(dsn: str, *, kind: str, mails: int, batch: int, workers: int) -> tuple[float, float]:
    """Hand everything over; return the mails a second and the peak of memory, in MB."""
    key = None if kind == "off" else make_key(kind)
    signers = () if key is None else (Signer(domain=DOMAIN, selector="s1", key=key),)
    with lend_sink() as (port, close):
        post = Post(base_url=f"https://{DOMAIN}", bounce_domain=f"bounce.{DOMAIN}", signers=signers)
        begun = time.perf_counter()
        children = [work_apart(dsn, port, post, batch=batch) for _ in range(workers - 1)]
        work(dsn, port, post, batch=batch)
        others = [os.waitpid(child, 0)[1] for child in children]
        seconds = time.perf_counter() - begun
        taken = close()
    if any(others) or (taken.mails, taken.recipients) != (mails, mails):
        raise SystemExit(f"{taken.mails} of {mails} mails came; workers ended with {others}.")
    check(taken.kept, record=public_record(key) if key else "")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if workers > 1:
        peak += resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 * (workers - 1)
    return mails / seconds, peak


def work(dsn: str, port: int, post: Post, *, batch: int) -> None:
    """Hand over until nothing waits, as the worker's chore does."""
    sender = SmtpSender(MailServer(host="127.0.0.1", port=port))
    with connect(dsn) as connection:
        while True:
            delivered = deliver(
                connection,
                sender,
                workspace_id=1,
                vault=VAULT,
                post=post,
                worker=f"bench:{os.getpid()}",
                clock=lambda _: NOON,
                batch=batch,
            )
            if not delivered.claimed:
                return


def work_apart(dsn: str, port: int, post: Post, *, batch: int) -> int:
    """Do the same in a process of its own; return its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work(dsn, port, post, batch=batch)
        status = 0
    finally:
        os._exit(status)


@contextmanager
def lend_sink() -> Generator[tuple[int, Callable[[], Taken]]]:
    """Start the mail server; yield its port and what stops it and returns what it took."""
    command = [sys.executable, str(Path(__file__).with_name("sink.py"))]
    process = subprocess.Popen(  # noqa: S603 - our own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - a pipe

    def close() -> Taken:
        told, _ = process.communicate("")
        return msgspec.json.decode(told, type=Taken)

    try:
        yield int(process.stdout.readline()), close
    finally:
        process.kill()
        _ = process.wait()


def check(mails: list[str], *, record: str) -> None:
    """See that the mails differ, and that another implementation finds their signatures good."""
    if len(set(mails)) != len(mails):
        raise SystemExit("Two mails are the same.")
    verify = cast("Callable[..., bool]", dkim.verify)

    def look_up(*_: object, **__: object) -> bytes:
        return record.encode()

    for mail in mails if record else []:
        if not verify(mail.encode(), dnsfunc=look_up):
            raise SystemExit("A signature is not good.")


if __name__ == "__main__":
    main()
