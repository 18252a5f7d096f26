"""Background jobs: what may take minutes, is queued once, tried again, and taken over.

procrastinate keeps them in PostgreSQL, in a schema of its own. A worker that finds some that are
due works them off, one after the other; all jobs of the lake have one lock, so that no two of them
run at a time on any machine. If two did nevertheless (a worker that was taken for dead), the lake
would refuse the second.
"""

import asyncio
import logging
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Final

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from dangol.app.clock import STATEMENTS, machine_time, shifted_clock
from dangol.app.history import open_lake
from dangol.app.ledger_job import audit_ledger
from dangol.app.settings import Settings
from dangol.consent.audit import ledgers_due
from dangol.rights.retention import retentions_due, run_retention
from dangol.segments.audit import audit_segments, workspaces_due
from dangol.store.connect import Connection, StoreError, connect
from dangol.store.job_tables import JOB_OPTIONS
from dangol.store.lake_hold import hold_flushes

LOGGER: Final = logging.getLogger("dangol.jobs")
# Of each worker that runs jobs; one that was silent for so long is dead, and its job another's.
HEARTBEAT_SECONDS: Final = 10.0
DEAD_SECONDS: Final = 30.0
# After 2, 4, 8 … seconds: half an hour altogether.
RETRY: Final = RetryStrategy(max_attempts=10, exponential_wait=2)
# From this attempt on flushes wait, so that a month that is always written gets its turn.
PATIENT_ATTEMPTS: Final = 2
# Replaced files stay for a day, then they can go.
VACUUM_HOURS: Final = 25
KEEP_FAILED_HOURS: Final = 24 * 30
STOP_SECONDS: Final = 0.2


def make_jobs(settings: Settings) -> App:
    """Return the jobs there are."""
    connector = PsycopgConnector(
        conninfo=settings.database_url,
        kwargs={"options": JOB_OPTIONS, "application_name": "dangol jobs"},
        min_size=1,
        max_size=3,
    )
    jobs = App(connector=connector)

    @jobs.task(name="compact", queue="lake", lock="lake", retry=RETRY, pass_context=True)
    def compact(context: JobContext, month: str) -> None:  # pyright: ignore[reportUnusedFunction]
        compact_month(settings, month=month, attempt=context.job.attempts)

    @jobs.task(name="vacuum", queue="lake", lock="lake", retry=RETRY)
    def vacuum() -> None:  # pyright: ignore[reportUnusedFunction]
        _ = open_lake(settings).vacuum()

    @jobs.task(name="audit", queue="lake", lock="lake", retry=RETRY)
    def audit(workspace: str) -> None:  # pyright: ignore[reportUnusedFunction]
        audit_workspace(settings, workspace_id=int(workspace))

    @jobs.task(name="ledger", queue="lake", lock="lake", retry=RETRY)
    def ledger(workspace: str) -> None:  # pyright: ignore[reportUnusedFunction]
        audit_ledger(settings, workspace_id=int(workspace))

    @jobs.task(name="retention", queue="lake", lock="lake", retry=RETRY)
    def retention(workspace: str) -> None:  # pyright: ignore[reportUnusedFunction]
        keep_to_periods(settings, workspace_id=int(workspace))

    return jobs


def keep_to_periods(settings: Settings, *, workspace_id: int) -> None:
    """Delete what is older than its purpose's period.

    Raises:
        StoreError: a flush was cut off and is not finished yet; to be tried again.
    """
    with connect(settings.database_url) as connection:
        _ = run_retention(
            connection, open_lake(settings), workspace_id=workspace_id, clock=shifted_clock
        )


def audit_workspace(settings: Settings, *, workspace_id: int) -> None:
    """Compare the segments' members with a full recomputation; flushes wait meanwhile.

    Raises:
        StoreError: the segments are being refreshed; to be tried again.
    """
    lake = open_lake(settings)
    with connect(settings.database_url) as connection, hold_flushes(connection):
        now = shifted_clock(connection)
        with connection.transaction():
            audit = audit_segments(connection, lake, workspace_id=workspace_id, now=now)
    if audit.wrong:
        LOGGER.error(
            "segments were wrong and have been put right",
            extra={"count": audit.surplus + audit.missing, "reason": ", ".join(audit.wrong)},
        )


