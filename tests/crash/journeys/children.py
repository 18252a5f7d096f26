"""What is killed: workers that tick, and somebody who publishes journeys all the time.

Both run the product's own code; what is added is a handler at the named crash points, which ends
the process there, and PostgreSQL with it where the whole machine is to go down.
"""

import gc
import os
import random
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from tests.crash.fate import Fate, meet
from tests.crash.ingest.nursery import Live
from tests.crash.journeys.mutants import MUTANTS
from tests.crash.journeys.story import write_version
from tests.crash.postgres import children_of

from dangol.app.chore import Chore
from dangol.app.chores import make_chores
from dangol.app.clock import shifted_clock
from dangol.app.journeys import apply_journey
from dangol.app.logs import configure_logs
from dangol.app.settings import Settings
from dangol.app.worker import Loop
from dangol.store.connect import Connection, connect
from dangol.store.crash import handle_crashpoints
from dangol.store.embedded import read_pid

PUBLISH_SECONDS: Final = 0.05


def prepare_worker(settings: Settings, server: Path, mutant: str) -> Live:
    """Make a worker ready; a child ticks."""
    MUTANTS[mutant].apply()
    configure_logs("critical")
    [tick] = [chore for chore in make_chores(settings) if chore.name == "tick"]
    return prepared(replace(tick, every_seconds=settings.tick_seconds), settings, server)


def prepare_publisher(settings: Settings, server: Path, workspace_id: int, mutant: str) -> Live:
    """Make somebody ready who publishes; a child does."""
    MUTANTS[mutant].apply()
    configure_logs("critical")
    # Asks the system: every child is a copy of this process, and none may repeat what one before
    # it published.
    chance = random.SystemRandom()

    def publish(connection: Connection) -> bool:
        publish_turn(connection, workspace_id=workspace_id, chance=chance)
        return False

    chore = Chore(name="publish", every_seconds=PUBLISH_SECONDS, do=publish)
    return prepared(chore, settings, server)


def publish_turn(connection: Connection, *, workspace_id: int, chance: random.Random) -> None:
    """Publish a version of a journey; those inside keep theirs, follow, or are moved by a map."""
    now = shifted_clock(connection)
    text, inside = write_version(chance)
    with connection.transaction():
        apply_journey(
            connection,
            workspace_id=workspace_id,
            text=text,
            inside=inside,
            now=now,
        )


def prepared(chore: Chore, settings: Settings, server: Path) -> Live:
    """Return what lives by doing the chore again and again."""
    gc.freeze()

    def live(fate: Fate) -> None:
        handle_crashpoints(meet(fate, fell=partial(fell_postgres, server)))
        Loop(
            chore=chore,
            open_connection=lambda: connect(settings.database_url),
            stop=threading.Event(),
        ).run()

    return live


def fell_postgres(folder: Path) -> None:
    """Kill the server and every process of it, as a dying machine would."""
    head = read_pid(folder)
    for pid in [head, *children_of(head)] if head else []:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
