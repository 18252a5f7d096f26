-- List by what they are known the background jobs that wait or are under way.
-- Reads procrastinate_jobs.
select job.queueing_lock
from procrastinate.procrastinate_jobs as job
where job.status in ('todo', 'doing') and job.queueing_lock is not null
