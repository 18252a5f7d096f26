-- Have it looked at once who comes into an audience.
-- Writes audience. Locks the audience.
update audience
set due_at = %(now)s::timestamptz
where
    audience.workspace_id = %(workspace_id)s
    and audience.name = %(name)s
    and audience.removed_at is null
