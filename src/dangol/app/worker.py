"""The working process: chores that repeat until somebody asks it to stop."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Final

from dangol.app.chore import Chore
from dangol.app.chores import make_chores
from dangol.app.settings import Settings
from dangol.store.connect import Connection, connect

LOGGER: Final = logging.getLogger("dangol.worker")
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 30.0


def work(settings: Settings, *, stop: threading.Event) -> None:
    """Do every chore, each on its own beat and connection, until ``stop`` is set.

    A slow mail server thus never delays a tick. Returns once every chore has finished the step
    it was in.
    """
    loops = [
        Loop(chore=chore, open_connection=lambda: connect(settings.database_url), stop=stop)
        for chore in make_chores(settings, stop=stop)
    ]
    LOGGER.info("working", extra={"count": len(loops)})
    run_together([loop.run for loop in loops])
    LOGGER.info("stopped")


def run_together(tasks: Sequence[Callable[[], None]]) -> None:
    """Run each task in a thread of its own and wait for all of them."""
    threads = [threading.Thread(target=task, name=f"chore-{i}") for i, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One chore, again and again; whatever goes wrong is logged, waited out and tried again."""

    chore: Chore
    open_connection: Callable[[], Connection]
    stop: threading.Event

    def run(self) -> None:
        """Repeat until stopped, opening a new connection after each failure."""
        pause = FIRST_PAUSE_SECONDS
        while not self.stop.is_set():
            try:
                with self.open_connection() as connection:
                    for _ in self._repeat(connection):
                        pause = FIRST_PAUSE_SECONDS
            except Exception as error:
                LOGGER.warning(
                    "a chore failed and will be tried again",
                    exc_info=error,
                    extra={"chore": self.chore.name, "seconds": pause},
                )
                _ = self.stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _repeat(self, connection: Connection) -> Generator[None]:
        """Do the chore until stopped; each turn that went well is one step of the generator.

        It begins on every beat, however long it takes, so that what comes in waits one beat at
        most; a chore that takes longer than its beat begins again at once.
        """
        while not self.stop.is_set():
            begun = time.monotonic()
            more = self.chore.do(connection)
            yield
            if not more:
                spent = time.monotonic() - begun
                _ = self.stop.wait(max(0.0, self.chore.every_seconds - spent))
