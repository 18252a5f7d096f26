-- Become the one process that moves this workspace, until the transaction ends; wait for that.
-- Locks the advisory lock that a tick takes (app/sql/take_shard.sql).
select pg_advisory_xact_lock(hashtext('dangol tick'), %(workspace_id)s)
