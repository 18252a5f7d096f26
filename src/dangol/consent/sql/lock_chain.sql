-- Become the one who adds to a workspace's chain, until the transaction ends; wait for that.
-- Locks an advisory lock of the workspace, which nobody takes who records a consent.
select pg_advisory_xact_lock(hashtext('dangol consent chain'), %(workspace_id)s)
