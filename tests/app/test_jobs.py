import asyncio
import multiprocessing
import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from tests.build import NOON, customer, happened
from tests.store.lake_words import crashpoints, events_of, flush, kept_ids

from dangol.app import jobs as jobs_module
from dangol.app.chores import flush_all
from dangol.app.doctor import check_jobs
from dangol.app.history import open_lake
from dangol.app.jobs import make_jobs, queue_compactions, queue_job, run_jobs, work_off
from dangol.app.settings import Settings
from dangol.store.connect import Connection, connect
from dangol.store.crash import handle_crashpoints
from dangol.store.job_tables import install_job_tables, job_tables_current
from dangol.store.lake import Lake
from dangol.store.lake_check import verify_lake

FORKS = multiprocessing.get_context("forkserver")
MONTH = "2027-03-01"


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    url = f"postgresql://postgres@/{parts['dbname']}?host={parts['host']}"
    return Settings(database_url=url, data_folder=tmp_path)


@pytest.fixture
def scattered(settings: Settings) -> Lake:
    """A lake of one month in nine files."""
    lake = open_lake(settings)
    for step in range(1, 10):
        lake.append_events(events_of(step), workspace_id=1, step=step)
    return lake


def queued(connection: Connection) -> list[tuple[str, str, int]]:
    rows = connection.execute(
        "select queueing_lock, status::text, attempts from procrastinate.procrastinate_jobs"
        " order by id"
    ).fetchall()
    connection.commit()
    return rows


def work(connection: Connection, settings: Settings) -> None:
    connection.commit()
    run_jobs(connection, settings, stop=threading.Event())


def make_due(connection: Connection) -> None:
    """Let the time pass for which jobs wait."""
    connection.execute("update procrastinate.procrastinate_jobs set scheduled_at = null")
    connection.commit()


def test_a_flush_queues_a_scattered_month_and_a_worker_merges_it(
    connection: Connection, workspace: int, settings: Settings
) -> None:
    lake = open_lake(settings)
    minji = customer(connection, workspace)
    for n in range(8):
        happened(connection, workspace, customer_id=minji, message_id=f"{n}")
        connection.commit()
        flush_all(connection, lake=lake, settings=settings)
    assert (len(lake.event_files()), queued(connection)) == (8, [(f"compact {MONTH}", "todo", 0)])

    work(connection, settings)

    assert len(lake.event_files()) == 1
    assert queued(connection) == [("vacuum", "todo", 0)]
    assert verify_lake(connection, lake, now=NOON).differences == ()


def test_a_month_is_queued_once(
    connection: Connection, settings: Settings, scattered: Lake
) -> None:
    for _ in range(2):
        queue_compactions(connection, settings, months=scattered.scattered())
    queue_job(settings, name="compact", key=f"compact {MONTH}", month=MONTH)

    assert queued(connection) == [(f"compact {MONTH}", "todo", 0)]


def test_a_vacuum_waits_a_day_and_removes_what_was_merged(
    connection: Connection, settings: Settings, scattered: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_compactions(connection, settings, months=[MONTH])
    work(connection, settings)
    work(connection, settings)
    assert queued(connection) == [("vacuum", "todo", 0)]
    assert len(list((settings.data_folder / "lake").rglob("*.parquet"))) == 10
    monkeypatch.setattr(Lake.vacuum, "__kwdefaults__", {"keep_hours": 0})

    make_due(connection)
    work(connection, settings)

    assert queued(connection) == []
    assert len(list((settings.data_folder / "lake").rglob("*.parquet"))) == 1
    assert kept_ids(scattered) == list(range(1, 10))


def test_a_job_that_fails_is_tried_again_later_and_shown_when_it_gave_up(
    connection: Connection, settings: Settings, scattered: Lake
) -> None:
    Path(scattered.event_files()[0]).unlink()
    queue_compactions(connection, settings, months=[MONTH])

    work(connection, settings)
    assert queued(connection) == [(f"compact {MONTH}", "todo", 1)]
    work(connection, settings)
    assert queued(connection) == [(f"compact {MONTH}", "todo", 1)]
    for _ in range(jobs_module.RETRY.max_attempts or 0):
        make_due(connection)
        work(connection, settings)

    assert queued(connection) == [(f"compact {MONTH}", "failed", 11)]
    finding = check_jobs(connection)
    assert finding.found == "1 compact failed"
    assert finding.remedy


def test_a_month_that_is_always_written_gets_its_turn(
    connection: Connection, workspace: int, settings: Settings, scattered: Lake
) -> None:
    """From its third attempt on a merge holds flushes back, for as long as it takes."""
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji)
    connection.commit()
    moved: list[int] = []

    def flush_meanwhile(name: str) -> None:
        if name == "merge.before_commit":
            with psycopg.connect(settings.database_url) as other:
                moved.append(flush(other, open_lake(settings), workspace))

    with crashpoints(flush_meanwhile):
        jobs_module.compact_month(settings, month=MONTH, attempt=2)

    assert moved == [0]
    assert len(scattered.event_files()) == 1
    assert flush(connection, scattered, workspace) == 1


