"""Rounds of an attack: clients buy, everything is killed, all settles, and history is judged."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from tests.crash.fate import Fate
from tests.crash.ingest.book import Book
from tests.crash.ingest.clients import Client
from tests.crash.ingest.interrupt import Interrupt, defer_interrupt
from tests.crash.ingest.judge import ALL_DONE, UNREAD, Verdict, judge, rows
from tests.crash.ingest.nursery import Nursery
from tests.crash.ingest.plan import BACKEND, EVERYTHING, POSTGRES, Kill
from tests.crash.ingest.shop import Shop
from tests.crash.postgres import Victim

CLIENTS: Final = 6
# How long a point may take to be passed; a kill that never came is not counted.
POINT_SECONDS: Final = 60.0
CLIENT_SECONDS: Final = 120.0
BACK_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.1
# PostgreSQL lives so long before it is killed again.
SHORTEST_PEACE: Final = 0.1
LONGEST_PEACE: Final = 0.6

Progress = Callable[["Campaign"], None]


@dataclass(kw_only=True)
class Campaign:
    """One shop under attack. ``patience_seconds``: how long nothing may move before it is lost."""

    postgres: Victim
    shop: Shop
    nurseries: dict[str, Nursery]
    progress: Progress
    seed: int
    patience_seconds: float = 30.0
    verdict: Verdict = field(default_factory=Verdict)
    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    # Every acknowledged event of every round, by customer and name.
    bought: Counter[tuple[str, str]] = field(default_factory=Counter)
    rounds: int = 0
    book: Book = field(default_factory=Book)
    over: threading.Event = field(default_factory=threading.Event)
    # Who has not been through all its kills of this round.
    under_attack: set[str] = field(default_factory=set)
    # Who died of another's kill, and is to be born to the same fate again.
    bystanders: set[str] = field(default_factory=set)

    def run_round(self, number: int, kills: list[Kill]) -> Verdict:
        """Carry out the kills while clients buy, let all settle, and judge what was bought."""
        self.book = Book()
        self.rounds = number
        # The same round of the same seed can be repeated by itself.
        chance = random.Random(f"{self.seed} {number}")  # noqa: S311 - to be repeated
        with defer_interrupt() as interrupt, self.clients(chance):
            self.attack(kills, chance, interrupt)
        self.settle()
        with self.shop.connect() as connection:
            verdict = judge(connection, self.book, workspace_id=self.shop.workspace_id)
        self.verdict.add(verdict)
        self.acknowledged += len(self.book.events)
        self.bought.update(self.book.orders())
        return verdict

    def judge_all(self) -> None:
        """Look once more at every customer of every round: nothing came twice since."""
        with self.shop.connect() as connection:
            place = {"workspace_id": self.shop.workspace_id}
            done = {(who, name): count for who, name, count in rows(connection, ALL_DONE, place)}
        self.verdict.compare_all(expected=self.bought, found=Counter(done))

    @contextmanager
    def clients(self, chance: random.Random) -> Iterator[None]:
        """Let clients buy meanwhile; in the end each has its last call acknowledged."""
        over = threading.Event()
        threads = [
            threading.Thread(target=client.run, daemon=True)
            for client in self.make_clients(chance, over)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
        deadline = time.monotonic() + CLIENT_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        assert not any(thread.is_alive() for thread in threads), "a call was never acknowledged"

    def make_clients(self, chance: random.Random, over: threading.Event) -> Iterator[Client]:
        """Yield the clients of this round, with customers nobody else has."""
        for number in range(CLIENTS):
            yield Client(
                name=f"{self.rounds}-{number}",
                key=self.shop.key,
                ports=self.shop.ports,
                chance=random.Random(chance.random()),  # noqa: S311 - to be repeated
                book=self.book,
                over=over,
            )

    def attack(self, kills: list[Kill], chance: random.Random, interrupt: Interrupt) -> None:
        """Attack every victim at the same time, each with its own kills in their order."""
        self.over.clear()
        self.under_attack = {kill.victim for kill in kills}
        with ThreadPoolExecutor(len(self.nurseries) + 1) as pool:
            attacks = [
                pool.submit(self.kill_children, name, [k for k in kills if k.victim == name])
                for name in self.nurseries
            ]
            ends = [kill for kill in kills if kill.victim == POSTGRES]
            attacks.append(pool.submit(self.kill_postgres, ends, chance))
            self.watch(attacks, interrupt)

    def watch(self, attacks: list[Future[None]], interrupt: Interrupt) -> None:
        """Wait for all attacks; the first that fails, or Ctrl-C, ends the others."""
        try:
            waiting = set(attacks)
            while waiting:
                if interrupt.asked:
                    raise KeyboardInterrupt
                done, waiting = wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED)
                for attack in done:
                    attack.result()
                self.progress(self)
        finally:
            self.over.set()

    def kill_children(self, victim: str, kills: list[Kill]) -> None:
        """Kill one server or the worker again and again; in the end one lives."""
        nursery = self.nurseries[victim]
        nursery.end()
        for kill in kills:
            while not self.meets_fate(nursery, kill):
                if self.over.is_set():
                    return
            self.count(kill)
        self.under_attack.discard(victim)
        nursery.bear(Fate())
        while self.under_attack and not self.over.is_set():
            if nursery.await_death(seconds=LOOK_SECONDS):
                nursery.bear(Fate())
        if nursery.await_death(seconds=0):
            nursery.bear(Fate())

    def meets_fate(self, nursery: Nursery, kill: Kill) -> bool:
        """Let a child live and die; False when it was a bystander of another's kill."""
        self.bystanders.discard(kill.victim)
        nursery.bear(Fate(point=kill.point, nth=kill.nth))
        if kill.point:
            deadline = time.monotonic() + POINT_SECONDS
            while not nursery.await_death(seconds=LOOK_SECONDS) and not self.over.is_set():
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{kill.victim} never passed {kill.point}")
        elif not nursery.await_death(seconds=kill.seconds):
            nursery.end()
            return True
        return kill.victim not in self.bystanders and not self.over.is_set()

    def kill_postgres(self, kills: list[Kill], chance: random.Random) -> None:
        """Kill PostgreSQL again and again, and bring it back each time."""
        for kill in kills:
            if self.over.wait(chance.uniform(SHORTEST_PEACE, LONGEST_PEACE)):
                return
            self.end_postgres(kill, chance)
            self.count(kill)
        self.under_attack.discard(POSTGRES)

    def end_postgres(self, kill: Kill, chance: random.Random) -> None:
        """Kill PostgreSQL in the way that was planned, and bring it back."""
        if kill.point == BACKEND:
            while not self.postgres.kill_backend(choose=chance.random()):
                if self.over.wait(LOOK_SECONDS):
                    return
            self.postgres.await_answer(seconds=BACK_SECONDS)
            return
        if kill.point == EVERYTHING:
            self.kill_everything()
        else:
            self.postgres.kill_head()
        self.postgres.start_again()

    def kill_everything(self) -> None:
        """Kill all there is in the moment after an acknowledgement."""
        while not self.book.await_acknowledgement(seconds=LOOK_SECONDS):
            if self.over.is_set():
                return
        self.bystanders |= self.nurseries.keys()
        self.postgres.kill_whole()
        for nursery in self.nurseries.values():
            nursery.strike()

    def count(self, kill: Kill) -> None:
        """Write a kill down."""
        self.kills[kill.name] += 1
        self.book.note(kill.victim, "killed", point=kill.point or "at random")

    def settle(self) -> None:
        """Let the worker read everything there is, or wait until nothing moves any more."""
        place = {"workspace_id": self.shop.workspace_id}
        deadline = time.monotonic() + self.patience_seconds
        with self.shop.connect() as connection:
            while rows(connection, UNREAD, place)[0][0] and time.monotonic() < deadline:
                time.sleep(0.02)
