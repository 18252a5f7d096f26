-- Let nobody come into an audience for now.
-- Writes audience. Locks the audience.
update audience
set paused_at = coalesce(audience.paused_at, %(now)s::timestamptz)
where
    audience.workspace_id = %(workspace_id)s
    and audience.name = %(name)s
    and audience.removed_at is null
