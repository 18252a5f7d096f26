-- Let flushes of this workspace go on.
-- Releases the session's lock of the workspace's flush.
select pg_advisory_unlock(hashtext('flush'), %(workspace_id)s)
