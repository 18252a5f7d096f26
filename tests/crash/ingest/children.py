"""What is killed: the HTTP server that takes events, and the worker that acts on them.

Both run the product's own code, whole: the server with its application and its HTTP machine, the
worker with its loop and its tick. What is added is a handler at the named crash points.
"""

import asyncio
import gc
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import psycopg
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from tests.crash.fate import Fate, meet
from tests.crash.ingest.mutants import MUTANTS
from tests.crash.ingest.nursery import Live

from dangol.app.chores import make_chores
from dangol.app.http import create_app
from dangol.app.logs import configure_logs
from dangol.app.settings import Settings
from dangol.app.worker import Loop
from dangol.store.connect import connect
from dangol.store.crash import handle_crashpoints

SLOW_AT: Final = "ingest.before_commit"
LOOK_SECONDS: Final = 0.01
# Two ticks that read something: the later one began after the writer's rows had their numbers.
STEPS: Final = 2
READ_STEP: Final = "select coalesce(sum(step), 0) from event_cursor where reader = 'tick'"


def prepare_server(settings: Settings, mutant: str) -> Live:
    """Make the application ready; a child serves it on the settings' port."""
    MUTANTS[mutant].apply()
    app = create_app(settings)
    configure_logs("critical")
    linger = linger_behind_ticks(settings, seconds=MUTANTS[mutant].slowest_seconds)
    gc.freeze()

    def live(fate: Fate) -> None:
        handle_crashpoints(meet(fate, slow_at=SLOW_AT, linger=linger))
        server = Server(
            app,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            websockets=False,
            log_level=LogLevels.critical,
        )
        asyncio.run(server.serve())

    return live


def linger_behind_ticks(settings: Settings, *, seconds: float) -> Callable[[], None]:
    """Return what holds a writer until ticks have gone ahead of it, so many seconds at most.

    Ticks that wait for the oldest writer never do.
    """

    def linger() -> None:
        deadline = time.monotonic() + seconds
        with (
            suppress(psycopg.Error),
            psycopg.connect(settings.database_url, autocommit=True) as own,
        ):
            ahead = read_step(own) + STEPS
            while read_step(own) < ahead and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)

    return linger


def read_step(connection: psycopg.Connection) -> int:
    row = connection.execute(READ_STEP).fetchone()
    return row[0] if row else 0


def prepare_worker(settings: Settings, mutant: str) -> Live:
    """Make a worker ready; a child ticks."""
    MUTANTS[mutant].apply()
    configure_logs("critical")
    [tick] = [chore for chore in make_chores(settings) if chore.name == "tick"]
    gc.freeze()

    def live(fate: Fate) -> None:
        handle_crashpoints(meet(fate))
        Loop(
            chore=replace(tick, every_seconds=settings.tick_seconds),
            open_connection=lambda: connect(settings.database_url),
            stop=threading.Event(),
        ).run()

    return live
