"""Kill the delivery loop again and again, before vendors of every class, and count what they got.

    python -m tests.crash.delivery --kills 10000 --class keyed

Messages come due; a child takes back what the dead held, claims, writes, passes the door, calls a
vendor in another process, and is killed (SIGKILL): at every named point of the loop, each time it
is passed, and at random moments. Some fall asleep instead, and wake when others have done their
work. The vendor's own record cannot be lost; in the end all that can be sent is sent, and its
record is held against the tables. Then the same is done to faults put in on purpose, each of which
must be found. The last line is one JSON object.
"""

import argparse
import json
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Final

from tests.crash.delivery.judge import Verdict
from tests.crash.delivery.lanes import Done, Lane, open_lanes, run_rounds
from tests.crash.delivery.mutants import MUTANTS, NONE
from tests.crash.delivery.plan import deck_size, points_of
from tests.crash.delivery.rounds import Plan, prepare

from dangol.providers.vendor import Idempotency

ROUND_KILLS: Final = 250
SAID_EVERY: Final = 1_000
MUTANT_KILLS: Final = 12
LANES: Final = 2
# The second round is the first with every limit set, then one in so many.
LIMITED_ONE_IN: Final = 3
INTERRUPTED: Final = 130


@dataclass(kw_only=True)
class Report:
    """What the rounds before one class, or with one mutant, came to so far."""

    verdict: Verdict = field(default_factory=Verdict)
    kills: int = 0
    sleepers: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)

    def add(self, told: dict) -> None:
        """Count a round in."""
        self.verdict.add(Verdict(**{one.name: told[one.name] for one in fields(Verdict)}))
        self.kills += told["kills"]
        self.sleepers += told["sleepers"]
        self.deaths.update(told["deaths"])
        self.after.update(told["after"])

    def tell(self) -> str:
        """Return all of it in words."""
        found = self.verdict
        return (
            f"{self.kills:,} kills, {self.sleepers} fell asleep: {found.messages:,} messages, "
            f"{found.accepted:,} accepted, {found.failed:,} refused, {found.unknown:,} unknown "
            f"({found.unknown_taken:,} of them had come), {found.lost} lost, "
            f"{found.duplicated} doubled, {found.contradictions} contradictions"
            + "".join(f"\n    {finding}" for finding in found.findings)
        )


def main() -> int:
    """Attack each class, then see that every mutant is found out; 0 when all is as it should be."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    options = read_options()
    prepare()
    began = time.monotonic()
    try:
        with open_lanes(options.lanes) as lanes:
            told = attack(lanes, options)
            killing = time.monotonic() - began
            missed = find_missed(lanes, options)
    except KeyboardInterrupt:
        say("\nStopped; nothing is left behind.")
        return INTERRUPTED
    return conclude(told, missed, seconds=killing)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m tests.crash.delivery",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = [*map(str, Idempotency)]
    seed = random.SystemRandom().randrange(10**6)
    parser.add_argument(
        "--kills",
        type=int,
        default=60,
        help="of each class, at least one at every point; default: 60",
    )
    parser.add_argument("--class", dest="kinds", action="append", choices=kinds)
    parser.add_argument("--seed", type=int, default=seed, help="repeat a campaign's plan")
    parser.add_argument("--round", type=int, default=0, help="carry out only this round of it")
    parser.add_argument("--lanes", type=int, default=LANES, help="how many at a time; default: 2")
    parser.add_argument("--limited", action="store_true", help="set all limits in every round")
    parser.add_argument("--no-mutants", action="store_true", help="leave the mutants out")
    return parser.parse_args()


def attack(lanes: list[Lane], options: argparse.Namespace) -> dict[Idempotency, Report]:
    """Carry out all rounds; say how far they are now and then."""
    told = {Idempotency(kind): Report() for kind in options.kinds or Idempotency}
    # A round before each class in turn: whoever stops early has tried all.
    plans = [plan for kind in told for plan in plan_rounds(kind, options)]
    plans.sort(key=lambda plan: plan.number)
    began = time.monotonic()
    for done in run_rounds(lanes, plans):
        report = told[done.plan.kind]
        before = report.kills // SAID_EVERY
        report.add(done.told)
        blame(done)
        if report.kills // SAID_EVERY > before:
            killed = sum(one.kills for one in told.values())
            rate = killed / (time.monotonic() - began)
            say(f"seed {options.seed}, {rate:.1f} kills/s, {done.plan.kind}: {report.tell()}")
    return told


def plan_rounds(kind: Idempotency, options: argparse.Namespace) -> list[Plan]:
    """Return the rounds of one class; however few kills are wanted, each point has one."""
    kills = max(options.kills, deck_size(kind))
    return [
        Plan(
            kind=kind,
            kills=min(ROUND_KILLS, kills - begin),
            seed=options.seed,
            number=begin // ROUND_KILLS + 1,
            limited=begin // ROUND_KILLS % LIMITED_ONE_IN == 1 or options.limited,
        )
        for begin in range(0, kills, ROUND_KILLS)
        if options.round in (0, begin // ROUND_KILLS + 1)
    ]


def blame(done: Done) -> None:
    """Say how a round that found something is repeated."""
    plan = done.plan
    if done.told["findings"]:
        limited = " --limited" if plan.limited else ""
        say(
            f"{plan.name} failed; again: --class {plan.kind} --seed {plan.seed}"
            f" --kills {plan.number * ROUND_KILLS} --round {plan.number}{limited}"
            + "".join(f"\n    {finding}" for finding in done.told["findings"])
        )


def find_missed(lanes: list[Lane], options: argparse.Namespace) -> list[str]:
    """Attack every mutant; return those that nobody found out."""
    names = [] if options.no_mutants else [name for name in MUTANTS if name != NONE]
    plans = [
        Plan(
            kind=MUTANTS[name].kind,
            kills=MUTANT_KILLS,
            seed=options.seed,
            mutant=name,
            limited=MUTANTS[name].limited,
        )
        for name in names
    ]
    found: set[str] = set()
    for done in run_rounds(lanes, plans):
        report = Report()
        report.add(done.told)
        say(f"mutant {done.plan.mutant}: {report.tell()}")
        # A round that could not be carried out shows nothing.
        if report.kills and not report.verdict.clean:
            found.add(done.plan.mutant)
    return [name for name in names if name not in found]


def conclude(told: dict[Idempotency, Report], missed: list[str], *, seconds: float) -> int:
    """Say what each class came to, and print the result."""
    whole, kills, spared = Verdict(), 0, dict[str, list[str]]()
    for kind, report in told.items():
        say(f"{kind}: {report.tell()}")
        say(f"    at {dict(sorted(report.deaths.items()))}")
        say(f"    at random, after {dict(sorted(report.after.items()))}")
        whole.add(report.verdict)
        kills += report.kills
        reached = {name.partition(" ")[0] for name in report.deaths}
        if never := [point for point in points_of(kind) if point not in reached]:
            spared[kind] = never
    result = {
        "kills": kills,
        **{
            name: getattr(whole, name)
            for name in ("messages", "accepted", "unknown", "lost", "duplicated", "contradictions")
        },
        "never_killed_at": spared,
        "mutants_missed": missed,
        "kills_per_second": round(kills / seconds, 1),
    }
    say(json.dumps(result))
    return 0 if whole.clean and not spared and not missed else 1


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - what a campaign says is its result


if __name__ == "__main__":
    sys.exit(main())
