"""Children that are born in milliseconds: a process that has everything ready forks each."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from typing import Final

from tests.crash.fate import Fate
from tests.crash.postgres import die_with_parent

# A server that imports everything once and forks each nursery.
FORKS: Final = multiprocessing.get_context("forkserver")
PRELOAD: Final = ["tests.crash.ingest.children"]
READY: Final = "ready"
READY_SECONDS: Final = 60.0

Live = Callable[[Fate], None]


@dataclass(kw_only=True)
class Nursery:
    """Bears one child after another; at most one lives at a time."""

    prepare: Callable[..., Live]
    arguments: tuple[object, ...]
    process: BaseProcess | None = None
    pipe: Pipe = field(init=False)
    child: int = 0
    births: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Let everything be prepared."""
        self.pipe, theirs = FORKS.Pipe()
        self.process = FORKS.Process(
            target=tend, args=(theirs, self.prepare, self.arguments), daemon=True
        )
        self.process.start()
        theirs.close()
        if not self.pipe.poll(READY_SECONDS):
            raise TimeoutError(f"{self.prepare.__name__} was not ready in {READY_SECONDS:.0f} s")
        assert self.pipe.recv() == READY

    def bear(self, fate: Fate) -> None:
        """Let a child live, until it meets its fate or is killed."""
        with self.births:
            self.pipe.send(fate)
            self.child = self.pipe.recv()

    def await_death(self, *, seconds: float) -> bool:
        """Tell whether the child was killed within so many seconds."""
        if self.child and self.pipe.poll(seconds):
            killed_by = self.pipe.recv()
            self.child = 0
            assert killed_by == signal.SIGKILL, f"{self.prepare.__name__}: it ended by itself"
        return not self.child

    def strike(self) -> None:
        """Kill the child, if there is one; whoever awaits its death will hear of it."""
        # A dead one is not collected before the next birth: until then the number is its own.
        with self.births:
            if child := self.child:
                os.kill(child, signal.SIGKILL)

    def end(self) -> None:
        """Kill the child and wait for that."""
        self.strike()
        self.await_death(seconds=READY_SECONDS)

    def close(self) -> None:
        """End the child, and bear no more; also where nothing was opened."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()


def tend(pipe: Pipe, prepare: Callable[..., Live], arguments: tuple[object, ...]) -> None:
    """Be a nursery."""
    die_with_parent()
    # A Ctrl-C at the terminal is the campaign's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    live = prepare(*arguments)
    pipe.send(READY)
    while True:
        try:
            fate = pipe.recv()
        except EOFError:
            return
        if pid := os.fork():
            pipe.send(pid)
            end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            pipe.send(end.si_status if end and end.si_code == os.CLD_KILLED else 0)
            pipe.poll(None)
            os.waitpid(pid, 0)
        else:
            die_with_parent()
            live_alone(live, fate)


def live_alone(live: Live, fate: Fate) -> None:
    """Live, and come to no other end than the process's own."""
    try:
        live(fate)
    finally:
        os._exit(1)
