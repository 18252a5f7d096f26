"""Rounds of an attack: people come and go, everything is killed, all settles, all is judged."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import psycopg
from tests.crash.fate import Fate
from tests.crash.ingest.interrupt import Interrupt, defer_interrupt
from tests.crash.ingest.judge import Verdict, rows
from tests.crash.ingest.nursery import Nursery
from tests.crash.journeys.judge import judge
from tests.crash.journeys.plan import POSTGRES, Kill
from tests.crash.journeys.shop import Shop
from tests.crash.postgres import Victim, reap_orphans

from dangol.app.clock import shifted_clock
from dangol.store.connect import Connection, StoreError

# How long a point may take to be passed.
POINT_SECONDS: Final = 240.0
LOOK_SECONDS: Final = 0.05
BEAT_SECONDS: Final = 0.03
COMING: Final = 3
HOURS_A_BEAT: Final = 0.1
SETTLING_HOURS: Final = 6.0
# So many may be on their way before others come.
MOST_INSIDE: Final = 150
MOST_UNREAD: Final = 30
INSIDE: Final = """
select count(*) from enrollment
where workspace_id = %(workspace_id)s and state in ('active', 'waiting')
"""
UNREAD: Final = """
select count(*) from event join event_cursor using (workspace_id)
where event.workspace_id = %(workspace_id)s and event_cursor.reader = 'tick'
and (event.written_by, event.id) > (event_cursor.written_by, event_cursor.event_id)
"""
# How long somebody has been waiting for workers, by the clock of the shop. Time does not pass while
# that is long: on a busy machine purchases would come after the goal's two weeks.
LONGEST_LATE: Final = timedelta(hours=12)
LATE: Final = """
select greatest(
    (select %(now)s - min(wake_at) from enrollment
        where workspace_id = %(workspace_id)s and state = 'waiting' and wake_at < %(now)s),
    (select %(now)s - min(event.received_at) from event join event_cursor using (workspace_id)
        where event.workspace_id = %(workspace_id)s and event_cursor.reader = 'tick'
        and (event.written_by, event.id) > (event_cursor.written_by, event_cursor.event_id)),
    interval '0'
)
"""
# What changes as long as something moves.
MOVES: Final = """
select (select count(*) from enrollment), (select count(*) from message),
    (select coalesce(sum(step), 0) from event_cursor where reader = 'tick')
