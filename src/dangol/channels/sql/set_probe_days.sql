-- Set after how many days without a word a shop's apps are asked; 0: never.
-- Writes workspace. Locks the workspace.
update workspace
set probe_days = %(days)s
where workspace.id = %(workspace_id)s
