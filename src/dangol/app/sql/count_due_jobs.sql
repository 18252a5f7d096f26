-- Count the background jobs that can be begun, and those of workers silent since dead_since.
-- Reads procrastinate_jobs, procrastinate_workers.
select count(*)
from procrastinate.procrastinate_jobs as job
left join procrastinate.procrastinate_workers as worker on job.worker_id = worker.id
where
    (
        job.status = 'todo'
        and (job.scheduled_at is null or job.scheduled_at <= %(now)s::timestamptz)
    )
    or (
        job.status = 'doing'
        and (worker.id is null or worker.last_heartbeat < %(dead_since)s::timestamptz)
    )
