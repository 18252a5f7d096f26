-- Delete old events of these names from the inbox, as far as the lake has them.
-- Reads acted_event, event_cursor. Writes event. Locks the rows it deletes.
delete from event
using acted_event, event_cursor as flushed
where
    event.workspace_id = %(workspace_id)s
    and event.name = any(%(event_names)s::text[])
    and event.occurred_at < %(before)s::timestamptz
    and acted_event.workspace_id = event.workspace_id
    and acted_event.event_id = event.id
    and flushed.workspace_id = event.workspace_id
    and flushed.reader = 'lake'
    and (event.written_by, event.id) <= (flushed.written_by, flushed.event_id)
