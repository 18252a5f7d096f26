"""Kill the delivery loop again and again, before vendors of every class, and count what they got.

    python -m tests.crash.delivery --kills 500 --class keyed

Messages wait; a child claims them, writes them, calls a vendor, and is killed (SIGKILL) at a named
point, some of them while the vendor has half of a batch; now and then it falls asleep instead, and
wakes when others have done its work. What the vendor took stands in a file that nobody takes back.
Between the deaths claims are recovered and, where the vendor can be asked, it is. In the end all
that can be sent is sent, and the file is held against the tables. The last line is one JSON object.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tests.build import NOON, TEST_VAULT, open_shop
from tests.channels.sending import POST
from tests.channels.vendors import Vendor, outcome
from tests.crash.delivery.mutants import MUTANTS, NONE
from tests.crash.delivery.shop import KEY_LASTS, fill_up, judge, provider_of
from tests.crash.fate import Fate, meet

from dangol.app.asking import ask_unanswered
from dangol.app.delivery import LEASE, deliver
from dangol.channels.claim import recover_claims
from dangol.providers.vendor import Idempotency, Outcome, Outgoing
from dangol.store.connect import Connection, connect, connect_bare
from dangol.store.crash import handle_crashpoints
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import ensure_event_partitions, migrate

POINTS: Final = (
    "claim.after_commit",
    "calling.after_commit",
    "vendor.taken",
    "send.after_accept",
    "record.before_commit",
    "record.after_commit",
)
BATCH: Final = 5
# So many more wait after each death.
MORE: Final = 2
STEP: Final = LEASE + timedelta(minutes=1)
QUIET: Final = 12
MUTANT_KILLS: Final = 24
# How often a worker falls asleep instead of dying.
ZOMBIE_ONE_IN: Final = 8


@dataclass(kw_only=True)
class Campaign:
    """One shop, one vendor, and a clock that moves from death to death."""

    dsn: str
    kind: Idempotency
    ledger: Path
    mutant: str = NONE
    now: datetime = NOON
    workspace: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    made: int = 0

    def run(self, kills: int, *, seed: int) -> dict[str, object]:
        """Carry out the kills, let all settle, and judge."""
        chance = random.Random(seed)  # noqa: S311 - to be repeated
        with connect(self.dsn) as connection:
            self.workspace = open_shop(connection, name=f"{self.kind} {self.mutant} {seed}")
        while self.deaths.total() < kills:
            with connect(self.dsn) as connection:
                self.made = fill_up(connection, self.workspace, self.made, more=MORE)
            point = chance.choice(POINTS)
            # In the midst of a batch the vendor has some of it.
            nth = chance.randint(1, 3) if point == "vendor.taken" else 1
            if chance.randrange(ZOMBIE_ONE_IN) == 0:
                self.sleep_and_wake()
            elif self.live(Fate(point=point, nth=nth)):
                self.deaths[point] += 1
            self.recover()
        for _ in range(QUIET):
            self.live(Fate())
            self.recover()
        with connect(self.dsn) as connection:
            return judge(connection, self.workspace, self.ledger, deaths=self.deaths)

    def live(self, fate: Fate) -> bool:
        """Let a child work until it dies or nothing waits; return whether it died."""
        child = os.fork()
        if child == 0:
            self.work(fate)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
            raise RuntimeError(f"a child failed at {fate}")
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

    def sleep_and_wake(self) -> None:
        """Let a worker sleep over its claim; another does its work, and then it wakes."""
        child = os.fork()
        if child == 0:
            self.work(Fate(), stop_at="claim.after_commit")
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            self.recover()
            self.live(Fate())
            os.kill(child, signal.SIGCONT)
            os.waitpid(child, 0)
            self.deaths["asleep"] += 1

    def work(self, fate: Fate, *, stop_at: str = "") -> None:
        """Be the child: never returns."""
        try:
            MUTANTS[self.mutant]()
            handle_crashpoints(sleep_once(stop_at) if stop_at else meet(fate))
            vendor = Vendor(kind=self.kind, ledger=self.ledger, answer=taking)
            with connect(self.dsn) as connection:
                self.send_all(connection, vendor)
            os._exit(0)
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the parent must hear of it
            sys.stderr.write(f"{fault!r}\n")
            os._exit(1)

    def send_all(self, connection: Connection, vendor: Vendor) -> None:
        while deliver(
            connection,
            vendor,
            workspace_id=self.workspace,
            vault=TEST_VAULT,
            post=POST,
            worker=f"child-{os.getpid()}",
            clock=lambda _: self.now,
            batch=BATCH,
            provider=provider_of(self.kind),
        ).claimed:
            pass

    def recover(self) -> None:
        """Let time pass, take back what the dead held, and ask who can be asked."""
        self.now += STEP
        with connect(self.dsn) as connection:
            MUTANTS[self.mutant]()
            keyed = {provider_of(self.kind).name: KEY_LASTS}
            with connection.transaction():
                recover_claims(
                    connection,
                    workspace_id=self.workspace,
                    now=self.now,
                    keyed=keyed if self.kind is Idempotency.KEYED else {},
                )
            if self.kind is Idempotency.ASKABLE:
                ask_unanswered(
                    connection,
                    Vendor(kind=self.kind, ledger=self.ledger),
                    provider=provider_of(self.kind),
                    workspace_id=self.workspace,
                    vault=TEST_VAULT,
                    clock=lambda _: self.now,
                )


def sleep_once(point: str) -> Callable[[str], None]:
    """Return a handler that stops this process at a point, once, until somebody wakes it."""
    slept: list[str] = []

    def handle(name: str) -> None:
        if name == point and not slept:
            slept.append(name)
            os.kill(os.getpid(), signal.SIGSTOP)

    return handle


def taking(message: Outgoing) -> Outcome:
    """Take a message; whoever dies at the next point has had it taken and never hears so."""
    return outcome(message)


def attack(
    server: EmbeddedPostgres, kind: Idempotency, *, kills: int, seed: int, mutant: str = NONE
) -> dict[str, object]:
    """Run one campaign in a child of its own, so that a mutant stays there."""
    folder = Path(tempfile.mkdtemp(prefix="dangol-crash-"))
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            campaign = Campaign(dsn=server.dsn, kind=kind, ledger=folder / "ledger", mutant=mutant)
            told = campaign.run(kills, seed=seed)
            os.write(write, json.dumps(told).encode())
            os._exit(0)
        except BaseException as fault:  # noqa: BLE001 - as above
            sys.stderr.write(f"{fault!r}\n")
            os._exit(1)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    shutil.rmtree(folder, ignore_errors=True)
    if status or not said:
        raise RuntimeError(f"the campaign before {kind} ({mutant}) failed")
    return json.loads(said)


def is_clean(told: dict[str, object]) -> bool:
    return (told["lost"], told["duplicated"], told["contradictions"]) == (0, 0, 0)


def main(show: Callable[[str], object] = print) -> int:
    """Attack each class with its share of the kills, then see that every mutant is found out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--class", dest="kinds", action="append", choices=[*map(str, Idempotency)])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-mutants", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dangol-crash-"))
    server = EmbeddedPostgres.start(folder / "pg", durable=False)
    try:
        with connect_bare(server.dsn) as connection:
            migrate(connection)
            ensure_event_partitions(connection, days=[NOON.date()])
        kinds = [Idempotency(kind) for kind in options.kinds or Idempotency]
        each = -(-options.kills // len(kinds))
        told = {}
        for kind in kinds:
            told[kind] = attack(server, kind, kills=each, seed=options.seed)
            show(f"{kind}: {told[kind]}")
        missed: list[str] = []
        for name in [] if options.no_mutants else [name for name in MUTANTS if name != NONE]:
            found = attack(
                server, Idempotency.NEITHER, kills=MUTANT_KILLS, seed=options.seed, mutant=name
            )
            show(f"mutant {name}: {found}")
            if is_clean(found):
                missed.append(name)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    result = {
        "kills": sum(int(str(one["kills"])) for one in told.values()),
        **{
            name: sum(int(str(one[name])) for one in told.values())
            for name in ("messages", "accepted", "unknown", "lost", "duplicated", "contradictions")
        },
        "mutants_missed": missed,
    }
    show(json.dumps(result))
    return 0 if is_clean(result) and not missed else 1


if __name__ == "__main__":
    sys.exit(main())
