"""Rounds of an attack: child after child is born, works, and is killed; then all is judged.

Whoever runs a round has everything imported and opens no connection and no thread of its own, so
that a child is a fork away: a few milliseconds.
"""

import gc
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from tests.build import NOON, TEST_VAULT
from tests.channels.sending import POST
from tests.channels.vendors import KEY_LASTS, provider
from tests.crash.delivery.judge import Verdict, judge
from tests.crash.delivery.limits import forget_limits, lift_limits, set_limits
from tests.crash.delivery.mutants import MUTANTS, NONE
from tests.crash.delivery.plan import (
    BATCH,
    DUE,
    LONG_STEP,
    SHARE,
    SLEEPING_PLACES,
    STEP,
    Kill,
    later,
    plan_kills,
    plan_moments,
)
from tests.crash.delivery.shop import drop_undue, fill_shop, open_door, open_work
from tests.crash.delivery.trace import Trace
from tests.crash.delivery.vendor import Caller, Desk, Vendor
from tests.crash.postgres import die_with_parent

from dangol.app.asking import ask_unanswered
from dangol.app.delivery import deliver
from dangol.app.providers import Provider
from dangol.channels.claim import recover_claims
from dangol.content.liquid import parse
from dangol.guard.law.terms import place_values
from dangol.guard.quiet import known_zone
from dangol.providers.vendor import Idempotency
from dangol.store.connect import Connection, connect
from dangol.store.crash import crashpoint, handle_crashpoints
from dangol.store.vocabulary import Channel

