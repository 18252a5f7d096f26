"""Kill the way in again and again while clients send, and look for what was lost or done twice.

    python -m tests.crash.ingest --kills 2000

Six clients send purchases over HTTP to two servers, a worker acts on them, PostgreSQL keeps them
with fsync on: each a process of its own. Servers and worker are killed (SIGKILL) at named points of
the code and at random moments; PostgreSQL loses its head, a backend, or all of it together with
everything else in the moment after an acknowledgement. After each round all must be there exactly
once. Then the same is done to four faults put in on purpose, each of which must be found.
The last line is one JSON object.
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.crash.ingest.campaign import Campaign
from tests.crash.ingest.judge import Verdict
from tests.crash.ingest.mutants import MUTANTS
from tests.crash.ingest.nursery import FORKS, PRELOAD
from tests.crash.ingest.plan import Kill, plan_kills
from tests.crash.ingest.report import Report, say, tell
from tests.crash.ingest.save import save_history
from tests.crash.ingest.shop import open_shop
from tests.crash.mutants import NONE
from tests.crash.postgres import Victim, adopt_orphans

from dangol.store.embedded import EmbeddedPostgres

ROUND_KILLS: Final = 60
# A fault may hide from one round by luck.
MUTANT_ROUNDS: Final = 4
MUTANT_PATIENCE_SECONDS: Final = 2.0
INTERRUPTED: Final = 130


def main() -> int:
    """Run the campaign, then the mutants; 0 when the one is clean and the others were caught."""
    options = read_options()
    # Stopped by SIGTERM as by Ctrl-C, nothing is left behind; a shell may have us ignore either.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    report = Report(wanted=options.kills, seed=options.seed)
    mutants = [] if options.no_mutants or options.mutant else [*filter(None, MUTANTS)]
    try:
        with open_postgres() as postgres:
            with open_campaign(postgres, report, mutant=options.mutant) as campaign:
                attack(campaign, options)
                report.sum_up(campaign)
            caught = [name for name in mutants if catch(postgres, report, name)]
    except KeyboardInterrupt:
        say("\nStopped; nothing is left behind.")
        return INTERRUPTED
    report.conclude(campaign, caught)
    return 0 if campaign.verdict.clean and caught == mutants else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m tests.crash.ingest",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    seed = random.SystemRandom().randrange(10**6)
    parser.add_argument("--kills", type=int, default=ROUND_KILLS, help="how many; default: 60")
    parser.add_argument("--seed", type=int, default=seed, help="repeat a campaign's plan")
    parser.add_argument("--round", type=int, default=0, help="carry out only this round of it")
    parser.add_argument("--no-mutants", action="store_true", help="leave the mutants out")
    parser.add_argument(
        "--mutant", choices=[*MUTANTS], default=NONE, help="attack this one instead; it must fail"
    )
    parser.add_argument(
        "--save",
        type=Path,
        default=Path(tempfile.gettempdir()) / "dangol-crash-failed",
        help="where a failing history is kept; default: %(default)s",
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
def open_campaign(postgres: Victim, report: Report, *, mutant: str) -> Iterator[Campaign]:
    """Lend a campaign on a shop of its own; end its children afterwards."""
    folder = postgres.server.folder.with_name(mutant.replace(" ", "-") or "shop")
    shop = open_shop(folder, server=postgres.server)
    campaign = Campaign(
        postgres=postgres,
        shop=shop,
        nurseries=shop.nurseries(mutant=mutant),
        progress=report.progress,
        seed=report.seed,
    )
    if mutant != NONE:
        campaign.patience_seconds = MUTANT_PATIENCE_SECONDS
    try:
        for nursery in campaign.nurseries.values():
            nursery.open()
        yield campaign
    finally:
        for nursery in campaign.nurseries.values():
            nursery.close()


def attack(campaign: Campaign, options: argparse.Namespace) -> None:
    """Carry out round after round, until one fails."""
    plan = plan_kills(max(options.kills, options.round * ROUND_KILLS), seed=options.seed)
    rounds = [plan[begin : begin + ROUND_KILLS] for begin in range(0, len(plan), ROUND_KILLS)]
    for number, kills in enumerate(rounds, start=1):
        if options.round not in (0, number):
            continue
        verdict = survive(campaign, number, kills)
        if not verdict.clean:
            place = save_history(campaign, verdict, seed=options.seed, folder=options.save)
            say(f"round {number} failed; its history is kept in {place}")
            return
    campaign.judge_all()


def survive(campaign: Campaign, number: int, kills: list[Kill]) -> Verdict:
    """Carry out a round; what could not be carried out to its end is a finding, too."""
    try:
        return campaign.run_round(number, kills)
    except (AssertionError, TimeoutError) as fault:
        verdict = Verdict()
        verdict.contradict(str(fault), [f"round {number}"])
        campaign.verdict.add(verdict)
        return verdict


def catch(postgres: Victim, report: Report, name: str) -> bool:
    """Attack a mutant until its history gives it away; tell whether it did."""
    with open_campaign(postgres, report, mutant=name) as campaign:
        campaign.progress = lambda _: None
        for number in range(1, MUTANT_ROUNDS + 1):
            verdict = campaign.run_round(number, [*MUTANTS[name].kills])
            if not verdict.clean:
                break
        say(f"{name}: {tell(campaign)}")
        return not campaign.verdict.clean


if __name__ == "__main__":
    FORKS.set_forkserver_preload(PRELOAD)
    sys.exit(main())
