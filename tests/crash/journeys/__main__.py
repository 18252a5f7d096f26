"""Kill workers, a publisher and PostgreSQL while people go through journeys; see who was lost.

    python -m tests.crash.journeys --kills 5000

Two workers tick, somebody publishes versions, people come all the time, and time flies. Workers and
the publisher are killed (SIGKILL) at named points of the code and at random moments; PostgreSQL,
with fsync on, dies by itself, or together with whoever passes a point. After each round everybody
must have gone through every journey exactly once: no enrollment, message or conversion too many or
too few, nobody stuck. Then the same is done to faults put in on purpose, each of which must be
found. The last line is one JSON object.
"""

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.crash.ingest.judge import Verdict
from tests.crash.ingest.nursery import FORKS
from tests.crash.ingest.report import say
from tests.crash.journeys.campaign import Campaign
from tests.crash.journeys.judge import tell_trails
from tests.crash.journeys.mutants import MUTANTS
from tests.crash.journeys.plan import Kill, plan_kills
from tests.crash.journeys.shop import open_shop
from tests.crash.mutants import NONE
from tests.crash.postgres import Victim, adopt_orphans

from dangol.store.embedded import EmbeddedPostgres

ROUND_KILLS: Final = 60
# A fault may hide from one round by luck.
MUTANT_ROUNDS: Final = 3
MUTANT_PATIENCE_SECONDS: Final = 3.0
INTERRUPTED: Final = 130
PRELOAD: Final = ["tests.crash.journeys.children"]


def main() -> int:
    """Run the campaign, then the mutants; 0 when the one is clean and the others were caught."""
    options = read_options()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    mutants = [] if options.no_mutants or options.mutant else [*filter(None, MUTANTS)]
    began = time.monotonic()
    try:
        with open_postgres() as postgres:
            with open_campaign(postgres, options, mutant=options.mutant) as campaign:
                attack(campaign, options)
            killing = time.monotonic() - began
            caught = [name for name in mutants if catch(postgres, options, name)]
    except KeyboardInterrupt:
        say("\nStopped; nothing is left behind.")
        return INTERRUPTED
    conclude(campaign, caught, killing=killing, seconds=time.monotonic() - began)
    return 0 if campaign.verdict.clean and caught == mutants else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m tests.crash.journeys",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    seed = random.SystemRandom().randrange(10**6)
    parser.add_argument("--kills", type=int, default=ROUND_KILLS, help="how many; default: 60")
    parser.add_argument("--seed", type=int, default=seed, help="repeat a campaign's plan")
    parser.add_argument("--no-mutants", action="store_true", help="leave the mutants out")
    parser.add_argument(
        "--mutant", choices=[*MUTANTS], default=NONE, help="attack this one instead; it must fail"
    )
    return parser.parse_args()


@contextmanager
def open_postgres() -> Iterator[Victim]:
    """Lend a server on a folder of its own; remove both afterwards."""
    adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="dangol-crash-"))
    victim = Victim(server=EmbeddedPostgres.start(folder / "pg"))
    try:
        yield victim
    finally:
        victim.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_campaign(
    postgres: Victim, options: argparse.Namespace, *, mutant: str
) -> Iterator[Campaign]:
    """Lend a campaign on a shop of its own; end its children afterwards."""
    server = postgres.server.folder
    shop = open_shop(server.with_name(mutant.replace(" ", "-") or "shop"), server=postgres.server)
    nurseries = shop.nurseries(server, mutant=mutant)
    campaign = Campaign(postgres=postgres, shop=shop, nurseries=nurseries, seed=options.seed)
    if mutant != NONE:
        campaign.patience_seconds = MUTANT_PATIENCE_SECONDS
    try:
        for nursery in nurseries.values():
            nursery.open()
        yield campaign
    finally:
        for nursery in nurseries.values():
            nursery.close()


def attack(campaign: Campaign, options: argparse.Namespace) -> None:
    """Carry out round after round, until one fails."""
    plan = plan_kills(options.kills, seed=options.seed)
    for begin in range(0, len(plan), ROUND_KILLS):
        number = begin // ROUND_KILLS + 1
        verdict = survive(campaign, number, plan[begin : begin + ROUND_KILLS])
        say(f"seed {options.seed}, round {number}: {tell(campaign)}")
        if not verdict.clean:
            with campaign.shop.connect() as connection:
                workspace_id = campaign.shop.workspace_id
                for line in tell_trails(connection, verdict, workspace_id=workspace_id):
                    say(f"    {line}")
            return


def survive(campaign: Campaign, number: int, kills: list[Kill]) -> Verdict:
    """Carry out a round; what could not be carried out to its end is a finding, too."""
    try:
        return campaign.run_round(number, kills)
    except (AssertionError, TimeoutError) as fault:
        verdict = Verdict()
        verdict.contradict(str(fault), [f"round {number}"])
        campaign.verdict.add(verdict)
        return verdict


def catch(postgres: Victim, options: argparse.Namespace, name: str) -> bool:
    """Attack a mutant until it is given away; tell whether it was."""
    with open_campaign(postgres, options, mutant=name) as campaign:
        for number in range(1, MUTANT_ROUNDS + 1):
            if not survive(campaign, number, [*MUTANTS[name].kills]).clean:
                break
        say(f"{name}: {tell(campaign)}")
        return not campaign.verdict.clean


def tell(campaign: Campaign) -> str:
    """Return what a campaign came to so far, in words."""
    verdict = campaign.verdict
    return (
        f"{campaign.kills.total()} kills, {campaign.customers:,} customers, "
        f"{verdict.lost} lost, {verdict.duplicated} doubled"
        + "".join(f"\n    {finding}" for finding in verdict.findings)
    )


def conclude(campaign: Campaign, caught: list[str], *, killing: float, seconds: float) -> None:
    """Print what was killed, and the result."""
    kinds = ", ".join(f"{name} {times}" for name, times in sorted(campaign.kills.items()))
    say(f"killed {kinds}")
    result = {
        "kills": campaign.kills.total(),
        "lost": campaign.verdict.lost,
        "duplicated": campaign.verdict.duplicated,
        "contradictions": campaign.verdict.contradictions,
        "mutants_caught": len(caught),
        "customers": campaign.customers,
        "kills_per_minute": round(campaign.kills.total() / killing * 60, 1),
        "seconds": round(seconds, 1),
    }
    say(json.dumps(result))


if __name__ == "__main__":
    FORKS.set_forkserver_preload(PRELOAD)
    sys.exit(main())
