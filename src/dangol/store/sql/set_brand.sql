-- Let a shop's customer pages look like the shop; null for our own look.
-- Writes workspace. Locks the workspace.
update workspace
set
    brand_colour = %(colour)s,
    logo_url = %(logo_url)s
where workspace.id = %(workspace_id)s
