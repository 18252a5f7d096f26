-- Read the run that is not finished.
-- Reads retention_run.
select
    retention_run.id,
    retention_run.begun_at,
    retention_run.cuts::text as cuts,
    retention_run.counts::text as counts
from retention_run
where
    retention_run.workspace_id = %(workspace_id)s
    and retention_run.finished_at is null
