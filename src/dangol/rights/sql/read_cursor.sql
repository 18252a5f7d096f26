-- Read how far the tick has come in the inbox.
-- Reads event_cursor.
select
    event_cursor.written_by::text as written_by,
    event_cursor.event_id
from event_cursor
where event_cursor.workspace_id = %(workspace_id)s and event_cursor.reader = 'tick'