def run_and_die(point: str, database_url: str, folder: Path) -> None:
    """Be a worker that is killed at a named point."""

    def meet(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    handle_crashpoints(meet)
    settings = Settings(database_url=database_url, data_folder=folder)
    with connect(database_url) as connection:
        run_jobs(connection, settings, stop=threading.Event())


def die_at(point: str, settings: Settings) -> int:
    """Let a worker in a process of its own be killed at a named point; return how it ended."""
    child = FORKS.Process(
        target=run_and_die, args=(point, settings.database_url, settings.data_folder)
    )
    child.start()
    child.join(120)
    return child.exitcode or 0


def bury(connection: Connection) -> None:
    """Let the time pass after which a silent worker is taken for dead."""
    connection.execute(
        "update procrastinate.procrastinate_workers set last_heartbeat = last_heartbeat - %s",
        (timedelta(minutes=1),),
    )
    connection.commit()


@pytest.mark.parametrize("point", ["merge.before_commit", "merge.after_commit"])
def test_a_job_of_a_killed_worker_is_taken_over_and_nothing_is_lost(
    connection: Connection, settings: Settings, scattered: Lake, point: str
) -> None:
    queue_compactions(connection, settings, months=[MONTH])
    assert die_at(point, settings) == -signal.SIGKILL
    work(connection, settings)
    assert [state for _, state, _ in queued(connection)] == ["doing"]

    bury(connection)
    work(connection, settings)

    assert queued(connection) == [("vacuum", "todo", 0)]
    assert len(scattered.event_files()) == 1
    assert kept_ids(scattered) == list(range(1, 10))


def test_a_job_taken_over_gives_way_to_the_same_that_waits_already(
    connection: Connection, settings: Settings, scattered: Lake
) -> None:
    queue_compactions(connection, settings, months=[MONTH])
    assert die_at("merge.before_commit", settings) == -signal.SIGKILL
    queue_job(settings, name="compact", key=f"compact {MONTH}", month=MONTH)
    bury(connection)

    work(connection, settings)

    assert queued(connection) == [("vacuum", "todo", 0)]
    assert len(scattered.event_files()) == 1


def test_a_worker_that_is_asked_to_stop_finishes_its_job_and_begins_no_other(
    connection: Connection, settings: Settings, scattered: Lake
) -> None:
    stop = threading.Event()
    queue_compactions(connection, settings, months=[MONTH, "2027-04-01"])

    def stop_now(name: str) -> None:
        if name == "merge.before_commit":
            stop.set()
            # Until the worker has heard of it.
            assert heard.wait(30)

    heard = threading.Event()
    threading.Timer(1.0, heard.set).start()
    with crashpoints(stop_now):
        asyncio.run(work_off(make_jobs(settings), stop=stop))

    assert len(scattered.event_files()) == 1
    assert sorted(queued(connection)) == [("compact 2027-04-01", "todo", 0), ("vacuum", "todo", 0)]


def test_the_tables_of_jobs_are_installed_once_and_only_in_their_own_schema(
    connection: Connection,
) -> None:
    install_job_tables(connection)
    connection.commit()

    assert job_tables_current(connection)
    rows = connection.execute(
        "select relname from pg_class where relname like 'procrastinate%'"
        " and relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert rows == []


def test_what_a_newer_procrastinate_brings_is_applied(connection: Connection) -> None:
    """As if this database had been made before the last of its migrations."""
    last = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
    connection.execute("delete from procrastinate.dangol_applied where name = %s", (last,))
    connection.execute(
        "drop trigger procrastinate_trigger_status_events_update_v1"
        " on procrastinate.procrastinate_jobs"
    )
    assert not job_tables_current(connection)

    install_job_tables(connection)

    assert job_tables_current(connection)
    triggers = connection.execute(
        "select 1 from pg_trigger where tgname = 'procrastinate_trigger_status_events_update_v1'"
    ).fetchall()
    assert len(triggers) == 1
