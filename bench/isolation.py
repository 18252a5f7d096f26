"""What does one vendor's or recipient's trouble cost everybody else?

`dangol work` hands over mails and text messages at a modest rate, to a mail server and to SOLAPI's
fake, both in a process of their own on this machine. Measured is the time from ``allowed`` to
``sent`` (``message.allowed_at`` to ``delivery.settled_at``) of mails to the healthy. For each
disturber a phase in which all are well and one in which it disturbs take turns, some rounds of
them, at the same rate to the same people, so that whatever else the machine does falls on both:

    poison      the mail server breaks the connection at one recipient in five
    storm       it answers one recipient in five with 421, 452 or 454 by turns
    full        the same without 421, which asks the whole sender and not one mail for patience
    dead        SOLAPI refuses every connection
    throttled   SOLAPI answers 429 with Retry-After
    dripping    SOLAPI answers a byte at a time and never to the end

What is put off in a phase is given up at its end, and what was learnt of vendors forgotten. A mail
that was not sent by then counts with the time it had waited.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString, Protocol
from urllib.parse import urlencode

from psycopg.conninfo import conninfo_to_dict
from server import lend_server, open_workspace

from dangol.app.clock import machine_time
from dangol.app.keyfile import open_vault
from dangol.providers.smtp.fake import FakeMailServer, Hangup, Script
from dangol.providers.solapi.fake import FakeSolapi
from dangol.providers.wire.fake import Mishap
from dangol.store.connect import Connection, connect
from dangol.store.vault import Vault

HEALTHY = 300
ILL = 100
TEXTS = 100
# Planned in each beat of BEAT_SECONDS: healthy mails, mails to the ill, text messages.
EACH = (4, 1, 1)
BEAT_SECONDS = 0.1
# Longer than an idle worker's pause, and what it then has to do.
SETTLE_SECONDS = 1.3
MISHAPS = {"throttled": Mishap.THROTTLED, "dripping": Mishap.DRIPPING}
DISTURBERS = ("poison", "storm", "full", "dead", "throttled", "dripping")
STORM = ("421 4.7.0 Too much", "452 4.3.1 Full", "454 4.7.0 Later")
FULL = ("452 4.2.2 Full", "454 4.3.0 Later")
PLAN = """
with person as (
    select customer.id, address.channel
    from customer inner join address on address.customer_id = customer.id
    where customer.id = any(%(people)s)
),
entered as (
    insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key, state,
        step_number, entered_at, ended_at, end_reason)
    select 1, journey.id, version.id, person.id, %(key)s, 'ended', 1, %(now)s, %(now)s, 'completed'
    from person cross join journey
    inner join journey_version as version on version.journey_id = journey.id
    returning id, customer_id, journey_id, version_id
)
insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id, step_number,
    visit, template_id, channel, purpose, planned_at, expires_at, state, act_at, allowed_at)
select 1, person.id, entered.id, entered.journey_id, entered.version_id, 1, 1, template.id,
    template.channel, template.purpose, %(now)s, %(now)s + interval '1 day', 'allowed', %(now)s,
    %(now)s
from entered inner join person on person.id = entered.customer_id
inner join template on template.channel = person.channel
"""
GIVE_UP = """
update message set state = 'failed', act_at = null
where id in (select id from message where state = 'allowed' for update skip locked)
"""
READ = """
select extract(epoch from coalesce(delivery.settled_at, %(now)s) - message.allowed_at)::float8,
    delivery.id is not null
