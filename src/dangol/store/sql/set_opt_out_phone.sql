-- Note the free number by which a shop's advertising on the telephone can be refused.
-- Writes workspace. Locks the workspace.
update workspace
set opt_out_phone = %(number)s
where workspace.id = %(workspace_id)s
