-- Have the hours at which customers react noted at once when they are asked for again.
-- Writes workspace. Locks the workspace's row; others may still read it.
update workspace
set send_hours_at = null
where workspace.id = %(workspace_id)s and workspace.send_hours_at is not null