from message
left join delivery on delivery.message_id = message.id and delivery.state = 'accepted'
where message.id > %(after)s and message.customer_id <= %(healthy)s
"""
PUT_OFF = """
select count(*) from delivery where id > %s and state not in ('accepted', 'claimed', 'calling')
"""
NEWEST = "select coalesce(max(id), 0) from delivery"


class Line(Protocol):
    """One end of a pipe between the two processes."""

    def send(self, obj: object, /) -> None:
        """Say something."""

    def recv(self) -> Any:  # noqa: ANN401 - whatever the other end says
        """Wait for what is said."""


class Outside:
    """The mail server and SOLAPI, and what is wrong with them."""

    def __init__(self) -> None:
        self.mail = FakeMailServer(store=lambda _: None, script=self.script)
        self.solapi = FakeSolapi(clock=machine_time)
        self.trouble = ""
        self.replies = itertools.cycle(STORM)

    def script(self, to: str) -> Script:
        """Say how the mail server answers for a recipient."""
        if to.startswith("ill-") and self.trouble == "poison":
            return Script(hangup=Hangup.AT_RECIPIENT)
        if to.startswith("ill-") and self.trouble in {"storm", "full"}:
            return Script(recipient=next(self.replies))
        return Script()

    def change(self, trouble: str) -> None:
        """End what is wrong, and begin something else; empty for nothing."""
        was, self.trouble = self.trouble, trouble
        self.replies = itertools.cycle(FULL if trouble == "full" else STORM)
        wrong = MISHAPS.get(trouble)
        self.solapi.mishaps = deque([wrong] * 10_000 if wrong else ())
        if was == "dripping" or trouble == "dead":
            self.solapi.stop()
        if was == "dead" or (was == "dripping" and trouble != "dead"):
            self.solapi.start()


def serve(line: Line) -> None:
    """Be the world outside until the line says None."""
    outside = Outside()
    with outside.mail, outside.solapi:
        line.send({"DANGOL_SMTP_URL": outside.mail.url, **outside.solapi.settings()})
        while (trouble := line.recv()) is not None:
            outside.change(trouble)
            line.send(trouble)
        outside.change("")


@contextmanager
def world() -> Generator[tuple[Mapping[str, str], Callable[[str], None]]]:
    """Run the world outside in a process of its own; yield its settings, and what disturbs it."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=serve, args=(its,), daemon=True)
    process.start()

    def disturb(trouble: str) -> None:
        ours.send(trouble)
        ours.recv()

    try:
        yield ours.recv(), disturb
    finally:
        ours.send(None)
        process.join(timeout=10)


@contextmanager
def working(settings: Mapping[str, str], *, folder: Path) -> Generator[None]:
    """Let `dangol work` work."""
    program = [str(Path(sys.executable).with_name("dangol"))]
    environment = {**os.environ, **settings}
    with (folder / "work.log").open("w") as log:
        _ = subprocess.run([*program, "migrate"], env=environment, check=True, stdout=log)  # noqa: S603 - our own
        worker = subprocess.Popen([*program, "work"], env=environment, stdout=log, stderr=log)  # noqa: S603 - our own
        try:
            yield
        finally:
            worker.terminate()
            _ = worker.wait()


def as_url(dsn: str) -> str:
    """Write where a database is as the settings take it."""
    return f"postgresql:///?{urlencode(conninfo_to_dict(dsn))}"


def fill(connection: Connection, vault: Vault, *, now: datetime) -> None:
    """Make the customers with an address each, and a template for each channel."""
    with connection.transaction():
        _ = open_workspace(connection, now=now)
        connection.execute(
            "insert into customer (workspace_id, first_seen_at, last_seen_at)"
            " select 1, %s, %s from generate_series(1, %s)",
            (now, now, HEALTHY + ILL + TEXTS),
        )
        for number in range(1, HEALTHY + ILL + TEXTS + 1):
            add_address(connection, vault, number, now=now)
        connection.execute(
            "insert into template (workspace_id, name, channel, purpose, locale, subject,"
            " body_text, body_html, created_at)"
            " values (1, 'mail', 'email', 'informational', 'ko', '주문', '보냈어요.', '', %s),"
            " (1, 'text', 'sms', 'informational', 'ko', '', '보냈어요.', '', %s)",
            (now, now),
        )
        connection.execute(
            "insert into journey (workspace_id, name, title_ko, title_en, state, created_at)"
            " values (1, 'bench', '', '', 'running', %s)",
            (now,),
        )
        connection.execute(
            "insert into journey_version (workspace_id, journey_id, number, definition, entry_kind,"
            " entry_event, first_step, published_at)"
            " select 1, id, 1, '{}', 'event', 'x', 1, %s from journey",
            (now,),
        )


def add_address(connection: Connection, vault: Vault, number: int, *, now: datetime) -> None:
    """Seal the one address of a customer."""
    channel, contact, value = "email", "email", f"well-{number}@mail.example"
    if number > HEALTHY + ILL:
        channel, contact, value = "sms", "phone", f"+82102345{number:04d}"
    elif number > HEALTHY:
        value = f"ill-{number}@ill.example"
    key, wrapped = vault.make_key(1)
    connection.execute(
        "insert into customer_key (customer_id, workspace_id, wrapped, master_version)"
        " values (%s, 1, %s, 1)",
        (number, wrapped),
    )
    connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)"
        " values (1, %s, %s, %s, %s, %s, %s)",
        (number, channel, vault.key(1, contact, value), key.seal(contact, value), number, now),
    )


def people(beat: int) -> list[int]:
    """Return who is written to in a beat: all of each kind by turns."""
    found: list[int] = []
    first = 1
    for number, each in zip((HEALTHY, ILL, TEXTS), EACH, strict=True):
        found += [first + (beat * each + place) % number for place in range(each)]
        first += number
    return found


