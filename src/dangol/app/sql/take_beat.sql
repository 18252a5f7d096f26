-- Try to become the one process that does this chore for this workspace, until released.
-- Locks a session advisory lock of the chore and the workspace.
select pg_try_advisory_lock(hashtext('dangol ' || %(chore)s::text), %(workspace_id)s)
