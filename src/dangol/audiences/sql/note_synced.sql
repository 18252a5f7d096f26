-- Note how an audience was brought in line with its segment, and when it is looked at again.
-- Writes audience. Locks the audience.
update audience
set
    synced_at = %(now)s::timestamptz,
    left_out = %(left_out)s::jsonb,
    fault = %(fault)s,
    due_at = %(due_at)s::timestamptz
where audience.id = %(audience_id)s
