"""`make fuzz`: bodies without end, from bytes to a real PostgreSQL; each is taken or refused.

Run with ``python -m tests.fuzz.campaign --bodies 1000000``. A body that makes the server fail, or
keeps it busy for seconds, is printed with its number: ``--first NUMBER --bodies 1`` repeats it.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from tests import build
from tests.build import NOON, TEST_VAULT
from tests.fuzz.bodies import make_body

from dangol.ingest.fault import STATUS, BadPayload
from dangol.ingest.keys import create_api_key
from dangol.ingest.payload import unpack
from dangol.ingest.reception import Desk, Judged, Posted, store
from dangol.store.connect import Connection, connect_bare, open_pool
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import ensure_event_partitions, migrate
from dangol.store.vocabulary import ApiKeyKind
from dangol.store.workspace import create_workspace

AT_ONCE: Final = 100
# Processor time, not the clock's: a busy machine must not look like a hanging body.
MOST_SECONDS: Final = 2.0
SERVER_FAULT: Final = 500
KEPT_ROWS: Final = 200_000
SAID_EVERY: Final = 20_000


class Hanging(Exception):  # noqa: N818  it is the body that hangs
    """One body kept the processor busy for longer than any may."""


class Broken(Exception):  # noqa: N818  it is our promise that is
    """A body did what no body may; the text says which and what."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the bodies; ``accepted`` counts events, ``refused`` bodies and events."""

    bodies: int = 0
    accepted: int = 0
    stored: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])


@contextmanager
def watchdog() -> Generator[None, None, None]:
    """Raise where a body takes more processor time than any may."""

    def bark(_signal: int, _frame: FrameType | None) -> None:
        raise Hanging(f"more than {MOST_SECONDS} s of processor time")

    before = signal.signal(signal.SIGVTALRM, bark)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def run(dsn: str, *, seed: int, first: int, bodies: int) -> Tally:
    """Send bodies to a database that has one workspace.

    Raises:
        Broken: a body made the server fail or hang, or an accepted event is not stored.
    """
    tally = Tally()
    pool = open_pool(dsn, size=1)
    try:
        desk = Desk(pool=pool, vault=TEST_VAULT, clock=lambda _: NOON)
        with pool.connection() as connection:
            key = open_key(connection)
            for numbers in groups(first, bodies):
                fuzz_group(desk, connection, numbers, seed=seed, key=key, tally=tally)
                settle(connection, tally, at_least=KEPT_ROWS)
                if tally.bodies % SAID_EVERY < AT_ONCE:
                    print(f"{tally.bodies:,} of {bodies:,} bodies", file=sys.stderr)  # noqa: T201
            settle(connection, tally, at_least=0)
    finally:
        pool.close()
    return tally


def groups(first: int, bodies: int) -> Iterator[range]:
    for start in range(first, first + bodies, AT_ONCE):
        yield range(start, min(start + AT_ONCE, first + bodies))


def open_key(connection: Connection) -> str:
    """Make a workspace and a key for it."""
    with connection.transaction():
        ensure_event_partitions(connection, days=[NOON.date()])
        workspace = create_workspace(
            connection,
            name=f"fuzz {id(connection)}",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="단골 상점",
            sender_email="hello@shop.example",
            sender_postal="서울",
            sender_phone="02-120",
            now=NOON,
        )
        return create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)


def fuzz_group(
    desk: Desk, connection: Connection, numbers: range, *, seed: int, key: str, tally: Tally
) -> None:
    """Judge each body alone, store them together, count what became of them."""
    judged = [judge(desk, connection, number, seed=seed, key=key) for number in numbers]
    try:
        answers = store(judged, connection, now=NOON)
    except Exception as error:
        raise Broken(f"storing the bodies {numbers}: {error!r}") from error
    for number, answer in zip(numbers, answers, strict=True):
        tally.bodies += 1
        if isinstance(answer, BadPayload):
            tally.refused[answer.code] += 1
            check_refusal(number, answer.code, answer.message)
            continue
        tally.accepted += answer.accepted
        for one in answer.refused:
            tally.refused[one.code] += 1
            check_refusal(number, one.code, one.message)


def judge(desk: Desk, connection: Connection, number: int, *, seed: int, key: str) -> Judged:
    """Read one body as the server does."""
    path_type, body = make_body(seed, number)
    try:
        with watchdog():
            whole = unpack(body)
            posted = Posted(body=whole, path_type=path_type, authorization=f"Bearer {key}")
            return desk.judge(connection, posted, now=NOON)
    except BadPayload as fault:
        return fault
    except Exception as error:
        raise Broken(f"body {number} of seed {seed}: {error!r}; {body[:200]!r}") from error


def check_refusal(number: int, code: str, message: str) -> None:
    """Let no refusal be our own fault, without words, or not fit on the wire."""
    if STATUS[code] >= SERVER_FAULT or not message:
        raise Broken(f"body {number} was refused with {code}: {message!r}")
    try:
        _ = message.encode()
    except UnicodeEncodeError as error:
        raise Broken(f"body {number}: its refusal cannot be sent: {message!r}") from error


def settle(connection: Connection, tally: Tally, *, at_least: int) -> None:
    """Compare what was accepted with what is stored, and make room."""
    if tally.accepted - tally.stored < at_least:
        return
    build.unpack(connection)
    parked = connection.execute("select reason from parked_event limit 1").fetchone()
    if parked:
        raise Broken(f"an accepted event was parked: {parked[0]}")
    row = connection.execute("select count(*) from event").fetchone()
    tally.stored += row[0] if row else 0
    if tally.stored != tally.accepted:
        raise Broken(f"{tally.accepted} events were accepted, {tally.stored} are stored")
    _ = connection.execute("truncate event")
    connection.commit()


def main() -> int:
    """Fuzz on a server of our own; print one JSON line last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dangol-fuzz-"))
    server = EmbeddedPostgres.start(folder / "pg", durable=False)
    try:
        with connect_bare(server.dsn) as connection:
            migrate(connection)
        tally = run(server.dsn, seed=options.seed, first=options.first, bodies=options.bodies)
    except Broken as broken:
        print(f"BROKEN: {broken}", file=sys.stderr)  # noqa: T201  the result
        return 1
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(as_line(tally)))  # noqa: T201  the result
    return 0


def as_line(tally: Tally) -> dict[str, object]:
    return {
        "bodies": tally.bodies,
        "accepted": tally.accepted,
        "stored": tally.stored,
        "refused": dict(tally.refused.most_common()),
        "server_faults": 0,
        "hung": 0,
    }


if __name__ == "__main__":
    sys.exit(main())
