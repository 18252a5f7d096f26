"""Whom to kill, where, and in which order."""

import random
from dataclasses import dataclass
from typing import Final

SERVERS: Final = ("server-1", "server-2")
WORKER: Final = "worker"
POSTGRES: Final = "postgres"
SERVER_POINTS: Final = ("ingest.before_commit", "ingest.after_commit")
WORKER_POINTS: Final = ("unpack.before_commit", "tick.before_commit", "tick.after_commit")
# The ways in which PostgreSQL dies.
HEAD: Final = "postmaster"
BACKEND: Final = "backend"
# Servers and worker with it, in the moment after an acknowledgement: the machine goes down.
EVERYTHING: Final = "with everything"
POSTGRES_ENDS: Final = (HEAD, BACKEND, EVERYTHING)
MOST_PASSED: Final = 4
SHORTEST_SECONDS: Final = 0.02
LONGEST_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Whom to kill, and at which passing of which point; without one, after so many seconds."""

    victim: str
    point: str = ""
    nth: int = 1
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """What to count it as."""
        kind = self.victim.partition("-")[0]
        return f"{kind} {self.point or 'at random'}"


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
    """Draw thirty kills, of each kind in its proportion."""
    return [
        *(at_point(server, point, chance) for server in SERVERS for point in SERVER_POINTS * 3),
        *(at_random(server, chance) for server in SERVERS * 2),
        *(at_point(WORKER, point, chance) for point in WORKER_POINTS * 3),
        *(at_random(WORKER, chance) for _ in range(2)),
        *(Kill(victim=POSTGRES, point=end) for end in POSTGRES_ENDS),
    ]


def at_point(victim: str, point: str, chance: random.Random) -> Kill:
    return Kill(victim=victim, point=point, nth=chance.randint(1, MOST_PASSED))


def at_random(victim: str, chance: random.Random) -> Kill:
    return Kill(victim=victim, seconds=chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