# A kill whose point nobody passes waits for a later life; so many more lives there are.
SPARE: Final = 1.3
SPARE_LIVES: Final = 12
# With limits there are lives that may do nothing.
SPARE_LIMITED: Final = 1.5
# About so many moments pass by in a nap.
LIVES_SLEPT: Final = 2
# So often a mutant meets sleepers, whatever few kills it gets.
MUTANT_NAPS: Final = 3
# In the end all that can be sent is sent, in lives without a kill.
QUIET_LIVES: Final = 80
QUIET_BATCH: Final = 200
LOOK_SECONDS: Final = 0.0005
SOONER: Final = 0.7
DONE: Final = 0
FAILED: Final = 1
# There is more to do.
MORE: Final = 3
# Nobody passes it.
PEACE: Final = Kill(point="peace")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What makes a round what it is: the same plan is the same round."""

    kind: Idempotency
    kills: int
    seed: int
    number: int = 0
    mutant: str = NONE
    # Mail, with every limit set, instead of text messages with none.
    limited: bool = False

    @property
    def name(self) -> str:
        limits = ", limited" if self.limited else ""
        return f"{self.kind} ({self.mutant}{limits}), seed {self.seed}, round {self.number}"


@dataclass(kw_only=True)
class Round:
    """One shop, one vendor, and a clock that moves from life to life."""

    dsn: str
    plan: Plan
    folder: Path
    trace: Trace = field(default_factory=Trace)
    workspace: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    # After which point those were who died at random.
    after: Counter[str] = field(default_factory=Counter)
    sleepers: int = 0

    def run(self) -> dict[str, object]:
        """Carry out the kills, let all settle, and judge."""
        plan = self.plan
        chance = random.Random(f"{plan.seed} {plan.number}")  # noqa: S311 - to be repeated
        kills = plan_kills(plan.kind, plan.kills, chance=chance)
        if plan.mutant != NONE:
            sleepers = [Kill(point=point, asleep=True) for point in SLEEPING_PLACES]
            kills = [*sleepers * MUTANT_NAPS, *kills]
        spare = SPARE_LIMITED if plan.limited else SPARE
        naps = sum(kill.asleep for kill in kills) * len(self.naps) * LIVES_SLEPT
        moments = plan_moments(int(len(kills) * spare) + naps + SPARE_LIVES, chance=chance)
        self.trace.set_clock(NOON)
        self.workspace = in_child(lambda: self.fill(moments))
        desk = Desk(kind=plan.kind, record=self.folder / "record", seed=f"{plan.seed}")
        vendor = Vendor(desk=desk)
        vendor.open()
        unmet = self.attack(kills, moments, vendor)
        until = self.trace.now()
        in_child(self.end_shop)
        self.settle(vendor)
        record = vendor.close()
        told: dict[str, object] = in_child(lambda: self.judge(record, unmet, until=until))
        return {
            **told,
            "kills": self.deaths.total(),
            "deaths": self.deaths,
            "after": self.after,
            "sleepers": self.sleepers,
        }

    @property
    def vendor(self) -> Provider:
        """The vendor as the loop knows it."""
        limited = self.plan.limited
        found = provider(self.plan.kind, channel=Channel.EMAIL if limited else Channel.SMS)
        return replace(found, share=SHARE, speaks_of_receivers=limited)

    @property
    def naps(self) -> tuple[timedelta, ...]:
        """After how long others work while one sleeps: also when the vendor has lost the key."""
        match self.plan.kind:
            case Idempotency.KEYED:
                return (STEP, LONG_STEP)
            case Idempotency.ASKABLE:
                # The first admits that nobody knows, the second asks, and sends again.
                return (STEP, STEP)
            case Idempotency.NEITHER:
                return (STEP,)

    def fill(self, moments: list[datetime]) -> int:
        with connect(self.dsn) as connection:
            forget_limits(connection, provider=self.vendor.name)
            if self.plan.limited:
                set_limits(connection, provider=self.vendor.name)
            channel = self.vendor.channels[0]
            return fill_shop(
                connection, name=self.plan.name, channel=channel, moments=moments, due=DUE
            )

    def end_shop(self) -> None:
        """Let nothing more come due, and lift the limits, so that all that waits can go."""
        with connect(self.dsn) as connection:
            drop_undue(connection, self.workspace, now=self.trace.now())
            if self.plan.limited:
                lift_limits(connection, provider=self.vendor.name)

    def judge(self, record: list[dict], unmet: list[Kill], *, until: datetime) -> dict[str, object]:
        with connect(self.dsn) as connection:
            verdict = judge(
                connection,
                self.workspace,
                record,
                kind=self.plan.kind,
                limited_until=until if self.plan.limited else None,
            )
        if self.plan.mutant == NONE:
            verdict.contradict("points never passed", [kill.name for kill in unmet])
        return asdict(verdict)

    def attack(self, kills: list[Kill], moments: list[datetime], vendor: Vendor) -> list[Kill]:
        """Carry out the kills, one a life; return those nobody met."""
        waiting = [*kills]
        for moment in moments:
            if not waiting:
                break
            self.trace.set_clock(max(self.trace.now(), moment))
            kill = waiting.pop(0)
            if not (self.sleep if kill.asleep else self.live)(kill, vendor):
                # Who was to die at random had already done its work: sooner, next time.
                waiting.append(replace(kill, seconds=kill.seconds * SOONER))
        return waiting

    def live(self, kill: Kill, vendor: Vendor) -> bool:
        """Let a child work until it meets its fate; return whether it did."""
        child = self.bear(kill, vendor)
        if not kill.point:
            self.strike(child, kill.seconds)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            check_end(status, kill)
            return False
        if os.WTERMSIG(status) != signal.SIGKILL:
            raise RuntimeError(f"a child died by itself at {kill}")
        self.deaths[kill.name] += 1
        if not kill.point:
            self.after[self.trace.last_point] += 1
        return True

    def strike(self, child: int, seconds: float) -> None:
        """Kill a child so long after it began to work, unless it has ended by then."""
        while not self.trace.has_begun:
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG):
                return
            time.sleep(LOOK_SECONDS)
        time.sleep(seconds)
        # It is not collected before we wait for it: until then the number is its own.
        os.kill(child, signal.SIGKILL)

    def sleep(self, kill: Kill, vendor: Vendor) -> bool:
        """Let a worker sleep over what it holds; others do its work, and then it wakes."""
        child = self.bear(kill, vendor)
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            check_end(status, kill)
            return False
        for step in self.naps:
            self.trace.set_clock(later(self.trace.now(), step))
            self.live(PEACE, vendor)
        os.kill(child, signal.SIGCONT)
        _, status = os.waitpid(child, 0)
        check_end(status, kill)
        self.sleepers += 1
        return True

    def settle(self, vendor: Vendor) -> None:
        """Let children work in peace until nothing is left to do."""
        step = STEP
        for _ in range(QUIET_LIVES):
            self.trace.set_clock(later(self.trace.now(), step))
            child = self.bear(PEACE, vendor, batch=QUIET_BATCH)
            _, status = os.waitpid(child, 0)
            if check_end(status, PEACE) == DONE:
                return
            step = LONG_STEP

    def bear(self, kill: Kill, vendor: Vendor, *, batch: int = BATCH) -> int:
        """Fork a child that works; return its number."""
        self.trace.clear()
        child = os.fork()
        if child:
            return child
        die_with_parent()
        end = FAILED
        try:
            MUTANTS[self.plan.mutant].apply()
            with open_door(self.dsn) as connection:
                handle_crashpoints(self.trace.handler(kill))
                self.trace.begin()
                self.work(connection, Caller(line=vendor.line, now=self.trace.now), batch=batch)
                asks = self.plan.kind is Idempotency.ASKABLE
                end = MORE if open_work(connection, self.workspace, asks=asks) else DONE
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the parent must hear of it
            sys.stderr.write(f"{self.plan.name}: {fault!r}\n")
        finally:
            os._exit(end)

    def work(self, connection: Connection, caller: Caller, *, batch: int) -> None:
        """Be a worker's life: take back what the dead held, ask, and send all that is due."""
        vendor, now = self.vendor, self.trace.now
        keyed = {vendor.name: KEY_LASTS} if self.plan.kind is Idempotency.KEYED else {}
        with connection.transaction():
            recover_claims(connection, workspace_id=self.workspace, now=now(), keyed=keyed)
            crashpoint("recover.before_commit")
        crashpoint("recover.after_commit")
        if self.plan.kind is Idempotency.ASKABLE:
            ask_unanswered(
                connection,
                caller,
                provider=vendor,
                workspace_id=self.workspace,
                vault=TEST_VAULT,
                clock=lambda _: now(),
            )
        while deliver(
            connection,
            caller,
            workspace_id=self.workspace,
            vault=TEST_VAULT,
            post=POST,
            worker=f"child-{os.getpid()}",
            clock=lambda _: now(),
            batch=batch,
            provider=vendor,
            watch=self.trace.watch,
        ).claimed:
            pass


