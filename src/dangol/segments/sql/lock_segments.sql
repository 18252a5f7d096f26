-- Take the right to refresh this workspace's segments until the transaction ends, unless taken.
-- An advisory lock takes no transaction id, so that no tick waits while the lake computes.
-- Locks the workspace's segments.
select pg_try_advisory_xact_lock(hashtext('segments'), %(workspace_id)s)
