"""What is killed: the HTTP server that takes events, and the worker that acts on them.

Both run the product's own code, whole: the server with its application and its HTTP machine, the
worker with its loop and its tick. What is added is a handler at the named crash points.
"""

import asyncio
import gc
import threading
from dataclasses import replace
from typing import Final

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
SLOWEST_SECONDS: Final = 0.15


def prepare_server(settings: Settings, mutant: str) -> Live:
    """Make the application ready; a child serves it on the settings' port."""
    MUTANTS[mutant].apply()
    app = create_app(settings)
    configure_logs("critical")
    gc.freeze()

    def live(fate: Fate) -> None:
        handle_crashpoints(meet(fate, slow_at=SLOW_AT, slowest=SLOWEST_SECONDS))
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