def prepare() -> None:
    """Have everything ready that a worker reads once, so that no child has to."""
    place_values()
    known_zone("Asia/Seoul", otherwise="UTC")
    parse("body_text", "{{ customer.name }}", escape=False)
    # What is there by now is never looked at again, and so shared with every child.
    gc.collect()
    gc.freeze()


def check_end(status: int, kill: object) -> int:
    """Return how a child ended that was not killed.

    Raises:
        RuntimeError: it failed.
    """
    end = os.waitstatus_to_exitcode(status)
    if end not in {DONE, MORE}:
        raise RuntimeError(f"a child failed at {kill}")
    return end


def in_child(do: Callable[[], Answer]) -> Answer:
    """Do something that needs a connection in a process of its own; return what it says."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        die_with_parent()
        try:
            with os.fdopen(write, "w") as pipe:
                json.dump(do(), pipe)
            os._exit(DONE)
        except BaseException as fault:  # noqa: BLE001 - as above
            sys.stderr.write(f"{fault!r}\n")
        finally:
            os._exit(FAILED)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    check_end(status, do)
    return json.loads(said)


def run_round(dsn: str, plan: Plan, *, folder: Path) -> dict[str, object]:
    """Carry out one round; what could not be carried out to its end is a finding, too."""
    own = Path(tempfile.mkdtemp(prefix="round-", dir=folder))
    try:
        return Round(dsn=dsn, plan=plan, folder=own).run()
    except RuntimeError as fault:
        verdict = Verdict()
        verdict.contradict(str(fault), [plan.name])
        return {**asdict(verdict), "kills": 0, "deaths": {}, "after": {}, "sleepers": 0}
    finally:
        shutil.rmtree(own, ignore_errors=True)
