-- Tell whether our own stages wrote events that no tick has read yet: one row, or none.
-- Reads event, event_cursor. Writes nothing. Locks nothing.
select true as unread
from event
left join event_cursor
    on event.workspace_id = event_cursor.workspace_id and event_cursor.reader = 'tick'
where
    event.workspace_id = %(workspace_id)s
    and (event.written_by, event.id)
    > (coalesce(event_cursor.written_by, '0'::xid8), coalesce(event_cursor.event_id, 0))
order by event.written_by, event.id
limit 1
