-- Set for how many days messages are kept; null: for good.
-- Writes workspace. Locks the workspace's row; others may still read it.
update workspace
set keep_messages_days = %(days)s
where workspace.id = %(workspace_id)s
