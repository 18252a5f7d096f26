-- Wait for a refresh of this workspace's segments that is under way, and hold the next one off.
-- Locks the workspace's segments.
select pg_advisory_xact_lock(hashtext('segments'), %(workspace_id)s)
