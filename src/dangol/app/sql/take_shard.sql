-- Try to become the one process that moves this workspace, until the transaction ends.
-- Locks an advisory lock of the workspace.
select pg_try_advisory_xact_lock(hashtext('dangol tick'), %(workspace_id)s)
