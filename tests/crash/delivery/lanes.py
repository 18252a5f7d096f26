"""Lanes: processes that carry out rounds side by side, each on a database of its own."""

import json
import os
import selectors
import shutil
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
class Done:
    """A round that has been carried out, and what it came to."""

    plan: Plan
    told: dict


@contextmanager
def open_server(lanes: int) -> Iterator[list[str]]:
    """Lend a server with a database for each lane; return where they are.

    What is written need not survive a power cut: only workers are killed.
    """
    folder = Path(tempfile.mkdtemp(prefix="dangol-crash-", dir=fast_folder()))
    server = EmbeddedPostgres.start(folder / "pg", durable=False)
    try:
        in_child(lambda: make_databases(server, lanes))
        yield [server.dsn_of(f"lane_{number}") for number in range(lanes)]
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


def run_rounds(dsns: Sequence[str], plans: Sequence[Plan]) -> Iterator[Done]:
    """Carry out rounds, as many at a time as there are databases; yield each when it is over."""
    waiting = [*plans]
    with selectors.DefaultSelector() as selector:
        for dsn in dsns:
            begin_next(selector, dsn, waiting)
        while selector.get_map():
            for key, _ in selector.select():
                dsn, plan, child = key.data
                selector.unregister(key.fileobj)
                with os.fdopen(key.fd) as pipe:
                    said = pipe.read()
                os.waitpid(child, 0)
                if not said:
                    raise RuntimeError(f"a lane ended in the middle of {plan.name}")
                begin_next(selector, dsn, waiting)
                yield Done(plan=plan, told=json.loads(said))


def begin_next(selector: selectors.BaseSelector, dsn: str, waiting: list[Plan]) -> None:
    """Let a lane begin with the next round, if there is one."""
    if not waiting:
        return
    plan = waiting.pop(0)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        die_with_parent()
        try:
            with os.fdopen(write, "w") as pipe:
                json.dump(run_round(dsn, plan), pipe)
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the parent must hear of it
            sys.stderr.write(f"{asdict(plan)}: {fault!r}\n")
        finally:
            os._exit(0)
    os.close(write)
    selector.register(read, selectors.EVENT_READ, (dsn, plan, child))
