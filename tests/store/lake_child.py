"""What the lake's crash tests run in a process of its own, to kill it there."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.build import NOON

from dangol.store.connect import connect
from dangol.store.crash import handle_crashpoints
from dangol.store.lake import Lake, flush_events

# A server that imports everything once and forks each child: it is born in milliseconds.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.store.lake_child"])


def flush(dsn: str, folder: Path, workspace: int) -> None:
    with connect(dsn) as connection:
        flush_events(connection, Lake(folder), workspace_id=workspace, now=NOON)


def merge(_dsn: str, folder: Path, _workspace: int) -> None:
    Lake(folder).compact()


def vacuum(_dsn: str, folder: Path, _workspace: int) -> None:
    Lake(folder).vacuum(keep_hours=0)


WORK: dict[str, Callable[[str, Path, int], None]] = {
    "flush": flush,
    "merge": merge,
    "vacuum": vacuum,
}


def run(what: str, point: str, dsn: str, folder: Path, workspace: int) -> None:
    """Do one thing, and end at a named point of it; nowhere, when that is empty."""

    def meet(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    handle_crashpoints(meet)
    WORK[what](dsn, folder, workspace)


def start(what: str, dsn: str, folder: Path, workspace: int, *, die_at: str = "") -> BaseProcess:
    child = FORKS.Process(target=run, args=(what, die_at, dsn, folder, workspace))
    child.start()
    return child


def ending_of(child: BaseProcess) -> int | None:
    child.join(120)
    return child.exitcode
