-- Wait until no flush of this workspace is under way, and let none begin until released.
-- Locks the workspace's flush for the session.
select pg_advisory_lock(hashtext('flush'), %(workspace_id)s)
