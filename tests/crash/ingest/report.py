"""What is said while a campaign runs, and at its end."""

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Final

from tests.crash.ingest.campaign import Campaign

PROGRESS_SECONDS: Final = 10.0
TERMINAL_SECONDS: Final = 1.0


@dataclass(kw_only=True)
class Report:
    """The lines of one run; the last is one JSON object."""

    wanted: int
    seed: int
    began: float = field(default_factory=time.monotonic)
    said: float = 0.0

    def progress(self, campaign: Campaign) -> None:
        """Say how far it is, now and then: on a terminal in one line that changes."""
        seconds = time.monotonic() - self.began
        if seconds - self.said < (TERMINAL_SECONDS if sys.stdout.isatty() else PROGRESS_SECONDS):
            return
        self.said = seconds
        end = "\r" if sys.stdout.isatty() else "\n"
        print(f"{seconds:6.0f} s  {self.figures(campaign)}", end=end, flush=True)  # noqa: T201

    def figures(self, campaign: Campaign) -> str:
        """Return kills, acknowledged events, and what the rounds judged so far came to."""
        kills, verdict = campaign.kills.total(), campaign.verdict
        rate = kills / (time.monotonic() - self.began)
        acknowledged = campaign.acknowledged + len(campaign.book.events)
        return (
            f"{kills}/{self.wanted} kills ({rate:.1f}/s)  {acknowledged:,} acknowledged  "
            f"{verdict.found:,} found  {verdict.lost} lost  {verdict.duplicated} doubled"
        )

    def sum_up(self, campaign: Campaign) -> None:
        """Say which kills there were, and what was found."""
        kinds = ", ".join(f"{name} {times}" for name, times in sorted(campaign.kills.items()))
        say(f"seed {self.seed}: {kinds}")
        say(f"no fault: {tell(campaign)}")

    def conclude(self, campaign: Campaign, caught: list[str]) -> None:
        """Print the result."""
        verdict = campaign.verdict
        result = {
            "kills": campaign.kills.total(),
            "lost": verdict.lost,
            "duplicated": verdict.duplicated,
            "mutants_caught": len(caught),
            "acknowledged": campaign.acknowledged,
            "contradictions": verdict.contradictions,
            "seconds": round(time.monotonic() - self.began, 1),
        }
        say(json.dumps(result))


def tell(campaign: Campaign) -> str:
    """Return what a campaign came to, in words."""
    verdict = campaign.verdict
    return (
        f"{campaign.kills.total()} kills, {campaign.acknowledged:,} acknowledged, "
        f"{verdict.lost} lost, {verdict.duplicated} doubled"
        + "".join(f"\n    {finding}" for finding in verdict.findings)
    )


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - what a campaign says is its result
