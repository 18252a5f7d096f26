-- Let everybody leave an audience, and nobody come in again.
-- Writes audience. Locks the audience.
update audience
set removed_at = %(now)s::timestamptz
where
    audience.workspace_id = %(workspace_id)s
    and audience.name = %(name)s
    and audience.removed_at is null
