-- Keep an event's contacts as they are sealed anew.
-- Writes event. Locks the event.
update event
set contacts = %(contacts)s::jsonb
where
    event.workspace_id = %(workspace_id)s
    and event.received_at = %(received_at)s
    and event.written_by = %(written_by)s::xid8
    and event.id = %(id)s
