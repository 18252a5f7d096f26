"""Lanes: processes that carry out rounds side by side, each on a database of its own."""

import json
import os
import selectors
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from tests.build import NOON
from tests.conftest import fast_folder
from tests.crash.delivery.rounds import Plan, in_child, run_round
from tests.crash.postgres import die_with_parent

from dangol.store.connect import connect_bare
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import ensure_event_partitions, migrate

TEMPLATE: Final = "template_crash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Where one round after another takes place: a database, and a folder for vendors' records."""

    dsn: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A round that has been carried out, and what it came to."""

    plan: Plan
    told: dict


@contextmanager
def open_lanes(number: int) -> Iterator[list[Lane]]:
    """Lend so many lanes on a server of their own.

    What is written need not survive a power cut: only workers are killed.
    """
    folder = Path(tempfile.mkdtemp(prefix="dangol-crash-", dir=fast_folder()))
    server = EmbeddedPostgres.start(folder / "pg", durable=False)
    try:
        in_child(lambda: make_databases(server, number))
        yield [Lane(dsn=server.dsn_of(f"lane_{one}"), folder=folder) for one in range(number)]
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def make_databases(server: EmbeddedPostgres, lanes: int) -> None:
    create = sql.SQL("create database {} template {}")
    with psycopg.connect(server.dsn, autocommit=True) as admin:
        admin.execute(create.format(sql.Identifier(TEMPLATE), sql.Identifier("template0")))
        with connect_bare(server.dsn_of(TEMPLATE)) as connection:
            migrate(connection)
            ensure_event_partitions(connection, days=[NOON.date()])
        connection.close()
        for number in range(lanes):
            admin.execute(create.format(sql.Identifier(f"lane_{number}"), sql.Identifier(TEMPLATE)))


def run_rounds(lanes: Sequence[Lane], plans: Sequence[Plan]) -> Iterator[Done]:
    """Carry out rounds, as many at a time as there are lanes; yield each when it is over."""
    waiting = [*plans]
    with selectors.DefaultSelector() as selector:
        try:
            for lane in lanes:
                begin_next(selector, lane, waiting)
            while selector.get_map():
                for key, _ in selector.select():
                    lane, plan, _ = key.data
                    told = end_round(selector, key)
                    begin_next(selector, lane, waiting)
                    yield Done(plan=plan, told=told)
        finally:
            # Whoever stops in the middle leaves nobody at work; their children die with them.
            for key in [*selector.get_map().values()]:
                os.kill(key.data[2], signal.SIGKILL)
                os.waitpid(key.data[2], 0)


def end_round(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> dict:
    """Return what a round came to.

    Raises:
        RuntimeError: it ended without saying so.
    """
    _, plan, child = key.data
    selector.unregister(key.fileobj)
    with os.fdopen(key.fd) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    if not said:
        raise RuntimeError(f"a lane ended in the middle of {plan.name}")
    return json.loads(said)


def begin_next(selector: selectors.BaseSelector, lane: Lane, waiting: list[Plan]) -> None:
    """Let a lane begin with the next round, if there is one."""
    if not waiting:
        return
    plan = waiting.pop(0)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        die_with_parent()
        # A Ctrl-C at the terminal is the campaign's to handle.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with os.fdopen(write, "w") as pipe:
                json.dump(run_round(lane.dsn, plan, folder=lane.folder), pipe)
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the parent must hear of it
            sys.stderr.write(f"{asdict(plan)}: {fault!r}\n")
        finally:
            os._exit(0)
    os.close(write)
    selector.register(read, selectors.EVENT_READ, (lane, plan, child))