def queue_audits(connection: Connection, settings: Settings) -> None:
    """Have segments and ledgers audited, and old data deleted, at night, unless that is queued."""
    with connection.transaction():
        now = shifted_clock(connection)
        due = [("audit", one) for one in workspaces_due(connection, now=now)]
        due += [("ledger", one) for one in ledgers_due(connection, now=now)]
        due += [("retention", one) for one in retentions_due(connection, now=now)]
        open_jobs = {row[0] for row in connection.execute(STATEMENTS["list_open_jobs"])}
    for name, workspace_id in due:
        key = f"{name} {workspace_id}"
        if key not in open_jobs:
            queue_job(settings, name=name, key=key, workspace=str(workspace_id))


def compact_month(settings: Settings, *, month: str, attempt: int) -> None:
    """Merge the files of one month, and have the replaced ones removed a day later.

    Raises:
        StoreError: a flush wrote to the month meanwhile; to be tried again.
    """
    lake = open_lake(settings)
    with connect(settings.database_url) as connection:
        if attempt < PATIENT_ATTEMPTS:
            merged = lake.merge(month)
        else:
            with hold_flushes(connection):
                merged = lake.merge(month)
    if not merged:
        raise StoreError(f"The month {month} was written to while it was merged.")
    queue_job(settings, name="vacuum", key="vacuum", wait_hours=VACUUM_HOURS)


def queue_compactions(connection: Connection, settings: Settings, *, months: list[str]) -> None:
    """Have these months merged, unless that is queued or under way."""
    with connection.transaction():
        open_jobs = {row[0] for row in connection.execute(STATEMENTS["list_open_jobs"])}
    for month in months:
        if f"compact {month}" not in open_jobs:
            queue_job(settings, name="compact", key=f"compact {month}", month=month)


def queue_job(
    settings: Settings, *, name: str, key: str, wait_hours: int = 0, **arguments: str
) -> None:
    """Queue a job, unless one of the same ``key`` waits already."""
    connector = SyncPsycopgConnector(
        conninfo=settings.database_url,
        kwargs={"options": JOB_OPTIONS, "application_name": "dangol jobs"},
        min_size=1,
        max_size=1,
    )
    jobs = App(connector=connector)
    jobs.open()
    try:
        job = jobs.configure_task(
            name,
            allow_unknown=True,
            queue="lake",
            lock="lake",
            queueing_lock=key,
            schedule_in={"hours": wait_hours},
        )
        with suppress(AlreadyEnqueued):
            _ = job.defer(**arguments)
    finally:
        jobs.close()


def run_jobs(connection: Connection, settings: Settings, *, stop: threading.Event) -> None:
    """Work off the jobs that are due, until none is left or ``stop`` is set."""
    now = machine_time()
    values = {"now": now, "dead_since": now - timedelta(seconds=DEAD_SECONDS)}
    with connection.transaction():
        due = connection.execute(STATEMENTS["count_due_jobs"], values).fetchone()
    if due and due[0]:
        asyncio.run(work_off(make_jobs(settings), stop=stop))


async def work_off(jobs: App, *, stop: threading.Event) -> None:
    """Take over what the dead left, then do what is due; a job under way is finished first."""
    async with jobs.open_async():
        await take_over(jobs)
        _ = await jobs.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)
        work = asyncio.create_task(
            jobs.run_worker_async(
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_SECONDS,
            )
        )
        while not work.done() and not stop.is_set():
            _ = await asyncio.wait([work], timeout=STOP_SECONDS)
        # Asked once, the worker finishes its job; asked again, it would drop it.
        _ = work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def take_over(jobs: App) -> None:
    """Queue again what workers were doing that are dead."""
    manager = jobs.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS):
        if job.id is None:
            continue
        try:
            await manager.retry_job_by_id_async(job_id=job.id, retry_at=machine_time())
        except UniqueViolation:
            # The same is queued already: that one does it.
            await manager.finish_job_by_id_async(
                job_id=job.id, status=Status.FAILED, delete_job=True
            )
