-- Take the right to flush this workspace until the transaction ends, unless somebody has it.
-- An advisory lock takes no transaction id, so that the tick need not wait for a slow lake.
-- Locks the workspace's flush.
select pg_try_advisory_xact_lock(hashtext('flush'), %(workspace_id)s)
