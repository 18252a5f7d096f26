"""A PostgreSQL that is killed: whole, headless, or one of its backends."""

import ctypes
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dangol.store.embedded import EmbeddedPostgres

PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_PDEATHSIG: Final = 1
NAME: Final = "postgres"
# A backend calls itself `postgres: USER DATABASE [local] COMMIT`.
CLIENT_BACKEND: Final = "[local]"


def adopt_orphans() -> None:
    """Become the parent of a dead child's children, so that somebody collects them."""
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends."""
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(kw_only=True)
class Victim:
    """A server of our own, fsync on, to be killed and started again."""

    server: EmbeddedPostgres

    def kill_head(self) -> None:
        """Kill the postmaster; its children notice by themselves."""
        process = self.server.process
        assert process is not None, "the campaign owns its server"
        process.kill()
        process.wait()

    def kill_whole(self) -> None:
        """Kill the postmaster and every process of it at once, as a dying machine would."""
        children = children_of(self.server.pid)
        self.kill_head()
        # What was being born while we looked is among our own orphans now.
        for pid in {*children, *orphans()}:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def kill_backend(self, *, choose: float) -> bool:
        """Kill one that serves a client; the server restarts by itself. False: there was none."""
        serving = [pid for pid in children_of(self.server.pid) if CLIENT_BACKEND in title(pid)]
        if not serving:
            return False
        with suppress(ProcessLookupError):
            os.kill(serving[int(choose * len(serving))], signal.SIGKILL)
        return True

    def start_again(self) -> None:
        """Start the server on what is there."""
        self.server = EmbeddedPostgres.start(self.server.folder)
        reap_orphans(self.server.pid)

    def stop(self) -> None:
        """Stop the server for good."""
        self.server.stop()
        reap_orphans(None)

    def await_answer(self, *, seconds: float) -> None:
        """Return once it answers again."""
        deadline = time.monotonic() + seconds
        while not self.server.answers():
            assert time.monotonic() < deadline, "PostgreSQL never came back"
            time.sleep(0.01)


def children_of(pid: int | None) -> list[int]:
    """List the living children of a process."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    with suppress(OSError):
        return [int(child) for child in listed.read_text().split()]
    return []


def title(pid: int) -> str:
    """Return what a process calls itself."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def orphans() -> list[int]:
    """List the processes of a dead server, which became our own children."""
    return [pid for pid in children_of(os.getpid()) if command(pid) == NAME]


def command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def reap_orphans(living: int | None) -> None:
    """Collect what is left of a killed server; not the living one."""
    for pid in orphans():
        if pid != living:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
