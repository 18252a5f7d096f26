-- Let people come into an audience again, and have it looked at once who does.
-- Writes audience. Locks the audience.
update audience
set paused_at = null, due_at = %(now)s::timestamptz
where
    audience.workspace_id = %(workspace_id)s
    and audience.name = %(name)s
    and audience.removed_at is null
