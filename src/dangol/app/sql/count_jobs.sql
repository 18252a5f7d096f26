-- Count the background jobs by kind and state: todo, doing or failed.
-- Reads procrastinate_jobs.
select
    job.task_name,
    job.status::text as state,
    count(*) as jobs
from procrastinate.procrastinate_jobs as job
where job.status in ('todo', 'doing', 'failed')
group by job.task_name, job.status
order by job.task_name, job.status
