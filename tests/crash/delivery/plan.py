"""Where to kill the delivery loop: at every named point, each time, and at random moments."""

import inspect
import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tests.build import NOON

from dangol.app import asking, calls, delivery
from dangol.app.delivery import LEASE
from dangol.providers.vendor import Idempotency

NAMED: Final = re.compile(r'crashpoint\("([^"]+)"\)')
# At these the vendor's process has heard of a message and ours may not know what it said.
CALLED: Final = "vendor.called"
ANSWERED: Final = "vendor.answered"
# Those of the loop itself, read from its code: a new one is killed at without anybody's help.
LOOP_POINTS: Final = tuple(
    dict.fromkeys(NAMED.findall(inspect.getsource(delivery) + inspect.getsource(calls)))
)
ASKING_POINTS: Final = tuple(dict.fromkeys(NAMED.findall(inspect.getsource(asking))))
RECOVERY_POINTS: Final = ("recover.before_commit", "recover.after_commit")
POINTS: Final = (*RECOVERY_POINTS, *ASKING_POINTS, *LOOP_POINTS, CALLED, ANSWERED)
# So many messages are due at each birth, and go in turns of BATCH, of which SHARE are called at a
# time.
DUE: Final = 4
BATCH: Final = 3
SHARE: Final = 2
# So often the loop's points are passed: a turn of two shares, and one of the rest.
TURNS: Final = 3
RANDOM_KILLS: Final = 8
# Where a worker may fall asleep and wake hours later: holding claims, and between mark and call.
SLEEPING_PLACES: Final = ("claim.after_commit", "calling.after_commit")
# About how long a life takes.
LIFE_SECONDS: Final = 0.06

STEP: Final = LEASE + timedelta(minutes=1)
# Longer than the vendor keeps a key.
LONG_STEP: Final = timedelta(hours=2)
LONGEST_SHORT_SECONDS: Final = 300
SHORT_ONE_IN: Final = 12
LONG_ONE_IN: Final = 16
SEOUL: Final = ZoneInfo("Asia/Seoul")
# Advertising does not go at night: the clock goes on in the morning.
EVENING: Final = 20
MORNING: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """At the ``nth`` passing of a point; without one, so many seconds after work began.

    With ``asleep`` nobody is killed: the worker sleeps there until others have done its work.
    """

    point: str = ""
    nth: int = 1
    seconds: float = 0.0
    asleep: bool = False

    @property
    def name(self) -> str:
        """What to count it as."""
        if self.asleep:
            return f"asleep at {self.point}"
        return f"{self.point} {self.nth}" if self.point else "at random"


def points_of(kind: Idempotency) -> tuple[str, ...]:
    """Return the points that a worker passes before a vendor of this class."""
    asks = kind is Idempotency.ASKABLE
    return tuple(point for point in POINTS if asks or point not in ASKING_POINTS)


def make_deck(kind: Idempotency, chance: random.Random) -> list[Kill]:
    """Draw every point at every passing there is, some random moments, and who falls asleep."""
    often = {CALLED: DUE, ANSWERED: DUE, **dict.fromkeys(LOOP_POINTS, TURNS)}
    deck = [
        Kill(point=point, nth=nth)
        for point in points_of(kind)
        for nth in range(1, often.get(point, 1) + 1)
    ]
    deck += [Kill(seconds=chance.uniform(0, LIFE_SECONDS)) for _ in range(RANDOM_KILLS)]
    deck += [Kill(point=point, asleep=True) for point in SLEEPING_PLACES]
    chance.shuffle(deck)
    return deck


def deck_size(kind: Idempotency) -> int:
    """Return how many kills it takes until each kind has come once."""
    return sum(not kill.asleep for kill in make_deck(kind, random.Random(0)))  # noqa: S311


def plan_kills(kind: Idempotency, number: int, *, chance: random.Random) -> list[Kill]:
    """Return so many kills; every kind comes before any comes more often. Sleepers are extra."""
    plan: list[Kill] = []
    while number > 0:
        for kill in make_deck(kind, chance):
            if kill.asleep or number > 0:
                plan.append(kill)
            number -= not kill.asleep
    return plan


def plan_moments(number: int, *, chance: random.Random) -> list[datetime]:
    """Return when each life takes place: mostly after the lease, some sooner, some much later."""
    now, moments = NOON, list[datetime]()
    while len(moments) < number:
        moments.append(now)
        now = later(now, step_of(chance))
    return moments


def step_of(chance: random.Random) -> timedelta:
    if chance.randrange(SHORT_ONE_IN) == 0:
        return timedelta(seconds=chance.randint(1, LONGEST_SHORT_SECONDS))
    return LONG_STEP if chance.randrange(LONG_ONE_IN) == 0 else STEP


def later(now: datetime, step: timedelta) -> datetime:
    """Return the moment after a step, by day."""
    then = (now + step).astimezone(SEOUL)
    if then.hour >= EVENING or then.hour < MORNING:
        morning = then + timedelta(days=then.hour >= EVENING)
        then = morning.replace(hour=MORNING, minute=0)
    return then.astimezone(NOON.tzinfo)
