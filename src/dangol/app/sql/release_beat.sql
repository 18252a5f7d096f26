-- Let another process do this chore.
-- Releases a session advisory lock of the chore and the workspace.
select pg_advisory_unlock(hashtext('dangol ' || %(chore)s::text), %(workspace_id)s)
