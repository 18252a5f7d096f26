-- Let nobody write this workspace's events to the lake until the transaction ends.
-- Locks the workspace's flush (store/sql/lock_flush.sql).
select pg_advisory_xact_lock(hashtext('flush'), %(workspace_id)s)
