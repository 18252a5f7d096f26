"""Child processes that are started in order, started again when they die, stopped in reverse."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Final, Protocol

from dangol.store.connect import StoreError
from dangol.store.embedded import EmbeddedPostgres

LOGGER: Final = logging.getLogger("dangol.supervisor")
STANDARD_INPUT: Final = 0
PARENT_SECONDS: Final = 0.5
STOP_SECONDS: Final = 20.0
FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 15.0
# A process that lived this long is well: its next failure counts as the first again.
WELL_SECONDS: Final = 30.0


class Child(Protocol):
    """Something that runs beside us."""

    name: str

    def start(self) -> None:
        """Start it, or start it again."""
        ...

    def lives(self) -> bool:
        """Tell whether it runs."""
        ...

    def stop(self) -> None:
        """End it in good order, and wait for that."""
        ...


@dataclass(kw_only=True)
class DangolProcess:
    """Another ``dangol`` command, with the settings given to it by its environment."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it; it ends by itself when we are gone, for then its standard input closes."""
        self._forget()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "dangol.app.cli", *self.arguments],
            env={**os.environ, **self.environment, "DANGOL_CHILD": "1"},
            stdin=subprocess.PIPE,
        )

    def lives(self) -> bool:
        """Tell whether it runs; reaps it when it has ended."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask it to finish; end it when it does not."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                _ = self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                LOGGER.warning("did not stop in time and was ended", extra={"child": self.name})
                self.process.kill()
                _ = self.process.wait()
        self._forget()

    def _forget(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()


@dataclass(kw_only=True)
class PostgresChild:
    """The embedded server, as a child like the others; whoever starts it holds its folder."""

    open: Callable[[], EmbeddedPostgres]
    name: str = "postgres"
    server: EmbeddedPostgres | None = None

    def start(self) -> None:
        """Start or join it."""
        self.server = self.open()

    def lives(self) -> bool:
        """Tell whether it runs."""
        if self.server is None:
            return False
        if self.server.process is not None:
            return self.server.process.poll() is None
        return self.server.pid is not None

    def stop(self) -> None:
        """Stop it, also one that an earlier owner of the folder left behind when it was killed."""
        if self.server is None:
            return
        self.server.stop()
        if (left_behind := self.server.pid) is not None:
            os.kill(left_behind, signal.SIGINT)
            deadline = time.monotonic() + STOP_SECONDS
            while self.server.pid == left_behind and time.monotonic() < deadline:
                time.sleep(FIRST_PAUSE_SECONDS)


@dataclass(kw_only=True)
class Supervisor:
    """Keeps children alive. Start in order, stop in reverse order."""

    children: list[Child] = field(default_factory=list[Child])
    _watch: threading.Thread | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])

    def add(self, child: Child) -> None:
        """Start a child and watch over it from now on."""
        child.start()
        with self._lock:
            self.children.append(child)
        if self._watch is None:
            self._watch = threading.Thread(target=self._keep_alive, daemon=True)
            self._watch.start()

    def stop(self) -> None:
        """Stop everything, last started first."""
        self._stopping.set()
        if self._watch is not None:
            self._watch.join()
        for child in reversed(self.children):
            child.stop()

    def _keep_alive(self) -> None:
        while not self._stopping.wait(FIRST_PAUSE_SECONDS):
            with self._lock:
                dead = [child for child in self.children if not child.lives()]
            for child in dead:
                self._start_again(child)

    def _start_again(self, child: Child) -> None:
        count, since = self._failures.get(child.name, (0, 0.0))
        count = 0 if time.monotonic() - since > WELL_SECONDS else count
        pause = min(FIRST_PAUSE_SECONDS * 2**count, LONGEST_PAUSE_SECONDS)
        LOGGER.warning(
            "a process ended and is started again",
            extra={"child": child.name, "seconds": pause},
        )
        self._failures[child.name] = (count + 1, time.monotonic())
        if self._stopping.wait(pause):
            return
        try:
            child.start()
        except (StoreError, OSError) as error:
            LOGGER.warning("could not start", exc_info=error, extra={"child": child.name})


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    asked: SimpleQueue[None] = SimpleQueue()

    def heed() -> None:
        asked.get()
        stop.set()

    threading.Thread(target=heed, daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not `stop.set()`: whom the signal interrupts may hold the event's own lock. Putting into
        # this queue waits for nobody.
        _ = signal.signal(number, lambda _number, _frame: asked.put(None))
    return stop


def is_child() -> bool:
    """Tell whether another of our processes started this one, and supervises it."""
    return bool(os.environ.get("DANGOL_CHILD"))


def follow_parent() -> None:
    """End this process in good order when the parent that supervises it is gone."""
    if is_child():
        threading.Thread(target=_await_parent, daemon=True).start()


def end_with_parent() -> None:
    """End this process at once when the one that started it is gone.

    For a server's own workers: left behind, they would keep the port from their successors.
    """
    threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _await_parent() -> None:
    # The parent never writes; the end of the stream means that it is gone. Read below Python's
    # own buffer, whose lock would otherwise be held while the interpreter shuts down.
    while os.read(STANDARD_INPUT, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
