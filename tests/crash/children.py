"""What can be killed: the desk that takes events, and the worker that acts on them.

Both run the product's own code; what is added is a handler at its named crash points, which ends
the process there, or makes a writer slow so that commits overtake one another.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection as Pipe

from tests.crash.fate import Fate, linger_at_most, meet
from tests.crash.mutants import MUTANTS

from dangol.app.chores import make_chores
from dangol.app.clock import shifted_clock
from dangol.app.fence import open_fence
from dangol.app.keyfile import open_vault
from dangol.app.logs import configure_logs
from dangol.app.settings import Settings
from dangol.app.worker import Loop, run_together
from dangol.ingest.reception import Desk, Posted, Taken
from dangol.store.connect import StoreError, connect, open_pool
from dangol.store.crash import handle_crashpoints

# No chore waits longer than this for its next turn.
BEAT_SECONDS = 0.3


def run_desk(settings: Settings, key: str, pipes: list[Pipe], fate: Fate, mutant: str) -> None:
    """Take calls from every pipe at once, and answer each once its events are durable."""
    configure_logs("error")
    linger = linger_at_most(MUTANTS[mutant].slowest_seconds)
    handle_crashpoints(meet(fate, slow_at="ingest.before_commit", linger=linger))
    MUTANTS[mutant].apply()
    pool = open_pool(settings.database_url, size=len(pipes))
    desk = Desk(pool=pool, vault=open_vault(settings.key_path), clock=shifted_clock)
    run_together([lambda pipe=pipe: serve(desk, pipe, key) for pipe in pipes])


def serve(desk: Desk, pipe: Pipe, key: str) -> None:
    """Answer one client until it hangs up."""
    while True:
        try:
            body = pipe.recv_bytes()
        except EOFError:
            return
        CLIENT.answer = lambda: pipe.send(True)  # noqa: FBT003 - the whole message
        CLIENT.answered = False
        call = Posted(body=body, path_type=None, authorization=f"Bearer {key}")
        [answer] = desk.take([call])
        if not CLIENT.answered:
            pipe.send(isinstance(answer, Taken) and not answer.refused)


class Client(threading.local):
    """Whom the current thread serves: one mutant answers too early."""

    answer: Callable[[], None]
    answered = False


CLIENT = Client()


def run_worker(settings: Settings, fate: Fate, mutant: str) -> None:
    """Run every chore of a worker, as `dangol work` does, until killed."""
    configure_logs("critical")
    handle_crashpoints(meet(fate))
    MUTANTS[mutant].apply()
    meet_database(settings)
    loops = [
        Loop(
            chore=replace(chore, every_seconds=min(chore.every_seconds, BEAT_SECONDS)),
            open_connection=lambda: connect(settings.database_url),
            stop=threading.Event(),
        )
        for chore in make_chores(settings)
    ]
    run_together([loop.run for loop in loops])


def meet_database(settings: Settings) -> None:
    """Meet the database as a starting worker does, as soon as it is there."""
    while True:
        try:
            with connect(settings.database_url) as connection:
                open_fence(settings).meet(connection)
        except StoreError:
            time.sleep(BEAT_SECONDS)
        else:
            return
