"""How a child dies: at a named point of the code, or when somebody kills it."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# How often a writer is slow, so that commits overtake one another.
SLOW_WRITERS: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """Where a child dies: at the ``nth`` passing of a crash point; nowhere when it is empty.

    With ``whole`` it takes PostgreSQL with it.
    """

    point: str = ""
    nth: int = 1
    whole: bool = False


def meet(
    fate: Fate,
    *,
    slow_at: str = "",
    linger: Callable[[], None] | None = None,
    fell: Callable[[], None] = lambda: None,
) -> Callable[[str], None]:
    """Return a handler of crash points that ends this process where ``fate`` says.

    One in five that pass ``slow_at`` lingers there. ``fell`` kills PostgreSQL.
    """
    passed = 0
    lock = threading.Lock()
    chance = random.Random()  # noqa: S311 - no secret

    def handle(name: str) -> None:
        nonlocal passed
        if linger and name == slow_at and chance.random() < SLOW_WRITERS:
            linger()
        if name != fate.point:
            return
        with lock:
            passed += 1
            if passed >= fate.nth:
                if fate.whole:
                    fell()
                os.kill(os.getpid(), signal.SIGKILL)

    return handle


def linger_at_most(seconds: float) -> Callable[[], None]:
    """Return what lingers for a random time."""
    chance = random.Random()  # noqa: S311 - no secret
    return lambda: time.sleep(chance.uniform(0, seconds))