"""


@dataclass(kw_only=True)
class Campaign:
    """One shop under attack. ``patience_seconds``: how long nothing may move before it is lost."""

    postgres: Victim
    shop: Shop
    nurseries: dict[str, Nursery]
    seed: int
    patience_seconds: float = 20.0
    verdict: Verdict = field(default_factory=Verdict)
    kills: Counter[str] = field(default_factory=Counter)
    customers: int = 0
    rounds: int = 0
    came: set[str] = field(default_factory=set)
    served: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    # Who has not been through all its kills of this round.
    under_attack: set[str] = field(default_factory=set)
    # One at a time brings the server back.
    server: threading.Lock = field(default_factory=threading.Lock)

    def run_round(self, number: int, kills: list[Kill]) -> Verdict:
        """Carry out the kills while people come, let all settle, and judge where they went."""
        self.rounds = number
        self.came, self.served = set(), set()
        with defer_interrupt() as interrupt, self.people():
            self.attack(kills, interrupt)
        self.settle()
        with self.shop.connect() as connection:
            verdict = judge(connection, self.came, workspace_id=self.shop.workspace_id)
        self.verdict.add(verdict)
        self.customers += len(self.came)
        return verdict

    # ---- people

    @contextmanager
    def people(self) -> Iterator[None]:
        """Let people come and time pass, whoever dies meanwhile."""
        closing = threading.Event()
        thread = threading.Thread(target=self.let_come, args=(closing,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            closing.set()
            thread.join(POINT_SECONDS)
        assert not thread.is_alive(), "nobody could be let in any more"

    def let_come(self, closing: threading.Event) -> None:
        while not closing.is_set():
            # A server that is down is back in a moment; what was being told is told again.
            with suppress(psycopg.Error, StoreError), self.shop.connect() as connection:
                while not closing.wait(BEAT_SECONDS):
                    self.beat(connection, hours=HOURS_A_BEAT)
            closing.wait(LOOK_SECONDS)

    def beat(self, connection: Connection, *, hours: float) -> None:
        """Let some come, those who are waited for buy, and time pass."""
        if self.has_room(connection):
            coming = [f"r{self.rounds}-{len(self.came) + n}" for n in range(COMING)]
            self.shop.view(connection, coming)
            self.came.update(coming)
        self.served.update(self.shop.serve(connection, self.served))
        if self.is_in_time(connection):
            self.shop.pass_time(connection, hours=hours)

    def is_in_time(self, connection: Connection) -> bool:
        """Tell whether workers have done nearly all that was due."""
        place = {"workspace_id": self.shop.workspace_id, "now": shifted_clock(connection)}
        return rows(connection, LATE, place)[0][0] < LONGEST_LATE

    def has_room(self, connection: Connection) -> bool:
        """Tell whether workers keep up with those who have come."""
        place = {"workspace_id": self.shop.workspace_id}
        [(inside,)], [(unread,)] = (rows(connection, query, place) for query in (INSIDE, UNREAD))
        return inside < MOST_INSIDE and unread < MOST_UNREAD

    def settle(self) -> None:
        """Let everybody come to their end, or to where nothing moves any more."""
        place = {"workspace_id": self.shop.workspace_id}
        moved, before = time.monotonic(), []
        with self.shop.connect() as connection:
            while time.monotonic() - moved < self.patience_seconds:
                self.served.update(self.shop.serve(connection, self.served))
                now = rows(connection, MOVES, place)
                if now != before:
                    moved, before = time.monotonic(), now
                elif not rows(connection, INSIDE, place)[0][0]:
                    return
                elif self.is_in_time(connection):
                    # Only time can move them; whoever is to buy has been served before.
                    self.shop.pass_time(connection, hours=SETTLING_HOURS)
                time.sleep(BEAT_SECONDS * 3)

    # ---- killing

    def attack(self, kills: list[Kill], interrupt: Interrupt) -> None:
        """Attack every victim at the same time, each with its own kills in their order."""
        self.over.clear()
        self.under_attack = {kill.victim for kill in kills}
        with ThreadPoolExecutor(len(self.nurseries) + 1) as pool:
            attacks = [
                pool.submit(self.kill_children, name, [k for k in kills if k.victim == name])
                for name in self.nurseries
            ]
            ends = [kill for kill in kills if kill.victim == POSTGRES]
            attacks.append(pool.submit(self.kill_postgres, ends))
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
        finally:
            self.over.set()

    def kill_children(self, victim: str, kills: list[Kill]) -> None:
        """Kill one child again and again; in the end one lives."""
        nursery = self.nurseries[victim]
        nursery.end()
        for kill in kills:
            self.let_die(nursery, kill)
            if self.over.is_set():
                return
            self.kills[kill.name] += 1
        self.under_attack.discard(victim)
        nursery.bear(Fate())

    def let_die(self, nursery: Nursery, kill: Kill) -> None:
        """Let a child live and die, and bring back what it took with it."""
        nursery.bear(Fate(point=kill.point, nth=kill.nth, whole=kill.whole))
        if not kill.point:
            if not nursery.await_death(seconds=kill.seconds):
                nursery.end()
            return
        deadline = time.monotonic() + POINT_SECONDS
        while not nursery.await_death(seconds=LOOK_SECONDS) and not self.over.is_set():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{kill.victim} never passed {kill.point}")
        if kill.whole and not self.over.is_set():
            self.bring_back()

    def kill_postgres(self, kills: list[Kill]) -> None:
        """Kill PostgreSQL again and again, and bring it back each time."""
        for kill in kills:
            if self.over.wait(kill.seconds):
                return
            self.bring_back()
            self.kills[kill.name] += 1
        self.under_attack.discard(POSTGRES)

    def bring_back(self) -> None:
        """Kill what lives of the server, and start it again."""
        with self.server:
            self.postgres.kill_whole()
            self.postgres.start_again()
            reap_orphans(self.postgres.server.pid)
