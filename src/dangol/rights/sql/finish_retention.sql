-- Note that a run is done.
-- Reads retention_run. Writes retention_run. Locks the run.
update retention_run
set finished_at = %(now)s, counts = %(counts)s::jsonb
where retention_run.id = %(id)s and retention_run.finished_at is null
