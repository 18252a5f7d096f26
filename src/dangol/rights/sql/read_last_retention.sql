-- Read a workspace's last run that is done.
-- Reads retention_run.
select
    retention_run.begun_at,
    retention_run.finished_at,
    retention_run.counts::text as counts
from retention_run
where
    retention_run.workspace_id = %(workspace_id)s
    and retention_run.finished_at is not null
order by retention_run.begun_at desc, retention_run.id desc
limit 1
