"""Whom to kill while people are inside journeys, where, and in which order."""

import random
from dataclasses import dataclass
from typing import Final

WORKERS: Final = ("worker-1", "worker-2")
PUBLISHER: Final = "publisher"
POSTGRES: Final = "postgres"
WORKER_POINTS: Final = (
    "journeys.enrolled",
    "journeys.hopped",
    "journeys.settled",
    "journeys.fallen",
    "tick.before_commit",
    "tick.after_commit",
)
PUBLISHER_POINTS: Final = (
    "publish.written",
    "publish.moved",
    "publish.before_commit",
)
# At these the whole machine goes down: PostgreSQL dies with whoever passes.
MACHINE_POINTS: Final = (*WORKER_POINTS, *PUBLISHER_POINTS)
MOST_PASSED: Final = 3
SHORTEST_SECONDS: Final = 0.02
LONGEST_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Whom to kill, and at which passing of which point; without one, after so many seconds.

    With ``whole`` PostgreSQL dies at that point, too.
    """

    victim: str
    point: str = ""
    nth: int = 1
    seconds: float = 0.0
    whole: bool = False

    @property
    def name(self) -> str:
        """What to count it as."""
        kind = self.victim.partition("-")[0]
        return f"{kind} {self.point or 'at random'}{' with postgres' if self.whole else ''}"


def plan_kills(number: int, *, seed: int) -> list[Kill]:
    """Choose at random; every kind comes before any comes more often."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    plan: list[Kill] = []
    while len(plan) < number:
        deck = make_deck(chance)
        chance.shuffle(deck)
        plan += deck
    return plan[:number]


def make_deck(chance: random.Random) -> list[Kill]:
    """Draw a deck of kills, of each kind in its proportion."""
    machine = chance.sample(MACHINE_POINTS, 3)
    return [
        *(at_point(worker, point, chance) for worker in WORKERS for point in WORKER_POINTS * 4),
        *(at_point(PUBLISHER, point, chance) for point in PUBLISHER_POINTS * 2),
        *(at_random(victim, chance) for victim in (*WORKERS, PUBLISHER) for _ in range(3)),
        *(at_point(victim_of(point), point, chance, whole=True) for point in machine),
        *(Kill(victim=POSTGRES, seconds=chance.uniform(0.1, 0.6)) for _ in range(2)),
    ]


def victim_of(point: str) -> str:
    return PUBLISHER if point in PUBLISHER_POINTS else WORKERS[0]


def at_point(victim: str, point: str, chance: random.Random, *, whole: bool = False) -> Kill:
    nth = chance.randint(1, MOST_PASSED)
    return Kill(victim=victim, point=point, nth=nth, whole=whole)


def at_random(victim: str, chance: random.Random) -> Kill:
    return Kill(victim=victim, seconds=chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