def measure(connection: Connection, *, name: str, seconds: float) -> tuple[list[float], int]:
    """Plan for so long; return what each healthy mail took, and how many were not sent."""
    newest = read_number(connection, "select coalesce(max(id), 0) from message")
    begun = time.monotonic()
    for beat in range(round(seconds / BEAT_SECONDS)):
        values = {"people": people(beat), "key": f"{name} {beat}", "now": datetime.now(UTC)}
        connection.execute(PLAN, values)
        connection.commit()
        time.sleep(max(0.0, begun + (beat + 1) * BEAT_SECONDS - time.monotonic()))
    time.sleep(SETTLE_SECONDS)
    values = {"now": datetime.now(UTC), "after": newest, "healthy": HEALTHY}
    rows = connection.execute(READ, values).fetchall()
    connection.commit()
    return [waited for waited, _ in rows], sum(not is_sent for _, is_sent in rows)


def read_number(connection: Connection, query: LiteralString, *values: object) -> int:
    """Return the one number that a query tells."""
    row = connection.execute(query, values).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always answers
    return row[0]


def calm(connection: Connection, disturb: Callable[[str], None]) -> None:
    """Let all be well, give up what waits, and forget what was learnt of vendors."""
    disturb("")
    time.sleep(0.3)
    connection.execute(GIVE_UP)
    connection.execute("delete from provider_state")
    connection.commit()


def compare(
    connection: Connection,
    disturb: Callable[[str], None],
    *,
    disturber: str,
    rounds: int,
    seconds: float,
) -> dict[str, float]:
    """Measure one disturber by turns with none; print and return its figures."""
    latencies: dict[str, list[float]] = {"": [], disturber: []}
    unsent = {"": 0, disturber: 0}
    put_off = {"": 0, disturber: 0}
    for number in range(rounds):
        # Whatever grows from phase to phase meets both alike.
        for trouble in ("", disturber) if number % 2 == 0 else (disturber, ""):
            disturb(trouble)
            name = f"{disturber} {number} {trouble}"
            newest = read_number(connection, NEWEST)
            found, left = measure(connection, name=name, seconds=seconds)
            latencies[trouble] += found
            unsent[trouble] += left
            calm(connection, disturb)
            put_off[trouble] += read_number(connection, PUT_OFF, newest)
    well, ill = (percentile(found, 0.99) * 1000 for found in latencies.values())
    medians = [percentile(found, 0.5) * 1000 for found in latencies.values()]
    change = (ill / well - 1) * 100
    print(
        f"{disturber:10} p99 {well:6,.0f} ms well, {ill:6,.0f} ms disturbed, {change:+6.1f} %"
        f"   (median {medians[0]:,.0f} and {medians[1]:,.0f} ms, {len(latencies['']):,} mails each,"
        f" not sent in time {unsent['']} and {unsent[disturber]},"
        f" attempts that failed {put_off['']} and {put_off[disturber]})",
        flush=True,
    )
    return {
        "well_p99_ms": round(well),
        "disturbed_p99_ms": round(ill),
        "change_percent": round(change, 1),
        "unsent": unsent[disturber],
    }


def percentile(latencies: list[float], share: float) -> float:
    return sorted(latencies)[int(len(latencies) * share)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seconds", type=float, default=2.4)
    _ = parser.add_argument("--rounds", type=int, default=3)
    _ = parser.add_argument("--only", choices=DISTURBERS)
    options = parser.parse_args()
    figures: dict[str, object] = {}
    with (
        lend_server() as server,
        world() as (outside, disturb),
        connect(server.postgres.dsn) as connection,
    ):
        vault = open_vault(server.folder / "data" / "dangol.key")
        fill(connection, vault, now=datetime.now(UTC))
        settings = {
            **outside,
            "DANGOL_DATABASE_URL": as_url(server.postgres.dsn),
            "DANGOL_DATA_FOLDER": str(server.folder / "data"),
        }
        with working(settings, folder=server.folder):
            # The worker reads, connects and warms up, which takes long on a busy machine.
            for number in range(10):
                if not measure(connection, name=f"first {number}", seconds=3.0)[1]:
                    break
            for disturber in [options.only] if options.only else DISTURBERS:
                figures[disturber] = compare(
                    connection,
                    disturb,
                    disturber=disturber,
                    rounds=options.rounds,
                    seconds=options.seconds,
                )
    load = round(os.getloadavg()[0], 1)
    print(f"load: {load}")
    print(json.dumps({"load": load, **figures}))


if __name__ == "__main__":
    main()
