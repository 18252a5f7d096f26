"""Kill it again and again in the middle of its work, and look for what it lost.

    python -m tests.crash.flow --kills 20

Three clients send purchases to a desk, a worker acts on them, PostgreSQL keeps them with fsync on,
and a mail server takes what is sent: each a process of its own. The desk and the worker are killed
(SIGKILL) at named points of the code and at random moments, PostgreSQL at random moments. Then all
is started again, the clients send again what was not acknowledged, and the history is judged.
The last line is one JSON object.
"""

import argparse
import json
import multiprocessing
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from tests.crash.children import run_desk, run_worker
from tests.crash.fate import Fate
from tests.crash.history import Verdict, judge, open_work
from tests.crash.mutants import MUTANTS, NONE
from tests.crash.postgres import Victim, adopt_orphans
from tests.crash.shop import Call, Shop, open_shop, start_mailbox, write_calls

from dangol.app.database import url_of
from dangol.store.embedded import EmbeddedPostgres

# A server that imports everything once and forks each child: it is born in milliseconds.
FORKS: Final = multiprocessing.get_context("forkserver")
PRELOAD: Final = ["tests.crash.children"]
CLIENTS: Final = 3
CLIENT_PAUSE_SECONDS: Final = 0.15
WORKER_POINTS: Final = (
    "tick.before_commit",
    "tick.after_commit",
    "claim.after_commit",
    "calling.after_commit",
    "send.after_accept",
    "record.before_commit",
    "record.after_commit",
    "flush.after_delta",
    "segments.before_commit",
)
DESK_POINTS: Final = ("ingest.before_commit", "ingest.after_commit")
# How long a point may take to be passed; a kill that never came is not counted.
POINT_SECONDS: Final = 20.0
CLIENT_SECONDS: Final = 120.0
STUCK_SECONDS: Final = 20.0
LONGEST_LIFE_SECONDS: Final = 0.8
MUTANT_KILLS: Final = 4
LEASE_MINUTES: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Whom to kill, and at which point; at a random moment when ``point`` is empty."""

    victim: str
    point: str = ""


@dataclass(kw_only=True)
class Campaign:
    """One shop under attack."""

    ground: "Ground"
    shop: Shop
    chance: random.Random
    mutant: str = NONE
    verdict: Verdict = field(default_factory=Verdict)
    done: Counter[str] = field(default_factory=Counter)
    children: dict[str, BaseProcess] = field(default_factory=dict)
    pipes: list[Pipe | None] = field(default_factory=lambda: [None] * CLIENTS)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, kills: list[Kill]) -> None:
        """Carry out the kills while clients buy, let all settle, and judge."""
        self.start("desk", Fate())
        self.start("worker", Fate())
        try:
            with self.clients():
                # Time for a history, also where nobody is to be killed.
                time.sleep(MUTANTS[self.mutant].calm_seconds)
                for kill in kills:
                    self.carry_out(kill)
            self.settle()
        finally:
            for victim in ("desk", "worker"):
                self.end(victim)
        self.verdict = judge(self.shop)

    @contextmanager
    def clients(self) -> Iterator[None]:
        """Let clients buy meanwhile; in the end each has its last call acknowledged."""
        threads = [
            threading.Thread(target=self.send_all, args=(number,), daemon=True)
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join(CLIENT_SECONDS)
            stuck = [thread for thread in threads if thread.is_alive()]
            assert not stuck, "a client's call was never acknowledged"

    def start(self, victim: str, fate: Fate) -> None:
        """Start the desk or the worker, destined to ``fate``."""
        if victim == "desk":
            ends = [FORKS.Pipe() for _ in range(CLIENTS)]
            theirs = [end for _, end in ends]
            arguments = (self.shop.settings, self.shop.key, theirs, fate, self.mutant)
            child = FORKS.Process(target=run_desk, args=arguments)
        else:
            child = FORKS.Process(target=run_worker, args=(self.shop.settings, fate, self.mutant))
        child.start()
        self.children[victim] = child
        if victim == "desk":
            for end in theirs:
                end.close()
            self.pipes = [end for end, _ in ends]

    def carry_out(self, kill: Kill) -> None:
        """Kill one, and start it again."""
        if kill.victim == "postgres":
            time.sleep(self.chance.uniform(0.1, LONGEST_LIFE_SECONDS))
            self.ground.kill_postgres()
        else:
            self.replace_child(kill)
        self.done[f"{kill.victim} {kill.point or 'at random'}"] += 1
        # The dead one's claims and calls are over, and so are the pauses before the next attempt.
        self.shop.pass_time(minutes=LEASE_MINUTES)

    def replace_child(self, kill: Kill) -> None:
        """Let a child live with the fate, until it has met it."""
        self.end(kill.victim)
        self.start(kill.victim, Fate(point=kill.point, nth=self.chance.randint(1, 3)))
        if not kill.point:
            time.sleep(self.chance.uniform(0.1, LONGEST_LIFE_SECONDS))
            self.end(kill.victim)
        child = self.children[kill.victim]
        child.join(POINT_SECONDS)
        if child.is_alive():
            self.end(kill.victim)
            raise TimeoutError(f"{kill.victim} never passed {kill.point}")
        self.start(kill.victim, Fate())

    def end(self, victim: str) -> None:
        """Kill a child now, if it lives."""
        if child := self.children.get(victim):
            child.kill()
            child.join()

    def send_all(self, number: int) -> None:
        """Be one client: send call after call, each until it is acknowledged."""
        for call in write_calls(number, clients=CLIENTS):
            self.send(number, call)
            if self.over.wait(CLIENT_PAUSE_SECONDS):
                return

    def send(self, number: int, call: Call) -> None:
        while True:
            pipe = self.pipes[number]
            try:
                if pipe is not None:
                    pipe.send_bytes(call.body)
                    if pipe.recv():
                        self.shop.acknowledged.update(call.events)
                        return
            except (EOFError, OSError):
                pass
            time.sleep(0.05)

    def settle(self) -> None:
        """Let everything come to its end, or to where nothing moves any more."""
        moved, before = time.monotonic(), ()
        with self.shop.connect() as connection:
            while any(left := open_work(connection, workspace_id=self.shop.workspace_id)):
                if left != before:
                    moved, before = time.monotonic(), left
                if time.monotonic() - moved > STUCK_SECONDS:
                    return
                time.sleep(0.5)
                # Nobody waits out a lease or a pause.
                self.shop.pass_time(minutes=LEASE_MINUTES)


def plan_kills(number: int, *, chance: random.Random) -> list[Kill]:
    """Choose at random; every point comes once before any comes again."""
    plan: list[Kill] = []
    while len(plan) < number:
        deck = [
            *(Kill(victim="worker", point=point) for point in WORKER_POINTS),
            *(Kill(victim="desk", point=point) for point in DESK_POINTS),
            *(Kill(victim="worker") for _ in range(3)),
            *(Kill(victim="desk") for _ in range(2)),
            *(Kill(victim="postgres") for _ in range(4)),
        ]
        chance.shuffle(deck)
        plan += deck
    return plan[:number]


def plan_mutant(name: str) -> list[Kill]:
    mutant = MUTANTS[name]
    return [Kill(victim=mutant.victim, point=point) for point in mutant.points] * MUTANT_KILLS


@dataclass(kw_only=True)
class Ground:
    """What campaigns stand on: a server that keeps what it confirms, and a mail server."""

    folder: Path
    victim: Victim
    mail_port: int

    def kill_postgres(self) -> None:
        """End the server as the machine would at its worst, and start it again."""
        self.victim.kill_head()
        self.victim.start_again()


@contextmanager
def open_ground() -> Iterator[Ground]:
    """Lend the ground; remove it afterwards."""
    adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="dangol-crash-"))
    mailbox, port = start_mailbox(folder / "mailbox")
    victim = Victim(server=EmbeddedPostgres.start(folder / "pg"))
    ground = Ground(folder=folder, victim=victim, mail_port=port)
    try:
        yield ground
    finally:
        victim.server.stop()
        mailbox.kill()
        mailbox.wait()
        shutil.rmtree(folder, ignore_errors=True)


def attack(ground: Ground, *, kills: list[Kill], seed: int, mutant: str = NONE) -> Campaign:
    """Open a shop, carry out the kills, and judge its history."""
    name = mutant.replace(" ", "-") or "shop"
    shop = open_shop(
        ground.folder / name, dsn=url_of(ground.victim.server), mail_port=ground.mail_port
    )
    campaign = Campaign(
        ground=ground,
        shop=shop,
        chance=random.Random(seed),  # noqa: S311 - to be repeated, not to be secret
        mutant=mutant,
    )
    campaign.run(kills)
    return campaign


def main() -> int:
    """Run the campaign, then the mutants; exit 1 unless the one is clean and the others caught."""
    parser = argparse.ArgumentParser("python -m tests.crash.flow", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how many; default: 20")
    parser.add_argument("--seed", type=int, default=None, help="repeat a campaign")
    parser.add_argument("--no-mutants", action="store_true", help="leave the mutants out")
    parser.add_argument("--mutant", choices=[*filter(None, MUTANTS)], help="only this mutant")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    mutants = not options.no_mutants
    began = time.monotonic()
    with open_ground() as ground:
        chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        plan = plan_kills(options.kills, chance=chance)
        campaign = attack(ground, kills=plan, seed=seed)
        say(f"seed {seed}", campaign)
        names = [options.mutant] if options.mutant else [*filter(None, MUTANTS)]
        caught = [is_caught(ground, name, seed=seed) for name in names if mutants]
    verdict = campaign.verdict
    print(  # noqa: T201 - the result
        json.dumps(
            {
                "kills": campaign.done.total(),
                "lost": verdict.lost,
                "duplicated": verdict.duplicated,
                "contradictions": verdict.contradictions,
                "unknown": verdict.unknown,
                **verdict.figures,
                "mutants": len(caught),
                "mutants_caught": sum(caught),
                "seconds": round(time.monotonic() - began, 1),
            }
        )
    )
    return 0 if verdict.clean and all(caught) else 1


def is_caught(ground: Ground, name: str, *, seed: int) -> bool:
    """Attack a mutant; tell whether its history gave it away."""
    campaign = attack(ground, kills=plan_mutant(name), seed=seed, mutant=name)
    say(name, campaign)
    return not campaign.verdict.clean


def say(title: str, campaign: Campaign) -> None:
    """Print what was done and what was found, for people."""
    kills = ", ".join(f"{name} {times}" for name, times in sorted(campaign.done.items()))
    found = "; ".join(campaign.verdict.findings) or "nothing lost, nothing twice"
    print(f"{title}: killed {kills or 'nobody'} -> {found}", flush=True)  # noqa: T201


if __name__ == "__main__":
    FORKS.set_forkserver_preload(PRELOAD)
    sys.exit(main())
